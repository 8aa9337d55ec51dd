import type { DirectiveKind, ForeignPersonRule, OperatorStaffRule } from './directive.js';

/** How far a product is released. */
export const releaseStatuses = {
  HALTED: 'Nobody may use it, whatever they were granted.',
  LIMITED: 'Those may use it who hold a grant and are in the scope of what is permitted.',
  GENERAL: 'No authority and no decision of the operator limits it; whoever holds a grant may use it.',
} as const;

export type ReleaseStatus = keyof typeof releaseStatuses;

/** What a directive lays down; an amendment carries terms that take the place of the amended directive's. */
export interface DirectiveTerms {
  readonly products: readonly string[];
  /** Who is in scope without being named: those in one of the sectors and one of the countries; empty means any. */
  readonly sectors: readonly string[];
  readonly countries: readonly string[];
  readonly excludedCountries: readonly string[];
  /** Does the letter name organizations at all? When it does, nobody is in scope for not being excluded only. */
  readonly namesOrganizations: boolean;
  /** Organizations to whom a printed name was matched. */
  readonly named: readonly string[];
  readonly excluded: readonly string[];
  readonly conditions: readonly string[];
  readonly foreignPersons: ForeignPersonRule;
  readonly operatorStaff: OperatorStaffRule;
  readonly expiresAt: Date | null;
}

/** A directive that was put in force. */
export interface DirectiveInForce {
  readonly id: string;
  readonly reference: string;
  readonly authority: string;
  readonly kind: DirectiveKind;
  readonly issuedAt: Date;
  readonly effectiveAt: Date;
  /** Since when the portal knows of it as in force. */
  readonly inForceSince: Date;
  /** The directive that it amends or rescinds; null for the other kinds. */
  readonly changesId: string | null;
  /** Nothing, for one that only takes another back. */
  readonly terms: DirectiveTerms;
}

/** What a rescission lays down: nothing. */
export const noTerms: DirectiveTerms = {
  products: [],
  sectors: [],
  countries: [],
  excludedCountries: [],
  namesOrganizations: false,
  named: [],
  excluded: [],
  conditions: [],
  foreignPersons: 'NO_RULE',
  operatorStaff: 'AS_OTHERS',
  expiresAt: null,
};

/** What one directive has to say about a product at a moment. */
export const clauseEffects = {
  NOT_YET: 'It has not taken effect at that moment.',
  EXPIRED: 'Its time is over at that moment.',
  RESCINDED: 'It was taken back.',
  OVERTAKEN: 'A later halt of the same authority has overtaken it.',
  CLOSES: 'It closes the product to everybody.',
  HALTS_BUT_PERMITS: 'It halts the product, and later directives of the same authority permit it to some.',
  PERMITS: 'It permits the product to those in its scope.',
  SHUTS_OUT: 'It shuts the organizations it names out of every product.',
} as const;

export type ClauseEffect = keyof typeof clauseEffects;

export interface Clause {
  readonly directiveId: string;
  readonly reference: string;
  readonly authority: string;
  readonly kind: DirectiveKind;
  readonly effect: ClauseEffect;
  /** The amendment whose terms hold in the place of its own; null when none does. */
  readonly amendedById: string | null;
}

/** What is permitted of a product at a moment, and by which directive each part of that is so. */
export interface Permission {
  readonly status: ReleaseStatus;
  /** What the operator has stated, which holds where no directive is narrower. */
  readonly stated: ReleaseStatus;
  readonly clauses: readonly Clause[];
  /** For each authority that binds the product, what of it holds. The narrowest decides. */
  readonly authorities: readonly AuthorityPosition[];
  /** Directives that shut organizations out, whatever the product. */
  readonly designations: readonly BindingDirective[];
}

export interface AuthorityPosition {
  readonly authority: string;
  /** What permits, the newest first; none of them means that the product is closed. */
  readonly permitting: readonly BindingDirective[];
  /** The halt that stands behind; null when there is none. */
  readonly halt: BindingDirective | null;
}

/** A directive that binds, with the terms that hold. */
interface BindingDirective {
  readonly directive: DirectiveInForce;
  readonly terms: DirectiveTerms;
}

interface Reading {
  readonly directive: DirectiveInForce;
  readonly terms: DirectiveTerms;
  readonly amendedById: string | null;
  readonly state: 'NOT_YET' | 'EXPIRED' | 'RESCINDED' | 'BINDING';
}

/**
 * What is permitted of a product at a moment. Only what is handed in decides: the directives that were put in force,
 * and what the operator stated.
 * @param at the moment asked about
 * @param knownAt leaves out what was put in force only later, to show what was known at that time
 */
