import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission } from '../doorway/requirements.js';
import { personOf } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { programToApplyTo } from '../programs/program-version.queries.js';
import { LetterTemplate, type LetterTemplateContent } from './letter-template.entity.js';
import { checkTemplate } from './template-check.js';

export interface PublishLetterTemplateInput {
  /** Null: for every program that has none of its own. */
  readonly programId: string | null;
  readonly template: LetterTemplateContent;
  /** Publishes nothing, and only says what is wrong. */
  readonly dryRun: boolean;
}

/** Publishes a version of the text of decision letters. Letters of decisions taken before are written from the one before. */
export const publishLetterTemplate: Command<PublishLetterTemplateInput, { letterTemplateId: string | null }> = {
  name: 'letterTemplate.publish',
  duplicates: {
    letter_template_number: 'Somebody else published a version at this moment; look at it, and publish again.',
  },
  async run(work, { programId, template, dryRun }) {
    requirePermission('manageLetterTemplates', work.actor, null);
    if (programId !== null && !(await programToApplyTo(work.em, programId))) {
      throw Refusal.notFound('program', ['programId']);
    }
    requireGoodTemplate(template);
    if (dryRun) return { letterTemplateId: null };
    const number = await nextNumber(work, programId);
    const published = work.em.create(LetterTemplate, {
      id: work.ids.next(),
      programId,
      number,
      content: template,
      publishedBy: personOf(work.actor),
      publishedAt: work.now,
    });
    const id = encodeId('lettertemplate', published.id);
    work.record({
      event: 'letter_template.published',
      payload: { letterTemplateId: id, programId: programId && encodeId('program', programId), number },
      subject: { kind: 'lettertemplate', id: published.id },
      organizationId: null,
    });
    return { letterTemplateId: published.id };
  },
};

/** @throws Refusal with everything that is wrong, each under `template` */
export function requireGoodTemplate(template: LetterTemplateContent): void {
  const problems = checkTemplate(template);
  if (problems.length === 0) return;
  throw new Refusal(problems.map((problem) => ({ ...problem, path: ['template', ...(problem.path ?? [])] })));
}

async function nextNumber(work: Work, programId: string | null): Promise<number> {
  const found = await sql<{ number: number }>`select coalesce(max(number), 0) + 1 as number from letter_template
    where program_id is not distinct from ${programId}::uuid`.execute(work.sql);
  return found.rows[0]?.number ?? 1;
}
