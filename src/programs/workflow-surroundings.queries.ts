import { flagKeys } from '../flags/flag.queries.js';
import { activeStaff } from '../identity/staff.queries.js';
import type { WorkflowSurroundings } from '../lifecycle/workflow-check.js';
import { SectorEnum } from '../organizations/sector.types.js';
import type { RawSql } from '../platform/database/database.js';

/** What the operator has for a workflow to be judged by: its people and its flags. */
export interface OperatorGround {
  readonly staff: WorkflowSurroundings['staff'];
  readonly people: NonNullable<WorkflowSurroundings['routing']>['people'];
  readonly flags: readonly string[];
}

/** @param isBeingSetUp a portal is set up before it has staff: then nobody asks who there will be */
export async function operatorGround(database: RawSql, isBeingSetUp: boolean): Promise<OperatorGround> {
  const people = await activeStaff(database);
  const staff = isBeingSetUp ? null : people.map(({ roles }) => roles);
  return { staff, people, flags: await flagKeys(database) };
}

/** What a workflow is judged by in a version that asks partners for these. */
export function surroundingsOf(
  { staff, people, flags }: OperatorGround,
  asked: {
    readonly questionnaire: Readonly<Record<string, unknown>>;
    readonly documentRequirements: readonly { readonly key: string }[];
  },
): WorkflowSurroundings {
  return {
    documents: asked.documentRequirements.map(({ key }) => key),
    staff,
    routing: { questionnaire: asked.questionnaire, sectors: Object.keys(SectorEnum), flags, people },
  };
}
