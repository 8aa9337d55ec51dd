import { type PermittedPart, partsOf, phasesOf, type ReleaseHistory } from '../lifecycle/release-history.js';
import { scopeObjections } from '../lifecycle/release-scope.js';
import { type Use, usesOf } from '../lifecycle/usability.js';
import type {
  DecisionLine,
  DirectiveLine,
  FindingLine,
  GrantEventLine,
  GrantFactsLine,
  NarrowingLine,
  UseLine,
} from './archive-lines.js';

/** What grants are judged by. Whoever makes an archive and whoever verifies it judge by the same rules. */
export interface Yardstick {
  readonly known: ReturnType<typeof phasesOf>;
  readonly hindsight: ReturnType<typeof phasesOf>;
  readonly references: ReadonlyMap<string, string>;
  readonly ofProduct: readonly number[];
  readonly ofOrganization: ReadonlyMap<string, readonly number[]>;
  /** Milliseconds since 1970; `until` is when the archive is made. */
  readonly period: { readonly from: number; readonly to: number; readonly until: number };
}

/** @param unknownBefore of what was before, nothing is said */
export function yardstick(
  history: ReleaseHistory,
  narrowings: readonly NarrowingLine[],
  { from, to, until, unknownBefore }: Yardstick['period'] & { readonly unknownBefore: number | null },
): Yardstick {
  const begins = unknownBefore ?? Number.NEGATIVE_INFINITY;
  const given = narrowings
    .map(({ fromAt, organizationId }) => ({ at: Date.parse(fromAt), organizationId }))
    // When a grant was found to be permitted again may have been dropped with its month.
    .filter(({ at }) => at > begins);
  const ofOrganization = new Map<string, number[]>();
  for (const { at, organizationId } of given) {
    if (organizationId === null) continue;
    ofOrganization.set(organizationId, [...(ofOrganization.get(organizationId) ?? []), at]);
  }
  return {
    known: phasesOf(history),
    hindsight: phasesOf(history, until),
    references: new Map(history.directives.map(({ id, authority, reference }) => [id, `${authority}, ${reference}`])),
    ofProduct: given.filter(({ organizationId }) => organizationId === null).map(({ at }) => at),
    ofOrganization,
    period: { from: Math.max(from, begins), to, until },
  };
}

export interface Judgement {
  /** Those that are in the period, at least in part. */
  readonly uses: readonly UseLine[];
  readonly findings: readonly FindingLine[];
  /** Whether it was active in the period by the log alone, so that it has to be told of. */
  readonly isListed: boolean;
}

/** Was a grant active in the period, whatever was ordered and whenever it was to end? */
export function isActiveIn({ from, to, until }: Yardstick['period'], events: readonly GrantEventLine[]): boolean {
  const moments = events.map((event) => ({ ...event, at: Date.parse(event.at) }));
  const always = { narrowings: [], startsAt: Number.NEGATIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };
  return usesOf({ moments, ...always, until }).some((use) => use.from < to && (use.to === null || use.to > from));
}

/** When a grant could be used, what permitted it, and what does not agree. */
export function judgeGrant(by: Yardstick, grant: GrantFactsLine, events: readonly GrantEventLine[]): Judgement {
  const { period } = by;
  const all = usesOf({
    moments: events.map((event) => ({ ...event, at: Date.parse(event.at) })),
    narrowings: [...by.ofProduct, ...(by.ofOrganization.get(grant.organization.id) ?? [])],
    startsAt: Date.parse(grant.startsAt),
    endsAt: Date.parse(grant.endsAt),
    until: period.until,
  });
  const uses = all.filter(({ from, to }) => from < period.to && (to === null || to > period.from));
  const lines = uses.map((use) => useLine(by, grant, use));
  const gaps = lines.flatMap((use) =>
    use.permitted.filter((part) => part.objections.length > 0 && !isShutBy(use, part)),
  );
  const findings = gaps.map(({ from, to, objections }): FindingLine => {
    const reasons = objections.map(({ code, directiveId }) => {
      const whose = directiveId === null ? 'the operator’s own statement' : by.references.get(directiveId);
      return `${scopeObjections[code]} (${whose})`;
    });
    const message = `Grant ${grant.reference} could be used and was not permitted: ${reasons.join(' ')}`;
    return { code: 'NOT_PERMITTED', about: grant.reference, from, to, message };
  });
  const isListed = isActiveIn(period, events);
  return { uses: lines, findings: [...findings, ...contradictions(grant, events, all)], isListed };
}

