import { sql } from 'kysely';
import type { Row, Sql } from '../platform/reading/projection.js';

/**
 * In SQL: may the person of a notification still see what it tells of? Members must be members yet, in one of the roles it was
 * told to; staff must be staff, in such a role, and neither recused from the organization nor among its members.
 */
export function isStillFor(row: Row): Sql {
  const isMember = (condition: Sql) => sql`exists (select from membership as m where m.user_id = ${row('user_id')}
    and m.organization_id = ${row('organization_id')} and ${condition})`;
  return sql`case ${row('capacity')}
    when 'SELF' then true
    when 'MEMBER' then ${isMember(sql`(${row('roles')} = '{}' or m.role = any(${row('roles')}))`)}
    else exists (select from staff_member as s where s.user_id = ${row('user_id')} and s.active and not s.must_change_password
        and (${row('roles')} = '{}' or s.roles && ${row('roles')}))
      and not exists (select from recusal as r where r.user_id = ${row('user_id')}
        and r.organization_id = ${row('organization_id')} and r.ended_at is null)
      and not ${isMember(sql`true`)} end`;
}
