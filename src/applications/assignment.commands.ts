import type { Command } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import { reasonAgainst, rolesThatHandle } from '../lifecycle/assignment.js';
import { Refusal } from '../platform/errors.js';
import { type LockedApplication, loadForCommand } from './application.commands.js';
import type { ApplicationResult } from './drafting.commands.js';
import { give } from './routing.commands.js';
import { candidateFor } from './routing.queries.js';

interface HandlingInput {
  readonly applicationId: string;
  readonly expectedVersion?: number | null;
}

/**
 * Assigns the application to a member of staff who can work on it, whoever had it in hand before; or to nobody. Whoever
 * is away is given nothing.
 */
export const assignApplication: Command<HandlingInput & { readonly staffId: string | null }, ApplicationResult> = {
  name: 'application.assign',
  async run(work, { applicationId, staffId, expectedVersion }) {
    const locked = await loadForCommand(work, applicationId, 'assign', { expectedVersion });
    if (staffId !== null) {
      const candidate = await candidateFor(work.sql, applicationId, staffId);
      if (!candidate) throw Refusal.notFound('active member of staff', ['staffId']);
      const reason = reasonAgainst(candidate, handlingOf(locked), work.now);
      if (reason?.code === 'NOT_FOUND') throw Refusal.notFound('active member of staff', ['staffId']);
      if (reason)
        throw Refusal.of(reason.code, `${candidate.name} ${reason.because}; assign somebody else.`, ['staffId']);
    }
    give(work, locked.application, staffId, 'ASSIGNED');
    return { applicationId };
  },
};

/** Takes the application in hand. Whoever does so is at work, whatever was said of when they are away. */
export const claimApplication: Command<HandlingInput, ApplicationResult> = {
  name: 'application.claim',
  async run(work, { applicationId, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'claim', { expectedVersion });
    const { staffId } = requirePerson(work.actor);
    if (staffId === null) throw Refusal.of('FORBIDDEN', 'Only staff take applications in hand.');
    give(work, application, staffId, 'CLAIMED');
    return { applicationId };
  },
};

/** Gives the application back to its queue, for somebody else to claim. */
export const releaseApplication: Command<HandlingInput, ApplicationResult> = {
  name: 'application.release',
  async run(work, { applicationId, expectedVersion }) {
    const { application } = await loadForCommand(work, applicationId, 'release', { expectedVersion });
    give(work, application, null, 'ASSIGNED');
    return { applicationId };
  },
};

function handlingOf({ facts }: LockedApplication) {
  return rolesThatHandle(facts.workflow, facts.stageKey, facts.status);
}
