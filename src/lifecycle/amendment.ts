import { type GrantStatus, grantStatuses, standingGrantStatuses } from './grant.js';
import { renewalOpensAt } from './grant-policy.js';
import { accepted, objection, type Ruling } from './ruling.js';
import type { Workflow } from './workflow.js';

/** What an application is: the first for a grant, or one that changes or prolongs a grant there is. */
export const applicationKinds = {
  NEW: 'Asks to be let in; an approval becomes a grant.',
  AMENDMENT: 'Asks to change what was approved; an approval changes the grant there is.',
  RENEWAL: 'Asks to go on with what was approved; an approval puts off the end of the grant there is.',
} as const;

export type ApplicationKind = keyof typeof applicationKinds;

/** A grant, as far as it matters to whether it can be amended. */
export interface GrantToAmend {
  readonly reference: string;
  readonly status: GrantStatus;
  readonly endsAt: Date;
  /** Days before its end from which it can be renewed. */
  readonly renewalOpensDays: number;
}

/** Can this grant be amended now? One that has ended stays ended. */
export function ruleOnGrantToAmend(
  grant: Pick<GrantToAmend, 'reference' | 'status' | 'endsAt'> | null,
  now: Date,
): Ruling {
  if (!grant) return objection('NOT_ALLOWED_NOW', 'There is no grant to amend.');
  const { reference, status, endsAt } = grant;
  const nothing = 'so there is nothing to amend; apply anew.';
  if (!standingGrantStatuses.includes(status)) {
    return objection(
      'NOT_ALLOWED_NOW',
      `The grant ${reference} is ${status}: ${grantStatuses[status]} It has ended, ${nothing}`,
    );
  }
  if (now >= endsAt)
    return objection('NOT_ALLOWED_NOW', `The grant ${reference} ended on ${endsAt.toISOString()}, ${nothing}`);
  return accepted;
}

/** Can this grant be renewed now? Whoever renews too early would be judged on what will be out of date. */
export function ruleOnGrantToRenew(grant: GrantToAmend | null, now: Date): Ruling {
  const ruling = ruleOnGrantToAmend(grant, now);
  if (ruling.length > 0 || !grant) return ruling;
  const opensAt = renewalOpensAt(grant.endsAt, grant);
  if (now >= opensAt) return accepted;
  const message = `The grant ${grant.reference} runs until ${grant.endsAt.toISOString()}; it can be renewed from ${opensAt.toISOString()}.`;
  return objection('NOT_ALLOWED_NOW', message);
}

/**
 * The workflow that an application passes: of a renewal, the stages that its program names and the last, at which it is
 * decided. Where it stands is always a stage, whatever the program has named since.
 */
export function workflowOf(
  workflow: Workflow,
  { kind, stageKey }: { readonly kind: ApplicationKind; readonly stageKey: string | null },
  renewalStages: readonly string[] | null,
): Workflow {
  if (kind !== 'RENEWAL' || renewalStages === null) return workflow;
  const last = workflow.stages.at(-1);
  const stages = workflow.stages.filter(
    (stage) => stage === last || stage.key === stageKey || renewalStages.includes(stage.key),
  );
  return { ...workflow, stages };
}
