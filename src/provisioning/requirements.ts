import type { Work } from '../doorway/command.js';
import { requireAccepted, requireIdentified } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { ruleOnTaskRole, type SystemDuty, systemDuties, type TaskCommand } from '../lifecycle/provisioning.js';
import { Refusal } from '../platform/errors.js';
import { findSystemOfActor, type SystemOfActor } from './system-of-actor.queries.js';

/**
 * The registered system that acts.
 * @throws Refusal FORBIDDEN for whoever is no provisioning machine, NOT_ALLOWED_NOW for one that is not registered for it
 */
export async function requireSystem(work: Work, command: TaskCommand, duty: SystemDuty): Promise<SystemOfActor> {
  requireIdentified(work.actor);
  requireAccepted(ruleOnTaskRole(command, standingOf(work.actor, null)));
  const system = await findSystemOfActor(work);
  if (!system)
    throw Refusal.of('NOT_ALLOWED_NOW', 'No system is registered for this key; an administrator registers it.');
  if (!system.isActive) throw Refusal.of('NOT_ALLOWED_NOW', `The system “${system.name}” is not active.`);
  if (!system.duties.includes(duty))
    throw Refusal.of(
      'NOT_ALLOWED_NOW',
      `The system “${system.name}” is not registered for ${duty}: ${systemDuties[duty]}`,
    );
  return system;
}
