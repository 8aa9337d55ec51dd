import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requireVersion } from '../doorway/requirements.js';
import type { Objection } from '../lifecycle/ruling.js';
import { checkScreeningPolicy, type ScreeningPolicy } from '../lifecycle/screening.js';
import { checkWorkflow, type Workflow } from '../lifecycle/workflow.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import {
  type DocumentRequirement,
  Program,
  ProgramVersion,
  type Questionnaire,
  TermsVersion,
} from './program.entity.js';
import { informationRequestKey } from './program-version.queries.js';
import { checkQuestionnaire } from './questionnaire.js';

/** What a version of a program lays down. */
export interface ProgramVersionInput {
  readonly questionnaire: Questionnaire;
  readonly documentRequirements: readonly DocumentRequirement[];
  readonly workflow: Workflow;
  readonly terms: { readonly label: string; readonly body: string };
  /** How long a grant lasts. */
  readonly grantMonths: number;
  /** How applicants are screened; the portal's own way when it is not said. */
  readonly screening?: ScreeningPolicy | null;
}

export interface CreateProgramInput {
  readonly version: ProgramVersionInput;
  readonly code: string;
  readonly name: string;
  readonly summary: string;
  readonly productCode: string;
  readonly productName: string;
}

/** Creates a program with its first version; it is open at once. */
export const createProgram: Command<CreateProgramInput, { programId: string }> = {
  name: 'program.create',
  duplicates: { program_code: 'There is a program with this code already.' },
  async run(work, input) {
    requirePermission('managePrograms', work.actor, null);
    refuseProblems([...checkProgram(input), ...checkVersion(input.version)]);
    if (await work.em.findOne(Program, { code: input.code })) {
      throw Refusal.of('ALREADY_EXISTS', `There is a program with the code "${input.code}" already.`, ['code']);
    }
    const { code, name, summary, productCode, productName } = input;
    const program = work.em.create(Program, {
      id: work.ids.next(),
      code,
      name: name.trim(),
      summary: summary.trim(),
      productCode,
      productName: productName.trim(),
      status: 'OPEN',
      currentVersionId: null,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    await work.em.flush();
    await publish(work, program, input.version);
    work.record({
      event: 'program.opened',
      payload: { programId: encodeId('program', program.id), code },
      subject: { kind: 'program', id: program.id },
      organizationId: null,
    });
    return { programId: program.id };
  },
};

/** Publishes a new version. Applications already started keep theirs. */
export const publishProgramVersion: Command<
  { readonly programId: string; readonly version: ProgramVersionInput; readonly expectedVersion: number | null },
  { programId: string }
> = {
  name: 'program.publishVersion',
  async run(work, input) {
    requirePermission('managePrograms', work.actor, null);
    const program = await lockProgram(work, input.programId, input.expectedVersion);
    refuseProblems(checkVersion(input.version));
    await publish(work, program, input.version);
    return { programId: program.id };
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

async function lockProgram(work: Work, programId: string, expectedVersion: number | null): Promise<Program> {
  const program = await work.em.findOne(Program, { id: programId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!program) throw Refusal.notFound('program', ['programId']);
  requireVersion(program.version, expectedVersion);
  return program;
}

async function publish(work: Work, program: Program, input: ProgramVersionInput): Promise<void> {
  const number = (await work.em.count(ProgramVersion, { programId: program.id })) + 1;
  const terms = await termsFor(work, program, input.terms);
  const version = work.em.create(ProgramVersion, {
    id: work.ids.next(),
    programId: program.id,
    number,
    questionnaire: input.questionnaire,
    documentRequirements: [...input.documentRequirements],
    workflow: input.workflow,
    termsVersionId: terms.id,
    grantMonths: input.grantMonths,
    screening: input.screening ?? null,
    publishedBy: work.actor.kind === 'PERSON' ? work.actor.personId : null,
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

/** Terms are published once under a label; the same label with another text is a mistake. */
async function termsFor(work: Work, program: Program, terms: ProgramVersionInput['terms']): Promise<TermsVersion> {
  const bodySha256 = createHash('sha256').update(terms.body).digest('hex');
  const published = await work.em.findOne(TermsVersion, { programId: program.id, label: terms.label });
  if (published && published.bodySha256 !== bodySha256) {
    throw Refusal.of(
      'ALREADY_EXISTS',
      `Terms with the label "${terms.label}" were published with another text; give these a new label.`,
      ['version', 'terms', 'label'],
    );
  }
  if (published) return published;
  const created = work.em.create(TermsVersion, {
    id: work.ids.next(),
    programId: program.id,
    label: terms.label,
    body: terms.body,
    bodySha256,
    publishedAt: work.now,
  });
  await work.em.flush();
  return created;
}

const codeForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function checkProgram(input: CreateProgramInput): Objection[] {
  const problems: Objection[] = [];
  if (!codeForm.test(input.code) || input.code.length > 60)
    problems.push(
      invalid(
        'code',
        `A program's code is lower-case words joined by hyphens, at most 60 characters, not "${input.code}".`,
      ),
    );
  if (!codeForm.test(input.productCode) || input.productCode.length > 60)
    problems.push(
      invalid('productCode', 'A product’s code is lower-case words joined by hyphens, at most 60 characters.'),
    );
  for (const [field, longest] of [
    ['name', 200],
    ['summary', 2000],
    ['productName', 200],
  ] as const) {
    const text = input[field].trim();
    if (text === '' || text.length > longest) problems.push(invalid(field, `Give 1 to ${longest} characters.`));
  }
  return problems;
}

function checkVersion(input: ProgramVersionInput): Objection[] {
  const problems: Objection[] = [...checkQuestionnaire(input.questionnaire)];
  problems.push(
    ...checkWorkflow(input.workflow).map((problem) => ({ ...problem, path: ['workflow', ...(problem.path ?? [])] })),
  );
  const keys = new Set<string>();
  input.documentRequirements.forEach((requirement, position) => {
    const at = ['documentRequirements', String(position)];
    if (!codeForm.test(requirement.key))
      problems.push({
        code: 'INVALID',
        message: `A requirement's key is lower-case words joined by hyphens, not "${requirement.key}".`,
        path: [...at, 'key'],
      });
    if (requirement.key === informationRequestKey)
      problems.push({
        code: 'INVALID',
        message: `"${informationRequestKey}" is for documents that answer questions of staff; choose another key.`,
        path: [...at, 'key'],
      });
    if (keys.has(requirement.key))
      problems.push({
        code: 'INVALID',
        message: `Two requirements have the key "${requirement.key}".`,
        path: [...at, 'key'],
      });
    if (requirement.title.trim() === '')
      problems.push({ code: 'REQUIRED', message: 'A requirement needs a title.', path: [...at, 'title'] });
    keys.add(requirement.key);
  });
  if (input.terms.label.trim() === '')
    problems.push({ code: 'REQUIRED', message: 'Terms need a label, e.g. "2026-11".', path: ['terms', 'label'] });
  if (input.terms.body.trim() === '')
    problems.push({ code: 'REQUIRED', message: 'Terms need a text.', path: ['terms', 'body'] });
  if (!Number.isInteger(input.grantMonths) || input.grantMonths < 1 || input.grantMonths > 120)
    problems.push(invalid('grantMonths', 'A grant lasts from 1 to 120 months.'));
  const screening = input.screening ? checkScreeningPolicy(input.screening) : [];
  problems.push(...screening.map((problem) => ({ ...problem, path: ['screening', ...(problem.path ?? [])] })));
  return problems.map((problem) => ({ ...problem, path: ['version', ...(problem.path ?? [])] }));
}

function invalid(field: string, message: string): Objection {
  return { code: 'INVALID', message, path: [field] };
}

function refuseProblems(problems: readonly Objection[]): void {
  if (problems.length > 0) throw new Refusal(problems.map((problem) => ({ ...problem, path: problem.path ?? [] })));
}
