import type { JsonWriter } from './json.js';
import { databaseId, id, moment } from './transit.js';

/** One statement that answers one question to whoever holds a session, as the JSON text that is sent. */
export interface ReadStatement {
  readonly text: string;
  /** What follows the hash of the session's token, which is $1; null when the question cannot be. */
  values(variables: Readonly<Record<string, unknown>>): readonly unknown[] | null;
}

/** Whoever holds the session, as the portal knows them: no row when there is none. */
export const viewer = `viewer as (
  select person.id, person.name, person.email, staff.id as staff_id, staff.roles, coalesce(staff.must_change_password, false) as must_change_password,
    coalesce(staff.active and not staff.must_change_password, false) as is_staff,
    array(select held.organization_id from membership as held where held.user_id = person.id) as own
  from auth_session as session
  join auth_user as person on person.id = session.user_id and person.email_verified
  left join staff_member as staff on staff.user_id = person.id and staff.active
  where session.token = $1 and session.expires_at > now())`;

/** What the viewer sees of one application: what members see, and what staff who are no members see. */
const eyes = `cross join lateral (select a.organization_id = any(viewer.own) as is_own,
    viewer.is_staff and a.organization_id <> all(viewer.own) as is_seen) as eyes`;

const withAssignee = `left join staff_member as assigned on assigned.id = a.assignee_id
    left join auth_user as colleague on colleague.id = assigned.user_id`;

const wasThere = (at: string) => `${at} >= d.completed_at and (d.removed_at is null or ${at} <= d.removed_at)`;

/** The documents of application `a` that the viewer may see, oldest first. */
const documents = `(select * from document as d where d.application_id = a.id and (is_own or (is_seen and a.status <> 'DRAFT' and ((d.status = 'AVAILABLE' and (d.information_request_id is null
      or exists (select from information_answer as n where n.request_id = d.information_request_id and n.given_at >= d.completed_at)))
    or (d.status = 'REMOVED' and (
      exists (select from application_revision as r where r.application_id = a.id and ${wasThere('r.submitted_at')})
      or exists (select from information_answer as n where n.application_id = a.id and ${wasThere('n.given_at')})))))) order by d.id limit 200) as d`;

/** The latest events of application `a` that the viewer may hear of. */
const events = (first: number) => `(select id, event, at from timeline_event as e
    where e.application_id = a.id and (is_seen or (e.audience = 'PARTNER' and e.organization_id = any(viewer.own)))
    order by sequence desc limit ${first}) as e`;

/** Members are answered by the index of their organizations, staff by the order of ids: two halves, of which one is empty. */
const newest = (condition: string) => `(select * from application as a where ${condition} order by a.id desc limit 26)`;

/**
 * As in the portal: rare words by their index, common ones by going through the applications. Whoever is no staff
 * searches the few that are their own.
 */
const allWords = '(w.partner_words || w.message_words || w.staff_words || w.note_words)';
const wordsOf = (
  own: string,
) => `(select ts_match_vq(case when ${own} then w.partner_words || w.message_words else ${allWords} end,
    (select search_query($2))) from application_text as w where w.application_id = a.id)`;
const submittedByOthers = `viewer.is_staff and a.organization_id <> all(viewer.own) and a.submitted_at is not null`;

const foundPage = `way as materialized (select search_is_common($2) as is_common), page as (
  select found.*, row_number() over (order by found.id desc) as n
  from viewer cross join lateral (
    ${newest(`a.organization_id = any(viewer.own) and ${wordsOf('true')}`)}
    union all ${newest(`${submittedByOthers} and not (select is_common from way) and a.id = any(array(select w.application_id from application_text as w
      where ${allWords} @@ (select search_query($2))))`)}
    union all ${newest(`${submittedByOthers} and (select is_common from way) and ${wordsOf('false')}`)}) as found)`;

const page = `page as (
  select found.*, row_number() over (order by found.id desc) as n from viewer cross join lateral (
    ${newest('a.organization_id = any(viewer.own)')}
    union all ${newest('viewer.is_staff and a.organization_id <> all(viewer.own) and a.submitted_at is not null')}) as found)`;

const endCursor = `(select translate(encode(convert_to(json_build_array(id::text)::text, 'UTF8'), 'base64'), E'+/=\\n', '-_')
    from page where n <= 25 order by n desc limit 1)`;

