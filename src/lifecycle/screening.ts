import type { ActorStanding, Role } from './roles.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** Where a screening hit stands: somebody of a partner's is called like somebody on a list. */
export const hitStatuses = {
  OPEN: 'Nobody has judged it yet, or the list or the name has changed since; approvals wait for it.',
  TRUE_MATCH: 'Two people found that it is the listed party; nothing can be approved.',
  FALSE_POSITIVE: 'Two people found that it is somebody else, or of no concern any more; it stands in nobody’s way.',
  INCONCLUSIVE: 'Two people found that it cannot be told yet; approvals wait for it.',
  LAPSED: 'Closed by itself before it was judged, because the list no longer names anybody like this.',
} as const;

export const verdicts = {
  TRUE_MATCH: 'It is the listed party.',
  FALSE_POSITIVE: 'It is somebody else, or the listing is of no concern any more.',
  INCONCLUSIVE: 'It cannot be told from what is known.',
} as const;

export type HitStatus = keyof typeof hitStatuses;
export type Verdict = keyof typeof verdicts;
export const allHitStatuses = Object.keys(hitStatuses) as HitStatus[];
export const allVerdicts = Object.keys(verdicts) as Verdict[];

export interface HitRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly HitStatus[];
  /** The status it leads to; null when it leaves the status alone. */
  readonly to: null | readonly HitStatus[];
}

/** What was judged can be judged anew; what has lapsed is nobody's work. */
const judged = ['OPEN', 'TRUE_MATCH', 'FALSE_POSITIVE', 'INCONCLUSIVE'] as const;
const judges = ['INTAKE', 'REVIEWER'] as const;

/** The table of screening hits: role × command × status. */
export const hitCommands = {
  proposeAdjudication: {
    does: 'Proposes how to judge the hit; another person must confirm.',
    by: judges,
    from: judged,
    to: null,
  },
  confirmAdjudication: {
    does: 'Makes the proposed judgement the hit’s.',
    by: judges,
    from: judged,
    to: allVerdicts,
  },
  declineAdjudication: {
    does: 'Sends the proposed judgement back, with a reason.',
    by: judges,
    from: judged,
    to: null,
  },
} as const satisfies Record<string, HitRule>;

export type HitCommand = keyof typeof hitCommands;
export const allHitCommands = Object.keys(hitCommands) as HitCommand[];

export function hitRule(command: HitCommand): HitRule {
  return hitCommands[command];
}

export interface HitFacts {
  readonly status: HitStatus;
  /** Who proposed the judgement that waits to be confirmed; null when none does. */
  readonly proposedBy: string | null;
  /** Staff recused from the organization. */
  readonly recused: readonly string[];
}

/** May this actor give this command on a hit now? Role, then status, then the four eyes. */
export function ruleOnHit(command: HitCommand, facts: HitFacts, actor: ActorStanding): Ruling {
  const rule = hitRule(command);
  if (!rule.by.some((role) => actor.roles.includes(role)))
    return objection('FORBIDDEN', `Your role does not allow this. It takes ${rule.by.join(' or ')}.`);
  if (!rule.from.includes(facts.status))
    return objection(
      'NOT_ALLOWED_NOW',
      `This cannot be done while the hit is ${facts.status}: ${hitStatuses[facts.status]}`,
    );
  if (actor.belongsToOrganization || (actor.personId !== null && facts.recused.includes(actor.personId)))
    return objection(
      'FOUR_EYES',
      'You belong to this organization or are recused from it, so other staff must judge its hits.',
    );
  if (command === 'proposeAdjudication') {
    return facts.proposedBy === null
      ? accepted
      : objection('ALREADY_EXISTS', 'A judgement is proposed already; it is confirmed or declined first.');
  }
  if (facts.proposedBy === null) return objection('NOT_ALLOWED_NOW', 'No judgement is proposed; propose one first.');
  return actor.personId === facts.proposedBy
    ? objection('FOUR_EYES', 'You proposed this judgement; another person must confirm or decline it.')
    : accepted;
}

export function availableHitCommands(facts: HitFacts, actor: ActorStanding): HitCommand[] {
  return allHitCommands.filter((command) => ruleOnHit(command, facts, actor).length === 0);
}

/** How an organization stands with the lists in force. */
export const screeningStandings = {
  CLEAR: 'Screened against every list in force, and no hit stands in the way.',
  NOT_SCREENED: 'Not screened yet against every list in force, or changed since.',
  HITS_OPEN: 'There are hits that nobody has judged yet, or that could not be told.',
  TRUE_MATCH: 'Somebody of the organization’s is a listed party.',
} as const;

export type ScreeningStanding = keyof typeof screeningStandings;

/** Why the standing keeps an organization from being let in; accepted when it does not. */
export function ruleOnStanding(standing: ScreeningStanding): Ruling {
  switch (standing) {
    case 'CLEAR':
      return accepted;
    case 'NOT_SCREENED':
      return objection(
        'INCOMPLETE',
        'The organization is not screened yet against every list in force. It happens by itself within minutes, or screen it now.',
      );
    case 'HITS_OPEN':
      return objection(
        'INCOMPLETE',
        'The organization has screening hits that are not cleared; they are judged first.',
      );
    case 'TRUE_MATCH':
      return objection('NOT_ALLOWED_NOW', 'Somebody of the organization’s was found to be a listed party.');
  }
}

/** What a program lays down for the screening of those who apply to it. */
export interface ScreeningPolicy {
  /** The least score that makes a hit, out of 100. */
  readonly threshold: number;
  /** Is an active grant suspended at once when its organization has a hit? */
  readonly suspendsOnHit: boolean;
}

export const defaultScreeningPolicy: ScreeningPolicy = { threshold: 85, suspendsOnHit: false };

/** Below, every second name is a hit; above, a single letter hides one. */
export const thresholds = { least: 60, most: 100 } as const;

export function checkScreeningPolicy({ threshold }: ScreeningPolicy): Ruling {
  if (Number.isInteger(threshold) && threshold >= thresholds.least && threshold <= thresholds.most) return accepted;
  const message = `The threshold is a whole number from ${thresholds.least} to ${thresholds.most}.`;
  return objection('INVALID', message, ['threshold']);
}
