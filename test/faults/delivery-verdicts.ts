import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { isEventName } from '../../src/events/catalogue.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { encodeId } from '../../src/platform/ids.js';
import type { Recorded } from './audit-verdicts.js';
import { endpointsFor, type Ledger } from './ledger.js';
import { lookAtOutbox } from './outbox.js';
import { operator, type Receivers } from './receiver.js';
import type { Verdict } from './verdict.js';

interface StoredDelivery {
  readonly eventId: string;
  readonly endpoint: string;
  readonly status: string;
  readonly attempts: number;
  readonly attemptsOnRecord: number;
  /** Those that the receiver answered as it should. */
  readonly received: number;
}

async function storedDeliveries(database: RawSql): Promise<readonly StoredDelivery[]> {
  const found = await sql<{
    event_id: string;
    organization_id: string | null;
    status: string;
    attempts: number;
    on_record: number;
    received: number;
  }>`select d.event_id, e.organization_id, d.status, d.attempts,
      (select count(*)::int from webhook_attempt where delivery_id = d.id) as on_record,
      (select count(*)::int from webhook_attempt where delivery_id = d.id and failure is null) as received
    from webhook_delivery as d join webhook_endpoint as e on e.id = d.endpoint_id`.execute(database);
  return found.rows.map((row) => ({
    eventId: encodeId('event', row.event_id),
    endpoint: row.organization_id === null ? operator : encodeId('organization', row.organization_id),
    status: row.status,
    attempts: row.attempts,
    attemptsOnRecord: row.on_record,
    received: row.received,
  }));
}

/** A message that somebody must get: which endpoint, about which record. */
interface Due {
  readonly endpoint: string;
  readonly record: Recorded;
}

export function messagesDue(ledger: Ledger, records: readonly Recorded[]): readonly Due[] {
  return records.flatMap((record) => {
    const given = ledger.given.get(record.key);
    if (!given || !isEventName(record.event)) return [];
    return endpointsFor(record.event, given.organizationId).map((endpoint) => ({ endpoint, record }));
  });
}

export async function deliveryVerdicts(
  database: RawSql,
  ledger: Ledger,
  records: readonly Recorded[],
  receivers: Receivers,
): Promise<readonly Verdict[]> {
  const due = messagesDue(ledger, records);
  const deliveries = await storedDeliveries(database);
  const outbox = await lookAtOutbox(database);
  return [
    {
      promise: 'nothing is left in the outbox',
      violations: [
        ...(outbox.jobs > 0 ? [`${outbox.jobs} jobs wait`] : []),
        ...(outbox.deliveries > 0 ? [`${outbox.deliveries} deliveries are pending`] : []),
      ],
    },
    {
      promise: 'every event reached every endpoint that should hear of it, at least once, as it was recorded',
      violations: due.flatMap(({ endpoint, record }) => heardRight(receivers, endpoint, record)),
    },
    {
      promise: 'no endpoint heard of anything else, and every signature was right',
      violations: [...strayMessages(receivers, due), ...(receivers.forged > 0 ? [`${receivers.forged} forged`] : [])],
    },
    {
      promise: 'every delivery is on record once, as received, with its attempts',
      violations: deliveryViolations(deliveries, due, receivers),
    },
  ];
}

function heardRight(receivers: Receivers, endpoint: string, { id, event, data, key }: Recorded): string[] {
  const message = receivers.heardBy(endpoint).get(id);
  if (!message) return [`${endpoint} never heard of ${event} ${id} (${key})`];
  const isSame = message.type === event && isDeepStrictEqual(message.data, data);
  return isSame ? [] : [`${endpoint} heard of ${event} ${id} otherwise than it was recorded`];
}

function strayMessages(receivers: Receivers, due: readonly Due[]): string[] {
  const wanted = new Set(due.map(({ endpoint, record }) => `${endpoint} ${record.id}`));
  return receivers.endpoints.flatMap((endpoint) =>
    [...receivers.heardBy(endpoint).values()]
      // The letters of decisions are told of when the portal has written them.
      .filter(({ id, type }) => !wanted.has(`${endpoint} ${id}`) && type !== 'document.letter_written')
      .map(({ id, type }) => `${endpoint} heard of ${type} ${id}`),
  );
}

function deliveryViolations(deliveries: readonly StoredDelivery[], due: readonly Due[], receivers: Receivers) {
  const byMessage = Map.groupBy(deliveries, ({ endpoint, eventId }) => `${endpoint} ${eventId}`);
  return due.flatMap(({ endpoint, record }) => {
    const stored = byMessage.get(`${endpoint} ${record.id}`) ?? [];
    const what = `${record.event} ${record.id} to ${endpoint}`;
    const [delivery] = stored;
    if (!delivery || stored.length > 1) return [`${what} is on record ${stored.length} times`];
    const { status, attempts, attemptsOnRecord, received } = delivery;
    const heard = receivers.heardBy(endpoint).get(record.id)?.times ?? 0;
    if (status !== 'DELIVERED') return [`${what} is ${status}`];
    if (attempts !== attemptsOnRecord) return [`${what} counts ${attempts} attempts and keeps ${attemptsOnRecord}`];
    const isTrue = received > 0 && received <= heard;
    return isTrue ? [] : [`${what} is said to have been received ${received} times and was heard ${heard} times`];
  });
}
