import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { breaksInAudit } from './invariants.js';
import { moves } from './moves.js';
import { prepareStage, type Stage } from './stage.js';

/** How many plays are played, and how long each may be. More of them find more: `TEST_PLAYS=500 npm test -- test/properties`. */
const plays = Number(process.env.TEST_PLAYS ?? 50);
const longest = 20;

/**
 * Random plays: anybody gives any command, at any time, from anywhere an application can stand, over HTTP. Whatever
 * they do, the rules of the house hold; see play.ts for those that are looked at after each move.
 */
describe('whatever people do', () => {
  let desk: TestPortal;
  let stage: Stage;
  let played = 0;

  beforeAll(async () => {
    desk = await openTestPortal();
    stage = await prepareStage(desk);
  }, 120_000);
  afterAll(() => desk.close());

  it('no rule is broken, nothing leaks, and nothing that was refused leaves a trace', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...stage.beginnings),
        fc.array(moves, { minLength: 1, maxLength: longest, size: 'max' }),
        async (beginning, script) => {
          played += 1;
          expect(await stage.play(beginning, script)).toEqual([]);
        },
      ),
      { numRuns: plays, interruptAfterTimeLimit: 150_000 },
    );
  }, 300_000);

  it('that was, for the most part, everything that can be commanded', () => {
    // A slow machine ends before all is played; half of the plays are enough for almost half of the commands.
    expect(stage.covered()).toBeGreaterThan(played >= 50 ? 0.6 : played >= 25 ? 0.45 : 0);
  });

  it('the audit log is one unbroken chain', async () => {
    expect(await breaksInAudit(desk.database)).toEqual([]);
  });
});
