import { type Fields, type PortalClient, PortalRefusal, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { EventName } from '../../src/events/catalogue.js';
import type { Given, Ledger, Silence } from './ledger.js';

/** A portal that is killed all the time still answers within so many attempts. */
const mostAttempts = 40;

/** What a client needs besides who it is. */
export interface Circumstances {
  readonly ledger: Ledger;
  /** Begins every Idempotency-Key of the trial. */
  readonly trial: string;
  /** Settles once requests are answered again. */
  readonly answers: () => Promise<void>;
}

export interface Order {
  readonly organizationId: string;
  /** Null for the command that starts the application. */
  readonly applicationId: string | null;
  readonly name: string;
  readonly input: Fields;
  /** The field of the payload with what was made or changed. */
  readonly about: 'application' | 'document' | 'grant';
  readonly selection: string;
  readonly events: readonly EventName[];
}

/** Somebody who gives a command, with an Idempotency-Key, until it is answered, as a careful client should. */
export class PersistentClient {
  readonly #client: PortalClient;
  readonly #circumstances: Circumstances;

  constructor(client: PortalClient, circumstances: Circumstances) {
    this.#client = client;
    this.#circumstances = circumstances;
  }

  /** @returns the payload. @throws Error when the command was refused, which none of the trial should be */
  async give(order: Order): Promise<Fields> {
    const { ledger, trial } = this.#circumstances;
    const key = `${trial}-${ledger.given.size + 1}`;
    const { name, organizationId, applicationId, events } = order;
    const given: Given = ledger.open({
      key,
      name,
      organizationId,
      applicationId,
      events,
      attempts: 0,
      answer: null,
      again: async () => textAt(await this.#attempt(order, key, 'again'), order.about, 'id'),
    });
    const payload = await this.#insist(given.name, () => {
      given.attempts += 1;
      return this.#attempt(order, key, String(given.attempts));
    });
    const application = order.about === 'application' ? valueAt(payload, 'application') : null;
    ledger.acknowledge(given, textAt(payload, order.about, 'id'), isFields(application) ? application : null);
    return payload;
  }

  /** Sends bytes until they are received. */
  async send(url: string, headers: Readonly<Record<string, string>>, bytes: Buffer): Promise<void> {
    let attempts = 0;
    await this.#insist('upload', async () => {
      attempts += 1;
      const response = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
      const text = await response.text();
      // Received before, and only the answer was lost.
      const isThere = response.status === 409 && attempts > 1;
      if (!response.ok && !isThere) throw new PortalRefusal(`${response.status} ${text}`, String(response.status));
    });
  }

  ask(query: string, variables: Fields): Promise<Fields> {
    return this.#client.ask(query, variables);
  }

  async #attempt({ name, input, selection }: Order, key: string, attempt: string): Promise<Fields> {
    const headers = { 'idempotency-key': key, 'x-request-id': `${key}.${attempt}` };
    return this.#client.must(name, input, selection, headers);
  }

  async #insist<T>(what: string, attempt: () => Promise<T>): Promise<T> {
    const { ledger, answers } = this.#circumstances;
    for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
      await answers();
      try {
        return await attempt();
      } catch (error) {
        const silence = silenceOf(error);
        if (!silence) {
          const complaint = `${what}, attempt ${attempts}: ${error instanceof Error ? error.message : String(error)}`;
          ledger.complaints.push(complaint);
          throw new Error(complaint, { cause: error });
        }
        ledger.silences[silence] += 1;
      }
    }
    throw new Error(`${what} was not answered in ${mostAttempts} attempts.`);
  }
}

/** How the request came to nothing; null when it was answered. */
function silenceOf(error: unknown): Silence | null {
  if (error instanceof PortalRefusal)
    return error.code === 'UNAVAILABLE' || error.code === '503' ? 'UNAVAILABLE' : null;
  // `fetch` reports every trouble of a connection as a TypeError.
  return error instanceof TypeError ? 'UNANSWERED' : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
