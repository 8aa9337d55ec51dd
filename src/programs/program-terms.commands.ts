import type { Command } from '../doorway/command.js';
import { requirePermission } from '../doorway/requirements.js';
import { checkReacceptBy } from '../lifecycle/terms.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import {
  contentOf,
  createTerms,
  currentVersion,
  lockProgram,
  type PublishingInput,
  publish,
  refuseProblems,
} from './program.commands.js';
import { TermsVersion } from './program.entity.js';
import { checkTerms, type ProgramVersionInput } from './program-check.js';

interface PublishTermsInput extends PublishingInput {
  readonly terms: ProgramVersionInput['terms'];
  /** By when whoever holds a grant has to accept them; null when nobody is asked. */
  readonly reacceptBy: Date | null;
}

/** Publishes a new version in which only the terms are others. A job asks whoever holds a grant to accept them. */
export const publishProgramTerms: Command<PublishTermsInput, { programId: string }> = {
  name: 'program.publishTerms',
  async run(work, { programId, expectedVersion, dryRun, terms, reacceptBy }) {
    requirePermission('managePrograms', work.actor, null);
    const program = await lockProgram(work, programId, expectedVersion);
    refuseProblems([...checkTerms(terms), ...(reacceptBy ? checkReacceptBy(reacceptBy, work.now) : [])]);
    if (await work.em.findOne(TermsVersion, { programId, label: terms.label })) {
      const message = `There are terms with the label "${terms.label}" already; give these a new label.`;
      throw Refusal.of('ALREADY_EXISTS', message, ['terms', 'label']);
    }
    if (dryRun) return { programId };
    const published = await createTerms(work, program, terms, reacceptBy);
    await publish(work, program, contentOf(await currentVersion(work, program)), published);
    if (reacceptBy) {
      work.record({
        event: 'program.terms_required',
        payload: {
          programId: encodeId('program', programId),
          programCode: program.code,
          termsId: encodeId('terms', published.id),
          label: published.label,
          sha256: published.bodySha256,
          reacceptBy: reacceptBy.toISOString(),
        },
        subject: { kind: 'terms', id: published.id },
        organizationId: null,
      });
    }
    return { programId };
  },
};
