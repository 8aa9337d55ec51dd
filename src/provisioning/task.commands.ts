import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requireLine, requireText, requireVersion } from '../doorway/requirements.js';
import { closedInProduct, openedInProduct } from '../grants/grant.commands.js';
import type { GrantStatus } from '../lifecycle/grant.js';
import { failuresToEscalate, retryDelay, ruleOnTask } from '../lifecycle/provisioning.js';
import { Refusal } from '../platform/errors.js';
import { ProvisioningTask } from './provisioning-task.entity.js';
import { requireSystem } from './requirements.js';
import type { SystemOfActor } from './system-of-actor.queries.js';
import { type GrantOfTask, recordEscalation, recordTaskEvent } from './task-events.js';
import { finish, makeTask } from './task-making.commands.js';

const longestReference = 200;
const longestReason = 2000;

export type TaskResult = { readonly taskId: string };
interface TaskInput {
  readonly taskId: string;
  readonly expectedVersion?: number | null;
}

/** A system says that a task is done. Opening makes the grant active, closing says of it that access is closed. */
export const completeProvisioningTask: Command<TaskInput & { readonly reference: string }, TaskResult> = {
  name: 'provisioning.complete',
  async run(work, { reference, ...input }) {
    const system = await requireSystem(work, 'complete', 'PROVISION');
    const { task, grant } = await loadForCommand(work, input, 'complete', system);
    const systemReference = requireLine(reference, ['reference'], longestReference);
    finish(work, task, { systemId: system.id, reference: systemReference });
    recordTaskEvent(work, { task, grant, systemId: system.id }, 'provisioning.completed', { systemReference });
    const grantId = grant.id;
    if (task.kind === 'PROVISION' && grant.status === 'PENDING_PROVISIONING') await openedInProduct(work, { grantId });
    if (task.kind === 'DEPROVISION') {
      // What was opened in part while the release was shut; it is still to be opened once it is permitted.
      if (grant.status === 'PENDING_PROVISIONING')
        await makeTask(work, { id: grantId, productCode: task.productCode }, 'PROVISION');
      else await closedInProduct(work, { grantId });
    }
    return { taskId: task.id };
  },
};

/** A system says that a task could not be done. It is tried again later; people are told when it goes on failing. */
export const failProvisioningTask: Command<TaskInput & { readonly reason: string }, TaskResult> = {
  name: 'provisioning.fail',
  async run(work, { reason, ...input }) {
    const system = await requireSystem(work, 'fail', 'PROVISION');
    const { task, grant } = await loadForCommand(work, input, 'fail', system);
    const said = requireText(reason, ['reason'], longestReason);
    const { id, attempts, kind, productCode, dueAt } = task;
    task.status = 'OPEN';
    task.claimedUntil = null;
    task.failedAt = work.now;
    task.failureReason = said;
    task.readyAt = new Date(work.now.getTime() + retryDelay(kind, attempts));
    recordTaskEvent(work, { task, grant, systemId: system.id }, 'provisioning.failed', { reason: said, attempts });
    if (attempts >= failuresToEscalate && !task.escalatedAt) {
      task.escalatedAt = work.now;
      const subject = { kind: 'provisioningtask', id } as const;
      const tasks = [{ id, reference: grant.reference, dueAt }];
      recordEscalation(work, { productCode, kind, because: 'FAILING', subject, tasks });
    }
    return { taskId: id };
  },
};

type GrantInProduct = GrantOfTask & { readonly status: GrantStatus };

/** Locks a task of the system's products, after its grant, and asks whether the system may give the command now. */
async function loadForCommand(
  work: Work,
  { taskId, expectedVersion }: TaskInput,
  command: 'complete' | 'fail',
  system: SystemOfActor,
): Promise<{ readonly task: ProvisioningTask; readonly grant: GrantInProduct }> {
  const grant = await lockGrantOf(work, taskId, system);
  const task = await work.em.findOneOrFail(ProvisioningTask, { id: taskId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  requireVersion(task.version, expectedVersion);
  requireAccepted(ruleOnTask(command, { ...task, systemId: task.systemId ?? null }, system.id));
  task.updatedAt = work.now;
  return { task, grant };
}

async function lockGrantOf(work: Work, taskId: string, { productCodes }: SystemOfActor): Promise<GrantInProduct> {
  const found = await sql<GrantInProduct>`
    select g.id, g.reference, g.status, g.application_id as "applicationId", g.organization_id as "organizationId"
    from access_grant as g where g.id = (select t.grant_id from provisioning_task as t where t.id = ${taskId}
      and t.product_code = any(${[...productCodes]}::text[])) for update`.execute(work.sql);
  const [grant] = found.rows;
  if (!grant) throw Refusal.notFound('provisioning task', ['taskId']);
  return grant;
}
