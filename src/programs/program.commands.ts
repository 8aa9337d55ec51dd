import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requireVersion } from '../doorway/requirements.js';
import { personOf } from '../lifecycle/actor.js';
import { wholeGrantPolicy } from '../lifecycle/grant-policy.js';
import type { Objection } from '../lifecycle/ruling.js';
import type { Workflow } from '../lifecycle/workflow.js';
import { checkWorkflow } from '../lifecycle/workflow-check.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { productCalled } from '../products/product.commands.js';
import { Program, ProgramVersion, TermsVersion } from './program.entity.js';
import { type CreateProgramInput, checkProgram, checkVersion, type ProgramVersionInput } from './program-check.js';
import { type OperatorGround, operatorGround, surroundingsOf } from './workflow-surroundings.queries.js';

export type { CreateProgramInput, ProgramVersionInput } from './program-check.js';

/** Creates a program with its first version; it is open at once. */
export const createProgram: Command<CreateProgramInput, { programId: string }> = {
  name: 'program.create',
  duplicates: { program_code: 'There is a program with this code already.' },
  async run(work, input) {
    requirePermission('managePrograms', work.actor, null);
    refuseProblems([...checkProgram(input), ...checkVersion(input.version, await ground(work))]);
    if (await work.em.findOne(Program, { code: input.code })) {
      throw Refusal.of('ALREADY_EXISTS', `There is a program with the code "${input.code}" already.`, ['code']);
    }
    const { code, name, summary, productCode, productName } = input;
    await productCalled(work, productCode, productName.trim());
    const program = work.em.create(Program, {
      id: work.ids.next(),
      code,
      name: name.trim(),
      summary: summary.trim(),
      productCode,
      status: 'OPEN',
      currentVersionId: null,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    await work.em.flush();
    await publish(work, program, input.version, await createTerms(work, program, input.version.terms));
    work.record({
      event: 'program.opened',
      payload: { programId: encodeId('program', program.id), code },
      subject: { kind: 'program', id: program.id },
      organizationId: null,
    });
    return { programId: program.id };
  },
};

export interface PublishingInput {
  readonly programId: string;
  readonly expectedVersion: number | null;
  /** Publishes nothing, and only says what is wrong. */
  readonly dryRun: boolean;
}

/** Publishes a new version. Applications already started keep theirs. */
export const publishProgramVersion: Command<
  PublishingInput & { readonly version: ProgramVersionInput },
  { programId: string }
> = {
  name: 'program.publishVersion',
  async run(work, { programId, expectedVersion, dryRun, version }) {
    requirePermission('managePrograms', work.actor, null);
    const program = await lockProgram(work, programId, expectedVersion);
    refuseProblems(checkVersion(version, await ground(work)));
    const terms = await findTerms(work, program, version.terms);
    if (!dryRun) await publish(work, program, version, terms ?? (await createTerms(work, program, version.terms)));
    return { programId };
  },
};

/** Publishes a new version in which only the workflow is another one. */
export const publishProgramWorkflow: Command<PublishingInput & { readonly workflow: Workflow }, { programId: string }> =
  {
    name: 'program.publishWorkflow',
    async run(work, { programId, expectedVersion, dryRun, workflow }) {
      requirePermission('managePrograms', work.actor, null);
      const program = await lockProgram(work, programId, expectedVersion);
      const present = await currentVersion(work, program);
      const problems = checkWorkflow(workflow, surroundingsOf(await ground(work), present));
      refuseProblems(problems.map((problem) => ({ ...problem, path: ['workflow', ...(problem.path ?? [])] })));
      const terms = await work.em.findOneOrFail(TermsVersion, { id: present.termsVersionId });
      if (!dryRun) await publish(work, program, { ...contentOf(present), workflow }, terms);
      return { programId };
    },
  };

/** Opens a program for applications, or closes it; applications already started go on either way. */
export const setProgramStatus: Command<
  { readonly programId: string; readonly status: 'OPEN' | 'CLOSED'; readonly expectedVersion: number | null },
  { programId: string }
> = {
  name: 'program.setStatus',
  async run(work, input) {
    requirePermission('managePrograms', work.actor, null);
    const program = await lockProgram(work, input.programId, input.expectedVersion);
    if (program.status === input.status)
      throw Refusal.of('NOT_ALLOWED_NOW', `The program is ${program.status} already.`);
    program.status = input.status;
    program.updatedAt = work.now;
    work.record({
      event: input.status === 'OPEN' ? 'program.opened' : 'program.closed',
      payload: { programId: encodeId('program', program.id), code: program.code },
      subject: { kind: 'program', id: program.id },
      organizationId: null,
    });
    return { programId: program.id };
  },
};

/** What partners answer and provide, and how staff review it, as it is now. */
export function currentVersion(work: Work, program: Program): Promise<ProgramVersion> {
  return work.em.findOneOrFail(ProgramVersion, { id: program.currentVersionId });
}

/** The same, for another version that differs from it in something. */
export function contentOf(version: ProgramVersion): Omit<ProgramVersionInput, 'terms'> {
  const { questionnaire, documentRequirements, workflow, grantMonths, screening, grantPolicy } = version;
  return {
    ...{ questionnaire, documentRequirements, workflow, grantMonths },
    ...(screening ? { screening } : {}),
    ...(grantPolicy ? { grantPolicy } : {}),
  };
}

export async function lockProgram(work: Work, programId: string, expectedVersion: number | null): Promise<Program> {
  const program = await work.em.findOne(Program, { id: programId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!program) throw Refusal.notFound('program', ['programId']);
  requireVersion(program.version, expectedVersion);
  return program;
}

/** What the operator has. A portal is set up before it has staff: then nobody asks who there will be. */
function ground(work: Work): Promise<OperatorGround> {
  return operatorGround(work.sql, work.actor.kind === 'SYSTEM');
}

export async function publish(
  work: Work,
  program: Program,
  content: Omit<ProgramVersionInput, 'terms'>,
  terms: TermsVersion,
): Promise<void> {
  const number = (await work.em.count(ProgramVersion, { programId: program.id })) + 1;
  const version = work.em.create(ProgramVersion, {
    id: work.ids.next(),
    programId: program.id,
    number,
    questionnaire: content.questionnaire,
    documentRequirements: [...content.documentRequirements],
    workflow: content.workflow,
    termsVersionId: terms.id,
    grantMonths: content.grantMonths,
    screening: content.screening ?? null,
    grantPolicy: content.grantPolicy ? wholeGrantPolicy(content.grantPolicy) : null,
    publishedBy: personOf(work.actor),
    publishedAt: work.now,
  });
  await work.em.flush();
  program.currentVersionId = version.id;
  program.updatedAt = work.now;
  work.record({
    event: 'program.published',
    payload: { programId: encodeId('program', program.id), code: program.code, number },
    subject: { kind: 'program', id: program.id },
    organizationId: null,
  });
}

type Terms = ProgramVersionInput['terms'];

/**
 * The terms that were published under this label before; null when there are none.
 * @throws Refusal ALREADY_EXISTS when those have another text: under one label that is a mistake
 */
async function findTerms(work: Work, program: Program, terms: Terms): Promise<TermsVersion | null> {
  const published = await work.em.findOne(TermsVersion, { programId: program.id, label: terms.label });
  if (!published || published.bodySha256 === sha256Of(terms.body)) return published;
  throw Refusal.of(
    'ALREADY_EXISTS',
    `Terms with the label "${terms.label}" were published with another text; give these a new label.`,
    ['version', 'terms', 'label'],
  );
}

export async function createTerms(
  work: Work,
  program: Program,
  { label, body }: Terms,
  reacceptBy: Date | null = null,
): Promise<TermsVersion> {
  const terms = work.em.create(TermsVersion, {
    id: work.ids.next(),
    programId: program.id,
    label,
    body,
    bodySha256: sha256Of(body),
    publishedAt: work.now,
    reacceptBy,
  });
  await work.em.flush();
  return terms;
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function refuseProblems(problems: readonly Objection[]): void {
  if (problems.length > 0) throw new Refusal(problems.map((problem) => ({ ...problem, path: problem.path ?? [] })));
}
