import { sql } from 'kysely';
import type { Row, Sql } from '../platform/reading/slot.js';

/** In SQL, over a task's row: is it done, and is there another system to see whether it is so? */
export function awaitsReadBack(row: Row): Sql {
  return sql`(${row('status')} = 'DONE' and exists (select from provisioning_system as s
    where s.is_active and 'READ_BACK' = any(s.duties) and ${row('product_code')} = any(s.product_codes)
      and s.id is distinct from ${row('system_id')})
    and not exists (select from provisioning_task as newer where newer.grant_id = ${row('grant_id')}
      and newer.status <> 'CANCELLED' and (newer.created_at, newer.id) > (${row('created_at')}, ${row('id')})))`;
}