/**
 * How long shutting may take. A halt is of the moment at which its command began, and shuts from the latest moment at
 * which a command that it waited for let somebody in.
 */
const shuttingMs = 5_000;

/** Is this part no more than what the order that was not kept took to shut the grant? */
function isShutBy({ to, ends }: UseLine, part: UseLine['permitted'][number]): boolean {
  const took = Date.parse(part.to) - Date.parse(part.from);
  return ends?.cause === 'RELEASE' && part.to === to && took <= shuttingMs;
}

function useLine(by: Yardstick, { organization }: GrantFactsLine, use: Use): UseLine {
  const stretch = {
    from: Math.max(use.from, by.period.from),
    to: Math.min(use.to ?? by.period.until, by.period.to),
  };
  const permitted = partsOf(by.known, organization, stretch);
  const late = permitted
    .filter(({ objections }) => objections.length === 0)
    .flatMap((part) => partsOf(by.hindsight, organization, part))
    .filter(({ objections }) => objections.length > 0);
  return {
    ...use,
    from: textOf(use.from),
    to: use.to === null ? null : textOf(use.to),
    permitted: permitted.map(inTexts),
    notInHindsight: late.map(inTexts),
  };
}

function inTexts(part: PermittedPart) {
  return { ...part, from: textOf(part.from), to: textOf(part.to) };
}

export function textOf(moment: number): string {
  return new Date(moment).toISOString();
}

/** Does the row say what the log says? */
function contradictions(
  grant: GrantFactsLine,
  events: readonly GrantEventLine[],
  uses: readonly Use[],
): readonly FindingLine[] {
  const status = events.findLast((event) => event.status !== null)?.status ?? null;
  const isOpen = uses.some(({ to }) => to === null);
  const finding = (message: string): FindingLine => {
    return { code: 'NOT_AS_RECORDED', about: grant.reference, from: null, to: null, message };
  };
  if (status !== grant.status)
    return [finding(`Grant ${grant.reference} is ${grant.status}, and by the log it is ${status ?? 'not there'}.`)];
  if (isOpen === grant.isUsable) return [];
  const can = (is: boolean) => (is ? 'can be used' : 'cannot be used');
  return [finding(`Grant ${grant.reference} ${can(grant.isUsable)}, and by the log it ${can(isOpen)}.`)];
}

/** Was what takes two people done by two? */
export function judgeDecision(decision: DecisionLine): readonly FindingLine[] {
  const { countersignatures, countersignaturesNeeded, proposedBy, applicationReference, finalAt } = decision;
  const signers = new Set(countersignatures.map(({ by }) => by.id));
  signers.delete(proposedBy.id);
  if (signers.size >= countersignaturesNeeded) return [];
  const message = `Decision on ${applicationReference}: besides ${proposedBy.name}, who proposed it, ${signers.size} of ${countersignaturesNeeded} signed.`;
  return [{ code: 'FOUR_EYES', about: applicationReference, from: finalAt, to: null, message }];
}

export function judgeDirective(directive: DirectiveLine): readonly FindingLine[] {
  const { reference, recordedBy, putInForceBy, isEmergency, kind, ratifiedBy, inForceSince } = directive;
  const finding = (message: string): FindingLine => {
    return { code: 'FOUR_EYES', about: reference, from: inForceSince, to: null, message };
  };
  if (putInForceBy === null) return [];
  if (putInForceBy.id === recordedBy.id && !(isEmergency && kind === 'HALT'))
    return [finding(`${recordedBy.name} recorded directive ${reference} and put it in force.`)];
  return ratifiedBy?.id === recordedBy.id
    ? [finding(`${recordedBy.name} ordered the halt ${reference} and ratified it.`)]
    : [];
}

/** A grant that could be used rests on an approval. */
export function judgeBasis(
  grant: GrantFactsLine,
  decisions: readonly Pick<DecisionLine, 'id'>[],
): readonly FindingLine[] {
  if (decisions.some(({ id }) => id === grant.decisionId)) return [];
  const message = `Grant ${grant.reference} rests on no approval that is on record.`;
  return [{ code: 'NO_DECISION', about: grant.reference, from: null, to: null, message }];
}
