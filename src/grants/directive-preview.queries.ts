import { sql } from 'kysely';
import type { Read } from '../api/eyes.js';
import type { EmergencyHaltInput } from '../directives/directive-input.js';
import { type ForeseenDirective, foreseeDirective, foreseeHalt } from '../directives/in-force.queries.js';
import { type GrantStatus, standingGrantStatuses } from '../lifecycle/grant.js';
import { type Permission, permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import {
  conditionsLacking,
  type OrganizationInScope,
  ruleOnScope,
  type ScopeRuling,
} from '../lifecycle/release-scope.js';
import { organizationProjection } from '../organizations/organization.queries.js';
import { scopeColumns } from '../organizations/scope.queries.js';
import type { RawSql } from '../platform/database/database.js';
import { given } from '../platform/reading/slot.js';
import { grantProjection } from './grant.queries.js';
import { statusesWithConditions } from './release-conditions.commands.js';

/** What would follow if a directive were put in force, as ids. */
export interface DirectivePreview {
  /** The moment it is computed for: now, or when the directive takes effect. */
  readonly at: Date;
  readonly products: readonly {
    readonly code: string;
    readonly before: ReleaseStatus;
    readonly after: ReleaseStatus;
  }[];
  readonly suspended: readonly string[];
  readonly permittedAgain: readonly string[];
  readonly letIn: readonly string[];
  readonly conditionsAdded: readonly string[];
  readonly organizationsIn: readonly string[];
  readonly organizationsOut: readonly string[];
}

interface Product {
  readonly code: string;
  readonly before: Permission;
  readonly after: Permission;
}

/** How an organization stood with a product, and would. */
interface Turn {
  readonly before: ScopeRuling;
  readonly after: ScopeRuling;
}

interface LiveGrant {
  readonly id: string;
  readonly productCode: string;
  readonly organizationId: string;
  readonly status: GrantStatus;
  readonly conditions: readonly string[];
  /** Is it suspended because the release did not permit it? */
  readonly isMarked: boolean;
}

/**
 * Whom a directive hits, before it is put in force: computed as it is computed afterwards, with the directive added.
 * @returns null when there is none that waits to be put in force
 */
export async function previewDirective(database: RawSql, id: string, now: Date): Promise<DirectivePreview | null> {
  const foreseen = await foreseeDirective(database, id);
  return foreseen && preview(database, foreseen, now);
}

/** Whom an emergency halt would hit, before it is ordered. @throws Refusal when it could not be ordered */
export async function previewHalt(database: RawSql, halt: EmergencyHaltInput, now: Date): Promise<DirectivePreview> {
  return preview(database, await foreseeHalt(database, halt, now), now);
}

async function preview(database: RawSql, foreseen: ForeseenDirective, now: Date): Promise<DirectivePreview> {
  const at = foreseen.effectiveAt > now ? foreseen.effectiveAt : now;
  const found = await sql<{ code: string; stated: ReleaseStatus }>`select code, stated_status as stated from product
    where ${foreseen.codes === null}::boolean or code = any(${[...(foreseen.codes ?? [])]}::text[]) order by code`.execute(
    database,
  );
  const products = found.rows.map(({ code, stated }) => ({
    code,
    before: permissionOf(code, stated, foreseen.before, at),
    after: permissionOf(code, stated, foreseen.after, at),
  }));
  const organizations =
    await sql<OrganizationInScope>`select ${scopeColumns} from organization as o order by o.id`.execute(database);
  return {
    at,
    products: products.map(({ code, before, after }) => ({ code, before: before.status, after: after.status })),
    ...(await effectsOf(database, products, organizations.rows)),
  };
}

async function effectsOf(
  database: RawSql,
  products: readonly Product[],
  organizations: readonly OrganizationInScope[],
): Promise<Omit<DirectivePreview, 'at' | 'products'>> {
  const [comesIn, fallsOut] = [new Set<string>(), new Set<string>()];
  const turns = new Map<string, Turn>();
  for (const { code, before, after } of products) {
    for (const organization of organizations) {
      const turn = { before: ruleOnScope(before, organization), after: ruleOnScope(after, organization) };
      turns.set(`${code} ${organization.id}`, turn);
      if (!isPermitted(turn.before) && isPermitted(turn.after)) comesIn.add(organization.id);
      if (isPermitted(turn.before) && !isPermitted(turn.after)) fallsOut.add(organization.id);
    }
  }
  const grants = (
    await liveGrants(
      database,
      products.map(({ code }) => code),
    )
  ).flatMap((grant) => {
    const turn = turns.get(`${grant.productCode} ${grant.organizationId}`);
    return turn ? [{ grant, turn }] : [];
  });
  const idsOf = (isHit: (grant: LiveGrant, turn: Turn) => boolean) =>
    grants.filter(({ grant, turn }) => isHit(grant, turn)).map(({ grant }) => grant.id);
  return {
    suspended: idsOf(isSuspendedBy),
    permittedAgain: idsOf(({ isMarked }, { before, after }) => isMarked && !isPermitted(before) && isPermitted(after)),
    letIn: idsOf(
      ({ status }, { before, after }) =>
        status === 'APPROVED_IN_PRINCIPLE' && !isPermitted(before) && isPermitted(after),
    ),
    conditionsAdded: idsOf(
      ({ status, conditions }, { after }) =>
        statusesWithConditions.includes(status) && conditionsLacking(after, conditions).length > 0,
    ),
    organizationsIn: [...comesIn],
    organizationsOut: [...fallsOut],
  };
}

function isSuspendedBy({ status, isMarked }: LiveGrant, { before, after }: Turn): boolean {
  return (status === 'ACTIVE' || status === 'SUSPENDED') && !isMarked && isPermitted(before) && !isPermitted(after);
}

function isPermitted({ objections }: ScopeRuling): boolean {
  return objections.length === 0;
}

async function liveGrants(database: RawSql, codes: readonly string[]): Promise<readonly LiveGrant[]> {
  const found =
    await sql<LiveGrant>`select g.id, g.product_code as "productCode", g.organization_id as "organizationId",
      g.status, g.conditions, g.shut_by_release as "isMarked"
    from access_grant as g where g.product_code = any(${[...codes]}::text[])
      and g.status = any(${[...standingGrantStatuses]}::text[]) order by g.id`.execute(database);
  return found.rows;
}

const theseIds = given('uuid[]', 'ids');

/** Grants and organizations of which a preview has the ids. */
export const theseGrants: Read = {
  kind: 'connection',
  of: () => grantProjection,
  where: (row) => sql`${row('id')} = any(${theseIds})`,
};
export const theseOrganizations: Read = {
  kind: 'connection',
  of: () => organizationProjection,
  where: (row) => sql`${row('id')} = any(${theseIds})`,
};
