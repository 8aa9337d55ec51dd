import { createPublicKey, type KeyObject } from 'node:crypto';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { monthsBefore } from '../platform/months.js';
import { type Anchor, signAnchor } from './anchor.js';
import { type MonthEnd, readMonthEnds } from './anchor.queries.js';
import { dropAuditMonths } from './audit-retention.commands.js';
import { verifyBeginning } from './verification.js';

export interface AuditRetentionParts {
  readonly database: Database;
  readonly doorway: Pick<Doorway, 'execute'>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Whose log it is: the portal's public address. */
  readonly log: string;
  /** The key of checkpoints. */
  readonly privateKey: KeyObject;
  /** How long records are kept; null for ever. */
  readonly months: number | null;
  /** Where it is told too, because a log that is shipped elsewhere outlives this database. */
  readonly teller: { info(fields: object, message: string): void };
}

const queue = 'audit.retention';

/** Every day, drops the months of the audit log whose last record is older than records are kept. */
export function auditRetention(parts: AuditRetentionParts): Queue<object> {
  return {
    name: queue,
    retryLimit: 5,
    retryDelaySeconds: 300,
    expireInSeconds: 3_600,
    concurrency: 1,
    schedule: '41 2 * * *',
    async handle() {
      if (parts.months === null) return;
      const anchor = await dropOldMonths(parts, parts.months);
      if (anchor) parts.teller.info({ anchor }, 'Months of the audit log were dropped');
    },
  };
}

/** @throws Error when what is to go does not hold: it is evidence then, and stays */
async function dropOldMonths(parts: AuditRetentionParts, months: number): Promise<Anchor | null> {
  const { database, doorway, clock, ids, log, privateKey } = parts;
  const now = clock.now();
  const olderThan = monthsBefore(now, months);
  const ends = await readMonthEnds(database.kysely());
  const last = lastOlderThan(ends, olderThan);
  if (!last) return null;
  const { since, problem } = await verifyBeginning(database.kysely(), createPublicKey(privateKey), last);
  if (problem) {
    const place = `The audit log does not hold at record ${problem.sequence}: ${problem.reason}.`;
    throw new Error(`${place} Months that are older than they are kept stay. Run "npx sallyport audit verify".`);
  }
  const statement = {
    log,
    firstSequence: (since?.sequence ?? 0) + 1,
    sequence: last.sequence,
    hash: last.hash,
    lastAt: last.at,
    policy: `AUDIT_RETENTION_MONTHS=${months}`,
    at: now.toISOString(),
  };
  const anchor = signAnchor(statement, privateKey);
  await doorway.execute(dropAuditMonths, { anchor, olderThan: olderThan.toISOString() }, byJob(queue, ids));
  return anchor;
}

/** Months go from the oldest on; one that is to be kept keeps those after it. */
function lastOlderThan(ends: readonly MonthEnd[], moment: Date): MonthEnd | null {
  const kept = ends.findIndex(({ at }) => new Date(at) >= moment);
  return ends.slice(0, kept === -1 ? ends.length : kept).at(-1) ?? null;
}
