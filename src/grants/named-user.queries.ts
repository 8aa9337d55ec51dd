import { sql } from 'kysely';
import type { Projection, Read, Viewer } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { directivesInForceSql, toDirectives } from '../directives/in-force.queries.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { type ExportStatus, type NamedUserBlock, namedUserBlocks, ruleOnNamedUser } from '../lifecycle/named-user.js';
import { permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { ruleOnScope } from '../lifecycle/release-scope.js';
import { column, idColumn, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { momentInTransit } from '../platform/reading/transit.js';
import { isUnderReviewSql } from './named-user-standing.queries.js';

/** What the rules ask of a user, as JSON. Directives are looked at only when there is one that says anything of foreign persons. */
function factsSql(row: Row): Sql {
  return sql`(select json_build_object('isRemoved', ${row('removed_at')} is not null,
      'isUnderReview', ${isUnderReviewSql(row)}, 'exportStatus', ${row('export_status')},
      'product', p.code, 'stated', p.stated_status, 'organization', json_build_object('id', o.id, 'sector', o.sector,
        'country', o.country, 'isOperator', o.is_operator),
      'directives', case when exists (select from directive as said where said.status = 'IN_FORCE'
        and said.terms ->> 'foreignPersons' in ('NONE_PERMITTED', 'LICENCE_EACH')) then ${directivesInForceSql} else '[]'::json end)
    from access_grant as g join product as p on p.code = g.product_code join organization as o on o.id = g.organization_id
    where g.id = ${row('grant_id')})`;
}

/** Asks the rules with the JSON that the expression above composes. */
function blocksIn(value: unknown, { now }: Viewer): readonly NamedUserBlock[] {
  const { product, stated, organization, directives, ...facts } = value as {
    isRemoved: boolean;
    isUnderReview: boolean;
    exportStatus: ExportStatus;
    product: string;
    stated: ReleaseStatus;
    organization: { id: string; sector: string; country: string; isOperator: boolean };
    directives: unknown;
  };
  const permission = permissionOf(product, stated, toDirectives(directives), now);
  return ruleOnNamedUser(facts, ruleOnScope(permission, organization).foreignPersons);
}

export const namedUserProjection: Projection = {
  type: 'NamedUser',
  table: 'named_user',
  /** Their organization, staff, and the systems that open access for them. */
  visible: (row, eyes) => (eyes.seesEveryGrant ? sql`true` : isOwn(row('organization_id'), eyes)),
  fields: {
    id: idColumn('nameduser'),
    grantId: idColumn('grant', 'grant_id'),
    displayName: column('display_name'),
    email: column('email'),
    exportStatus: column('export_status'),
    attestedBy: personWhoseIdIs('attested_by'),
    attestedAt: momentColumn('attested_at'),
    addedBy: personWhoseIdIs('added_by'),
    addedAt: momentColumn('added_at'),
    removedBy: personWhoseIdIs('removed_by'),
    removedAt: momentColumn('removed_at'),
    isBlocked: { kind: 'value', sql: factsSql, read: (value, viewer) => blocksIn(value, viewer).length > 0 },
    blocks: {
      kind: 'value',
      sql: factsSql,
      read: (value, viewer) => blocksIn(value, viewer).map((code) => ({ code, message: namedUserBlocks[code] })),
    },
    screenedAt: {
      kind: 'value',
      sql: (row, eyes) =>
        momentInTransit(sql`case when ${isSeenByStaff(row('organization_id'), eyes)} then ${row('screened_at')} end`),
    },
    version: column('version'),
  },
};

export const namedUserById: Read = byGivenId(() => namedUserProjection);
