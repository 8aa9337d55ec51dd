import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted } from '../doorway/requirements.js';
import { ruleOnTask } from '../lifecycle/provisioning.js';
import { Refusal } from '../platform/errors.js';
import { ProvisioningTask } from './provisioning-task.entity.js';
import { requireSystem } from './requirements.js';
import type { SystemOfActor } from './system-of-actor.queries.js';
import { type GrantOfTask, recordTaskEvent } from './task-events.js';
import { makeTask } from './task-making.commands.js';

export interface ReadBackInput {
  readonly grantId: string;
  readonly isOpen: boolean;
}

/**
 * A system that did not do the work says whether access is open. When that is as the last task left it, the task is
 * verified. When it is not, the task is to be done again, at once, and people are told.
 */
export const reportReadBack: Command<ReadBackInput, { readonly taskId: string }> = {
  name: 'provisioning.readBack',
  async run(work, { grantId, isOpen }) {
    const system = await requireSystem(work, 'readBack', 'READ_BACK');
    const grant = await lockGrant(work, grantId, system);
    const task = await lastTaskOf(work, grantId);
    requireAccepted(ruleOnTask('readBack', { ...task, systemId: task.systemId ?? null }, system.id));
    const isAsSaid = isOpen === (task.kind !== 'DEPROVISION');
    if (isAsSaid && task.status === 'VERIFIED') return { taskId: task.id };
    task.readBackBy = system.id;
    task.readBackAt = work.now;
    task.updatedAt = work.now;
    const about = { task, grant, systemId: system.id };
    if (isAsSaid) {
      task.status = 'VERIFIED';
      recordTaskEvent(work, about, 'provisioning.verified', {});
      return { taskId: task.id };
    }
    task.status = 'CONTRADICTED';
    recordTaskEvent(work, about, 'provisioning.contradicted', { found: isOpen ? 'OPEN' : 'CLOSED' });
    // Whatever was to change, it is not open: so it is to be opened.
    const kind = task.kind === 'DEPROVISION' ? 'DEPROVISION' : 'PROVISION';
    const { id } = await makeTask(work, { id: grantId, productCode: task.productCode }, kind, {
      escalatedAt: work.now,
      directiveIds: task.directiveIds,
      sinceAt: task.sinceAt,
    });
    if (kind === 'DEPROVISION') await sayNotClosed(work, grantId);
    return { taskId: id };
  },
};

async function lockGrant(work: Work, grantId: string, { productCodes }: SystemOfActor): Promise<GrantOfTask> {
  const found = await sql<GrantOfTask>`
    select id, reference, application_id as "applicationId", organization_id as "organizationId"
    from access_grant where id = ${grantId} and product_code = any(${[...productCodes]}::text[]) for update`.execute(
    work.sql,
  );
  const [grant] = found.rows;
  if (!grant) throw Refusal.notFound('grant', ['grantId']);
  return grant;
}

/** What was done last; or what is under way, of which nothing can be seen yet. */
async function lastTaskOf(work: Work, grantId: string): Promise<ProvisioningTask> {
  const task = await work.em.findOne(
    ProvisioningTask,
    { grantId, status: { $ne: 'CANCELLED' } },
    { orderBy: { createdAt: 'desc', id: 'desc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!task) throw Refusal.of('NOT_ALLOWED_NOW', 'Nothing was done for this grant yet, so there is nothing to verify.');
  return task;
}

/** It was said that access is closed, and it is not. */
async function sayNotClosed(work: Work, grantId: string): Promise<void> {
  await sql`update access_grant set deprovisioned_at = null, updated_at = ${work.now}, version = version + 1
    where id = ${grantId}`.execute(work.sql);
}
