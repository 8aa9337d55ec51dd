import { sql } from 'kysely';
import type { Eyes, Projection, Read, Viewer } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { namedUserProjection } from '../grants/named-user.queries.js';
import { personProjection, personWhoseIdIs } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { availableHitCommands, type HitFacts } from '../lifecycle/screening.js';
import {
  column,
  idColumn,
  type ManyField,
  momentColumn,
  newestFirst,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { momentInTransit } from '../platform/reading/transit.js';
import { isScreeningCurrentSql, screeningStandingSql } from './standing.queries.js';

/** Nothing of this exists for partners, nor for staff as to organizations they belong to. */
function isForStaff(row: Row, eyes: Eyes): Sql {
  return isSeenByStaff(row('organization_id'), eyes);
}

/** The same for what belongs to a hit. */
function isOfHitForStaff(row: Row, eyes: Eyes): Sql {
  return sql`exists (select from screening_hit as owner
    where owner.id = ${row('hit_id')} and ${isSeenByStaff(sql`owner.organization_id`, eyes)})`;
}

const matchProjection: Projection = {
  type: 'ScreeningMatch',
  table: 'screening_match',
  visible: isOfHitForStaff,
  fields: {
    score: column('score'),
    subjectName: column('subject_name'),
    explanation: column('explanation'),
    entry: {
      kind: 'value',
      sql: (
        row,
      ) => sql`(select json_build_object('reference', e.reference, 'kind', e.kind, 'names', (select json_agg(n -> 'name')
          from jsonb_array_elements(e.names) as n), 'countries', e.countries, 'isListed', e.until_version_id is null,
          'source', e.details ->> 'source', 'programs', e.details ->> 'programs', 'addresses', e.details ->> 'addresses',
          'datesOfBirth', e.details ->> 'datesOfBirth', 'identifiers', e.details ->> 'identifiers',
          'remarks', e.details ->> 'remarks', 'url', e.details ->> 'url')
        from screening_entry as e where e.id = ${row('entry_id')})`,
    },
    foundAt: momentColumn('found_at'),
  },
};

export const adjudicationProjection: Projection = {
  type: 'Adjudication',
  table: 'screening_adjudication',
  visible: isOfHitForStaff,
  fields: {
    id: idColumn('adjudication'),
    verdict: column('verdict'),
    reason: column('reason'),
    status: column('status'),
    proposedBy: personWhoseIdIs('proposed_by'),
    proposedAt: momentColumn('proposed_at'),
    decidedBy: personWhoseIdIs('decided_by'),
    decidedAt: momentColumn('decided_at'),
    declinedReason: column('declined_reason'),
  },
};

export const screeningHitProjection: Projection = {
  type: 'ScreeningHit',
  table: 'screening_hit',
  visible: isForStaff,
  fields: {
    id: idColumn('screeninghit'),
    status: column('status'),
    organizationId: idColumn('organization', 'organization_id'),
    organizationName: {
      kind: 'value',
      sql: (row) => sql`(select o.legal_name from organization as o where o.id = ${row('organization_id')})`,
    },
    subjectKind: column('subject_kind'),
    person: {
      kind: 'one',
      to: () => personProjection,
      on: (row, found) => sql`${found('id')} = ${row('subject_id')} and ${row('subject_kind')} = 'PERSON'`,
    },
    namedUser: {
      kind: 'one',
      to: () => namedUserProjection,
      on: (row, user) => sql`${user('id')} = ${row('subject_id')} and ${row('subject_kind')} = 'NAMED_USER'`,
    },
    listCode: {
      kind: 'value',
      sql: (row) => sql`(select l.code from screening_list as l where l.id = ${row('list_id')})`,
    },
    match: {
      kind: 'one',
      to: () => matchProjection,
      on: (row, match) => sql`${match('hit_id')} = ${row('id')}`,
      orderBy: (match) => sql`${match('id')} desc`,
    },
    matches: ofHit(() => matchProjection),
    adjudications: ofHit(() => adjudicationProjection),
    carriedFromHitId: idColumn('screeninghit', 'carried_from_id'),
    availableCommands: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'organizationId', ${row('organization_id')},
        'proposedBy', (select a.proposed_by from screening_adjudication as a
          where a.hit_id = ${row('id')} and a.status = 'PROPOSED'),
        'recused', (select coalesce(json_agg(x.user_id), '[]'::json) from recusal as x
          where x.organization_id = ${row('organization_id')} and x.ended_at is null))`,
      read: (value, { actor }) => {
        // The JSON that the expression above composes.
        const { organizationId, ...facts } = value as HitFacts & { readonly organizationId: string };
        return availableHitCommands(facts, standingOf(actor, organizationId));
      },
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const screeningRunProjection: Projection = {
  type: 'ScreeningRun',
  table: 'screening_run',
  visible: isForStaff,
  fields: {
    id: idColumn('screeningrun'),
    organizationId: idColumn('organization', 'organization_id'),
    trigger: column('trigger'),
    requestedBy: personWhoseIdIs('requested_by'),
    at: momentColumn('at'),
    threshold: column('threshold'),
    matcher: column('matcher'),
    lists: column('lists'),
    subjects: column('subjects'),
    opened: column('opened'),
    reopened: column('reopened'),
    carriedOver: column('carried_over'),
    lapsed: column('lapsed'),
  },
};

/** An organization, as far as its screening is concerned. */
export const organizationScreeningProjection: Projection = {
  type: 'OrganizationScreening',
  table: 'organization',
  visible: (row, eyes) => isSeenByStaff(row('id'), eyes),
  fields: {
    standing: { kind: 'value', sql: (row) => screeningStandingSql(row('id')) },
    isCurrent: { kind: 'value', sql: (row) => isScreeningCurrentSql(row('id')) },
    lastScreenedAt: {
      kind: 'value',
      sql: (row) =>
        momentInTransit(
          sql`(select s.screened_at from organization_screening as s where s.organization_id = ${row('id')})`,
        ),
    },
    openHits: {
      kind: 'value',
      sql: (row) => sql`(select count(*)::int from screening_hit as h
        where h.organization_id = ${row('id')} and h.status in ('OPEN', 'INCONCLUSIVE'))`,
    },
    trueMatches: {
      kind: 'value',
      sql: (row) => sql`(select count(*)::int from screening_hit as h
        where h.organization_id = ${row('id')} and h.status = 'TRUE_MATCH')`,
    },
    runs: {
      kind: 'connection',
      to: () => screeningRunProjection,
      on: (row, run) => sql`${run('organization_id')} = ${row('id')}`,
      order: newestFirst,
    },
  },
};

export const screeningHitById: Read = byGivenId(() => screeningHitProjection);
export const screeningRunById: Read = byGivenId(() => screeningRunProjection);
export const adjudicationById: Read = byGivenId(() => adjudicationProjection);

/** What the queries of the same names answer. */
export const screeningReads = {
  screeningHit: {
    kind: 'one',
    of: () => screeningHitProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'screeninghit')}`,
  },
  screeningHits: {
    kind: 'connection',
    of: () => screeningHitProjection,
    where: (row, args) => {
      const filter = args.within('filter');
      const conditions = [sql`true`];
      if (filter.has('statuses')) conditions.push(sql`${row('status')} = any(${filter.words('statuses')})`);
      if (filter.has('organizationId'))
        conditions.push(sql`${row('organization_id')} = ${filter.id('organizationId', 'organization')}`);
      if (filter.has('subjectKind'))
        conditions.push(sql`${row('subject_kind')} = ${filter.value('subjectKind', 'text')}`);
      if (filter.has('listCode'))
        conditions.push(sql`${row('list_id')} = (select l.id from screening_list as l
          where l.code = ${filter.value('listCode', 'text')})`);
      return sql.join(conditions, sql` and `);
    },
  },
} as const satisfies Record<string, Read>;

/** Everything of one kind that belongs to a hit, oldest first. */
function ofHit(to: () => Projection): ManyField<Eyes, Viewer> {
  return { kind: 'list', to, on: (row, other) => sql`${other('hit_id')} = ${row('id')}`, order: oldestFirst };
}
