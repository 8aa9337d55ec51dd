import { sql } from 'kysely';
import type { Viewer } from '../api/request.js';
import { isOwn } from '../api/visibility.js';
import { personProjection } from '../identity/identity.queries.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { PageArguments } from '../platform/reading/pagination.js';
import {
  column,
  idColumn,
  momentColumn,
  oldestFirst,
  type Projection,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { type ReadingContext, type ReadObject, readConnection, readList, readOne } from '../platform/reading/reader.js';
import type { Selection } from '../platform/reading/selection.js';

/** Members and invitations are the organization's own business, and staff's. */
function belongsToVisible(row: Row, viewer: Viewer): Sql {
  return seesEveryOrganization(viewer.actor) ? sql`true` : isOwn(row('organization_id'), viewer);
}

export const membershipProjection: Projection<Viewer> = {
  type: 'Membership',
  table: 'membership',
  visible: belongsToVisible,
  fields: {
    id: idColumn('membership'),
    role: column('role'),
    person: {
      kind: 'one',
      to: () => personProjection,
      on: (row, person) => sql`${person('id')} = ${row('user_id')}`,
    },
    organization: {
      kind: 'one',
      to: () => organizationProjection,
      on: (row, organization) => sql`${organization('id')} = ${row('organization_id')}`,
    },
    joinedAt: momentColumn('created_at'),
  },
};

export const invitationProjection: Projection<Viewer> = {
  type: 'Invitation',
  table: 'invitation',
  visible: belongsToVisible,
  fields: {
    id: idColumn('invitation'),
    email: column('email'),
    role: column('role'),
    invitedBy: {
      kind: 'one',
      to: () => personProjection,
      on: (row, person) => sql`${person('id')} = ${row('invited_by')}`,
    },
    createdAt: momentColumn('created_at'),
    expiresAt: momentColumn('expires_at'),
  },
};

export const organizationProjection: Projection<Viewer> = {
  type: 'Organization',
  table: 'organization',
  visible: (row, viewer) => (seesEveryOrganization(viewer.actor) ? sql`true` : isOwn(row('id'), viewer)),
  fields: {
    id: idColumn('organization'),
    legalName: column('legal_name'),
    country: column('country'),
    sector: column('sector'),
    website: column('website'),
    registrationNumber: column('registration_number'),
    members: {
      kind: 'list',
      to: () => membershipProjection,
      on: (row, membership) => sql`${membership('organization_id')} = ${row('id')}`,
      order: oldestFirst,
    },
    openInvitations: {
      kind: 'list',
      to: () => invitationProjection,
      on: (row, invitation, viewer) => sql`${invitation('organization_id')} = ${row('id')}
        and ${invitation('accepted_at')} is null and ${invitation('revoked_at')} is null
        and ${invitation('expires_at')} > ${viewer.now}`,
      order: oldestFirst,
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export function readOrganization(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, organizationProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

export function readInvitation(
  context: ReadingContext<Viewer>,
  selection: Selection,
  id: string,
): Promise<ReadObject | null> {
  return readOne(context, invitationProjection, selection, (row) => sql`${row('id')} = ${id}`);
}

/** Staff page through all of them, partners through their own. */
export function readOrganizations(
  context: ReadingContext<Viewer>,
  selection: Selection,
  page: PageArguments,
): Promise<ReadObject> {
  return readConnection(context, organizationProjection, selection, { page });
}

/** The viewer's own places in organizations. */
export async function readOwnMemberships(
  context: ReadingContext<Viewer>,
  selection: Selection,
): Promise<readonly ReadObject[]> {
  const { actor } = context.viewer;
  if (actor.kind !== 'PERSON' || organizationsOf(actor).length === 0) return [];
  const where = (row: Row) => sql`${row('user_id')} = ${actor.personId}`;
  return readList(context, membershipProjection, selection, { where, order: oldestFirst });
}
