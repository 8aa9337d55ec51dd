import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, look } from '../journeys/story.js';
import { RoutingDesk } from './routing-desk.js';

describe('an application', () => {
  let desk: RoutingDesk;
  let applicationId: string;
  let intake: PortalClient;
  let reviewer: PortalClient;
  let other: PortalClient;
  let manager: PortalClient;

  const assignee = async (id = applicationId) => valueAt(await desk.whereIs(id), 'assignee');
  const refused = async (client: PortalClient, staffId: string, id = applicationId) => {
    const { errors } = await client.command('assignApplication', { applicationId: id, staffId });
    return errors.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`);
  };
  const offered = async (client: PortalClient, id = applicationId) =>
    (valueAt(await look(client, id, 'availableCommands'), 'availableCommands') as string[]).filter((command) =>
      ['claim', 'release'].includes(command),
    );

  beforeAll(async () => {
    desk = await RoutingDesk.open();
    intake = await desk.story.staff('INTAKE');
    reviewer = await desk.story.staff('REVIEWER', 1);
    other = await desk.story.staff('REVIEWER', 2);
    manager = await desk.story.staff('PROGRAM_MANAGER');
    applicationId = await desk.inScreening();
  }, 120_000);
  afterAll(() => desk.story.close());

  it('is claimed by one who handles its stage, and by no other then', async () => {
    expect(await offered(reviewer)).toEqual(['claim']);
    await reviewer.must('claimApplication', { applicationId });
    expect(await assignee()).toBe(await desk.staffId(reviewer));
    expect([await offered(reviewer), await offered(other), await offered(manager)]).toEqual([
      ['release'],
      [],
      ['release'],
    ]);
    expect(await codesOf(reviewer, 'claimApplication', { applicationId })).toEqual(['ALREADY_EXISTS']);
    expect(await codesOf(other, 'claimApplication', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(other, 'releaseApplication', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('is reassigned to another, and released by them or by a program manager', async () => {
    const otherId = await desk.staffId(other);
    await intake.must('assignApplication', { applicationId, staffId: otherId });
    expect(await assignee()).toBe(otherId);
    await other.must('releaseApplication', { applicationId });
    expect(await assignee()).toBeNull();
    expect(await codesOf(other, 'releaseApplication', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    await other.must('claimApplication', { applicationId });
    await manager.must('releaseApplication', { applicationId });
    expect(await assignee()).toBeNull();
  });

  it('is claimed once by two who do so at the same moment', async () => {
    const both = [reviewer, other].map((client) => codesOf(client, 'claimApplication', { applicationId }));
    expect((await Promise.all(both)).flat()).toEqual(['NOT_ALLOWED_NOW']);
    await manager.must('releaseApplication', { applicationId });
  });

  it('is given to nobody who cannot work on it, and whoever tries is told why', async () => {
    const decider = await desk.story.staff('DECIDER', 1);
    const deciderId = await desk.staffId(decider);
    const reviewerId = await desk.staffId(reviewer);
    expect(await refused(intake, deciderId)).toEqual([
      expect.stringMatching(
        /^INVALID staffId: Staff decider \d+ holds none of the roles that handle this stage: INTAKE, REV/,
      ),
    ]);
    expect(await codesOf(decider, 'claimApplication', { applicationId })).toEqual(['FORBIDDEN']);
    const awayPeriodId = await desk.isAway(reviewer);
    expect(await refused(intake, reviewerId)).toEqual([
      expect.stringMatching(
        /^NOT_ALLOWED_NOW staffId: Staff reviewer \d+ is away until 20.*Z; assign somebody else\.$/,
      ),
    ]);
    // Whoever takes it themselves is at work.
    await reviewer.must('claimApplication', { applicationId });
    await reviewer.must('removeAwayPeriod', { awayPeriodId });
    await reviewer.must('declareRecusal', { applicationId, reason: 'A former employer.' });
    expect(await refused(intake, reviewerId)).toEqual([
      expect.stringMatching(/^FOUR_EYES staffId: Staff reviewer \d+ belongs to the organization or is recused/),
    ]);
    expect(await codesOf(reviewer, 'claimApplication', { applicationId })).toEqual(['FOUR_EYES']);
  });

  it('is, on appeal, given to nobody who took part in the decision', async () => {
    const partner = await desk.partner();
    const refusal = { outcome: 'REFUSE', reasons: ['Too little was said.'] } as const;
    const decided = await desk.story.decided(partner, refusal);
    await partner.owner.must('appealDecision', { applicationId: decided, grounds: 'More was said.' });
    const decider = await desk.story.staff('DECIDER', 1);
    expect(await refused(intake, await desk.staffId(decider), decided)).toEqual([
      expect.stringMatching(/^FOUR_EYES staffId: .* took part in the decision that is appealed/),
    ]);
    expect(await codesOf(decider, 'claimApplication', { applicationId: decided })).toEqual(['FOUR_EYES']);
    const fresh = await desk.story.staff('DECIDER', 3);
    await fresh.must('claimApplication', { applicationId: decided });
    expect(await assignee(decided)).toBe(await desk.staffId(fresh));
  });

  it('is claimed as it was read, or not at all', async () => {
    const stale: Fields = { applicationId, expectedVersion: 1 };
    expect(await codesOf(other, 'claimApplication', stale)).toEqual(['CONFLICT']);
  });
});
