import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { deadlineWatch } from '../../src/applications/deadline.jobs.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { day, eventually, listAt, look, minute, type Partner, refusal, Story } from '../journeys/story.js';
import { Mishaps } from '../support/mishaps.js';

const hour = 60 * minute;
const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const { workflow } = sampleProgram.version;

/** Hours are hours whenever the test runs; ten for intake, twenty for each stage, a hundred for the whole. */
const quick = {
  ...workflow,
  intake: { ...workflow.intake, slaWorkingHours: 10 },
  stages: workflow.stages.map((stage) => ({ ...stage, slaWorkingHours: 20, requiredRecommendations: [] })),
  countersignWithinWorkingHours: 10,
  decideWithinWorkingHours: 100,
  calendar: { ...workflow.calendar, hours: weekdays.map((weekday) => ({ day: weekday, from: '00:00', to: '24:00' })) },
};

describe('the time that staff have', () => {
  let story: Story;
  let programId: string;
  let count = 0;

  beforeAll(async () => {
    story = await Story.open();
    const version = { ...sampleProgram.version, workflow: quick };
    programId = encodeId('program', await story.desk.program({ code: 'quick', version }));
    for (const role of ['INTAKE', 'PROGRAM_MANAGER'] as const) await story.staff(role);
  });
  afterAll(() => story.close());

  const submitted = async (): Promise<{ partner: Partner; applicationId: string }> => {
    count += 1;
    const partner = await story.partner(`Tim Timely ${String.fromCharCode(96 + count)}`, `Timely Utilities ${count}`);
    return { partner, applicationId: await story.submittedTo(partner, programId) };
  };
  const inScreening = async () => {
    const one = await submitted();
    await (await story.staff('INTAKE')).must('startReview', { applicationId: one.applicationId });
    return one;
  };
  const job = () => {
    const { portal, clock } = story.desk;
    return deadlineWatch({ doorway: portal.doorway, database: portal.database, clock, ids: randomIds });
  };
  const run = (queue = job()) => queue.handle({}, new AbortController().signal);
  /** What staff were told of an application, in order. */
  const told = async (applicationId: string): Promise<string[]> => {
    const found = await sql<{ event: string; payload: string }>`select event, payload from audit_record
      where application_id = ${decodeId('application', applicationId)}
        and event in ('application.due_soon', 'application.overdue') order by sequence`.execute(
      story.desk.database.kysely(),
    );
    return found.rows.map(({ event, payload }) => {
      const { scope, stage } = JSON.parse(payload) as { scope: string; stage: string };
      return `${event.split('.')[1]} ${scope === 'STAGE' ? stage : 'as a whole'}`;
    });
  };

  it('is shown: for the stage and for the whole', async () => {
    const { partner, applicationId } = await inScreening();
    const intake = await story.staff('INTAKE');
    const seen = await look(intake, applicationId, 'submittedAt stageEnteredAt dueAt decisionDueAt');
    const hours = (from: string, to: string) => (Date.parse(textAt(seen, to)) - Date.parse(textAt(seen, from))) / hour;
    expect(hours('stageEnteredAt', 'dueAt')).toBe(20);
    expect(hours('submittedAt', 'decisionDueAt')).toBeCloseTo(100, 1);
    expect(await look(partner.owner, applicationId, 'dueAt decisionDueAt')).toEqual({
      dueAt: null,
      decisionDueAt: null,
    });
  });

  it('is warned of before it is over, and escalated when it is, each once, by e-mail to those whose work it is', async () => {
    const { applicationId } = await submitted();
    const { reference } = (await look(await story.staff('INTAKE'), applicationId, 'reference version')) ?? {};
    await run();
    expect(await told(applicationId)).toEqual([]);
    story.pass(8 * hour + minute);
    await run();
    await run();
    expect(await told(applicationId)).toEqual(['due_soon intake']);
    story.pass(2 * hour);
    await Promise.all([run(), run()]);
    expect(await told(applicationId)).toEqual(['due_soon intake', 'overdue intake']);
    story.pass(day);
    await run();
    expect(await told(applicationId)).toEqual(['due_soon intake', 'overdue intake']);

    const [intake, manager] = [await story.staff('INTAKE'), await story.staff('PROGRAM_MANAGER')];
    const warning = await story.desk.mail.next(await emailOf(intake), new RegExp(`${String(reference)}: due 2`));
    expect(warning).toContain('Go on with it');
    const alarm = await story.desk.mail.next(await emailOf(manager), new RegExp(`${String(reference)}: overdue since`));
    expect(alarm).toContain('who has it in hand');
  });

  it('changes nothing of what somebody is deciding on', async () => {
    const { applicationId } = await submitted();
    const before = await look(await story.staff('INTAKE'), applicationId, 'version updatedAt');
    story.pass(day);
    await run();
    expect(await told(applicationId)).toEqual(['overdue intake']);
    expect(await look(await story.staff('INTAKE'), applicationId, 'version updatedAt')).toEqual(before);
  });

  it('stops while the partner is asked, and is told of once however often it goes on', async () => {
    const { partner, applicationId } = await inScreening();
    story.pass(17 * hour);
    await run();
    expect(await told(applicationId)).toEqual(['due_soon screening']);
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('requestInformation', { applicationId, questions: [{ text: 'Which systems?' }] });
    expect(await look(reviewer, applicationId, 'dueAt decisionDueAt')).toEqual({ dueAt: null, decisionDueAt: null });
    story.pass(20 * day);
    await run();
    const owner = await story.signInAgain(partner.email);
    const asked = await look(owner, applicationId, 'informationRequests { id }');
    const informationRequestId = textAt(asked, 'informationRequests', 0, 'id');
    await owner.must('respondToInformationRequest', {
      applicationId,
      informationRequestId,
      answers: [{ question: 1, text: 'Ours.' }],
    });
    await run();
    expect(await told(applicationId)).toEqual(['due_soon screening']);
    const resumed = await look(
      await story.staff('REVIEWER'),
      applicationId,
      'dueAt time { chargedSeconds pausedSeconds calendarSeconds }',
    );
    const { chargedSeconds, pausedSeconds, calendarSeconds } = valueAt(resumed, 'time') as Record<string, number>;
    expect(chargedSeconds).toBeCloseTo(17 * 3600, -2);
    expect(pausedSeconds).toBeCloseTo(20 * 24 * 3600, -2);
    expect(calendarSeconds).toBeCloseTo(20 * 24 * 3600 + 17 * 3600, -2);
    expect((Date.parse(textAt(resumed, 'dueAt')) - story.desk.clock.now().getTime()) / hour).toBeCloseTo(3, 1);
    story.pass(4 * hour);
    await run();
    expect(await told(applicationId)).toEqual(['due_soon screening', 'overdue screening']);
  });

  it('is warned of to whoever has the application in hand, and to nobody else then', async () => {
    const { applicationId } = await inScreening();
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('assignApplication', { applicationId, staffId: await staffIdOf(reviewer) });
    story.pass(17 * hour);
    await run();
    const payloads = await sql<{
      payload: string;
    }>`select payload from audit_record where event = 'application.due_soon'
      and application_id = ${decodeId('application', applicationId)}`.execute(story.desk.database.kysely());
    expect(JSON.parse(payloads.rows[0]?.payload ?? '{}')).toMatchObject({ stage: 'screening', roles: [] });
    const { reference } = (await look(await story.staff('REVIEWER'), applicationId, 'reference')) ?? {};
    const email = await emailOf(await story.staff('REVIEWER'));
    expect(await story.desk.mail.next(email, new RegExp(`${String(reference)}: due 2`))).toContain('Go on');
  });

  it('for the whole is told of, too, and begins anew on appeal', async () => {
    const { partner, applicationId } = await inScreening();
    for (let stage = 0; stage < 2; stage += 1) {
      story.pass(19 * hour);
      await (await story.staff('REVIEWER')).must('advanceStage', { applicationId });
    }
    story.pass(45 * hour);
    await run();
    expect(await told(applicationId)).toEqual(['overdue decision', 'due_soon as a whole']);
    story.pass(20 * hour);
    await run();
    expect((await told(applicationId)).slice(2)).toEqual(['overdue as a whole']);
    const decisionId = await story.propose(applicationId, refusal);
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
    const owner = await story.signInAgain(partner.email);
    await owner.must('appealDecision', { applicationId, grounds: 'It is in scope.' });
    const seen = await look(await story.staff('DECIDER'), applicationId, 'appealedAt dueAt decisionDueAt');
    const hoursTo = (field: string) =>
      (Date.parse(textAt(seen, field)) - Date.parse(textAt(seen, 'appealedAt'))) / hour;
    expect([hoursTo('dueAt'), hoursTo('decisionDueAt')]).toEqual([20, 100]);
    story.pass(21 * hour);
    await run();
    expect((await told(applicationId)).slice(3)).toEqual(['overdue decision']);
  });

  it('is told of by the next run when one was cut off, and nothing is told twice', async () => {
    const applications = [await submitted(), await submitted(), await submitted()];
    story.pass(day);
    new Mishaps(story.desk.portal.doorway).prepare({ after: 1, isCommitted: false });
    await expect(run()).rejects.toThrow('dies here');
    const signal = AbortSignal.abort(new Error('Told to stop.'));
    await expect(job().handle({}, signal)).rejects.toThrow('Told to stop.');
    await run();
    await run();
    for (const { applicationId } of applications) expect(await told(applicationId)).toEqual(['overdue intake']);
  });

  it('is looked after by the portal itself', async () => {
    const { applicationId } = await submitted();
    story.pass(day);
    await story.run('applications.deadlines');
    await eventually(async () => expect(await told(applicationId)).toEqual(['overdue intake']));
  });

  it('is no partner’s business', async () => {
    const { partner, applicationId } = await submitted();
    story.pass(day);
    await run();
    const owner = await story.signInAgain(partner.email);
    const seen = await look(owner, applicationId, 'timeline(first: 50) { nodes { type } }');
    const types = listAt(seen, 'timeline', 'nodes').map((event) => textAt(event, 'type'));
    expect(types).toContain('application.submitted');
    expect(types.filter((type) => /due|overdue/.test(type))).toEqual([]);
  });
});

async function emailOf(client: PortalClient): Promise<string> {
  return textAt(await client.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
}

async function staffIdOf(client: PortalClient): Promise<string> {
  const me = textAt(await client.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
  const staff = listAt(await client.ask('{ staff { id person { id } } }'), 'staff');
  return textAt(
    staff.find((member) => valueAt(member, 'person', 'id') === me),
    'id',
  );
}
