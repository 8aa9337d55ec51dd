import { describe, expect, it } from '@jest/globals';
import { checkReplacements, newDemands, stageUnder } from '../../src/lifecycle/version-change.js';
import type { Stage, Workflow } from '../../src/lifecycle/workflow.js';
import { workflow } from './situations.js';

const [screening, review, decision] = workflow.stages as readonly [Stage, Stage, Stage];

/** Screening is gone, review is called otherwise. */
const target: Workflow = { ...workflow, stages: [{ ...review, key: 'technical-review' }, decision] };

const place = (stageKey: string | null, status: 'IN_REVIEW' | 'UNDER_APPEAL' | 'SUBMITTED' = 'IN_REVIEW') => ({
  status,
  stageKey,
});

describe('an application under another workflow', () => {
  it('goes on at the stage of the same name', () => {
    expect(stageUnder(target, place('decision'), [])).toEqual({ stage: decision, objections: [] });
    expect(stageUnder(workflow, place('screening'), [])).toEqual({ stage: screening, objections: [] });
  });

  it('goes on at the stage that takes the place of its own, also when it has its own', () => {
    const replacements = [
      { from: 'screening', to: 'technical-review' },
      { from: 'decision', to: 'technical-review' },
    ];
    expect(stageUnder(target, place('screening'), replacements).stage?.key).toBe('technical-review');
    expect(stageUnder(target, place('decision'), replacements).stage?.key).toBe('technical-review');
  });

  it('does not go on where nobody said which stage takes the place of its own', () => {
    expect(stageUnder(target, place('review'), [{ from: 'screening', to: 'technical-review' }])).toEqual({
      stage: null,
      objections: [
        {
          code: 'REQUIRED',
          path: ['stages'],
          message:
            'The new version has no stage "review", at which the application is. Say which of technical-review, decision takes its place.',
        },
      ],
    });
  });

  it('stays at intake before its review, and at the decision on appeal', () => {
    expect(stageUnder(target, place(null, 'SUBMITTED'), [])).toEqual({ stage: null, objections: [] });
    const renamed = { ...target, stages: [...target.stages.slice(0, 1), { ...decision, key: 'ruling' }] };
    expect(stageUnder(renamed, place('decision', 'UNDER_APPEAL'), []).stage?.key).toBe('ruling');
  });

  it('is told of every replacement that cannot be', () => {
    const wrong = [
      { from: 'review', to: 'technical-review' },
      { from: 'screening', to: 'nowhere' },
      { from: 'review', to: 'decision' },
    ];
    expect(checkReplacements(target, wrong).map(({ path }) => path?.join('.'))).toEqual([
      'stages.1.to',
      'stages.2.from',
    ]);
    expect(checkReplacements(target, wrong.slice(0, 1))).toEqual([]);
  });

  it('asks of the partner what is new, and not what was missing before', () => {
    const missing = (...path: string[]) => ({ code: 'REQUIRED', message: 'It is missing.', path }) as const;
    const before = [missing('documents', 'statement')];
    const under = [missing('documents', 'statement'), missing('terms'), missing('answers', 'seats')];
    expect(newDemands(under, before)).toEqual(under.slice(1));
    expect(newDemands(before, under)).toEqual([]);
  });
});
