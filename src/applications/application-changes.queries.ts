import { sql } from 'kysely';
import type { ChangeLog, LoggedChange } from '../api/change-feed.js';
import type { Eyes, ProjectedField, Projection, Read } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { timelineProjection } from '../audit/timeline.queries.js';
import type { Answering } from '../platform/database/database.js';
import { namedStatement } from '../platform/database/named-statement.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { given } from '../platform/reading/slot.js';
import { applicationProjection } from './application.queries.js';

const newestChange = namedStatement('select max(sequence)::text as answer from timeline_event');

/**
 * Any version of the program may have been the application's, and so may any queue of theirs. An application that is in a
 * queue is in one of them, too.
 */
const changesAfter = namedStatement(`
  select json_agg(json_build_object('sequence', found.sequence, 'applicationId', found.application_id, 'queues', (
    select coalesce(json_agg(distinct queue.name), '[]'::json) from application as a
    join program_version as v on v.program_id = a.program_id
    cross join lateral jsonb_array_elements_text(jsonb_path_query_array(v.workflow, '$.intake.queue')
      || jsonb_path_query_array(v.workflow, '$.stages[*].queue')
      || jsonb_path_query_array(v.workflow, '$.routing[*].queue ? (@ != null)')) as queue (name)
    where a.id = found.application_id)) order by found.sequence)::text as answer
  from (select sequence, application_id from timeline_event where sequence > $1::text::bigint
    order by sequence limit $2::text::integer) as found`);

/** Changes to applications, as their timelines keep them: a few rows at the end of one index. */
export function changeLogOf(database: Answering): ChangeLog {
  return {
    async newest() {
      return Number((await database.answer(newestChange, [])) ?? 0);
    },
    async after(sequence, mostAtOnce): Promise<readonly LoggedChange[]> {
      const found = await database.answer(changesAfter, [String(sequence), String(mostAtOnce)]);
      return found === null ? [] : JSON.parse(found);
    },
  };
}

const isToldOf = (event: Row): Sql =>
  sql`${event('sequence')} > ${given('bigint', 'after')} and ${event('sequence')} <= ${given('bigint', 'through')}`;

/** Is there anything in what happened that the viewer may hear of? */
function isHeard(row: Row, eyes: Eyes): Sql {
  const event: Row = (name) => sql.ref(`heard.${name}`);
  return sql`exists (select from timeline_event as heard where ${event('application_id')} = ${row('id')}
    and ${isToldOf(event)} and ${timelineProjection.visible(event, eyes)})`;
}

const changeFields: Readonly<Record<string, ProjectedField>> = {
  application: {
    kind: 'one',
    to: () => applicationProjection,
    on: (row, application) => sql`${application('id')} = ${row('id')}`,
  },
  events: {
    kind: 'list',
    to: () => timelineProjection,
    on: (row, event) => sql`${event('application_id')} = ${row('id')} and ${isToldOf(event)}`,
    order: { direction: 'asc', keys: [{ sql: (event) => event('sequence'), type: 'bigint' }] },
  },
};

const applicationChangeProjection: Projection = {
  type: 'ApplicationChange',
  table: 'application',
  visible: applicationProjection.visible,
  fields: changeFields,
};

const queueChangeProjection: Projection = {
  type: 'QueueChange',
  table: 'application',
  visible: (row, eyes) =>
    sql`(${applicationProjection.visible(row, eyes)} and ${isSeenByStaff(row('organization_id'), eyes)})`,
  fields: {
    ...changeFields,
    isWaiting: {
      kind: 'value',
      sql: (row) => sql`coalesce(${row('queue')} = ${given('text', 'queue')} and ${row('due_at')} is not null, false)`,
    },
  },
};

/** What the subscriptions of the same names tell of a change, if the viewer may hear of it. */
export const applicationChangeReads = {
  applicationChanged: {
    kind: 'one',
    of: () => applicationChangeProjection,
    where: (row, _args, eyes) => sql`${row('id')} = ${given('uuid', 'id')} and ${isHeard(row, eyes)}`,
  },
  queueChanged: {
    kind: 'one',
    of: () => queueChangeProjection,
    where: (row, _args, eyes) => sql`${row('id')} = ${given('uuid', 'id')} and ${isHeard(row, eyes)}`,
  },
} as const satisfies Record<string, Read>;
