import type { ForeignPersonRule } from './directive.js';
import type { AuthorityPosition, DirectiveInForce, DirectiveTerms, Permission } from './release.js';
import { accepted, type Ruling } from './ruling.js';

/** What of an organization decides whether it is in scope. */
export interface OrganizationInScope {
  readonly id: string;
  readonly sector: string;
  readonly country: string;
  /** Is it the operator's own? */
  readonly isOperator: boolean;
}

/** Why an organization is kept out. */
export const scopeObjections = {
  PRODUCT_HALTED: 'The product is halted.',
  ORGANIZATION_NOT_IN_SCOPE: 'The organization is not among those to whom the product is permitted.',
  ORGANIZATION_EXCLUDED: 'The organization is excluded.',
} as const;

export type ScopeObjection = keyof typeof scopeObjections;

export interface ScopeRuling {
  /** Empty when the organization may use the product, as far as its release goes. */
  readonly objections: readonly {
    readonly code: ScopeObjection;
    /** The authority and the directive whose it is; null for what the operator stated. */
    readonly authority: string | null;
    readonly directiveId: string | null;
  }[];
  /** For each authority that binds the product, the newest directive that permits it to the organization. */
  readonly permittedBy: readonly string[];
  /** What a grant must carry, by those directives. */
  readonly conditions: readonly string[];
  readonly foreignPersons: ForeignPersonRule;
}

const strictestFirst: readonly ForeignPersonRule[] = ['NONE_PERMITTED', 'LICENCE_EACH', 'EXEMPT', 'NO_RULE'];

/** Is the product permitted to this organization? Every authority must permit it; each that does not is told. */
export function ruleOnScope(permission: Permission, organization: OrganizationInScope): ScopeRuling {
  const stated =
    permission.stated === 'HALTED' ? [{ code: 'PRODUCT_HALTED', authority: null, directiveId: null } as const] : [];
  const shutOut = permission.designations
    .filter(({ terms }) => terms.excluded.includes(organization.id))
    .map(({ directive }) => about('ORGANIZATION_EXCLUDED', directive));
  const found = permission.authorities.map((position) => ruleOfAuthority(position, organization));
  const permitting = found.flatMap(({ permitting }) => (permitting ? [permitting] : []));
  const rules = permitting.map(({ terms }) => terms.foreignPersons);
  return {
    objections: [...stated, ...shutOut, ...found.flatMap(({ objection }) => (objection ? [objection] : []))],
    permittedBy: permitting.map(({ directive }) => directive.id),
    conditions: [...new Set(permitting.flatMap(({ terms }) => terms.conditions))],
    foreignPersons: strictestFirst.find((rule) => rules.includes(rule)) ?? 'NO_RULE',
  };
}

function ruleOfAuthority({ halt, permitting }: AuthorityPosition, organization: OrganizationInScope) {
  const [newest] = permitting;
  if (!newest) return { permitting: null, objection: halt && about('PRODUCT_HALTED', halt.directive) };
  const excluding = permitting.find(({ terms }) => isExcluded(terms, organization));
  if (excluding) return { permitting: null, objection: about('ORGANIZATION_EXCLUDED', excluding.directive) };
  const inScope = permitting.find(({ terms }) => isIncluded(terms, organization));
  return inScope
    ? { permitting: inScope, objection: null }
    : { permitting: null, objection: about('ORGANIZATION_NOT_IN_SCOPE', newest.directive) };
}

function about(code: ScopeObjection, { authority, id }: DirectiveInForce) {
  return { code, authority, directiveId: id };
}

function isExcluded(terms: DirectiveTerms, { id, country, isOperator }: OrganizationInScope): boolean {
  if (isOperator && terms.operatorStaff !== 'AS_OTHERS') return terms.operatorStaff === 'EXCLUDED';
  return terms.excluded.includes(id) || terms.excludedCountries.includes(country);
}

function isIncluded(terms: DirectiveTerms, organization: OrganizationInScope): boolean {
  return (organization.isOperator && terms.operatorStaff === 'EXEMPT') || isAmong(terms, organization);
}

/** Whom something is for: those named, and those in one of the sectors and one of the countries. */
export interface Circle {
  readonly sectors: readonly string[];
  readonly countries: readonly string[];
  readonly named: readonly string[];
  /** Are there names at all? Then it is not for everybody for want of sectors and countries. */
  readonly namesOrganizations: boolean;
}

export function isAmong(
  { sectors, countries, named, namesOrganizations }: Circle,
  { id, sector, country }: Pick<OrganizationInScope, 'id' | 'sector' | 'country'>,
): boolean {
  if (named.includes(id)) return true;
  const isGeneral = sectors.length > 0 || countries.length > 0;
  if (!isGeneral) return !namesOrganizations;
  const fits = (list: readonly string[], own: string) => list.length === 0 || list.includes(own);
  return fits(sectors, sector) && fits(countries, country);
}

/** What a grant must carry by a ruling, and does not yet; nothing where it is not permitted anyway. */
export function conditionsLacking(ruling: ScopeRuling | undefined, carried: readonly string[]): readonly string[] {
  if (!ruling || ruling.objections.length > 0) return [];
  return ruling.conditions.filter((condition) => !carried.includes(condition));
}

/** The same as a ruling on whoever would give access. */
export function releaseRuling({ objections }: ScopeRuling): Ruling {
  if (objections.length === 0) return accepted;
  return objections.map(({ code, authority }) => {
    const by = authority === null ? 'By the operator’s own statement' : `By order of ${authority}`;
    return { code: 'NOT_ALLOWED_NOW', message: `${by}: ${scopeObjections[code]}` };
  });
}
