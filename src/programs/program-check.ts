import { checkGrantPolicy, type GivenGrantPolicy, wholeGrantPolicy } from '../lifecycle/grant-policy.js';
import type { Objection } from '../lifecycle/ruling.js';
import { checkScreeningPolicy, type ScreeningPolicy } from '../lifecycle/screening.js';
import type { Workflow } from '../lifecycle/workflow.js';
import { checkWorkflow } from '../lifecycle/workflow-check.js';
import type { DocumentRequirement, Questionnaire } from './program.entity.js';
import { decisionLetterKey, informationRequestKey } from './program-version.queries.js';
import { checkQuestionnaire } from './questionnaire.js';
import { type OperatorGround, surroundingsOf } from './workflow-surroundings.queries.js';

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
  /** Seats, renewal and recertification of grants; the portal's own way when it is not said. */
  readonly grantPolicy?: GivenGrantPolicy | null;
}

export interface CreateProgramInput {
  readonly version: ProgramVersionInput;
  readonly code: string;
  readonly name: string;
  readonly summary: string;
  readonly productCode: string;
  readonly productName: string;
}

const codeForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Every reason why a program cannot be created, apart from its first version; none when it can. */
export function checkProgram(input: CreateProgramInput): Objection[] {
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

/** Every reason why a version cannot be published, each under `version`; none when it can. */
export function checkVersion(input: ProgramVersionInput, operator: OperatorGround): Objection[] {
  const problems: Objection[] = [...checkQuestionnaire(input.questionnaire)];
  for (const problem of checkWorkflow(input.workflow, surroundingsOf(operator, input)))
    problems.push({ ...problem, path: ['workflow', ...(problem.path ?? [])] });
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
    if (requirement.key === decisionLetterKey)
      problems.push({
        code: 'INVALID',
        message: `"${decisionLetterKey}" is for letters of the portal; choose another key.`,
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
  problems.push(...checkTerms(input.terms));
  if (!Number.isInteger(input.grantMonths) || input.grantMonths < 1 || input.grantMonths > 120)
    problems.push(invalid('grantMonths', 'A grant lasts from 1 to 120 months.'));
  const screening = input.screening ? checkScreeningPolicy(input.screening) : [];
  problems.push(...screening.map((problem) => ({ ...problem, path: ['screening', ...(problem.path ?? [])] })));
  problems.push(...problemsOfGrantPolicy(input));
  return problems.map((problem) => ({ ...problem, path: ['version', ...(problem.path ?? [])] }));
}

/** Everything that is wrong with terms, by the paths of their input. */
export function checkTerms({ label, body }: ProgramVersionInput['terms']): readonly Objection[] {
  const problems: Objection[] = [];
  if (label.trim() === '')
    problems.push({ code: 'REQUIRED', message: 'Terms need a label, e.g. "2026-11".', path: ['terms', 'label'] });
  if (body.trim() === '') problems.push({ code: 'REQUIRED', message: 'Terms need a text.', path: ['terms', 'body'] });
  return problems;
}

function invalid(field: string, message: string): Objection {
  return { code: 'INVALID', message, path: [field] };
}

function problemsOfGrantPolicy({ grantPolicy, questionnaire, workflow }: ProgramVersionInput): Objection[] {
  if (!grantPolicy) return [];
  const { properties } = questionnaire;
  const questions = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const stages = workflow.stages.map(({ key }) => key);
  const problems = checkGrantPolicy(wholeGrantPolicy(grantPolicy), { questions, stages });
  return problems.map((problem) => ({ ...problem, path: ['grantPolicy', ...(problem.path ?? [])] }));
}
