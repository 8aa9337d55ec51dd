import { describe, expect, it } from '@jest/globals';
import { allStaffRoles } from '../../src/lifecycle/roles.js';
import {
  checkWorkflow,
  isDecisionStage,
  type Stage,
  stageAfter,
  stageByKey,
  type Workflow,
} from '../../src/lifecycle/workflow.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { workflow } from './situations.js';

const [screening, review, decision] = workflow.stages;
if (!screening || !review || !decision) throw new Error('The workflow of these tests has three stages.');

/** Where the problems of a workflow that differs from a good one are. */
function problems(changes: Partial<Workflow>): string[] {
  return checkWorkflow({ ...workflow, ...changes }).map(({ code, path }) => `${code} ${path?.join('.')}`);
}

/** The same for one whose first stage differs. */
function problemsOfStage(changes: Partial<Stage>): string[] {
  return problems({ stages: [{ ...screening, ...changes } as Stage, review as Stage, decision as Stage] });
}

describe('a workflow', () => {
  it('can be worked when nothing is wrong with it', () => {
    expect(checkWorkflow(workflow)).toEqual([]);
    expect(checkWorkflow(sampleProgram.version.workflow)).toEqual([]);
  });

  it('may have a single stage, where decisions are proposed', () => {
    expect(problems({ stages: [decision] })).toEqual([]);
  });

  it('needs a stage, and has at most twenty', () => {
    expect(problems({ stages: [] })).toEqual(['INVALID stages']);
    const many = (count: number) =>
      Array.from({ length: count }, (_, position) => ({
        ...(position === count - 1 ? decision : screening),
        key: `stage-${position}`,
      }));
    expect(problems({ stages: many(20) })).toEqual([]);
    expect(problems({ stages: many(21) })).toEqual(['INVALID stages']);
  });

  it.each(['Screening', 'two words', 'under_score', '-screening', 'screening-', 'a--b', ''])(
    'does not call a stage or a queue “%s”',
    (name) => {
      expect(problemsOfStage({ key: name })).toEqual(['INVALID stages.0.key']);
      expect(problemsOfStage({ queue: name })).toEqual(['INVALID stages.0.queue']);
      expect(problems({ intake: { ...workflow.intake, queue: name } })).toEqual(['INVALID intake.queue']);
    },
  );

  it('names its stages, each by a key of its own', () => {
    expect(problemsOfStage({ key: 'review' })).toEqual(['INVALID stages.1.key']);
    expect(problemsOfStage({ name: '  ' })).toEqual(['INVALID stages.0.name']);
  });

  it.each([0, -1, 1.5, 2001, Number.NaN, Number.POSITIVE_INFINITY])('gives nobody %p working hours', (hours) => {
    expect(problemsOfStage({ slaWorkingHours: hours })).toEqual(['INVALID stages.0.slaWorkingHours']);
    expect(problems({ intake: { ...workflow.intake, slaWorkingHours: hours } })).toEqual([
      'INVALID intake.slaWorkingHours',
    ]);
    expect(problems({ countersignWithinWorkingHours: hours })).toEqual(['INVALID countersignWithinWorkingHours']);
  });

  it.each([-1, 0.5, 366, Number.NaN])('does not let refusals be appealed within %p days', (days) => {
    expect(problems({ appealWithinDays: days })).toEqual(['INVALID appealWithinDays']);
  });

  it.each([-1, 0.5, 11, Number.NaN])('does not ask for %p recommendations', (count) => {
    expect(problemsOfStage({ requiredRecommendations: count })).toEqual(['INVALID stages.0.requiredRecommendations']);
  });

  it('takes the smallest and the largest numbers allowed', () => {
    expect(problemsOfStage({ slaWorkingHours: 1, requiredRecommendations: 10 })).toEqual([]);
    expect(problems({ appealWithinDays: 0, countersignWithinWorkingHours: 2000 })).toEqual([]);
    expect(problems({ appealWithinDays: 365 })).toEqual([]);
  });

  it('can be left at every stage but the last', () => {
    expect(problemsOfStage({ advanceBy: [] })).toEqual(['INVALID stages.0.advanceBy']);
    expect(problemsOfStage({ advanceBy: [...allStaffRoles] })).toEqual([]);
    const { stages } = workflow;
    expect(problems({ stages: [...stages.slice(0, 2), { ...decision, advanceBy: ['DECIDER'] }] })).toEqual([
      'INVALID stages.2.advanceBy',
    ]);
  });

  it('tells every problem at once', () => {
    expect(
      problems({
        countersignWithinWorkingHours: 0,
        stages: [{ ...screening, key: 'UPPER', name: '', slaWorkingHours: 0 }, decision],
      }),
    ).toEqual([
      'INVALID countersignWithinWorkingHours',
      'INVALID stages.0.key',
      'INVALID stages.0.name',
      'INVALID stages.0.slaWorkingHours',
    ]);
  });

  it('knows its stages by key, what comes after each, and where decisions are proposed', () => {
    expect(stageByKey(workflow, 'review')).toBe(review);
    expect(stageByKey(workflow, 'nowhere')).toBeNull();
    expect(stageByKey(workflow, null)).toBeNull();
    expect(stageAfter(workflow, 'screening')).toBe(review);
    expect(stageAfter(workflow, 'decision')).toBeNull();
    expect(stageAfter(workflow, 'nowhere')).toBeNull();
    expect(workflow.stages.map(({ key }) => isDecisionStage(workflow, key))).toEqual([false, false, true]);
    expect(isDecisionStage(workflow, null)).toBe(false);
  });
});
