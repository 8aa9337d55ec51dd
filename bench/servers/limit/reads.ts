import { databaseId, id, moment } from './transit.js';

/** One statement that answers one question to whoever holds a session, as the JSON text that is sent. */
export interface ReadStatement {
  readonly text: string;
  /** What follows the hash of the session's token, which is $1; null when the question cannot be. */
  values(variables: Readonly<Record<string, unknown>>): readonly unknown[] | null;
}

/** Whoever holds the session, as the portal knows them: no row when there is none. */
export const viewer = `viewer as (
  select person.id, person.name, staff.id as staff_id, coalesce(staff.active and not staff.must_change_password, false) as is_staff,
    array(select held.organization_id from membership as held where held.user_id = person.id) as own
  from auth_session as session
  join auth_user as person on person.id = session.user_id and person.email_verified
  left join staff_member as staff on staff.user_id = person.id and staff.active
  where session.token = $1 and session.expires_at > now())`;

/** What the viewer sees of one application: what members see, and what staff who are no members see. */
const eyes = `cross join lateral (select a.organization_id = any(viewer.own) as is_own,
    viewer.is_staff and a.organization_id <> all(viewer.own) as is_seen) as eyes`;

const status = `case when a.status = 'DECISION_PROPOSED' and not is_seen then coalesce(a.status_before, 'IN_REVIEW') else a.status end`;

const timeline = (first: number, fields: string) => `json_build_object('nodes', (select coalesce(json_agg(json_build_object(${fields})), '[]')
    from (select id, event, at from audit_record as e
      where e.application_id = a.id and (is_seen or (e.audience = 'PARTNER' and e.organization_id = any(viewer.own)))
      order by sequence desc limit ${first}) as e))`;

const assignee = `case when is_seen and colleague.id is not null then json_build_object('person', json_build_object('name', colleague.name)) end`;

const withAssignee = `left join staff_member as assigned on assigned.id = a.assignee_id
    left join auth_user as colleague on colleague.id = assigned.user_id`;

const queue = `with ${viewer}
select json_build_object('queue', json_build_object('nodes', (select coalesce(json_agg(node), '[]') from (
  select json_build_object('id', ${id('application', 'a.id')}, 'reference', a.reference, 'status', ${status}, 'dueAt', ${moment('a.due_at')},
    'version', a.version, 'organization', json_build_object('legalName', o.legal_name, 'country', o.country), 'assignee', ${assignee},
    'timeline', ${timeline(1, `'type', e.event, 'occurredAt', ${moment('e.at')}`)}) as node
  from application as a join organization as o on o.id = a.organization_id ${withAssignee} ${eyes}
  where a.queue = $2 and a.due_at is not null and a.submitted_at is not null and viewer.is_staff and a.organization_id <> all(viewer.own)
  order by a.due_at, a.id limit 50) as found)))::text from viewer`;

const wasThere = (at: string) => `${at} >= d.completed_at and (d.removed_at is null or ${at} <= d.removed_at)`;

const detail = `with ${viewer}
select json_build_object('application', (
  select json_build_object('id', ${id('application', 'a.id')}, 'reference', a.reference, 'status', ${status},
    'dueAt', case when is_seen then ${moment('a.due_at')} end, 'submittedAt', ${moment('a.submitted_at')}, 'version', a.version,
    'organization', json_build_object('id', ${id('organization', 'o.id')}, 'legalName', o.legal_name, 'country', o.country, 'sector', o.sector),
    'program', json_build_object('code', p.code, 'name', p.name), 'assignee', ${assignee},
    'documents', (select coalesce(json_agg(json_build_object('id', ${id('document', 'd.id')}, 'fileName', d.file_name, 'mediaType', d.media_type, 'size', d.size,
        'sha256', d.sha256, 'status', d.status, 'completedAt', ${moment('d.completed_at')})), '[]')
      from (select * from document as d where d.application_id = a.id and (is_own or (is_seen and a.status <> 'DRAFT' and (d.status = 'AVAILABLE'
        or (d.status = 'REMOVED' and (
          exists (select 1 from application_revision as r where r.application_id = a.id and ${wasThere('r.submitted_at')})
          or exists (select 1 from information_request as q where q.application_id = a.id and ${wasThere('q.responded_at')})))))) order by d.id limit 200) as d),
    'timeline', ${timeline(10, `'id', ${id('event', 'e.id')}, 'type', e.event, 'occurredAt', ${moment('e.at')}`)})
  from application as a join organization as o on o.id = a.organization_id join program as p on p.id = a.program_id ${withAssignee} ${eyes}
  where a.id = $2 and (is_own or (is_seen and a.submitted_at is not null))))::text from viewer`;

/** Members are answered by the index of their organizations, staff by the order of ids: two halves, of which one is empty. */
const applicationsOf = (condition: string) => `(select a.* from application as a where ${condition} order by a.id desc limit 26)`;

const list = `with ${viewer},
page as (select *, row_number() over (order by id desc) as n from (
    ${applicationsOf('a.organization_id = any(viewer.own)')}
    union all ${applicationsOf('viewer.is_staff and a.organization_id <> all(viewer.own) and a.submitted_at is not null')}) as found)
select 1`;

export const reads = {
  queue: { text: queue, values: ({ name }) => (typeof name === 'string' ? [name] : null) },
  detail: { text: detail, values: ({ id: text }) => idValues('application', text) },
} as const satisfies Record<string, ReadStatement>;

function idValues(kind: string, text: unknown): readonly unknown[] | null {
  const uuid = databaseId(kind, text);
  return uuid === null ? null : [uuid];
}
