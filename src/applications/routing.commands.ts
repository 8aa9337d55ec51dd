import type { Work } from '../doorway/command.js';
import { raise } from '../flags/raising.commands.js';
import { personOf } from '../lifecycle/actor.js';
import { type AssignmentCause, chooseAssignee, isForSomebody, rolesThatHandle } from '../lifecycle/assignment.js';
import { routingAt, rulesAt } from '../lifecycle/routing.js';
import { intakeClock, type RoutingRule, type Workflow } from '../lifecycle/workflow.js';
import { decodeId, encodeId } from '../platform/ids.js';
import { recordApplicationEvent } from './application.commands.js';
import type { Application } from './application.entity.js';
import { Assignment } from './assignment.entity.js';
import { type RoutingGround, routingGround } from './routing.queries.js';

/**
 * Sends an application that has just entered intake or a stage where the workflow's rules say. Where no rule is about the
 * stage, nothing is asked of the database.
 */
export async function route(work: Work, application: Application, workflow: Workflow): Promise<void> {
  const stageKey = application.stageKey ?? null;
  const rules = rulesAt(workflow, stageKey);
  if (rules.length === 0) return;
  const ground = await routingGround(work.sql, application.id, rules, work.now);
  const { queue, chosen, flagging } = routingAt(workflow, stageKey, { ...ground, answers: application.answers });
  application.queue = queue;
  for (const rule of flagging) await raiseFlagsOf(work, application, rule, ground);
  if (!chosen) return;
  await raiseFlagsOf(work, application, chosen, ground);
  const staffId = isForSomebody(chosen) ? choose(work, application, workflow, chosen, ground) : null;
  recordApplicationEvent(work, application, 'application.routed', {
    stage: stageKey ?? intakeClock,
    queue,
    rule: chosen.key,
    staffId,
  });
  if (!isForSomebody(chosen)) return;
  const assigneeId = staffId === null ? null : decodeId('staff', staffId);
  if (assigneeId !== (application.assigneeId ?? null)) give(work, application, assigneeId, 'RULE', chosen.key);
}

function choose(
  work: Work,
  { stageKey = null, status, assigneeId = null }: Application,
  workflow: Workflow,
  rule: RoutingRule,
  { candidates }: RoutingGround,
): string | null {
  const handling = rolesThatHandle(workflow, stageKey, status);
  const inHandOf = assigneeId && encodeId('staff', assigneeId);
  return chooseAssignee(rule, candidates, { handling, now: work.now, inHandOf }).chosen?.staffId ?? null;
}

/** Puts an application into somebody's hands, or into nobody's. */
export function give(
  work: Work,
  application: Application,
  staffId: string | null,
  cause: AssignmentCause,
  ruleKey: string | null = null,
): void {
  application.assigneeId = staffId;
  if (staffId !== null) {
    work.em.create(Assignment, {
      id: work.ids.next(),
      applicationId: application.id,
      staffId,
      stageKey: application.stageKey ?? null,
      cause,
      ruleKey,
      assignedBy: cause === 'RULE' ? null : personOf(work.actor),
      assignedAt: work.now,
    });
  }
  recordApplicationEvent(work, application, 'application.assigned', {
    staffId: staffId && encodeId('staff', staffId),
  });
}

const dayMs = 24 * 60 * 60 * 1000;

async function raiseFlagsOf(
  work: Work,
  { id, organizationId }: Application,
  rule: RoutingRule,
  { definitions }: RoutingGround,
): Promise<void> {
  for (const { flag, on, expiresAfterDays } of rule.raiseFlags ?? []) {
    // One that was retired since the version was published is raised no more.
    const definition = definitions.find(({ key }) => key === flag);
    if (!definition) continue;
    await raise(work, {
      definitionId: definition.id,
      key: flag,
      organizationId,
      applicationId: on === 'APPLICATION' ? id : null,
      reason: `Raised by the routing rule “${rule.name}”.`,
      expiresAt: expiresAfterDays ? new Date(work.now.getTime() + expiresAfterDays * dayMs) : null,
      raisedBy: null,
      ruleKey: rule.key,
    });
  }
}
