import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import type { TaskKind } from '../lifecycle/provisioning.js';
import { escalateProvisioning, mostEscalated } from './escalation.commands.js';
import { isLateSql } from './late-tasks.queries.js';

/** Each minute, tells of tasks that were not done in the time set: closing first. They stay to be done. */
export const provisioningEscalation = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'provisioning.escalate',
    async find(database, now, most) {
      const late = await sql<{ productCode: string; kind: TaskKind }>`
        select late.product_code as "productCode", late.kind
        from (select t.product_code, t.kind, count(*) as tasks
            from provisioning_task as t join access_grant as g on g.id = t.grant_id
            where ${isLateSql(now)} group by t.product_code, t.kind) as late,
          generate_series(1, ceil(late.tasks / ${sql.lit(mostEscalated)}::numeric)::int)
        order by (late.kind <> 'DEPROVISION'), late.product_code limit ${most}`.execute(database);
      return late.rows;
    },
    give: (doorway, late, context) => doorway.execute(escalateProvisioning, late, context),
  });
