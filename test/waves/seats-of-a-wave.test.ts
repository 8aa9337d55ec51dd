import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, lookAtGrant } from '../journeys/story.js';
import { type Proposed, Rollout } from './rollout.js';

/** Every application asks for so many. */
const seats = 12;

describe('the seats of a wave', () => {
  let rollout: Rollout;
  /** Who was given more. */
  let larger: readonly number[] = [];
  let inside: readonly (Proposed & { readonly grantId: string })[];

  beforeAll(async () => {
    rollout = await Rollout.open();
    const waveId = await rollout.wave({ name: 'First', capacitySeats: 64 });
    await eventually(async () => expect(await rollout.waves('id status')).toEqual([{ id: waveId, status: 'OPEN' }]));
    inside = [await letIn(), await letIn(), await letIn(), await letIn(), await letIn()];
  }, 120_000);
  afterAll(() => rollout.close());

  async function letIn() {
    const proposed = await rollout.proposed();
    const { id, status } = await rollout.approved(proposed);
    expect(status).toBe('PENDING_PROVISIONING');
    return { ...proposed, grantId: id };
  }
  const one = (which: number) => {
    const found = inside[which];
    if (!found) throw new Error('Nobody else is let in.');
    return found;
  };
  const taken = () => rollout.waves('seatsInside');
  const seatsOf = async (which: number) =>
    lookAtGrant(rollout.planner, one(which).grantId, 'seats place { status seats }');
  async function countersigned({ applicationId, decisionId }: Proposed) {
    const { errors } = await rollout.decider.command('countersignDecision', { applicationId, decisionId });
    return errors.map(({ code, message }) => ({ code, message }));
  }

  it('are not exceeded by an amendment: its countersignature is refused and says how many are left', async () => {
    const amendment = await rollout.amending(one(0), seats + 5);
    const message =
      'It asks for 17 seats instead of 12, and the wave “First” has 4 left: 16 are the most that it can have now.';
    expect(await countersigned(amendment)).toEqual([{ code: 'LIMIT_REACHED', message }]);
    expect(await seatsOf(0)).toEqual({ seats, place: { status: 'HELD', seats } });
    expect(await taken()).toEqual([{ seatsInside: 60 }]);
  });

  it('are given to one amendment after the other, as long as there are some, when several come at once', async () => {
    const amendments = await Promise.all([1, 2, 3].map((which) => rollout.amending(one(which), seats + 2)));
    const answers = await Promise.all(amendments.map(countersigned));
    larger = [1, 2, 3].filter((_which, place) => answers[place]?.length === 0);
    expect(larger).toHaveLength(2);
    expect(answers.flat()).toEqual([{ code: 'LIMIT_REACHED', message: expect.stringContaining('has 0 left') }]);
    expect(await taken()).toEqual([{ seatsInside: 64 }]);
    // Beside approvals that look for a place, too.
    const raising = await rollout.amending(one(4), 30);
    const [grant, refused] = await Promise.all([rollout.approved(await rollout.proposed()), countersigned(raising)]);
    expect([grant.status, refused.map(({ code }) => code)]).toEqual(['WAITLISTED', ['LIMIT_REACHED']]);
    expect(await taken()).toEqual([{ seatsInside: 64 }]);
  });

  it('go to the next who waits when an amendment gives some back', async () => {
    const waiting = await rollout.planner.ask('{ grants(filter: { statuses: [WAITLISTED] }) { nodes { id } } }');
    expect(waiting).toMatchObject({ grants: { nodes: [expect.anything()] } });
    for (const which of larger) expect(await countersigned(await rollout.amending(one(which), 6))).toEqual([]);
    await eventually(async () =>
      expect(await rollout.planner.ask('{ grants(filter: { statuses: [WAITLISTED] }) { nodes { id } } }')).toEqual({
        grants: { nodes: [] },
      }),
    );
    expect(await taken()).toEqual([{ seatsInside: 60 }]);
  });
});
