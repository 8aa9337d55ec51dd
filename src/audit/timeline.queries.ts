import { sql } from 'kysely';
import type { Eyes, Projection } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { column, idColumn, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';

/** The roles, as the audit log writes them (`INTAKE+OWNER`), of people who act for a partner. A REVIEWER is no VIEWER. */
const partnerRoleForm = '(^|\\+)(OWNER|APPLICANT|VIEWER|PERSON)(\\+|$)';

/** What happened to an application, as its partner or staff may hear of it. */
export const timelineProjection: Projection = {
  type: 'TimelineEvent',
  table: 'timeline_event',
  visible: (row, eyes) => sql`(${isSeenByStaff(row('organization_id'), eyes)}
    or (${row('audience')} = 'PARTNER' and ${isOwn(row('organization_id'), eyes)}))`,
  fields: {
    id: idColumn('event'),
    type: column('event'),
    occurredAt: momentColumn('at'),
    actor: { kind: 'value', sql: timelineActor },
    data: { kind: 'value', sql: (row) => sql`${row('payload')}::json` },
  },
};

/** Who did it. Partners are told that staff did something, but not who of them. */
export function timelineActor(row: Row, eyes: Eyes): Sql {
  const named = sql`(${isSeenByStaff(row('organization_id'), eyes)} or ${row('actor_role')} ~ ${sql.lit(partnerRoleForm)})`;
  return sql`case ${row('actor_kind')}
    when 'SYSTEM' then 'The portal'
    when 'MACHINE' then coalesce((select k.name from api_key k where k.id = ${row('actor_id')}
      and (k.organization_id is not null or ${isSeenByStaff(row('organization_id'), eyes)})), 'A system of the operator')
    else case when ${named} then (select u.name from auth_user u where u.id = ${row('actor_id')}) else 'Staff' end end`;
}
