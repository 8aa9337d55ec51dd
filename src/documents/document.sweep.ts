import { sql } from 'kysely';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import type { Row } from '../platform/reading/projection.js';
import type { Storage } from '../platform/storage/storage.js';
import { abandonDocument } from './document.commands.js';
import { isHeld } from './document.queries.js';

/** How long an announced document is waited for. */
const waitHours = 24;

/**
 * How old a removed document must be before its bytes are deleted: longer than an upload link lives and an upload takes,
 * so that no bytes can arrive for it afterwards.
 */
const settledHours = 1;

/** How many documents one job looks at; the next takes the rest. */
const batch = 500;

export interface DocumentSweepParts {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly storage: Storage;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** Tidies up every hour: what was announced and never came, bytes that nothing holds, and what crashes left behind. */
export function documentSweep({ doorway, database, storage, clock, ids }: DocumentSweepParts): Queue<object> {
  const hoursAgo = (hours: number) => new Date(clock.now().getTime() - hours * 3_600_000);

  const abandon = async (signal: AbortSignal) => {
    const announcedBefore = hoursAgo(waitHours).toISOString();
    const overdue = await sql<{ id: string }>`select id from document
      where status = 'AWAITING_UPLOAD' and created_at < ${announcedBefore} order by created_at limit ${batch}`.execute(
      database.kysely(),
    );
    for (const { id } of overdue.rows) {
      signal.throwIfAborted();
      await doorway.execute(abandonDocument, { documentId: id, announcedBefore }, byJob('documents.sweep', ids));
    }
  };

  const deleteBytes = async (signal: AbortSignal) => {
    const row: Row = (name) => sql.ref(`d.${name}`);
    // A renewal has the documents of what it renews: other rows, the same bytes.
    const otherRow: Row = (name) => sql.ref(`other.${name}`);
    const loose = await sql<{ id: string; key: string }>`select d.id, d.storage_key as key from document as d
      where d.status = 'REMOVED' and d.bytes_removed_at is null and d.created_at < ${hoursAgo(settledHours)}
        and not ${isHeld(row)} and not exists (select from document as other
          where other.storage_key = d.storage_key and other.id <> d.id and (other.status <> 'REMOVED' or ${isHeld(otherRow)}))
        order by d.removed_at limit ${batch}`.execute(database.kysely());
    for (const { id, key } of loose.rows) {
      signal.throwIfAborted();
      await storage.remove(key);
      await sql`update document set bytes_removed_at = ${clock.now()} where id = ${id}`.execute(database.kysely());
    }
  };

  return {
    name: 'documents.sweep',
    retryLimit: 3,
    retryDelaySeconds: 60,
    expireInSeconds: 15 * 60,
    concurrency: 1,
    schedule: '17 * * * *',
    handle: async (_job, signal) => {
      await abandon(signal);
      await deleteBytes(signal);
      await storage.removeLeftovers(hoursAgo(waitHours));
    },
  };
}
