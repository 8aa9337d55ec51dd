import { describe, expect, it } from '@jest/globals';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { isDecisionStage, type Stage, stageAfter, stageByKey, type Workflow } from '../../src/lifecycle/workflow.js';
import { checkWorkflow } from '../../src/lifecycle/workflow-check.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { documents, enoughStaff, officeHours, workflow } from './situations.js';

const [screening, review, decision] = workflow.stages;
if (!screening || !review || !decision) throw new Error('The workflow of these tests has three stages.');

type Staff = readonly (readonly StaffRole[])[] | null;

/** Where the problems of a workflow that differs from a good one are. */
function problems(changes: Partial<Workflow>, staff: Staff = null): string[] {
  return told(changes, staff).map(({ code, path }) => `${code} ${path?.join('.')}`);
}

function told(changes: Partial<Workflow>, staff: Staff = null) {
  return checkWorkflow({ ...workflow, ...changes }, { documents, staff });
}

/** The same for one whose first stage differs. */
function problemsOfStage(changes: Partial<Stage>, staff: Staff = null): string[] {
  return problems({ stages: [{ ...screening, ...changes } as Stage, review as Stage, decision as Stage] }, staff);
}

describe('a workflow', () => {
  it('can be worked when nothing is wrong with it', () => {
    expect(problems({}, enoughStaff)).toEqual([]);
    const { workflow: sample, documentRequirements } = sampleProgram.version;
    const keys = documentRequirements.map(({ key }) => key);
    expect(checkWorkflow(sample, { documents: keys, staff: null })).toEqual([]);
  });

  it('may have a single stage, where decisions are proposed', () => {
    expect(problems({ stages: [decision] }, enoughStaff)).toEqual([]);
  });

  it('needs a decision stage, and has at most twenty stages', () => {
    expect(told({ stages: [] })).toMatchObject([
      { path: ['stages'], message: expect.stringContaining('decision stage is missing') },
    ]);
    expect(told({ stages: [screening, review] })).toMatchObject([
      { path: ['stages', '1', 'advanceBy'], message: expect.stringContaining('decision stage is missing') },
    ]);
    const many = (count: number) =>
      Array.from({ length: count }, (_, position) => ({
        ...(position === count - 1 ? decision : screening),
        key: `stage-${position}`,
      }));
    expect(problems({ stages: many(20) })).toEqual([]);
    expect(problems({ stages: many(21) })).toEqual(['INVALID stages']);
  });

  it.each(['Screening', 'two words', 'under_score', '-screening', 'screening-', 'a--b', ''])(
    'does not call a stage, a check or a queue “%s”',
    (name) => {
      expect(problemsOfStage({ key: name })).toEqual(['INVALID stages.0.key']);
      expect(problemsOfStage({ queue: name })).toEqual(['INVALID stages.0.queue']);
      expect(problems({ intake: { ...workflow.intake, queue: name } })).toEqual(['INVALID intake.queue']);
      expect(problemsOfStage({ requiredChecks: [{ key: name, title: 'A check', by: ['INTAKE'] }] })).toEqual([
        'INVALID stages.0.requiredChecks.0.key',
      ]);
    },
  );

  it('names its stages, each by a key of its own, which is that of no other clock', () => {
    expect(problemsOfStage({ key: 'review' })).toEqual(['INVALID stages.1.key']);
    expect(problemsOfStage({ key: 'intake' })).toEqual(['INVALID stages.0.key']);
    expect(problemsOfStage({ key: 'countersignature' })).toEqual(['INVALID stages.0.key']);
    expect(problemsOfStage({ name: '  ' })).toEqual(['INVALID stages.0.name']);
    expect(problemsOfStage({ name: 'x'.repeat(201) })).toEqual(['INVALID stages.0.name']);
  });

  it.each([0, -1, 1.5, 2001, Number.NaN, Number.POSITIVE_INFINITY])('gives nobody %p working hours', (hours) => {
    expect(problemsOfStage({ slaWorkingHours: hours })).toEqual(['INVALID stages.0.slaWorkingHours']);
    expect(problems({ intake: { ...workflow.intake, slaWorkingHours: hours } })).toEqual([
      'INVALID intake.slaWorkingHours',
    ]);
    expect(problems({ countersignWithinWorkingHours: hours })).toEqual(['INVALID countersignWithinWorkingHours']);
  });

  it.each([
    ['decideWithinWorkingHours', [0, 10_001, 0.5]],
    ['warnAtPercent', [0, 100, 50.5]],
    ['appealWithinDays', [-1, 366, 0.5, Number.NaN]],
  ] as const)('keeps %s within bounds', (field, numbers) => {
    for (const number of numbers) expect(problems({ [field]: number })).toEqual([`INVALID ${field}`]);
  });

  it('takes the smallest and the largest numbers allowed', () => {
    expect(problemsOfStage({ slaWorkingHours: 1 })).toEqual([]);
    expect(problems({ appealWithinDays: 0, countersignWithinWorkingHours: 2000, warnAtPercent: 1 })).toEqual([]);
    expect(problems({ appealWithinDays: 365, decideWithinWorkingHours: 10_000, warnAtPercent: 99 })).toEqual([]);
  });

  it('can be left at every stage but the last, by roles that move applications on', () => {
    expect(problemsOfStage({ advanceBy: [] })).toEqual(['INVALID stages.0.advanceBy']);
    expect(problemsOfStage({ advanceBy: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'] })).toEqual([]);
    expect(problemsOfStage({ advanceBy: ['AUDITOR'] })).toEqual(['INVALID stages.0.advanceBy']);
    expect(problemsOfStage({ advanceBy: ['INTAKE', 'ADMIN'] })).toEqual(['INVALID stages.0.advanceBy']);
  });

  it.each([0, -1, 0.5, 11, Number.NaN])('does not ask for %p recommendations', (count) => {
    expect(problemsOfStage({ requiredRecommendations: [{ role: 'REVIEWER', count }] })).toEqual([
      'INVALID stages.0.requiredRecommendations.0.count',
    ]);
  });

  it('asks for recommendations by roles that recommend, each once', () => {
    const asking = (...roles: StaffRole[]) =>
      problemsOfStage({ requiredRecommendations: roles.map((role) => ({ role, count: 1 })) });
    expect(asking('INTAKE', 'REVIEWER', 'DECIDER')).toEqual([]);
    expect(asking('AUDITOR')).toEqual(['INVALID stages.0.requiredRecommendations.0.role']);
    expect(asking('REVIEWER', 'REVIEWER')).toEqual(['INVALID stages.0.requiredRecommendations.1.role']);
  });

  it('has checks that somebody can mark, each of a key of its own', () => {
    const check = { key: 'registered', title: 'Registered', by: ['INTAKE'] as StaffRole[] };
    const path = 'INVALID stages.0.requiredChecks';
    expect(problemsOfStage({ requiredChecks: [check, { ...check, key: 'known' }] })).toEqual([]);
    expect(problemsOfStage({ requiredChecks: [check, check] })).toEqual([`${path}.1.key`]);
    expect(problemsOfStage({ requiredChecks: [{ ...check, title: ' ' }] })).toEqual([`${path}.0.title`]);
    expect(problemsOfStage({ requiredChecks: [{ ...check, by: [] }] })).toEqual([`${path}.0.by`]);
    expect(problemsOfStage({ requiredChecks: [{ ...check, by: ['PROGRAM_MANAGER'] }] })).toEqual([`${path}.0.by`]);
    const many = Array.from({ length: 21 }, (_, n) => ({ ...check, key: `check-${n}` }));
    expect(problemsOfStage({ requiredChecks: many })).toEqual([path]);
  });

  it('requires documents that the program asks for, each once', () => {
    const path = 'INVALID stages.0.requiredDocuments';
    expect(problemsOfStage({ requiredDocuments: ['no-such-thing'] })).toEqual([`${path}.0`]);
    expect(problemsOfStage({ requiredDocuments: ['end-use-statement', 'end-use-statement'] })).toEqual([`${path}.1`]);
  });

  it('counts by a calendar that can be counted by', () => {
    expect(problems({ calendar: { ...officeHours, timeZone: 'Europe/Nowhere', hours: [] } })).toEqual([
      'INVALID calendar.timeZone',
      'INVALID calendar.hours',
    ]);
  });

  it('tells every problem at once', () => {
    expect(
      problems({
        countersignWithinWorkingHours: 0,
        stages: [{ ...screening, key: 'UPPER', name: '', slaWorkingHours: 0, requiredDocuments: ['no'] }, decision],
      }),
    ).toEqual([
      'INVALID countersignWithinWorkingHours',
      'INVALID stages.0.key',
      'INVALID stages.0.name',
      'INVALID stages.0.slaWorkingHours',
      'INVALID stages.0.requiredDocuments.0',
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

describe('a workflow that there are too few people for', () => {
  const deciders: Staff = [['DECIDER'], ['DECIDER']];
  const manager: Staff = [['PROGRAM_MANAGER']];
  const recommendations = (...required: readonly [StaffRole, number][]) => ({
    ...review,
    key: 'first',
    requiredRecommendations: required.map(([role, count]) => ({ role, count })),
  });

  it('is not looked for while nobody is there at all', () => {
    expect(problems({}, null)).toEqual([]);
  });

  it('tells each queue that nobody works, and who would never be told', () => {
    expect(problems({}, [...deciders])).toEqual([
      'INVALID intake.queue',
      'INVALID escalateTo',
      'INVALID stages.0.advanceBy',
      'INVALID stages.0.requiredChecks.0.by',
      'INVALID stages.1.requiredRecommendations.0.count',
    ]);
  });

  it('needs two deciders, because nobody countersigns their own proposal', () => {
    const staff: Staff = [['INTAKE'], ['REVIEWER'], ['REVIEWER'], ...manager];
    expect(problems({}, [...staff, ['DECIDER']])).toEqual(['INVALID stages.2']);
    expect(problems({}, [...staff, ['DECIDER'], ['DECIDER']])).toEqual([]);
  });

  it('needs a third one where two must countersign', () => {
    const staff: Staff = [['INTAKE'], ['REVIEWER'], ['REVIEWER'], ...manager, ['DECIDER'], ['DECIDER']];
    expect(problems({ refusalCountersignatures: 2 }, staff)).toEqual(['INVALID stages.2']);
    expect(problems({ refusalCountersignatures: 2 }, [...staff, ['DECIDER']])).toEqual([]);
  });

  it('has a quorum that so many people can make up', () => {
    const stages = [recommendations(['REVIEWER', 3]), decision];
    const staff = (reviewers: number): Staff => [
      ['INTAKE', 'DECIDER'],
      ...deciders,
      ...manager,
      ...Array.from({ length: reviewers }, () => ['REVIEWER'] as const),
    ];
    expect(problems({ stages }, staff(3))).toEqual([]);
    expect(told({ stages }, staff(2))).toEqual([
      {
        code: 'INVALID',
        path: ['stages', '0', 'requiredRecommendations', '0', 'count'],
        message:
          'This asks for recommendations by 3 REVIEWER, all by different people, and of the staff 2 are REVIEWER.',
      },
    ]);
  });

  it('counts nobody in two roles', () => {
    const stages = [recommendations(['REVIEWER', 1], ['DECIDER', 2]), decision];
    const both: Staff = [['INTAKE'], ...manager, ['REVIEWER', 'DECIDER'], ['REVIEWER', 'DECIDER']];
    expect(problems({ stages }, both)).toEqual(['INVALID stages.0.requiredRecommendations']);
    expect(problems({ stages }, [...both, ['DECIDER']])).toEqual([]);
    expect(problems({ stages }, [...both, ['REVIEWER']])).toEqual([]);
  });

  it('says of each role what is wrong with it, and not again of several', () => {
    const stages = [recommendations(['REVIEWER', 3], ['INTAKE', 2]), decision];
    expect(problems({ stages }, [['INTAKE'], ['REVIEWER'], ...deciders, ...manager])).toEqual([
      'INVALID stages.0.requiredRecommendations.0.count',
      'INVALID stages.0.requiredRecommendations.1.count',
    ]);
  });
});
