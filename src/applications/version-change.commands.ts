import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requireText } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { ruleOnRole } from '../lifecycle/application-guards.js';
import { checkReplacements, newDemands, type StageReplacement, stageUnder } from '../lifecycle/version-change.js';
import { Refusal } from '../platform/errors.js';
import { askTheSame, type KnownVersion, versionById, versionByNumber } from '../programs/program-version.queries.js';
import { loadForCommand, recordApplicationEvent } from './application.commands.js';
import type { Application } from './application.entity.js';
import { changeWorkflow } from './application-clock.commands.js';
import { submissionProblemsUnder } from './application-facts.queries.js';

/** Where applications are to go on, and why. */
export interface VersionChange {
  readonly programId: string;
  /** The number of the version to go on under. */
  readonly number: number;
  /** For stages that the new version does not have, or that shall not be gone on with. */
  readonly stages: readonly StageReplacement[];
  /** Partners see it. */
  readonly reason: string;
}

const longestReason = 4000;

/**
 * Looks at what is the same for all applications that are to go on elsewhere, before the first of them does.
 * @throws Refusal when none of them could, whatever it is
 */
export async function checkVersionChange(work: Work, change: VersionChange): Promise<void> {
  requireAccepted(ruleOnRole('moveToProgramVersion', standingOf(work.actor, null)));
  requireText(change.reason, ['reason'], longestReason);
  const target = await requireVersion(work, change);
  requireAccepted(checkReplacements(target.workflow, change.stages));
}

/**
 * Goes on with an application under another version of its program; under that one already, nothing changes. Where it stands, what was recommended and checked at
 * its stage and the time charged there stay; the new version's calendar and time limits hold from now on.
 */
export const moveToProgramVersion: Command<
  VersionChange & { readonly applicationId: string; readonly expectedVersion?: number | null },
  { applicationId: string }
> = {
  name: 'application.moveToProgramVersion',
  async run(work, { applicationId, expectedVersion, ...change }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'moveToProgramVersion', {
      expectedVersion,
    });
    const reason = requireText(change.reason, ['reason'], longestReason);
    if (application.programId !== change.programId)
      throw Refusal.of('INVALID', 'This application is to another program.', ['programId']);
    const target = await requireVersion(work, change);
    requireAccepted(checkReplacements(target.workflow, change.stages));
    if (target.id === application.programVersionId) return { applicationId };
    const { stage, objections } = stageUnder(target.workflow, facts, change.stages);
    requireAccepted(objections);
    const present = await versionById(work.em, application.programVersionId);
    const isWithPartner = facts.status === 'RETURNED';
    if (!isWithPartner && !askTheSame(present, target)) await requireNothingNew(work, application, target.id);

    const fromStage = application.stageKey ?? null;
    application.programVersionId = target.id;
    recordApplicationEvent(work, application, 'application.version_changed', {
      fromVersion: present.number,
      toVersion: change.number,
      fromStage,
      stage: stage?.key ?? null,
      reason,
    });
    await changeWorkflow(work, application, target.workflow, stage);
    return { applicationId };
  },
};

async function requireVersion(work: Work, { programId, number }: VersionChange): Promise<KnownVersion> {
  const version = await versionByNumber(work.em, programId, number);
  if (version) return version;
  throw Refusal.of('NOT_FOUND', `There is no version ${number} of a program with this id.`, ['number']);
}

/**
 * A partner can give what a version asks for in a draft or a corrected revision only.
 * @throws Refusal with all that the new version asks for and the one before did not
 */
async function requireNothingNew(work: Work, application: Application, versionId: string): Promise<void> {
  const before = await submissionProblemsUnder(work.sql, application.id, application.programVersionId);
  const under = await submissionProblemsUnder(work.sql, application.id, versionId);
  requireAccepted(
    newDemands(under, before).map(({ message, ...problem }) => ({
      ...problem,
      message: `${message} The new version asks for this: return the application for correction first.`,
    })),
  );
}
