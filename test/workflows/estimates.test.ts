import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { day, eventually, listAt, look, type Partner, Story } from '../journeys/story.js';
import { Past } from './past-applications.js';

const hour = 60 * 60;
const { workflow } = sampleProgram.version;
/** Time goes on day and night here, so that hours are hours whenever the test runs. */
const aroundTheClock = {
  ...workflow,
  calendar: {
    ...workflow.calendar,
    hours: (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const).map((weekday) => ({
      day: weekday,
      from: '00:00',
      to: '24:00',
    })),
  },
};

const estimateFields = `estimate { expectedAt likelyBefore unknownBecause
  stages { stage { key } medianSeconds percentileNinetySeconds unknownBecause } }`;

describe('how long an application may still take', () => {
  let story: Story;
  let past: Past;
  let programId: string;
  let partner: Partner;
  let applicationId: string;
  let auditor: PortalClient;

  beforeAll(async () => {
    story = await Story.open();
    past = new Past(story.desk.database);
    const version = { ...sampleProgram.version, workflow: aroundTheClock };
    programId = encodeId('program', await story.desk.program({ code: 'around-the-clock', version }));
    auditor = await story.staff('AUDITOR');
    partner = await story.partner('Esti Mate', 'Estimated Utilities');
    applicationId = await story.submittedTo(partner, programId);
  });
  afterAll(() => story.close());

  const daysAgo = (days: number) => new Date(story.desk.clock.now().getTime() - days * day);
  const stays = (...hours: readonly [number, number, number, number]) =>
    ['intake', 'screening', 'technical-review', 'decision'].map((stageKey, n) => ({ stageKey, hours: hours[n] ?? 0 }));
  const seen = async (client = partner.owner) => valueAt(await look(client, applicationId, estimateFields), 'estimate');
  const medians = async () => listAt(await seen(), 'stages').map((stage) => valueAt(stage, 'medianSeconds'));
  /** Runs the job and waits until what it finds out is seen. */
  const refresh = async (check: () => Promise<void>) => {
    await story.run('applications.history');
    await eventually(check);
  };

  it('is not told while there is no history', async () => {
    expect(await seen()).toEqual({
      expectedAt: null,
      likelyBefore: null,
      unknownBecause: 'TOO_LITTLE_HISTORY',
      stages: ['intake', 'screening', 'technical-review', 'decision'].map((key) => ({
        stage: { key },
        medianSeconds: null,
        percentileNinetySeconds: null,
        unknownBecause: 'TOO_LITTLE_HISTORY',
      })),
    });
  });

  it('is not told by few, nor by many of few organizations, nor by long ago', async () => {
    const add = (organization: number, days: number) =>
      past.add({ organization, programId, from: daysAgo(days), stays: stays(2, 5, 10, 4) });
    for (let n = 0; n < 9; n += 1) await add(n % 4, 20);
    for (let n = 0; n < 20; n += 1) await add(n, 120);
    await story.run('applications.history');
    // Another program with history shows that the job is done.
    const other = encodeId('program', await story.desk.program({ code: 'other' }));
    for (let n = 0; n < 10; n += 1)
      await past.add({ organization: n, programId: other, from: daysAgo(20), stays: stays(1, 1, 1, 1) });
    const others = await story.partner('Otto Other', 'Other Utilities');
    const ofOther = await story.submittedTo(others, other);
    await refresh(async () => {
      const estimate = await look(others.owner, ofOther, 'estimate { stages { medianSeconds } }');
      expect(valueAt(estimate, 'estimate', 'stages', 0, 'medianSeconds')).toBe(hour);
    });
    expect(await medians()).toEqual([null, null, null, null]);
  });

  it('is told by ten of five organizations, to the hour: half of them, and nine of ten', async () => {
    await past.add({ organization: 5, programId, from: daysAgo(20), stays: stays(2.4, 5, 10, 30) });
    await refresh(async () => expect(await medians()).toEqual([2 * hour, 5 * hour, 10 * hour, 4 * hour]));
    expect(await seen()).toMatchObject({
      unknownBecause: null,
      stages: [
        { percentileNinetySeconds: 3 * hour, unknownBecause: null },
        { percentileNinetySeconds: 5 * hour },
        { percentileNinetySeconds: 10 * hour },
        { percentileNinetySeconds: 7 * hour },
      ],
    });
  });

  it('is told in moments, from where it is now', async () => {
    const submittedAt = Date.parse(textAt(await look(partner.owner, applicationId, 'submittedAt'), 'submittedAt'));
    const hoursAfter = (moment: string) => (Date.parse(moment) - submittedAt) / 1000 / hour;
    const estimate = await seen();
    expect(hoursAfter(textAt(estimate, 'expectedAt'))).toBeCloseTo(21, 1);
    expect(hoursAfter(textAt(estimate, 'likelyBefore'))).toBeCloseTo(25, 1);
  });

  it('is told likewise to staff, and to nobody else', async () => {
    const [own, ofStaff] = [await seen(), await seen(auditor)];
    expect(valueAt(ofStaff, 'stages')).toEqual(valueAt(own, 'stages'));
    const stranger = await story.partner('Sonja Stranger', 'Strange Utilities');
    expect(await seen(stranger.owner)).toBeUndefined();
  });

  it('leaves out those that are still there, and those that were withdrawn there', async () => {
    const slow = { programId, from: daysAgo(30), stays: stays(2, 5, 400, 0).slice(0, 3) };
    for (let n = 0; n < 30; n += 1) {
      await past.add({ ...slow, organization: 50 + n, status: 'IN_REVIEW' });
      await past.add({ ...slow, organization: 50 + n, status: 'WITHDRAWN' });
    }
    for (let n = 0; n < 100; n += 1)
      await past.add({ organization: n, programId, from: daysAgo(10), stays: stays(8, 5, 10, 4) });
    await refresh(async () => expect(await medians()).toEqual([8 * hour, 5 * hour, 10 * hour, 4 * hour]));
  });

  it('is told as long as the history is recent, and not afterwards', async () => {
    story.pass(100 * day);
    const owner = await story.signInAgain(partner.email);
    await refresh(async () => {
      const estimate = await look(owner, applicationId, estimateFields);
      expect(valueAt(estimate, 'estimate', 'unknownBecause')).toBe('TOO_LITTLE_HISTORY');
    });
  });
});
