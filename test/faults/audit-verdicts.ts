import { sql } from 'kysely';
import { verifyAuditLog } from '../../src/audit/verification.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { encodeId } from '../../src/platform/ids.js';
import type { Given, Ledger } from './ledger.js';
import type { Verdict } from './verdict.js';

/** What the audit log says of an event, ids as the API writes them. */
export interface Recorded {
  readonly id: string;
  readonly event: string;
  readonly applicationId: string | null;
  readonly data: unknown;
  /** The key of the command that caused it, and which attempt it was. */
  readonly key: string;
  readonly attempt: string;
}

/** The last record of the preparation. */
export async function lastRecord(database: RawSql): Promise<number> {
  const found = await sql<{ last: string }>`select sequence as last from audit_head`.execute(database);
  return Number(found.rows[0]?.last);
}

interface Row {
  readonly id: string;
  readonly event: string;
  readonly application_id: string | null;
  readonly payload: string;
  readonly request_id: string;
}

export async function recordsAfter(database: RawSql, last: number): Promise<readonly Recorded[]> {
  const found = await sql<Row>`select id, event, application_id, payload, request_id from audit_record
    where sequence > ${last} order by sequence`.execute(database);
  return found.rows.map((row) => {
    const [key = '', attempt = ''] = row.request_id.split('.');
    return {
      id: encodeId('event', row.id),
      event: row.event,
      applicationId: row.application_id === null ? null : encodeId('application', row.application_id),
      data: JSON.parse(row.payload),
      key,
      attempt,
    };
  });
}

export async function auditVerdicts(
  database: RawSql,
  ledger: Ledger,
  records: readonly Recorded[],
): Promise<readonly Verdict[]> {
  const byKey = Map.groupBy(records, ({ key }) => key);
  const { problem } = await verifyAuditLog(database);
  return [
    {
      promise: 'every command was acknowledged in the end',
      violations: [...ledger.given.values()]
        .filter(({ answer }) => answer === null)
        .map(({ key, name }) => `${name} (${key}) was never answered`),
    },
    {
      promise: 'every acknowledged command is in the audit log once, with each of its events, by one attempt',
      violations: ledger.acknowledged.flatMap((given) => recordedOnce(given, byKey.get(given.key) ?? [])),
    },
    {
      promise: 'the audit log holds nothing that no client was told of',
      violations: records
        // The portal writes the letters of decisions by itself.
        .filter(({ key, event }) => !ledger.given.has(key) && event !== 'document.letter_written')
        .map(({ event, key, id }) => `${event} (${id}) was caused by ${key}`),
    },
    {
      promise: 'the audit log’s chain of hashes is unbroken',
      violations: problem ? [`record ${problem.sequence}: ${problem.reason}`] : [],
    },
  ];
}

function recordedOnce({ key, name, events, applicationId, answer }: Given, found: readonly Recorded[]): string[] {
  const violations: string[] = [];
  const names = found.map(({ event }) => event).join(', ');
  if (names !== events.join(', ')) {
    violations.push(`${name} (${key}) should have caused ${events.join(', ')}, and the log has ${names || 'nothing'}`);
  }
  const attempts = new Set(found.map(({ attempt }) => attempt));
  if (attempts.size > 1) violations.push(`${name} (${key}) was done by attempts ${[...attempts].join(' and ')}`);
  const elsewhere = found.filter((record) => record.applicationId !== applicationId);
  if (elsewhere.length > 0) violations.push(`${name} (${key}), answered ${answer}, is recorded of another application`);
  return violations;
}
