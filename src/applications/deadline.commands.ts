import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import type { ApplicationFacts } from '../lifecycle/application-guards.js';
import { type Notice, noticesOf } from '../lifecycle/deadlines.js';
import type { StaffRole } from '../lifecycle/roles.js';
import { countersignatureClock, intakeClock, stageByKey } from '../lifecycle/workflow.js';
import { encodeId } from '../platform/ids.js';
import { loadForCommand } from './application.commands.js';
import { type Application, ClockIntervalRow } from './application.entity.js';

/**
 * Tells staff what is nearly due or due on an application; given by the portal itself. Told once: what was told of the
 * same stage before, however often its clock was stopped since, is not told again. The application stays as it is.
 */
export const noteDeadlines: Command<{ readonly applicationId: string }, { applicationId: string; told: number }> = {
  name: 'application.noteDeadlines',
  async run(work, { applicationId }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'noteDeadlines');
    const running = await work.em.findOne(ClockIntervalRow, { applicationId, endedAt: null, kind: 'RUNNING' });
    if (!running) return { applicationId, told: 0 };
    const notices = noticesFor(running);
    const due = notices.filter(({ at }) => at <= work.now);
    running.noticeAt = notices.find(({ at }) => at > work.now)?.at ?? null;
    let told = 0;
    for (const notice of due) {
      const isNew = await note(work, application, running, notice);
      // Nobody needs a warning of what is over.
      const isOver = due.some(({ scope, kind }) => scope === notice.scope && kind === 'ESCALATION');
      if (!isNew || (notice.kind === 'WARNING' && isOver)) continue;
      tell(work, application, facts, running, notice);
      told += 1;
    }
    return { applicationId, told };
  },
};

function noticesFor({ dueAt, warnAt, decisionDueAt, decisionWarnAt }: ClockIntervalRow): Notice[] {
  if (!dueAt || !warnAt || !decisionDueAt || !decisionWarnAt) return [];
  return noticesOf({ dueAt, warnAt }, { dueAt: decisionDueAt, warnAt: decisionWarnAt });
}

/** @returns whether it was not noted before */
async function note(
  work: Work,
  application: Application,
  { stageKey, dueAt, decisionDueAt }: ClockIntervalRow,
  { scope, kind }: Notice,
): Promise<boolean> {
  const ofStage = scope === 'STAGE';
  const noted = await sql`
    insert into deadline_notice (id, application_id, program_version_id, on_appeal, scope, stage_key, kind, due_at, noticed_at)
    values (${work.ids.next()}, ${application.id}, ${application.programVersionId}, ${application.appealedAt != null},
      ${scope}, ${ofStage ? stageKey : null}, ${kind}, ${ofStage ? dueAt : decisionDueAt}, ${work.now})
    on conflict on constraint deadline_notice_once do nothing returning id`.execute(work.sql);
  return noted.rows.length > 0;
}

/** Not by recordApplicationEvent: that a deadline passes changes nothing that somebody may be deciding on. */
function tell(
  work: Work,
  application: Application,
  facts: ApplicationFacts,
  { stageKey, dueAt, decisionDueAt }: ClockIntervalRow,
  { scope, kind }: Notice,
): void {
  const isWarning = kind === 'WARNING';
  const when = scope === 'STAGE' ? dueAt : decisionDueAt;
  work.record({
    event: isWarning ? 'application.due_soon' : 'application.overdue',
    payload: {
      applicationId: encodeId('application', application.id),
      reference: application.reference,
      status: application.status,
      scope,
      stage: stageKey,
      dueAt: when?.toISOString() ?? '',
      roles: isWarning ? rolesAtWork(application, facts, stageKey) : [facts.workflow.escalateTo],
    },
    subject: { kind: 'application', id: application.id },
    organizationId: application.organizationId,
    applicationId: application.id,
  });
}

/** Whose work it is while nobody has it in hand. */
function rolesAtWork(
  { assigneeId }: Application,
  { workflow }: ApplicationFacts,
  stageKey: string,
): readonly StaffRole[] {
  if (assigneeId) return [];
  if (stageKey === intakeClock) return ['INTAKE'];
  const advanceBy = stageKey === countersignatureClock ? [] : (stageByKey(workflow, stageKey)?.advanceBy ?? []);
  return advanceBy.length > 0 ? advanceBy : ['DECIDER'];
}
