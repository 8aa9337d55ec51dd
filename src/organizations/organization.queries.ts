import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import { isNoStaff, isOwn } from '../api/visibility.js';
import { attestationProjection } from '../attestations/attestation.queries.js';
import { flagsThatAreUp } from '../flags/flag.queries.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import {
  column,
  hiddenFrom,
  idColumn,
  momentColumn,
  newestFirst,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { organizationScreeningProjection } from '../screening/screening.queries.js';
import { organizationRiskProjection } from './organization-risk.queries.js';

/** Members and invitations are the organization's own business, and staff's. */
function belongsToVisible(row: Row, eyes: Eyes): Sql {
  return eyes.seesEveryOrganization ? sql`true` : isOwn(row('organization_id'), eyes);
}

export const membershipProjection: Projection = {
  type: 'Membership',
  table: 'membership',
  visible: belongsToVisible,
  fields: {
    id: idColumn('membership'),
    role: column('role'),
    person: personWhoseIdIs('user_id'),
    organization: {
      kind: 'one',
      to: () => organizationProjection,
      on: (row, organization) => sql`${organization('id')} = ${row('organization_id')}`,
    },
    joinedAt: momentColumn('created_at'),
  },
};

export const invitationProjection: Projection = {
  type: 'Invitation',
  table: 'invitation',
  visible: belongsToVisible,
  fields: {
    id: idColumn('invitation'),
    email: column('email'),
    role: column('role'),
    invitedBy: personWhoseIdIs('invited_by'),
    createdAt: momentColumn('created_at'),
    expiresAt: momentColumn('expires_at'),
  },
};

export const organizationProjection: Projection = {
  type: 'Organization',
  table: 'organization',
  visible: (row, eyes) => (eyes.seesEveryOrganization ? sql`true` : isOwn(row('id'), eyes)),
  fields: {
    id: idColumn('organization'),
    legalName: column('legal_name'),
    country: column('country'),
    sector: column('sector'),
    website: column('website'),
    registrationNumber: column('registration_number'),
    isOperator: column('is_operator'),
    operatorProposed: hiddenFrom(isNoStaff, column('operator_proposed')),
    members: {
      kind: 'list',
      to: () => membershipProjection,
      on: (row, membership) => sql`${membership('organization_id')} = ${row('id')}`,
      order: oldestFirst,
    },
    openInvitations: {
      kind: 'list',
      to: () => invitationProjection,
      on: (row, invitation, eyes) => sql`${invitation('organization_id')} = ${row('id')}
        and ${invitation('accepted_at')} is null and ${invitation('revoked_at')} is null
        and ${invitation('expires_at')} > ${eyes.now}`,
      order: oldestFirst,
    },
    attestations: {
      kind: 'list',
      to: () => attestationProjection,
      on: (row, attestation) => sql`${attestation('organization_id')} = ${row('id')}`,
      order: newestFirst,
    },
    screening: {
      kind: 'one',
      to: () => organizationScreeningProjection,
      on: (row, screening) => sql`${screening('id')} = ${row('id')}`,
    },
    risk: {
      kind: 'one',
      to: () => organizationRiskProjection,
      on: (row, risk) => sql`${risk('id')} = ${row('id')}`,
    },
    flags: flagsThatAreUp(
      (row, flag) => sql`${flag('organization_id')} = ${row('id')} and ${flag('application_id')} is null`,
    ),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const organizationById: Read = byGivenId(() => organizationProjection);
export const membershipById: Read = byGivenId(() => membershipProjection);
export const invitationById: Read = byGivenId(() => invitationProjection);

/** What the queries of the same names answer. */
export const organizationReads = {
  organization: {
    kind: 'one',
    of: () => organizationProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'organization')}`,
  },
  /** Staff page through all of them, partners through their own. */
  organizations: { kind: 'connection', of: () => organizationProjection, where: () => sql`true` },
  /** The viewer's own places in organizations. */
  myMemberships: {
    kind: 'list',
    of: () => membershipProjection,
    where: (row, _args, eyes) => sql`${row('user_id')} = ${eyes.personId} and ${isOwn(row('organization_id'), eyes)}`,
    order: oldestFirst,
  },
} as const satisfies Record<string, Read>;
