import type {
  DirectiveKind,
  DirectiveStatus,
  ForeignPersonRule,
  OperatorStaffRule,
  ScopeEntryStatus,
} from './directive.js';
import { type DirectiveInForce, noTerms, type Permission, permissionOf, type ReleaseStatus } from './release.js';
import { type OrganizationInScope, ruleOnScope, type ScopeObjection } from './release-scope.js';

/** Whose a printed name was found to be, and since when; the last of them holds. */
export interface NameMatch {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly status: ScopeEntryStatus;
  readonly organizationId: string | null;
}

/** A directive with everything that was known of it, and when. */
export interface KnownDirective {
  readonly id: string;
  readonly reference: string;
  readonly authority: string;
  readonly kind: DirectiveKind;
  readonly status: DirectiveStatus;
  readonly changesId: string | null;
  readonly issuedAt: string;
  readonly effectiveAt: string;
  readonly expiresAt: string | null;
  readonly inForceSince: string | null;
  readonly terms: {
    readonly products: readonly string[];
    readonly sectors: readonly string[];
    readonly countries: readonly string[];
    readonly excludedCountries: readonly string[];
    readonly conditions: readonly string[];
    readonly foreignPersons: ForeignPersonRule;
    readonly operatorStaff: OperatorStaffRule;
  } | null;
  readonly entries: readonly {
    readonly effect: 'PERMITS' | 'EXCLUDES';
    readonly printedName: string;
    readonly matches: readonly NameMatch[];
  }[];
}

/** What was ordered and stated of a product in the course of time. */
export interface ReleaseHistory {
  readonly productCode: string;
  readonly directives: readonly KnownDirective[];
  /** What the operator stated, and since when, oldest first; before that, LIMITED, as every product begins. */
  readonly statements: readonly { readonly at: number; readonly status: ReleaseStatus }[];
}

/** What was permitted from a moment on, until the next. */
interface Phase {
  readonly from: number;
  readonly permission: Permission;
}

/**
 * What was permitted, phase by phase.
 * @param hindsight a moment: what was known at it is applied to every moment; null for what was known at each
 */
export function phasesOf(history: ReleaseHistory, hindsight: number | null = null): readonly Phase[] {
  const stated = (at: number) => history.statements.findLast((one) => one.at <= at)?.status ?? 'LIMITED';
  return changesOf(history).map((from) => {
    const directives = history.directives.flatMap((one) => inForceAt(one, hindsight ?? from));
    return { from, permission: permissionOf(history.productCode, stated(from), directives, new Date(from)) };
  });
}

/** Every moment at which what is permitted may have changed, the first of all times before them. */
function changesOf({ directives, statements }: ReleaseHistory): readonly number[] {
  const ofDirectives = directives.flatMap(({ effectiveAt, expiresAt, inForceSince, entries }) => [
    ...[effectiveAt, expiresAt, inForceSince].flatMap((text) => (text === null ? [] : [Date.parse(text)])),
    ...entries.flatMap(({ matches }) => matches.map(({ at }) => at)),
  ]);
  const all = [0, ...ofDirectives, ...statements.map(({ at }) => at)];
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The directive as it was known at a moment; nothing when it was not in force here then. */
function inForceAt(directive: KnownDirective, known: number): readonly DirectiveInForce[] {
  const { inForceSince, issuedAt, effectiveAt, expiresAt, terms, entries, status: _status, ...said } = directive;
  if (inForceSince === null || Date.parse(inForceSince) > known) return [];
  const matched = (effect: 'PERMITS' | 'EXCLUDES') =>
    entries
      .filter((entry) => entry.effect === effect)
      .flatMap(({ matches }) => {
        const last = matches.findLast(({ at }) => at <= known);
        return last?.status === 'MATCHED' && last.organizationId !== null ? [last.organizationId] : [];
      });
  return [
    {
      ...said,
      issuedAt: new Date(issuedAt),
      effectiveAt: new Date(effectiveAt),
      inForceSince: new Date(inForceSince),
      terms: terms
        ? {
            ...terms,
            namesOrganizations: entries.some(({ effect }) => effect === 'PERMITS'),
            named: matched('PERMITS'),
            excluded: matched('EXCLUDES'),
            expiresAt: expiresAt === null ? null : new Date(expiresAt),
          }
        : noTerms,
    },
  ];
}

/** A part of a stretch of use in which one thing held. */
export interface PermittedPart {
  readonly from: number;
  readonly to: number;
  readonly status: ReleaseStatus;
  /** The directives that permitted it, by their ids; none where none bound the product. */
  readonly permittedBy: readonly string[];
  /** What a grant had to carry by them. */
  readonly conditions: readonly string[];
  /** Empty when it was permitted. */
  readonly objections: readonly {
    readonly code: ScopeObjection;
    readonly authority: string | null;
    readonly directiveId: string | null;
  }[];
}

/** What held of an organization in each part of a stretch of time. */
export function partsOf(
  phases: readonly Phase[],
  organization: OrganizationInScope,
  { from, to }: { readonly from: number; readonly to: number },
): readonly PermittedPart[] {
  const parts: PermittedPart[] = [];
  phases.forEach((phase, place) => {
    const begins = Math.max(phase.from, from);
    const ends = Math.min(phases[place + 1]?.from ?? to, to);
    if (begins >= ends) return;
    const { foreignPersons: _rule, ...ruling } = ruleOnScope(phase.permission, organization);
    const part = { from: begins, to: ends, status: phase.permission.status, ...ruling };
    const before = parts.at(-1);
    if (before && isSame(before, part)) parts[parts.length - 1] = { ...before, to: ends };
    else parts.push(part);
  });
  return parts;
}

function isSame({ from: _from, to: _to, ...one }: PermittedPart, { from, to, ...other }: PermittedPart): boolean {
  return from < to && JSON.stringify(one) === JSON.stringify(other);
}

/**
 * What a directive orders, as a text that its hash is over: so the log says what was put in force, and not only that.
 * Names are matched afterwards and each match has a record of its own.
 */
export function ordersText(
  directive: Omit<KnownDirective, 'status' | 'inForceSince' | 'entries' | 'id' | 'terms'> & {
    readonly terms: object | null;
    readonly entries: readonly { readonly printedName: string; readonly effect: string }[];
  },
): string {
  const { authority, reference, kind, changesId, issuedAt, effectiveAt, expiresAt, terms, entries } = directive;
  const names = entries.map(({ printedName, effect }) => [printedName, effect]);
  return JSON.stringify(
    sorted([
      'sallyport directive 1',
      authority,
      reference,
      kind,
      changesId,
      issuedAt,
      effectiveAt,
      expiresAt,
      terms,
      names,
    ]),
  );
}

/** The same value, with the keys of objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one)]));
}