export function permissionOf(
  productCode: string,
  stated: ReleaseStatus,
  directives: readonly DirectiveInForce[],
  at: Date,
  knownAt: Date | null = null,
): Permission {
  const known = knownAt === null ? directives : directives.filter(({ inForceSince }) => inForceSince <= knownAt);
  const readings = inOrder(known)
    .filter(({ kind }) => kind === 'HALT' || kind === 'AUTHORIZE' || kind === 'DESIGNATE')
    .map((directive) => readingOf(directive, known, at))
    .filter(({ directive, terms }) => directive.kind === 'DESIGNATE' || terms.products.includes(productCode));
  const binding = readings.filter(({ state }) => state === 'BINDING');
  const names = [...new Set(binding.map(({ directive }) => directive.authority))];
  const ofProduct = binding.filter(({ directive }) => directive.kind !== 'DESIGNATE');
  const authorities = names
    .map((authority) =>
      positionOf(
        authority,
        ofProduct.filter(({ directive }) => directive.authority === authority),
      ),
    )
    .filter(({ halt, permitting }) => halt !== null || permitting.length > 0);
  return {
    status: statusOf(stated, authorities),
    stated,
    clauses: readings.map((reading) => clauseOf(reading, authorities)),
    authorities,
    designations: binding.filter(({ directive }) => directive.kind === 'DESIGNATE'),
  };
}

/** Oldest first: by when they take effect, then when they were issued. */
function inOrder(directives: readonly DirectiveInForce[]): readonly DirectiveInForce[] {
  return [...directives].sort(
    (a, b) =>
      a.effectiveAt.getTime() - b.effectiveAt.getTime() ||
      a.issuedAt.getTime() - b.issuedAt.getTime() ||
      (a.id < b.id ? -1 : 1),
  );
}

function readingOf(directive: DirectiveInForce, known: readonly DirectiveInForce[], at: Date): Reading {
  const changes = inOrder(known).filter(
    ({ changesId, effectiveAt }) => changesId === directive.id && effectiveAt <= at,
  );
  const amendment = changes.findLast(({ kind }) => kind === 'AMEND');
  const terms = amendment?.terms ?? directive.terms;
  const read = { directive, terms, amendedById: amendment?.id ?? null };
  if (directive.effectiveAt > at) return { ...read, state: 'NOT_YET' };
  if (changes.some(({ kind }) => kind === 'RESCIND')) return { ...read, state: 'RESCINDED' };
  if (terms.expiresAt && terms.expiresAt <= at) return { ...read, state: 'EXPIRED' };
  return { ...read, state: 'BINDING' };
}

/** The last halt stands, and behind it only what was ordered later permits anything. */
function positionOf(authority: string, binding: readonly Reading[]): AuthorityPosition {
  const last = binding.findLastIndex(({ directive }) => directive.kind === 'HALT');
  const permitting = binding.slice(last + 1).filter(({ directive }) => directive.kind === 'AUTHORIZE');
  return { authority, permitting: permitting.reverse(), halt: binding[last] ?? null };
}

function statusOf(stated: ReleaseStatus, authorities: readonly AuthorityPosition[]): ReleaseStatus {
  if (stated === 'HALTED' || authorities.some(({ permitting }) => permitting.length === 0)) return 'HALTED';
  return stated === 'LIMITED' || authorities.length > 0 ? 'LIMITED' : 'GENERAL';
}

function clauseOf({ directive, state, amendedById }: Reading, authorities: readonly AuthorityPosition[]): Clause {
  const { id, reference, authority, kind } = directive;
  const position = authorities.find((one) => one.authority === authority);
  const effect = state === 'BINDING' ? effectOf(directive, position) : state;
  return { directiveId: id, reference, authority, kind, effect, amendedById };
}

function effectOf({ id, kind }: DirectiveInForce, position: AuthorityPosition | undefined): ClauseEffect {
  if (kind === 'DESIGNATE') return 'SHUTS_OUT';
  if (position?.halt?.directive.id === id) return position.permitting.length > 0 ? 'HALTS_BUT_PERMITS' : 'CLOSES';
  return position?.permitting.some(({ directive }) => directive.id === id) ? 'PERMITS' : 'OVERTAKEN';
}

/**
 * The moments after `now` at which what is permitted of a product may become less: from each on, grants count only once
 * they were looked at again. Too many do no harm, one too few would.
 */
export function comingNarrowings(
  productCode: string,
  directives: readonly DirectiveInForce[],
  now: Date,
): readonly Date[] {
  const coming = momentsOf(productCode, directives)
    .filter((moment) => moment > now)
    .map((moment) => moment.getTime());
  return [...new Set(coming)].sort((a, b) => a - b).map((moment) => new Date(moment));
}

/** Since when the product has been released as it is now, by what is known now; now when no directive says. */
export function statusHeldSince(
  productCode: string,
  stated: ReleaseStatus,
  directives: readonly DirectiveInForce[],
  now: Date,
): Date {
  const statusAt = (at: Date) => permissionOf(productCode, stated, directives, at).status;
  const is = statusAt(now);
  const past = momentsOf(productCode, directives).filter((moment) => moment <= now);
  const newestFirst = past.sort((a, b) => b.getTime() - a.getTime());
  return newestFirst.find((moment) => statusAt(new Date(moment.getTime() - 1)) !== is) ?? now;
}

/** When the directives that concern a product take effect and end. */
function momentsOf(productCode: string, directives: readonly DirectiveInForce[]): Date[] {
  const concerning = directives.filter(({ kind, changesId, terms }) => {
    const changed = directives.find(({ id }) => id === changesId);
    return kind === 'DESIGNATE' || [terms, changed?.terms].some((one) => one?.products.includes(productCode));
  });
  return concerning.flatMap(({ effectiveAt, terms: { expiresAt } }) => [
    effectiveAt,
    ...(expiresAt ? [expiresAt] : []),
  ]);
}
