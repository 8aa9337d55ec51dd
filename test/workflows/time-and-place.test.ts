import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { day, listAt, look, type Partner, Story } from '../journeys/story.js';

const timeFields = `time { chargedSeconds pausedSeconds calendarSeconds
  stages { stage { key name } chargedSeconds slaSeconds } intervals { kind stage { key } startedAt endedAt cause } }`;

describe('an application in its queue', () => {
  let story: Story;
  let partners: Partner[];
  let applications: string[];

  beforeAll(async () => {
    story = await Story.open();
    partners = [];
    applications = [];
    for (const name of ['Una', 'Dora', 'Tria']) {
      const partner = await story.partner(`${name} Queue`, `${name} Utilities`);
      partners.push(partner);
      applications.push(await story.submitted(partner));
    }
  });
  afterAll(() => story.close());

  const owner = (n: number): Partner => {
    const partner = partners[n];
    if (!partner) throw new Error(`There is no partner ${n}.`);
    return partner;
  };
  const position = async (n: number, client: PortalClient = owner(n).owner) =>
    valueAt(await look(client, applications[n] ?? '', 'queuePosition'), 'queuePosition');
  const positions = () => Promise.all([0, 1, 2].map((n) => position(n)));

  it('tells its partner how many are before it, and nobody else of theirs', async () => {
    expect(await positions()).toEqual([0, 1, 2]);
    const auditor = await story.staff('AUDITOR');
    expect(await Promise.all([0, 1, 2].map((n) => position(n, auditor)))).toEqual([0, 1, 2]);
    expect(await look(owner(0).owner, applications[1] ?? '', 'queuePosition')).toBeNull();
    expect(await look(owner(1).owner, applications[1] ?? '', 'queue dueAt queuePosition')).toEqual({
      queue: null,
      dueAt: null,
      queuePosition: 1,
    });
  });

  it('moves up when one before it leaves the queue, and has no place while its partner is asked', async () => {
    const intake = await story.staff('INTAKE');
    await intake.must('startReview', { applicationId: applications[0] });
    expect(await positions()).toEqual([0, 0, 1]);
    await intake.must('requestInformation', {
      applicationId: applications[1],
      questions: [{ text: 'Which systems?' }],
    });
    expect(await positions()).toEqual([0, null, 0]);
    const draft = await story.draft(await story.partner('Dana Draft', 'Draft Utilities'));
    const auditor = await story.staff('AUDITOR');
    expect(await look(auditor, draft, 'queuePosition')).toBeNull();
  });

  it('stays where it is, for its partner, when a decision is proposed', async () => {
    const [first, second] = [await story.partner('Ada First', 'First'), await story.partner('Bea Second', 'Second')];
    const early = await story.atDecision(first);
    const late = await story.atDecision(second);
    const place = async (client: PortalClient, id: string) =>
      valueAt(await look(client, id, 'queuePosition'), 'queuePosition');
    expect([await place(first.owner, early), await place(second.owner, late)]).toEqual([0, 1]);
    const before = await look(
      second.owner,
      late,
      `status ${timeFields} estimate { stages { stage { key } } } queuePosition`,
    );
    await story.propose(late, { outcome: 'APPROVE' });
    const decider = await story.staff('DECIDER');
    // A countersignature is due sooner than a decision, so staff see it first.
    expect(await place(decider, late)).toBe(0);
    expect(await place(second.owner, late)).toBe(1);
    const after = await look(
      second.owner,
      late,
      `status ${timeFields} estimate { stages { stage { key } } } queuePosition`,
    );
    expect(withoutSeconds(after)).toEqual(withoutSeconds(before));
    const ofStaff = await look(decider, late, timeFields);
    expect(listAt(ofStaff, 'time', 'intervals').at(-1)).toMatchObject({
      stage: { key: 'countersignature' },
      cause: 'DECISION_PROPOSED',
      endedAt: null,
    });
  });
});

describe('the time of an application', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  it('is counted in both ways, and the pause is seen', async () => {
    const partner = await story.partner('Tina Time', 'Time Utilities');
    const applicationId = await story.inScreening(partner);
    story.pass(7 * day);
    await (await story.staff('REVIEWER')).must('requestInformation', {
      applicationId,
      questions: [{ text: 'Which systems?' }],
    });
    story.pass(14 * day);
    const owner = await story.signInAgain(partner.email);
    const seen = await look(owner, applicationId, timeFields);
    const hour = 3600;
    // A week of working days, wherever in it the test begins.
    expect(valueAt(seen, 'time', 'chargedSeconds')).toBeGreaterThanOrEqual(40 * hour);
    expect(valueAt(seen, 'time', 'chargedSeconds')).toBeLessThan(40.1 * hour);
    expect(valueAt(seen, 'time', 'pausedSeconds')).toBeGreaterThanOrEqual(14 * 24 * hour);
    expect(valueAt(seen, 'time', 'calendarSeconds')).toBeGreaterThanOrEqual(21 * 24 * hour);
    expect(listAt(seen, 'time', 'intervals')).toEqual([
      {
        kind: 'RUNNING',
        stage: { key: 'intake' },
        startedAt: expect.any(String),
        endedAt: expect.any(String),
        cause: 'SUBMITTED',
      },
      {
        kind: 'RUNNING',
        stage: { key: 'screening' },
        startedAt: expect.any(String),
        endedAt: expect.any(String),
        cause: 'REVIEW_STARTED',
      },
      {
        kind: 'PAUSED',
        stage: { key: 'screening' },
        startedAt: expect.any(String),
        endedAt: null,
        cause: 'INFORMATION_REQUESTED',
      },
    ]);
    const auditor = await story.staff('AUDITOR');
    const ofStaff = await look(auditor, applicationId, timeFields);
    expect(listAt(ofStaff, 'time', 'stages').map((stage) => valueAt(stage, 'slaSeconds'))).toEqual([
      16 * hour,
      24 * hour,
    ]);
    expect(listAt(ofStaff, 'time', 'intervals').map((one) => textAt(one, 'cause'))).toEqual([
      'SUBMITTED',
      'REVIEW_STARTED',
      'INFORMATION_REQUESTED',
    ]);
  });

  it('is none before it is submitted', async () => {
    const partner = await story.partner('Dirk Draft', 'Drafting Utilities');
    const draft = await story.draft(partner);
    expect(
      await look(partner.owner, draft, 'time { chargedSeconds } estimate { unknownBecause } queuePosition'),
    ).toEqual({
      time: null,
      estimate: null,
      queuePosition: null,
    });
  });
});

/** Some seconds pass between two looks. */
function withoutSeconds(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer, (name, value: unknown) => (/Seconds$/.test(name) ? 'some' : value)));
}
