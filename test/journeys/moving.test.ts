import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, PortalRefusal, textAt, valueAt } from '../../src/demo/portal-client.js';
import { workingTimeBetween } from '../../src/lifecycle/working-time.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, day, eventually, listAt, look, minute, numberAt, type Partner, refusal, Story } from './story.js';

const { version } = sampleProgram;
const { workflow } = version;
const [screening, review, decision] = workflow.stages;

/** Screening takes shorter and has another queue; what was the technical review is called otherwise. */
const renewed = {
  ...workflow,
  intake: { queue: 'reception', slaWorkingHours: 8 },
  stages: [
    { ...screening, queue: 'first-look', slaWorkingHours: 8 },
    { ...review, key: 'examination', name: 'Examination' },
    decision,
  ],
  calendar: { ...workflow.calendar, timeZone: 'Europe/Amsterdam' },
};
const selection = 'status waiting items(first: 100) { nodes { applicationId outcome problems { code message path } } }';
const reason = 'The holidays of next year are in it.';

describe('applications under way', () => {
  let story: Story;
  let manager: PortalClient;
  let count = 0;
  let atIntake: string;
  let inScreening: string;
  let inReview: string;
  let reviewed: Partner;

  const newPartner = () => {
    count += 1;
    return story.partner(`Mo Mover ${String.fromCharCode(96 + count)}`, `Moving Utilities ${count}`);
  };
  const move = async (applicationIds: readonly string[], input: Fields = {}, headers = {}) => {
    const whole = { applicationIds, programId: story.programId, number: 2, reason, ...input };
    const asked = await manager.command('moveApplicationsToProgramVersion', whole, 'operation { id }', headers);
    const { errors, payload } = asked;
    if (errors.length > 0) return { errors, moves: null };
    const id = textAt(payload, 'operation', 'id');
    const ended = await eventually(async () => {
      const seen = await manager.ask(`query ($id: ID!) { bulkOperation(id: $id) { ${selection} } }`, { id });
      expect(seen).toMatchObject({ bulkOperation: { status: 'FINISHED', waiting: 0 } });
      return seen;
    });
    return { errors, moves: listAt(ended, 'bulkOperation', 'items', 'nodes') as readonly MoveSeen[] };
  };
  const outcomes = async (...asked: Parameters<typeof move>) =>
    (await move(...asked)).moves?.map(({ outcome }) => outcome);
  const publish = (input: object) =>
    manager.must('publishProgramVersion', { programId: story.programId, version: { ...version, ...input } });

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    manager = await story.staff('PROGRAM_MANAGER');
    atIntake = await story.submitted(await newPartner());
    inScreening = await story.inScreening(await newPartner());
    reviewed = await newPartner();
    inReview = await story.inTechnicalReview(reviewed);
    await publish({ workflow: renewed });
  }, 120_000);
  afterAll(() => story.close());

  it('are moved one by one: those that can be go on under the new version, the others stay and say why', async () => {
    const draft = await story.draft(await newPartner());
    const unknown = encodeId('application', randomIds.next());
    const { errors, moves } = await move([atIntake, inScreening, inReview, draft, unknown]);
    expect(errors).toEqual([]);
    expect(moves?.map(({ applicationId, outcome }) => [applicationId, outcome])).toEqual([
      [atIntake, 'DONE'],
      [inScreening, 'DONE'],
      [inReview, 'REFUSED'],
      [draft, 'REFUSED'],
      [unknown, 'REFUSED'],
    ]);
    expect(moves?.slice(2).map((one) => one.problems.map(({ code, path }) => `${code} ${path.join('.')}`))).toEqual([
      ['REQUIRED stages'],
      ['NOT_FOUND applicationId'],
      ['NOT_FOUND applicationId'],
    ]);
    expect(moves?.[2]?.problems[0]?.message).toBe(
      'The new version has no stage "technical-review", at which the application is. Say which of screening, examination, decision takes its place.',
    );
    const numbers = [atIntake, inScreening, inReview].map((id) => look(manager, id, 'programVersion { number } queue'));
    expect(await Promise.all(numbers)).toEqual([
      { programVersion: { number: 2 }, queue: 'reception' },
      { programVersion: { number: 2 }, queue: 'first-look' },
      { programVersion: { number: 1 }, queue: 'technical-review' },
    ]);
  });

  it('go on at the stage that takes the place of their own, and what was recommended there stays behind', async () => {
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('giveRecommendation', { applicationId: inReview, kind: 'APPROVE', comment: 'Sound.' });
    const stages = [{ from: 'technical-review', to: 'examination' }];
    expect(await outcomes([inReview, atIntake], { stages })).toEqual(['DONE', 'DONE']);
    expect(await look(reviewer, inReview, 'stage { key name } queue stageProblems { message }')).toMatchObject({
      stage: { key: 'examination', name: 'Examination' },
      stageProblems: [{ message: expect.stringMatching(/needs 2 .* and has 0/) }],
    });
  });

  it('tell the partner, and are on record one by one', async () => {
    const seen = await look(
      reviewed.owner,
      inReview,
      'programVersion { number } timeline(first: 1) { nodes { type data actor } }',
    );
    expect(seen).toMatchObject({
      programVersion: { number: 2 },
      timeline: {
        nodes: [
          {
            type: 'application.version_changed',
            actor: 'Staff',
            data: { fromVersion: 1, toVersion: 2, fromStage: 'technical-review', stage: 'examination', reason },
          },
        ],
      },
    });
    expect(await story.desk.mail.next(reviewed.email, /goes on under version 2/)).toContain(reason);
    const records = await sql<{ count: number }>`select count(*)::int from audit_record
      where event = 'application.version_changed' and command = 'application.moveToProgramVersion'`.execute(
      story.desk.database.kysely(),
    );
    expect(records.rows[0]?.count).toBe(3);
  });

  it('keep the time that was charged at a stage that stays, and are due by the new version', async () => {
    const other = await newPartner();
    const applicationId = await story.inScreening(other);
    await outcomes([applicationId], { number: 1 });
    const before = await look(manager, applicationId, 'stageEnteredAt version');
    await outcomes([applicationId]);
    const { rows } = await sql<{ cause: string; stage: string; from: string; due: string }>`select cause,
      stage_key as stage, to_json(started_at) #>> '{}' as from, to_json(due_at) #>> '{}' as due from clock_interval
      where application_id = ${decodeId('application', applicationId)} order by started_at, id`.execute(
      story.desk.database.kysely(),
    );
    const changes = rows.slice(-2);
    expect(changes.map(({ cause, stage }) => `${stage} ${cause}`)).toEqual([
      'screening VERSION_CHANGED',
      'screening VERSION_CHANGED',
    ]);
    const allowed = changes.map(({ from, due }, n) =>
      workingTimeBetween(new Date(from), new Date(due), (n === 0 ? workflow : renewed).calendar),
    );
    // Twenty-four hours under the old version and eight under the new one, but for the moments that were charged before.
    expect(allowed.map((time) => Math.ceil(time / (60 * minute)))).toEqual([24, 8]);
    const after = await look(
      manager,
      applicationId,
      'stageEnteredAt version time { intervals { stage { key } cause } }',
    );
    expect(valueAt(after, 'stageEnteredAt')).toBe(valueAt(before, 'stageEnteredAt'));
    expect(numberAt(after, 'version')).toBe(numberAt(before, 'version') + 1);
    // The partner sees one stretch of time.
    const forPartner = await look(other.owner, applicationId, 'time { intervals { stage { key } cause } }');
    expect(listAt(forPartner, 'time', 'intervals')).toEqual([
      { stage: { key: 'intake' }, cause: 'SUBMITTED' },
      { stage: { key: 'screening' }, cause: 'REVIEW_STARTED' },
    ]);
  });

  it('stay paused while their partner is asked, and go on by the new version when it has answered', async () => {
    const other = await newPartner();
    const applicationId = await story.inTechnicalReview(other);
    await outcomes([applicationId], { number: 1 });
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('requestInformation', { applicationId, questions: [{ text: 'Which systems?' }] });
    expect(await outcomes([applicationId], { number: 2 })).toEqual(['DONE']);
    const back = { number: 1, stages: [{ from: 'examination', to: 'technical-review' }] };
    expect(await outcomes([applicationId], back)).toEqual(['DONE']);
    const seen = 'status dueAt stage { key } time { intervals { kind stage { key } endedAt } }';
    const paused = await look(manager, applicationId, seen);
    expect(paused).toMatchObject({ status: 'INFORMATION_REQUESTED', dueAt: null, stage: { key: 'technical-review' } });
    expect(listAt(paused, 'time', 'intervals').at(-1)).toEqual({
      kind: 'PAUSED',
      stage: { key: 'technical-review' },
      endedAt: null,
    });
    const asked = await look(other.owner, applicationId, 'informationRequests { id }');
    const informationRequestId = textAt(asked, 'informationRequests', 0, 'id');
    await other.owner.must('respondToInformationRequest', {
      applicationId,
      informationRequestId,
      answers: [{ question: 1, text: 'Ours.' }],
    });
    expect(await look(manager, applicationId, 'status queue dueAt')).toEqual({
      status: 'IN_REVIEW',
      queue: 'technical-review',
      dueAt: expect.any(String),
    });
  });

  it('are moved as long as they are under review, on appeal included, and never while a decision is proposed', async () => {
    const other = await newPartner();
    const applicationId = await story.atDecision(other);
    await outcomes([applicationId], { number: 1, stages: [{ from: 'examination', to: 'technical-review' }] });
    const decisionId = await story.propose(applicationId, refusal);
    const notNow = (moves: Awaited<ReturnType<typeof move>>) => moves.moves?.[0]?.problems.map(({ code }) => code);
    expect(notNow(await move([applicationId]))).toEqual(['NOT_ALLOWED_NOW']);
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
    expect(notNow(await move([applicationId]))).toEqual(['NOT_ALLOWED_NOW']);
    await other.owner.must('appealDecision', { applicationId, grounds: 'It is in scope.' });
    expect(await outcomes([applicationId])).toEqual(['DONE']);
    expect(await look(manager, applicationId, 'status queue stage { key }')).toEqual({
      status: 'UNDER_APPEAL',
      queue: 'decision',
      stage: { key: 'decision' },
    });
  });

  it('are not moved at all by a request that is wrong for all of them', async () => {
    const complaints = async (applicationIds: readonly string[], input: Fields) => {
      const { errors, moves } = await move(applicationIds, input);
      expect(moves).toBeNull();
      return errors.map(({ code, path }) => `${code} ${path.join('.')}`);
    };
    expect(await complaints([], {})).toEqual(['REQUIRED applicationIds']);
    const many = Array.from({ length: 1001 }, () => encodeId('application', randomIds.next()));
    expect(await complaints(many, {})).toEqual(['LIMIT_REACHED applicationIds']);
    expect(await complaints([inReview], { number: 99 })).toEqual(['NOT_FOUND number']);
    expect(await complaints([inReview], { reason: ' ' })).toEqual(['REQUIRED reason']);
    expect(await complaints([inReview], { stages: [{ from: 'screening', to: 'nowhere' }] })).toEqual([
      'INVALID stages.0.to',
    ]);
    expect(await complaints([inReview, 'nonsense'], {})).toEqual(['INVALID_ID applicationIds.1']);
    const elsewhere = await story.desk.program({ code: 'elsewhere' });
    const { moves } = await move([inReview], { programId: encodeId('program', elsewhere), number: 1 });
    expect(moves?.[0]?.problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual(['INVALID programId']);
    const reviewer = await story.staff('REVIEWER');
    const whole = { applicationIds: [inReview], programId: story.programId, number: 1, reason };
    await expect(reviewer.command('moveApplicationsToProgramVersion', whole)).rejects.toThrow(PortalRefusal);
    expect(await codesOf(reviewed.owner, 'moveApplicationsToProgramVersion', whole)).toEqual(['FORBIDDEN']);
  });

  it('are moved once by a request that is repeated under its key', async () => {
    const applicationId = await story.inScreening(await newPartner());
    await outcomes([applicationId], { number: 1 });
    const headers = { 'idempotency-key': randomUUID() };
    const there = { number: 2 };
    expect(await outcomes([applicationId], there, headers)).toEqual(['DONE']);
    const { version: once } = (await look(manager, applicationId, 'version')) ?? {};
    expect(await outcomes([applicationId], there, headers)).toEqual(['DONE']);
    expect(await look(manager, applicationId, 'version')).toEqual({ version: once });
    const reused = await move([applicationId], { number: 1 }, headers);
    expect(reused.errors.map(({ code }) => code)).toEqual(['IDEMPOTENCY_KEY_REUSED']);
  });

  it('are not moved to terms and questions that their partner has not seen, but after correction', async () => {
    const other = await newPartner();
    const applicationId = await story.inScreening(other);
    const terms = { label: 'sample-2', body: 'Newer terms.' };
    const questionnaire = { ...version.questionnaire, required: ['purpose', 'safeguards'] };
    await publish({ workflow: renewed, terms, questionnaire });
    const { moves } = await move([applicationId], { number: 3 });
    expect(moves?.[0]?.problems.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'REQUIRED answers.safeguards',
      'REQUIRED terms',
    ]);
    expect(moves?.[0]?.problems[0]?.message).toMatch(/return the application for correction first/);

    const intake = await story.staff('INTAKE');
    await intake.must('returnForCorrection', { applicationId, reason: 'There are new terms.' });
    expect(await outcomes([applicationId], { number: 3 })).toEqual(['DONE']);
    expect(await look(other.owner, applicationId, 'status submissionProblems { path }')).toEqual({
      status: 'RETURNED',
      submissionProblems: [{ path: ['answers', 'safeguards'] }, { path: ['terms'] }],
    });
  });

  it('are on time by the calendar of the version they are under', async () => {
    story.pass(day + minute);
    manager = await story.staff('PROGRAM_MANAGER');
    const seen = await look(manager, inScreening, 'dueAt programVersion { workflow { calendar { timeZone } } }');
    expect(valueAt(seen, 'programVersion', 'workflow', 'calendar', 'timeZone')).toBe('Europe/Amsterdam');
    expect(Date.parse(textAt(seen, 'dueAt'))).not.toBeNaN();
  });
});

interface MoveSeen {
  readonly applicationId: string;
  readonly outcome: string;
  readonly problems: readonly { readonly code: string; readonly path: readonly string[]; readonly message: string }[];
}
