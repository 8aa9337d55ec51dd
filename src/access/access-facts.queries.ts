import { sql } from 'kysely';
import { isTermsOverdueSql } from '../attestations/attestation.queries.js';
import { directivesInForceSql, toDirectives } from '../directives/in-force.queries.js';
import { isUnderReviewSql } from '../grants/named-user-standing.queries.js';
import { isPermittedSql } from '../grants/release-ruling.queries.js';
import { openSuspensionsSql } from '../grants/suspension.queries.js';
import type { AccessFacts, GrantInCheck, UserInCheck } from '../lifecycle/access.js';
import { type Actor, organizationsOf, seesEveryGrant, seesEveryOrganization } from '../lifecycle/actor.js';
import { permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { ruleOnScope } from '../lifecycle/release-scope.js';
import type { OpenSuspension } from '../lifecycle/suspension.js';
import type { RawSql } from '../platform/database/database.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { suspendsOnHitSql } from '../programs/screening-policy.queries.js';
import { isOfSystemsProductsSql } from '../provisioning/system-of-actor.queries.js';
import { hasTrueMatchSql, hasUnclearedHitSql } from '../screening/standing.queries.js';

/** Whether who may use what. */
export interface AccessQuestion {
  readonly organizationId: string;
  readonly productCode: string;
  /** One of its named users; null when nobody in particular is asked about. */
  readonly userId: string | null;
}

/** A grant, with what a statement says of it. */
export interface StatedGrant extends GrantInCheck {
  readonly reference: string;
  readonly conditions: readonly string[];
  readonly seats: number;
}

export interface FoundFacts extends AccessFacts {
  readonly grants: readonly StatedGrant[];
  /** The next moment that is known already at which something may be permitted no more; null when none is. */
  readonly changesAt: Date | null;
}

interface FactsRow {
  readonly sector: string;
  readonly country: string;
  readonly isOperator: boolean;
  readonly stated: ReleaseStatus | null;
  readonly directives: unknown;
  readonly grants: readonly StoredGrant[];
  readonly user: UserInCheck | null;
  readonly changesAt: string | Date | null;
}

/** As JSON carries it. */
interface StoredGrant extends Omit<StatedGrant, 'startsAt' | 'endsAt' | 'causes'> {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly suspensions: readonly OpenSuspension[];
}

/** More grants of one organization for one product than anybody has; the newest count. */
const mostGrants = 50;

/**
 * Everything that decides whether an organization may use a product, by one statement, so that all of it is of one moment.
 * @returns null when there is no such organization, or none that the viewer may see; what else there is not
 */
export async function accessFacts(
  database: RawSql,
  { organizationId, productCode, userId }: AccessQuestion,
  actor: Actor,
  now: Date,
): Promise<FoundFacts | 'NO_PRODUCT' | 'NO_USER' | null> {
  const at = sql`${now}::timestamptz`;
  const ofOrganization = {
    organizationId: sql`o.id`,
    productCode: sql`p.code`,
    hasGrant: sql`exists (select from access_grant as held where held.organization_id = o.id and held.product_code = p.code)`,
  };
  const found = await sql<FactsRow>`
    select o.sector, o.country, o.is_operator as "isOperator", p.stated_status as stated, ${directivesInForceSql} as directives,
      (select coalesce(json_agg(${grantJson(at)} order by g.id desc), '[]'::json) from (select * from access_grant as held
        where held.organization_id = o.id and held.product_code = p.code order by held.id desc limit ${mostGrants}) as g) as grants,
      ${userJson(sql`${userId}::uuid`)} as "user",
      (select min(n.from_at) from release_narrowing as n where n.from_at > ${at} and coalesce(n.product_code, p.code) = p.code
        and coalesce(n.organization_id, o.id) = o.id) as "changesAt"
    from organization as o left join product as p on p.code = ${productCode}
    where o.id = ${organizationId} and ${isSeen(actor, ofOrganization)}`.execute(database);
  const [row] = found.rows;
  if (!row) return null;
  if (row.stated === null) return 'NO_PRODUCT';
  if (userId !== null && row.user === null) return 'NO_USER';
  const { sector, country, isOperator, user, changesAt } = row;
  const permission = permissionOf(productCode, row.stated, toDirectives(row.directives), now);
  return {
    scope: ruleOnScope(permission, { id: organizationId, sector, country, isOperator }),
    grants: row.grants.map(({ startsAt, endsAt, suspensions, ...grant }) => ({
      ...grant,
      causes: suspensions.map(({ cause }) => cause),
      startsAt: new Date(startsAt),
      endsAt: new Date(endsAt),
    })),
    user,
    changesAt: changesAt === null ? null : new Date(changesAt),
  };
}

/**
 * In SQL: does the actor know of the organization, or, for systems that see grants only, of a grant of it for the product?
 * A product that is none of a registered system's is to it as one that there is not.
 */
function isSeen(
  actor: Actor,
  { organizationId, productCode, hasGrant }: Readonly<Record<'organizationId' | 'productCode' | 'hasGrant', Sql>>,
): Sql {
  const own = `{${organizationsOf(actor).join(',')}}`;
  return sql`(${seesEveryOrganization(actor)}::boolean or ${organizationId} = any(${own}::text::uuid[])
    or (${seesEveryGrant(actor)}::boolean and ${isOfSystemsProductsSql(actor, productCode)} and ${hasGrant}))`;
}

/** In SQL, as JSON: a user whom a grant of the organization `o` for the product `p` names, or has named. */
function userJson(userId: Sql): Sql {
  return sql`(select json_build_object('grantId', u.grant_id, 'isRemoved', u.removed_at is not null,
      'isUnderReview', ${isUnderReviewSql((name) => sql.ref(`u.${name}`))}, 'exportStatus', u.export_status)
    from named_user as u join access_grant as held on held.id = u.grant_id
    where u.id = ${userId} and held.organization_id = o.id and held.product_code = p.code)`;
}

/** In SQL, as JSON: a grant `g` of the organization `o`, as the check looks at it. */
function grantJson(at: Sql): Sql {
  const row: Row = (name) => sql.ref(`g.${name}`);
  return sql`json_build_object('id', g.id, 'reference', g.reference, 'status', g.status, 'startsAt', g.starts_at,
    'endsAt', g.ends_at, 'conditions', g.conditions, 'seats', g.seats, 'suspensions', ${openSuspensionsSql(row)}, 'isPermitted', ${isPermittedSql(row, at)},
    'isUnderReview', ${hasTrueMatchSql(row('organization_id'))}
      or (${hasUnclearedHitSql(row('organization_id'))} and ${suspendsOnHitSql(row('program_id'))}),
    'isTermsOverdue', ${isTermsOverdueSql(row, at)})`;
}

/** What a grant is about; null when there is none that the actor may see. */
export async function grantSeenBy(database: RawSql, grantId: string, actor: Actor): Promise<AccessQuestion | null> {
  const isKnown = isSeen(actor, {
    organizationId: sql`organization_id`,
    productCode: sql`product_code`,
    hasGrant: sql`true`,
  });
  const found = await sql<AccessQuestion>`
    select organization_id as "organizationId", product_code as "productCode", null as "userId" from access_grant
    where id = ${grantId} and ${isKnown}`.execute(database);
  return found.rows[0] ?? null;
}
