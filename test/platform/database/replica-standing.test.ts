import { describe, expect, it } from '@jest/globals';
import { type Mark, Standing } from '../../../src/platform/database/replica-standing.js';

const second = 1_000;

describe('a replica’s standing', () => {
  /** One that may be ten seconds behind; looked at as often as a test says. */
  function watched() {
    const standing = new Standing(10 * second);
    const mark = (log: number, position: number, isReplica: boolean): Mark => ({
      identity: 'cluster/portal',
      isReplica,
      log,
      position,
    });
    return (at: number, primaryLog: number, replicaLog: number, changed: Partial<Mark> = {}, primaryPosition = 0) => {
      const primary = mark(primaryLog, primaryPosition, false);
      standing.sawPrimary(at * second, primary);
      standing.sawReplica(at * second, { ...mark(replicaLog, 0, true), ...changed }, primary);
      return { problem: standing.problem, lag: standing.lagMs / second };
    };
  }

  it('is bad before it was looked at, and when it could not be', () => {
    const standing = new Standing(second);
    expect(standing.problem).toBe('it has not been looked at yet');
    standing.failed('connect ECONNREFUSED');
    expect(standing.problem).toBe('connect ECONNREFUSED');
  });

  it('is good at once when it has all there is, and as long as it is not too far behind', () => {
    const look = watched();
    expect(look(0, 100, 100)).toEqual({ problem: null, lag: 0 });
    expect(look(1, 200, 100)).toEqual({ problem: null, lag: 0 });
    expect(look(5, 300, 100)).toEqual({ problem: null, lag: 4 });
    expect(look(11, 400, 100)).toEqual({ problem: 'it is 10 s behind or more', lag: 10 });
    expect(look(12, 500, 199)).toEqual({ problem: 'it is 11 s behind or more', lag: 11 });
    expect(look(13, 500, 200)).toEqual({ problem: null, lag: 8 });
    expect(look(14, 500, 500)).toEqual({ problem: null, lag: 0 });
  });

  it('does not grow worse while nothing happens on the primary', () => {
    const look = watched();
    for (const at of [0, 10, 20, 3_600]) expect(look(at, 100, 100)).toEqual({ problem: null, lag: 0 });
  });

  it('is bad at first when it lacks what was there when it was looked at first', () => {
    const look = watched();
    expect(look(0, 1_000, 100).problem).toBe('it has not caught up yet');
    expect(look(1, 2_000, 900).problem).toBe('it has not caught up yet');
    expect(look(2, 3_000, 1_500).problem).toBeNull();
  });

  it('is bad when it cannot be told for too long how far it is behind', () => {
    const standing = new Standing(10 * second);
    const primary: Mark = { identity: 'cluster/portal', isReplica: false, log: 100, position: 1 };
    standing.sawPrimary(0, primary);
    standing.sawReplica(0, { ...primary, isReplica: true }, primary);
    standing.missedPrimary(10 * second);
    expect(standing.problem).toBeNull();
    standing.missedPrimary(11 * second);
    expect(standing.problem).toBe('the primary does not tell how far it has come');
  });

  it('is bad for another database, and for one that takes changes of its own', () => {
    const look = watched();
    expect(look(0, 100, 100, { identity: 'cluster/other' }).problem).toBe('it is not a replica of this database');
    expect(look(1, 100, 100, { isReplica: false }).problem).toBe('it is no replica: it takes changes of its own');
    expect(look(2, 100, 100).problem).toBeNull();
  });

  it('is bad when it lacks more changes than readers can look through', () => {
    const look = watched();
    expect(look(0, 100, 100, {}, 2_000).problem).toBeNull();
    expect(look(1, 200, 150, {}, 2_001).problem).toBe('it lacks the last 2001 changes');
  });
});
