import { sql } from 'kysely';
import type { Eyes, Viewer } from '../api/eyes.js';
import { appealDeadline } from '../lifecycle/application-guards.js';
import type { Workflow } from '../lifecycle/workflow.js';
import type { ValueField } from '../platform/reading/projection.js';

/** Until when a refusal can be appealed; null when there is none, or it was appealed before, or the time is over. */
export const appealBefore: ValueField<Eyes, Viewer> = {
  kind: 'value',
  sql: (row) => sql`case when ${row('status')} = 'REFUSED' and ${row('appealed_at')} is null then (
    select json_build_object('decidedAt', ${row('decided_at')}, 'workflow', pv.workflow)
    from program_version pv where pv.id = ${row('program_version_id')}) end`,
  read: (value, { now }) => {
    if (value === null) return null;
    const { decidedAt, workflow } = value as { decidedAt: string; workflow: Workflow };
    const deadline = appealDeadline({ decidedAt: new Date(decidedAt), workflow });
    return deadline && deadline >= now ? deadline : null;
  },
};
