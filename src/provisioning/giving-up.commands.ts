import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requireIdentified, requireText, requireVersion } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { mostAttempts, ruleOnTaskRole, ruleOnTaskStatus } from '../lifecycle/provisioning.js';
import { Refusal } from '../platform/errors.js';
import { ProvisioningTask } from './provisioning-task.entity.js';
import { type GrantOfTask, recordTaskEvent } from './task-events.js';

const longestReason = 2000;

/** A task that is locked, after its grant. */
interface LockedTask {
  readonly task: ProvisioningTask;
  readonly grant: GrantOfTask;
}

/** Gives a task up that was tried as often as it may be. People are told of it at once. */
export function giveUp(
  work: Work,
  { task, grant }: LockedTask,
  { systemId, reason }: { readonly systemId: string | null; readonly reason: string },
): void {
  task.status = 'FAILED';
  task.claimedUntil = null;
  task.failedAt = work.now;
  task.failureReason = reason;
  task.escalatedAt = work.now;
  task.updatedAt = work.now;
  const { attempts } = task;
  recordTaskEvent(work, { task, grant, systemId }, 'provisioning.given_up', { reason, attempts });
}

/** Gives up a task of which its system has said nothing, as often as it was handed out; given by the portal itself. */
export const giveUpTask: Command<{ readonly taskId: string }, { readonly taskId: string }> = {
  name: 'provisioning.giveUp',
  async run(work, { taskId }) {
    requireAccepted(ruleOnTaskRole('giveUp', standingOf(work.actor, null)));
    const { task, grant } = await lockTask(work, taskId);
    requireAccepted(ruleOnTaskStatus('giveUp', task.status));
    const { claimedUntil, attempts, attemptsUntil } = task;
    if (!claimedUntil || claimedUntil > work.now || attempts < attemptsUntil)
      throw Refusal.of('NOT_ALLOWED_NOW', 'It can still be done by its system, or be handed out again.');
    giveUp(work, { task, grant }, { systemId: task.systemId ?? null, reason: 'No system has said what came of it.' });
    return { taskId };
  },
};

export interface RetryTaskInput {
  readonly taskId: string;
  readonly reason: string;
  readonly expectedVersion?: number | null;
}

/** Puts back a task that was given up: it is handed out again, as often as a new one, from now on. */
export const retryTask: Command<RetryTaskInput, { readonly taskId: string }> = {
  name: 'provisioning.retry',
  async run(work, { taskId, reason, expectedVersion }) {
    requireIdentified(work.actor);
    requireAccepted(ruleOnTaskRole('retry', standingOf(work.actor, null)));
    const { task, grant } = await lockTask(work, taskId);
    requireVersion(task.version, expectedVersion);
    requireAccepted(ruleOnTaskStatus('retry', task.status));
    const said = requireText(reason, ['reason'], longestReason);
    task.status = 'OPEN';
    task.readyAt = work.now;
    // The attempts themselves stay: they tell that it may have been done in part.
    task.attemptsUntil = task.attempts + mostAttempts;
    task.updatedAt = work.now;
    recordTaskEvent(work, { task, grant, systemId: null }, 'provisioning.retried', { reason: said });
    return { taskId };
  },
};

async function lockTask(work: Work, taskId: string): Promise<LockedTask> {
  const found = await sql<GrantOfTask>`
    select g.id, g.reference, g.application_id as "applicationId", g.organization_id as "organizationId"
    from access_grant as g where g.id = (select t.grant_id from provisioning_task as t where t.id = ${taskId}) for update`.execute(
    work.sql,
  );
  const [grant] = found.rows;
  if (!grant) throw Refusal.notFound('provisioning task', ['taskId']);
  const task = await work.em.findOneOrFail(ProvisioningTask, { id: taskId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  return { task, grant };
}
