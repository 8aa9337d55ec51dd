import type { Fields } from '../../src/demo/portal-client.js';
import { type EventName, eventDefinition } from '../../src/events/catalogue.js';
import { operator } from './receiver.js';

/** A command that a client gave, and gives until it is answered. */
export interface Given {
  /** The Idempotency-Key; each attempt's request id is the key and the number of the attempt. */
  readonly key: string;
  readonly name: string;
  readonly organizationId: string;
  /** The API id; null while it is not known, because the command makes the application. */
  applicationId: string | null;
  /** What the audit log and the endpoints should hold once it is done, in this order. */
  readonly events: readonly EventName[];
  attempts: number;
  /** The id of what was made or changed, as it was answered; null while there is no answer. */
  answer: string | null;
  /** Gives the same command once more under the same key; answers like `answer`. */
  readonly again: () => Promise<string>;
}

/** An application as the answers told. */
export interface KnownApplication {
  readonly id: string;
  readonly organizationId: string;
  status: string;
  version: number;
  revision: number;
  /** How often each command was acknowledged. */
  readonly done: Map<string, number>;
  isOver: boolean;
}

/** A document whose upload was acknowledged. */
export interface KnownDocument {
  readonly id: string;
  readonly applicationId: string;
  readonly sha256: string;
}

/** How a request came to nothing: with no answer at all, or with the one that asks to try again. */
export type Silence = 'UNANSWERED' | 'UNAVAILABLE';

/** What the clients were told: the portal is held to this in the end. */
export class Ledger {
  readonly given = new Map<string, Given>();
  readonly applications = new Map<string, KnownApplication>();
  readonly documents: KnownDocument[] = [];
  readonly silences: Record<Silence, number> = { UNANSWERED: 0, UNAVAILABLE: 0 };
  /** What clients were told that they should not have been told. */
  readonly complaints: string[] = [];
  #next = Promise.withResolvers<void>();

  open(given: Given): Given {
    this.given.set(given.key, given);
    return given;
  }

  acknowledge(given: Given, answer: string, application: Fields | null): void {
    given.answer = answer;
    if (application) this.#note(given, application);
    const known = this.applications.get(given.applicationId ?? '');
    known?.done.set(given.name, (known.done.get(given.name) ?? 0) + 1);
    const waiting = this.#next;
    this.#next = Promise.withResolvers();
    waiting.resolve();
  }

  /** Settles when the next command has been acknowledged. */
  nextAnswer(): Promise<void> {
    return this.#next.promise;
  }

  get acknowledged(): readonly Given[] {
    return [...this.given.values()].filter(({ answer }) => answer !== null);
  }

  /** How many messages each endpoint should have been sent, by the acknowledged commands. */
  expectedMessages(): ReadonlyMap<string, number> {
    const expected = new Map<string, number>();
    for (const { events, organizationId } of this.acknowledged) {
      for (const event of events) {
        for (const endpoint of endpointsFor(event, organizationId)) {
          expected.set(endpoint, (expected.get(endpoint) ?? 0) + 1);
        }
      }
    }
    return expected;
  }

  /** Answers to commands given at the same moment may come in another order than they were done in. */
  #note(given: Given, { id, status, version, revision }: Fields): void {
    given.applicationId ??= String(id);
    const known = this.applications.get(given.applicationId) ?? {
      id: given.applicationId,
      organizationId: given.organizationId,
      status: '',
      version: 0,
      revision: 0,
      done: new Map<string, number>(),
      isOver: false,
    };
    this.applications.set(known.id, known);
    if (Number(version) < known.version) return;
    known.status = String(status);
    known.version = Number(version);
    known.revision = Number(revision);
  }
}

/** Who is to hear of an event of an organization: the operator of all, partners of what is meant for them. */
export function endpointsFor(event: EventName, organizationId: string): readonly string[] {
  const { delivered, audience } = eventDefinition(event);
  if (!delivered) return [];
  return audience === 'PARTNER' ? [operator, organizationId] : [operator];
}
