import { LockMode } from '@mikro-orm/core';
import type { Work } from '../doorway/command.js';
import { suspendGrant } from './grant.commands.js';
import { AccessGrant } from './grant.entity.js';
import { liftSuspension } from './suspending.js';

/** Suspends a grant for terms that were not accepted, within the command that found it. @throws Refusal when it is already */
export async function suspendForTerms(work: Work, grantId: string, reason: string): Promise<void> {
  await suspendGrant.run(work, { grantId, cause: 'TERMS', reason });
}

/** Lifts that cause, and only that, from the grants of an organization under a program, within the command that accepts. */
export async function liftTerms(
  work: Work,
  { organizationId, programId }: { readonly organizationId: string; readonly programId: string },
  reason: string,
): Promise<void> {
  const grants = await work.em.find(
    AccessGrant,
    { organizationId, programId, status: 'SUSPENDED' },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  for (const grant of grants) await liftSuspension(work, grant, { cause: 'TERMS', reason });
}
