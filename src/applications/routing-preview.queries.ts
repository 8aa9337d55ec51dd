import { sql } from 'kysely';
import type { Viewer } from '../api/eyes.js';
import { requireAccepted } from '../doorway/requirements.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import { type Choice, chooseAssignee, isForSomebody, rolesThatHandle } from '../lifecycle/assignment.js';
import { type Routing, routingAt, rulesAt } from '../lifecycle/routing.js';
import { intakeClock, stageByKey, type Workflow } from '../lifecycle/workflow.js';
import { checkWorkflow } from '../lifecycle/workflow-check.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { operatorGround, surroundingsOf } from '../programs/workflow-surroundings.queries.js';
import { routingGround } from './routing.queries.js';

export interface PreviewQuestion {
  readonly applicationId: string;
  /** The key of the stage, or `intake`. */
  readonly stage: string;
  /** Instead of the workflow that the application is under. */
  readonly workflow: Workflow | null;
}

/** Where an application would go if it entered a stage now. */
export interface RoutingPreview {
  readonly routing: Routing;
  /** Null when no rule says who is to have it. */
  readonly choice: Choice | null;
}

interface PreviewedRow {
  readonly status: ApplicationStatus;
  readonly answers: unknown;
  readonly stageKey: string | null;
  readonly assigneeId: string | null;
  readonly organizationId: string;
  readonly workflow: Workflow;
  readonly questionnaire: Readonly<Record<string, unknown>>;
  readonly documentRequirements: readonly { readonly key: string }[];
}

/**
 * A dry run of the routing: nothing is changed.
 * @returns null for whoever may not know of it
 * @throws Refusal when there is no such stage, or the workflow could not be published
 */
export async function previewRouting(
  database: RawSql,
  { actor, now }: Viewer,
  { applicationId, stage, workflow: draft }: PreviewQuestion,
): Promise<RoutingPreview | null> {
  const found = seesEveryOrganization(actor) ? await previewed(database, applicationId) : null;
  if (!found || organizationsOf(actor).includes(found.organizationId)) return null;
  if (draft) {
    const problems = checkWorkflow(draft, surroundingsOf(await operatorGround(database, false), found));
    requireAccepted(problems.map((problem) => ({ ...problem, path: ['workflow', ...(problem.path ?? [])] })));
  }
  const workflow = draft ?? found.workflow;
  const stageKey = stage === intakeClock ? null : stage;
  if (stageKey !== null && !stageByKey(workflow, stageKey)) {
    const places = [intakeClock, ...workflow.stages.map(({ key }) => key)].join(', ');
    throw Refusal.of('INVALID', `There is no stage "${stage.slice(0, 100)}": it is one of ${places}.`, ['stage']);
  }
  const ground = await routingGround(database, applicationId, rulesAt(workflow, stageKey), now);
  const routing = routingAt(workflow, stageKey, { ...ground, answers: found.answers });
  const { chosen } = routing;
  if (!chosen || !isForSomebody(chosen)) return { routing, choice: null };
  const handling = rolesThatHandle(workflow, stageKey, statusOnEntry(found.status));
  // Who moves an application on gives it out of hand; who takes it in, or enters the same stage again, does not.
  const staysInHand = found.stageKey === null || found.stageKey === stageKey;
  const inHandOf = staysInHand && found.assigneeId ? encodeId('staff', found.assigneeId) : null;
  return { routing, choice: chooseAssignee(chosen, ground.candidates, { handling, now, inHandOf }) };
}

/** Whatever it waits for now, it would be in review then; an appeal stays one. */
function statusOnEntry(status: ApplicationStatus): ApplicationStatus {
  return status === 'UNDER_APPEAL' ? status : 'IN_REVIEW';
}

async function previewed(database: RawSql, applicationId: string): Promise<PreviewedRow | null> {
  const found = await sql<PreviewedRow>`
    select a.status, a.answers, a.stage_key as "stageKey", a.assignee_id as "assigneeId", a.organization_id as "organizationId", v.workflow,
      v.questionnaire, v.document_requirements as "documentRequirements"
    from application as a join program_version as v on v.id = a.program_version_id
    where a.id = ${applicationId} and a.submitted_at is not null`.execute(database);
  return found.rows[0] ?? null;
}
