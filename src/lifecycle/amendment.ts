import { type GrantStatus, grantStatuses } from './grant.js';
import { accepted, objection, type Ruling } from './ruling.js';

/** What an application is: the first for a grant, or one that changes a grant there is. */
export const applicationKinds = {
  NEW: 'Asks to be let in; an approval becomes a grant.',
  AMENDMENT: 'Asks to change what was approved; an approval changes the grant there is.',
} as const;

export type ApplicationKind = keyof typeof applicationKinds;

/** A grant, as far as it matters to whether it can be amended. */
export interface GrantToAmend {
  readonly reference: string;
  readonly status: GrantStatus;
  readonly endsAt: Date;
}

const standing: readonly GrantStatus[] = ['WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED'];

/** Can this grant be amended now? One that has ended stays ended. */
export function ruleOnGrantToAmend(grant: GrantToAmend | null, now: Date): Ruling {
  if (!grant) return objection('NOT_ALLOWED_NOW', 'There is no grant to amend.');
  const { reference, status, endsAt } = grant;
  const nothing = 'so there is nothing to amend; apply anew.';
  if (!standing.includes(status)) {
    return objection(
      'NOT_ALLOWED_NOW',
      `The grant ${reference} is ${status}: ${grantStatuses[status]} It has ended, ${nothing}`,
    );
  }
  if (now >= endsAt)
    return objection('NOT_ALLOWED_NOW', `The grant ${reference} ended on ${endsAt.toISOString()}, ${nothing}`);
  return accepted;
}