/** By the path that each is asked at. */
export function readsBy(json: JsonWriter): Readonly<Record<string, ReadStatement>> {
  const { object, list, when, text, word, plain, orNull, finish } = json;
  const answer = (fields: Readonly<Record<string, string>>, ctes = '') =>
    `with ${viewer}${ctes} select ${finish(object(fields))} as answer from viewer`;
  const apiId = (kind: string, column: string) => word(id(kind, column));
  const at = (column: string) => word(moment(column));

  const status = word(
    `case when a.status = 'DECISION_PROPOSED' and not is_seen then coalesce(a.status_before, 'IN_REVIEW') else a.status end`,
  );
  const assignee = when(
    'is_seen and colleague.id is not null',
    object({ person: object({ name: text('colleague.name') }) }),
  );
  const event = { type: word('e.event'), occurredAt: at('e.at') };
  const basics = { id: apiId('application', 'a.id'), reference: text('a.reference'), status };

  const queued = object({
    ...basics,
    dueAt: at('a.due_at'),
    version: plain('a.version'),
    organization: object({ legalName: text('o.legal_name'), country: word('o.country') }),
    assignee,
    timeline: object({ nodes: list(object(event), events(1)) }),
  });
  const queue = `(select ${queued} as node
    from application as a join organization as o on o.id = a.organization_id ${withAssignee} ${eyes}
    where a.queue = $2 and a.due_at is not null and a.submitted_at is not null and viewer.is_staff and a.organization_id <> all(viewer.own)
    order by a.due_at, a.id limit 50) as found`;

  const document = object({
    id: apiId('document', 'd.id'),
    fileName: text('d.file_name'),
    mediaType: text('d.media_type'),
    size: plain('d.size'),
    sha256: word('d.sha256'),
    status: word('d.status'),
    completedAt: orNull(at('d.completed_at')),
  });
  const detail = object({
    ...basics,
    dueAt: orNull(at('case when is_seen then a.due_at end')),
    submittedAt: orNull(at('a.submitted_at')),
    version: plain('a.version'),
    organization: object({
      id: apiId('organization', 'o.id'),
      legalName: text('o.legal_name'),
      country: word('o.country'),
      sector: text('o.sector'),
    }),
    program: object({ code: text('p.code'), name: text('p.name') }),
    assignee,
    documents: list(document, documents),
    timeline: object({ nodes: list(object({ id: apiId('event', 'e.id'), ...event }), events(10)) }),
  });
  const found = `(select ${detail} from application as a join organization as o on o.id = a.organization_id join program as p on p.id = a.program_id
    ${withAssignee} ${eyes} where a.id = $2 and (is_own or (is_seen and a.submitted_at is not null)))`;

  const listed = object({
    ...basics,
    submittedAt: orNull(at('a.submitted_at')),
    version: plain('a.version'),
    program: object({ name: text('p.name') }),
  });
  const applications = object({
    nodes: list(listed, `page as a join program as p on p.id = a.program_id ${eyes} where n <= 25`, 'n'),
    pageInfo: object({
      hasNextPage: plain('(select count(*) > 25 from page)'),
      endCursor: orNull(word(endCursor)),
    }),
  });

  const hit = object({
    ...basics,
    submittedAt: orNull(at('a.submitted_at')),
    version: plain('a.version'),
    organization: object({ legalName: text('o.legal_name') }),
  });
  const hits = object({
    nodes: list(hit, `page as a join organization as o on o.id = a.organization_id ${eyes} where n <= 25`, 'n'),
    pageInfo: object({
      hasNextPage: plain('(select count(*) > 25 from page)'),
      endCursor: orNull(word(endCursor)),
    }),
  });

  const me = object({
    kind: word("'PERSON'::text"),
    person: object({ id: apiId('person', 'viewer.id'), name: text('viewer.name') }),
    memberships: list(
      object({ organizationId: apiId('organization', 'held.organization_id'), role: word('held.role') }),
      'membership as held where held.user_id = viewer.id',
      'held.id',
    ),
  });

  const counted = `(select queue as name, count(*) as waiting, count(*) filter (where due_at < now()) as overdue,
      count(*) filter (where assignee_id is null) as unassigned, min(due_at) as oldest
    from application as a where queue is not null and due_at is not null and viewer.is_staff and a.organization_id <> all(viewer.own)
    group by queue) as found`;
  const summary = object({
    name: text('name'),
    waiting: plain('waiting'),
    overdue: plain('overdue'),
    unassigned: plain('unassigned'),
    oldestDueAt: at('oldest'),
  });

  const granted = object({
    id: apiId('grant', 'g.id'),
    status: word('g.status'),
    isUsable: plain(`g.status = 'ACTIVE' and g.starts_at <= now() and g.ends_at > now()
      and not exists (select from release_narrowing as n where n.product_code = g.product_code and n.organization_id is null
        and n.from_at between g.permitted_at and now())
      and not exists (select from release_narrowing as n where n.organization_id = g.organization_id
        and coalesce(n.product_code, g.product_code) = g.product_code and n.from_at between g.permitted_at and now())`),
    endsAt: at('g.ends_at'),
  });
  const grant = `(select ${granted} from access_grant as g where g.id = $2 and (viewer.is_staff or g.organization_id = any(viewer.own)))`;

  return {
    queue: {
      text: answer({ queue: object({ nodes: list('node', queue) }) }),
      values: ({ name }) => (typeof name === 'string' ? [name] : null),
    },
    detail: { text: answer({ application: orNull(found) }), values: ({ id }) => idValues('application', id) },
    list: { text: answer({ applications }, `, ${page}`), values: () => [] },
    me: { text: answer({ viewer: me }), values: () => [] },
    queues: { text: answer({ queues: list(summary, counted, 'name') }), values: () => [] },
    search: {
      text: answer({ applications: hits }, `, ${foundPage}`),
      values: ({ search }) => (typeof search === 'string' ? [search] : null),
    },
    grant: { text: answer({ grant: orNull(grant) }), values: ({ id }) => idValues('grant', id) },
  };
}

function idValues(kind: string, text: unknown): readonly unknown[] | null {
  const uuid = databaseId(kind, text);
  return uuid === null ? null : [uuid];
}
