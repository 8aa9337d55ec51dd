import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isNoStaff, isSeenByStaff } from '../api/visibility.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { availableDirectiveCommands, type DirectiveFacts } from '../lifecycle/directive.js';
import { organizationProjection } from '../organizations/organization.queries.js';
import { column, idColumn, momentColumn, oldestFirst } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { completion } from './completion.queries.js';

/** Who ordered what is nothing for partners: letters are often not public. */
const visible: Projection['visible'] = (_row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`false`);

export const authorityProjection: Projection = {
  type: 'Authority',
  table: 'authority',
  visible,
  fields: {
    id: idColumn('authority'),
    name: column('name'),
    jurisdiction: column('jurisdiction'),
    createdAt: momentColumn('created_at'),
  },
};

export const entryProjection: Projection = {
  type: 'DirectiveEntry',
  table: 'directive_entry',
  visible,
  fields: {
    id: idColumn('directiveentry'),
    position: column('position'),
    printedName: column('printed_name'),
    effect: column('effect'),
    status: column('status'),
    organization: {
      kind: 'one',
      to: () => organizationProjection,
      on: (row, organization, eyes) =>
        sql`${organization('id')} = ${row('organization_id')} and ${isSeenByStaff(organization('id'), eyes)}`,
    },
    evidence: column('evidence'),
    matchedBy: personWhoseIdIs('matched_by'),
    matchedAt: momentColumn('matched_at'),
    version: column('version'),
  },
};

export const letterProjection: Projection = {
  type: 'DirectiveLetter',
  table: 'directive_letter',
  visible,
  fields: {
    id: idColumn('directiveletter'),
    fileName: column('file_name'),
    mediaType: column('media_type'),
    size: column('size'),
    sha256: column('sha256'),
    uploadedBy: personWhoseIdIs('uploaded_by'),
    createdAt: momentColumn('created_at'),
    completedAt: momentColumn('completed_at'),
    /** The id of a letter that can be downloaded; the resolver makes the link. */
    downloadUrl: {
      kind: 'value',
      sql: (row) => sql`case when ${row('completed_at')} is not null then ${row('id')} end`,
      read: (id) => id,
    },
  },
};

export const directiveProjection: Projection = {
  type: 'Directive',
  table: 'directive',
  visible,
  fields: {
    id: idColumn('directive'),
    authority: {
      kind: 'one',
      to: () => authorityProjection,
      on: (row, authority) => sql`${authority('id')} = ${row('authority_id')}`,
    },
    reference: column('reference'),
    kind: column('kind'),
    summary: column('summary'),
    status: column('status'),
    changes: {
      kind: 'one',
      to: () => directiveProjection,
      on: (row, changed) => sql`${changed('id')} = ${row('changes_id')}`,
    },
    issuedAt: momentColumn('issued_at'),
    receivedAt: momentColumn('received_at'),
    effectiveAt: momentColumn('effective_at'),
    expiresAt: momentColumn('expires_at'),
    reviewAt: momentColumn('review_at'),
    letterSha256: column('letter_sha256'),
    letter: {
      kind: 'one',
      to: () => letterProjection,
      on: (row, letter) => sql`${letter('id')} = ${row('letter_id')}`,
    },
    terms: column('terms'),
    entries: {
      kind: 'connection',
      to: () => entryProjection,
      on: (row, entry) => sql`${entry('directive_id')} = ${row('id')}`,
      order: { direction: 'asc', keys: [{ sql: (entry) => entry('position'), type: 'bigint' }] },
    },
    recordedBy: personWhoseIdIs('recorded_by'),
    recordedAt: momentColumn('recorded_at'),
    putInForceBy: personWhoseIdIs('put_in_force_by'),
    inForceSince: momentColumn('in_force_since'),
    isEmergency: column('is_emergency'),
    ratifyBy: momentColumn('ratify_by'),
    ratifiedBy: personWhoseIdIs('ratified_by'),
    ratifiedAt: momentColumn('ratified_at'),
    escalatedAt: momentColumn('escalated_at'),
    withdrawnReason: column('withdrawn_reason'),
    completion,
    availableCommands: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'recordedBy', ${row('recorded_by')},
        'isEmergency', ${row('is_emergency')}, 'ratifiedAt', ${row('ratified_at')}, 'ratifyBy', ${row('ratify_by')},
        'escalatedAt', ${row('escalated_at')}, 'reviewAt', ${row('review_at')}, 'reviewRemindedAt', ${row('review_reminded_at')},
        'isLetterHashed', ${row('letter_sha256')} is not null, 'hasLetter', ${row('letter_id')} is not null)`,
      read: (value, { actor, now }) => availableDirectiveCommands(toFacts(value), standingOf(actor, null), now),
    },
    version: column('version'),
    updatedAt: momentColumn('updated_at'),
  },
};

/** Reads the JSON that the field above composes. */
function toFacts(value: unknown): DirectiveFacts {
  const { status, recordedBy, isEmergency, isLetterHashed, hasLetter, ...moments } = value as Pick<
    DirectiveFacts,
    'status' | 'recordedBy' | 'isEmergency' | 'isLetterHashed' | 'hasLetter'
  > &
    Readonly<Record<'ratifiedAt' | 'ratifyBy' | 'escalatedAt' | 'reviewAt' | 'reviewRemindedAt', string | null>>;
  const moment = (text: string | null) => (text === null ? null : new Date(text));
  return {
    ...{ status, recordedBy, isEmergency, isLetterHashed, hasLetter },
    ratifiedAt: moment(moments.ratifiedAt),
    ratifyBy: moment(moments.ratifyBy),
    escalatedAt: moment(moments.escalatedAt),
    reviewAt: moment(moments.reviewAt),
    reviewRemindedAt: moment(moments.reviewRemindedAt),
  };
}

export const authorityById: Read = byGivenId(() => authorityProjection);
export const directiveById: Read = byGivenId(() => directiveProjection);
export const letterById: Read = byGivenId(() => letterProjection);
export const entryById: Read = byGivenId(() => entryProjection);

/** What the queries of the same names answer. */
export const directiveReads = {
  directive: {
    kind: 'one',
    of: () => directiveProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'directive')}`,
  },
  directives: {
    kind: 'connection',
    of: () => directiveProjection,
    where: (row, args) => {
      const filter = args.within('filter');
      const conditions = [sql`true`];
      if (filter.has('statuses')) conditions.push(sql`${row('status')} = any(${filter.words('statuses')})`);
      if (filter.has('productCode'))
        conditions.push(sql`${row('terms')} -> 'products' ? ${filter.value('productCode', 'text')}`);
      return sql.join(conditions, sql` and `);
    },
  },
  authorities: {
    kind: 'list',
    of: () => authorityProjection,
    where: () => sql`true`,
    order: oldestFirst,
    nullFor: isNoStaff,
  },
} as const satisfies Record<string, Read>;
