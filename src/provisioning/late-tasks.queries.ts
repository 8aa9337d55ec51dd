import { sql } from 'kysely';
import { isPermittedSql } from '../grants/release-ruling.queries.js';
import type { Sql } from '../platform/reading/slot.js';

/**
 * In SQL, over a task `t` and its grant `g`: should it be done by now, and was nobody told so? What waits because the
 * release of its product shuts it is not late.
 */
export function isLateSql(now: Date): Sql {
  const isPermitted = isPermittedSql((name) => sql.ref(`g.${name}`), sql`${now}::timestamptz`);
  return sql`(t.status in ('OPEN', 'CLAIMED') and t.escalated_at is null and t.due_at <= ${now}
    and (t.kind = 'DEPROVISION' or ${isPermitted}))`;
}
