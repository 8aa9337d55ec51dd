import { sql } from 'kysely';
import type { Command } from '../doorway/command.js';
import { requireAccepted } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { ruleOnTaskRole, type TaskKind } from '../lifecycle/provisioning.js';
import { isLateSql } from './late-tasks.queries.js';
import { recordEscalation } from './task-events.js';

/** How many tasks one event tells of. */
export const mostEscalated = 500;

interface LateTask {
  readonly id: string;
  readonly reference: string;
  readonly dueAt: Date;
  readonly productId: string;
}

/** Tells, once of each, that tasks of a product were not done in the time set; given by the portal itself. */
export const escalateProvisioning: Command<
  { readonly productCode: string; readonly kind: TaskKind },
  { readonly escalated: number }
> = {
  name: 'provisioning.escalate',
  async run(work, { productCode, kind }) {
    requireAccepted(ruleOnTaskRole('escalate', standingOf(work.actor, null)));
    const found = await sql<LateTask>`
      update provisioning_task as t set escalated_at = ${work.now}, updated_at = ${work.now}
      from (select t.id from provisioning_task as t join access_grant as g on g.id = t.grant_id
          where ${isLateSql(work.now)} and t.product_code = ${productCode} and t.kind = ${kind}
          order by t.due_at, t.id limit ${mostEscalated} for update of t skip locked) as late,
        access_grant as g, product as p
      where t.id = late.id and g.id = t.grant_id and p.code = t.product_code
      returning t.id, g.reference, t.due_at as "dueAt", p.id as "productId"`.execute(work.sql);
    const tasks = found.rows.map((task) => ({ ...task, dueAt: new Date(task.dueAt) }));
    const [first] = tasks;
    if (first) {
      const subject = { kind: 'product', id: first.productId } as const;
      recordEscalation(work, { productCode, kind, because: 'OVERDUE', subject, tasks });
    }
    return { escalated: tasks.length };
  },
};
