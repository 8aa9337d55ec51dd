import { type Actor, roleLabel } from '../lifecycle/actor.js';
import type { Part } from '../platform/database/writing.js';
import type { IdKind, Ids } from '../platform/ids.js';
import { type EventName, type EventPayload, eventDefinition } from './catalogue.js';

/** An event as a command reports it. All ids in `subject`, `organizationId` and `applicationId` are database ids. */
export interface EventDraft<Name extends EventName = EventName> {
  readonly event: Name;
  readonly payload: EventPayload<Name>;
  readonly subject: { readonly kind: IdKind; readonly id: string };
  readonly organizationId: string | null;
  readonly applicationId?: string;
}

export interface RecordedEvent extends EventDraft {
  readonly id: string;
}

/** Under what circumstances events happened. */
export interface RecordingContext {
  readonly command: string;
  readonly actor: Actor;
  readonly at: Date;
  readonly requestId: string;
}

export function identifyEvents(drafts: readonly EventDraft[], ids: Ids): RecordedEvent[] {
  return drafts.map((draft) => ({ ...draft, id: ids.next() }));
}

/**
 * What writes one audit record for each event, in order. It is the last statement of a command: from there to the commit,
 * other commands wait for their place in the chain.
 */
export function recording(events: readonly RecordedEvent[], context: RecordingContext): Part {
  return {
    rows: events.length,
    text(after, value) {
      // One value however many there are: the text is the same, and a halt has hundreds of them in a command.
      const rows = events.map((event, position) => ({ position, ...auditColumns(event, context) }));
      return `insert into audit_record (${auditNames}) select ${auditNames}
        from jsonb_to_recordset(${value(JSON.stringify(rows))}::jsonb) as r (position integer, ${auditTypes})
        where ${after} order by position returning 1`;
    },
  };
}

const auditTyped = [
  ['id', 'uuid'],
  ['at', 'timestamptz'],
  ['command', 'text'],
  ['event', 'text'],
  ['event_version', 'integer'],
  ['audience', 'text'],
  ['actor_kind', 'text'],
  ['actor_id', 'uuid'],
  ['actor_role', 'text'],
  ['organization_id', 'uuid'],
  ['application_id', 'uuid'],
  ['subject_kind', 'text'],
  ['subject_id', 'uuid'],
  ['payload', 'text'],
  ['request_id', 'text'],
] as const satisfies readonly (readonly [keyof ReturnType<typeof auditColumns>, string])[];

const auditNames = auditTyped.map(([name]) => name).join(', ');
const auditTypes = auditTyped.map(([name, type]) => `${name} ${type}`).join(', ');

function auditColumns(event: RecordedEvent, { command, actor, at, requestId }: RecordingContext) {
  const definition = eventDefinition(event.event);
  return {
    id: event.id,
    at: at.toISOString(),
    command,
    event: event.event,
    event_version: definition.version,
    audience: definition.audience,
    actor_kind: actor.kind === 'ANONYMOUS' ? 'SYSTEM' : actor.kind,
    actor_id: actor.kind === 'PERSON' ? actor.personId : actor.kind === 'MACHINE' ? actor.keyId : null,
    actor_role: actor.kind === 'SYSTEM' ? actor.name : roleLabel(actor, event.organizationId),
    organization_id: event.organizationId,
    application_id: event.applicationId ?? null,
    subject_kind: event.subject.kind,
    subject_id: event.subject.id,
    payload: JSON.stringify(event.payload),
    request_id: requestId,
  };
}
