import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { lapseApplication } from '../../src/questions/due-date.commands.js';
import { requestNotices } from '../../src/questions/request-notice.jobs.js';
import { codesOf, day, listAt, look, minute, type Partner, Story } from '../journeys/story.js';
import { bySystem } from '../support/portal.js';

const hour = 60 * minute;
const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const { workflow } = sampleProgram.version;

/** Days are days whenever the test runs; an application lapses three days after its answers were due. */
const aroundTheClock = {
  ...workflow,
  lapseAfterWorkingDays: 3,
  calendar: { ...workflow.calendar, hours: weekdays.map((weekday) => ({ day: weekday, from: '00:00', to: '24:00' })) },
};

const fields = `status statusReason informationRequests { id status dueAt lapsesAt closedReason
  extensions { wantedDueAt reason outcome outcomeReason askedBy { name } decidedBy { name } } }`;

describe('the time that a partner has to answer', () => {
  let story: Story;
  let programId: string;
  let lenient: string;
  let count = 0;

  beforeAll(async () => {
    story = await Story.open();
    const version = { ...sampleProgram.version, workflow: aroundTheClock };
    programId = encodeId('program', await story.desk.program({ code: 'lapsing', version }));
    const forEver = { ...sampleProgram.version, workflow: { ...aroundTheClock, lapseAfterWorkingDays: null } };
    lenient = encodeId('program', await story.desk.program({ code: 'lenient', version: forEver }));
    await story.staff('INTAKE');
  });
  afterAll(() => story.close());

  interface Asked {
    readonly partner: Partner;
    readonly applicationId: string;
    readonly about: { readonly applicationId: string; readonly informationRequestId: string };
  }
  const inDays = (days: number) => new Date(story.desk.clock.now().getTime() + days * day).toISOString();
  const asked = async (to = programId, days = 10): Promise<Asked> => {
    count += 1;
    const partner = await story.partner(`Dora Due ${String.fromCharCode(96 + count)}`, `Due Utilities ${count}`);
    const applicationId = await story.submittedTo(partner, to);
    const input = { applicationId, questions: [{ text: 'Which networks?' }], dueAt: inDays(days) };
    const intake = await story.staff('INTAKE');
    const answer = await intake.must('requestInformation', input, 'application { informationRequests { id } }');
    const informationRequestId = textAt(answer, 'application', 'informationRequests', 0, 'id');
    return { partner, applicationId, about: { applicationId, informationRequestId } };
  };
  const run = () => {
    const { portal, clock } = story.desk;
    const parts = { doorway: portal.doorway, database: portal.database, clock, ids: randomIds };
    return requestNotices(parts).handle({}, new AbortController().signal);
  };
  const passDays = async (days: number) => {
    story.pass(days * day);
    await run();
    await run();
  };
  /** What was told of an application on time, in order. */
  const told = async (applicationId: string): Promise<string[]> => {
    const found = await sql<{ event: string }>`select event from audit_record
      where application_id = ${decodeId('application', applicationId)}
        and event in ('application.answer_due_soon', 'application.answer_overdue', 'application.lapsed')
      order by sequence`.execute(story.desk.database.kysely());
    return found.rows.map(({ event }) => event.replace('application.', ''));
  };
  const ownerOf = ({ partner }: Asked) => story.signInAgain(partner.email);

  it('is told of twice before it ends, once when it does, and then the application lapses: each once', async () => {
    const one = await asked();
    const { applicationId } = one;
    await passDays(4);
    expect(await told(applicationId)).toEqual([]);
    await passDays(1.5);
    expect(await told(applicationId)).toEqual(['answer_due_soon']);
    await passDays(4);
    expect(await told(applicationId)).toEqual(['answer_due_soon', 'answer_due_soon']);
    await passDays(1);
    expect(await told(applicationId)).toEqual(['answer_due_soon', 'answer_due_soon', 'answer_overdue']);
    await passDays(2);
    const owner = await ownerOf(one);
    expect(await look(owner, applicationId, 'status')).toEqual({ status: 'INFORMATION_REQUESTED' });
    await passDays(1);
    expect((await told(applicationId)).slice(3)).toEqual(['lapsed']);

    const seen = await look(
      await ownerOf(one),
      applicationId,
      `${fields} availableCommands time { intervals { endedAt } }`,
    );
    expect(seen).toMatchObject({
      status: 'LAPSED',
      statusReason: expect.stringMatching(/were to be answered by .* and were not/),
      availableCommands: ['sendMessage'],
      informationRequests: [{ status: 'LAPSED' }],
    });
    expect(listAt(seen, 'time', 'intervals').every((interval) => valueAt(interval, 'endedAt') !== null)).toBe(true);
    expect(await story.desk.mail.next(one.partner.email, /You may start a new application/)).toBeTruthy();
    expect(await look(await story.staff('INTAKE'), applicationId, 'status queue dueAt')).toEqual({
      status: 'LAPSED',
      queue: null,
      dueAt: null,
    });
    const again = { organizationId: one.partner.organizationId, programId };
    await (await ownerOf(one)).must('startApplication', again);
  }, 60_000);

  it('of which nobody was told while the portal was down is told of once, as it stands', async () => {
    const one = await asked();
    await passDays(9.5);
    expect(await told(one.applicationId)).toEqual(['answer_due_soon']);
    const other = await asked();
    await passDays(11);
    expect(await told(other.applicationId)).toEqual(['answer_overdue']);
  }, 60_000);

  it('ends nothing where the program does not say so', async () => {
    const one = await asked(lenient);
    await passDays(11);
    await passDays(300);
    expect(await told(one.applicationId)).toEqual(['answer_overdue']);
    const owner = await ownerOf(one);
    expect(await look(owner, one.applicationId, fields)).toMatchObject({
      status: 'INFORMATION_REQUESTED',
      informationRequests: [{ lapsesAt: null }],
    });
    await owner.must('respondToInformationRequest', {
      ...one.about,
      answers: [{ question: 1, text: 'Late, but ours.' }],
    });
  }, 60_000);

  it('is not over for an application whose answer came in time', async () => {
    const one = await asked();
    const answers = [{ question: 1, text: 'Ours.' }];
    await one.partner.owner.must('respondToInformationRequest', { ...one.about, answers });
    await passDays(30);
    expect(await told(one.applicationId)).toEqual([]);
    const given = story.desk.portal.doorway.execute(
      lapseApplication,
      { applicationId: decodeId('application', one.applicationId) },
      bySystem,
    );
    await expect(given).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
  }, 60_000);

  it('is longer when the partner asks for it and staff agree', async () => {
    const one = await asked();
    const wish = { ...one.about, dueAt: inDays(20), reason: 'The plan is being drawn.' };
    await one.partner.owner.must('requestDueDateExtension', wish);
    expect(await codesOf(one.partner.owner, 'requestDueDateExtension', wish)).toEqual(['ALREADY_EXISTS']);
    const intake = await story.staff('INTAKE');
    expect(await look(intake, one.applicationId, fields)).toMatchObject({
      informationRequests: [{ extensions: [{ outcome: 'WAITING', reason: 'The plan is being drawn.' }] }],
    });
    await intake.must('extendDueDate', one.about);
    const seen = await look(one.partner.owner, one.applicationId, fields);
    expect(seen).toMatchObject({
      informationRequests: [{ dueAt: wish.dueAt, extensions: [{ outcome: 'GRANTED', decidedBy: null }] }],
    });
    const between = Date.parse(textAt(seen, 'informationRequests', 0, 'lapsesAt')) - Date.parse(wish.dueAt);
    expect(between / hour).toBe(72);
    expect(await story.desk.mail.next(one.partner.email, /more time to answer/)).toBeTruthy();
    await passDays(14);
    expect(await told(one.applicationId)).toEqual([]);
    await passDays(1.5);
    expect(await told(one.applicationId)).toEqual(['answer_due_soon']);
  }, 60_000);

  it('is not over while staff have not decided, and not at once when they refuse', async () => {
    const one = await asked();
    await passDays(10.5);
    const wish = { ...one.about, dueAt: inDays(20), reason: 'We were closed.' };
    await (await ownerOf(one)).must('requestDueDateExtension', wish);
    await passDays(30);
    const intake = await story.staff('INTAKE');
    expect(await look(intake, one.applicationId, 'status')).toEqual({ status: 'INFORMATION_REQUESTED' });
    await intake.must('refuseDueDateExtension', { ...one.about, reason: 'It was long enough.' });
    expect(await codesOf(intake, 'refuseDueDateExtension', { ...one.about, reason: 'x' })).toEqual(['NOT_ALLOWED_NOW']);
    await passDays(4.5);
    const owner = await ownerOf(one);
    expect(await look(owner, one.applicationId, fields)).toMatchObject({
      status: 'INFORMATION_REQUESTED',
      informationRequests: [{ extensions: [{ outcome: 'REFUSED', outcomeReason: 'It was long enough.' }] }],
    });
    await passDays(1);
    expect(await look(await ownerOf(one), one.applicationId, 'status')).toEqual({ status: 'LAPSED' });
  }, 60_000);

  it('is moved to later dates only, and not by just anybody', async () => {
    const one = await asked();
    const intake = await story.staff('INTAKE');
    const { owner } = one.partner;
    const extend = (dueAt: string | null) => codesOf(intake, 'extendDueDate', { ...one.about, dueAt });
    expect(await extend(null)).toEqual(['REQUIRED']);
    expect(await extend(inDays(5))).toEqual(['INVALID']);
    expect(await extend(inDays(-1))).toEqual(['INVALID']);
    expect(await extend(inDays(400))).toEqual(['INVALID']);
    const wish = (dueAt: string) => codesOf(owner, 'requestDueDateExtension', { ...one.about, dueAt, reason: 'x' });
    expect(await wish(inDays(5))).toEqual(['INVALID']);
    expect(await codesOf(owner, 'extendDueDate', { ...one.about, dueAt: inDays(20) })).toEqual(['FORBIDDEN']);
    const manager = await story.staff('PROGRAM_MANAGER');
    expect(await codesOf(manager, 'extendDueDate', { ...one.about, dueAt: inDays(20) })).toEqual(['FORBIDDEN']);
    expect(await codesOf(intake, 'requestDueDateExtension', { ...one.about, dueAt: inDays(20), reason: 'x' })).toEqual([
      'FORBIDDEN',
    ]);
    await intake.must('extendDueDate', { ...one.about, dueAt: inDays(20) });
    await owner.must('requestDueDateExtension', { ...one.about, dueAt: inDays(30), reason: 'It takes longer.' });
    await intake.must('withdrawInformationRequest', { ...one.about, reason: 'We found it.' });
    expect(await look(owner, one.applicationId, fields)).toMatchObject({
      status: 'SUBMITTED',
      informationRequests: [{ status: 'WITHDRAWN', extensions: [{ outcome: 'OVERTAKEN' }] }],
    });
    await passDays(60);
    expect(await told(one.applicationId)).toEqual([]);
  }, 60_000);
});
