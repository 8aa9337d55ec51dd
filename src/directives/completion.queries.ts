import { sql } from 'kysely';
import type { ProjectedField } from '../api/eyes.js';
import { isShutSql } from '../grants/suspension.queries.js';
import type { Row } from '../platform/reading/projection.js';
import { momentInTransit } from '../platform/reading/transit.js';
import { awaitsReadBack } from '../provisioning/read-back.queries.js';

/**
 * What came of closing access because of a directive, counted in the records: of each grant, the task by which it was
 * closed last because of it. Grants that are shut and not marked yet have none so far.
 */
export const completion: ProjectedField = {
  kind: 'value',
  sql: (row, eyes) => {
    const task: Row = (name) => sql.ref(`t.${name}`);
    const grant: Row = (name) => sql.ref(`g.${name}`);
    const count = (condition: ReturnType<typeof sql>) => sql`count(*) filter (where ${condition})`;
    const isOpen = sql`t.status in ('OPEN', 'CLAIMED')`;
    const isClosed = sql`t.status in ('DONE', 'VERIFIED')`;
    return sql`case when ${row('status')} = 'IN_FORCE' then (
      select json_build_object('isComplete', l.waiting = 0 and c.open = 0 and c.awaiting = 0, 'toBeMarked', l.waiting,
        'hit', c.hit, 'open', c.open, 'overdue', c.overdue, 'closed', c.closed, 'awaitingReadBack', c.awaiting,
        'verified', c.verified, 'letInAgain', c.cancelled, 'firstMarkedAt', ${momentInTransit(sql`c.first_marked`)},
        'lastMarkedAt', ${momentInTransit(sql`c.last_marked`)}, 'firstClosedAt', ${momentInTransit(sql`c.first_closed`)},
        'lastClosedAt', ${momentInTransit(sql`c.last_closed`)}, 'lastVerifiedAt', ${momentInTransit(sql`c.last_verified`)})
      from (select count(*) as hit, ${count(isOpen)} as open, ${count(sql`${isOpen} and t.due_at <= ${eyes.now}`)} as overdue,
            ${count(isClosed)} as closed, ${count(awaitsReadBack(task))} as awaiting, ${count(sql`t.status = 'VERIFIED'`)} as verified,
            ${count(sql`t.status = 'CANCELLED'`)} as cancelled, min(t.first_at) as first_marked, max(t.first_at) as last_marked,
            min(t.finished_at) filter (where ${isClosed}) as first_closed, max(t.finished_at) filter (where ${isClosed}) as last_closed,
            max(t.read_back_at) filter (where t.status = 'VERIFIED') as last_verified
          from (select distinct on (grant_id) *, min(created_at) over (partition by grant_id) as first_at from provisioning_task
              where directive_ids @> array[${row('id')}] and directive_ids <> '{}'
              order by grant_id, created_at desc, id desc) as t) as c,
        (select count(*) as waiting from access_grant as g where ${row('terms')} -> 'products' ? g.product_code
          and ${isShutSql(grant, eyes.now)}) as l) end`;
  },
};
