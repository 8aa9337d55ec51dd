import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import { organizationsOf } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';

/** @throws Refusal FOUR_EYES when whoever acts belongs to the organization or is recused from it; `what` is for others to do */
export async function requireNotInvolved(work: Work, organizationId: string, what: string): Promise<void> {
  if (organizationsOf(work.actor).includes(organizationId))
    throw Refusal.of('FOUR_EYES', `You belong to this organization, so other staff must ${what}.`);
  const { personId } = requirePerson(work.actor);
  const found = await sql`select 1 from recusal
    where organization_id = ${organizationId} and user_id = ${personId} and ended_at is null`.execute(work.sql);
  if (found.rows.length > 0)
    throw Refusal.of('FOUR_EYES', `You are recused from this organization, so other staff must ${what}.`);
}
