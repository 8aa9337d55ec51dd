import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { bulkQueue } from '../../src/bulk/bulk.commands.js';
import { bulkWork } from '../../src/bulk/bulk.jobs.js';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import {
  codesOf,
  eventually,
  listAt,
  look,
  type Partner,
  proposedDecision,
  refusal,
  Story,
  staffIdOf,
} from '../journeys/story.js';
import { copyApplication } from '../permissions/copies.js';

const operation = 'operation { id kind status applications waiting done refused canCancel }';

describe('a command on many applications', () => {
  let story: Story;
  let partner: Partner;
  let submitted: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Bela Bulk', 'Bulk Carriers');
    submitted = await story.submitted(partner);
  }, 60_000);
  afterAll(() => story.close());

  async function copies(count: number, of = submitted): Promise<string[]> {
    const made: string[] = [];
    while (made.length < count) made.push(await copyApplication(story.desk.database, of));
    return made;
  }

  const seeOperation = (client: PortalClient, id: string, fields: string) =>
    client.ask(`query ($id: ID!) { bulkOperation(id: $id) { ${fields} } }`, { id });

  async function ended(client: PortalClient, payload: Fields, status = 'FINISHED'): Promise<Fields> {
    const id = textAt(payload, 'operation', 'id');
    const fields =
      'status applications waiting done refused items(first: 100) { nodes { applicationId outcome problems { code } } }';
    return eventually(async () => {
      const seen = await seeOperation(client, id, fields);
      expect(seen).toMatchObject({ bulkOperation: { status } });
      return valueAt(seen, 'bulkOperation') as Fields;
    });
  }

  it('is done on each, and each that refuses says why and keeps none of the others back', async () => {
    const intake = await story.staff('INTAKE');
    const fine = await copies(3);
    const draft = await story.draft(await story.partner('Dora Bulk', 'Draft Carriers'));
    const missing = encodeId('application', randomIds.next());
    const started = await intake.must(
      'startReviews',
      { applicationIds: [fine[0], draft, fine[1], missing, fine[2], fine[0]] },
      operation,
    );
    expect(started).toMatchObject({ operation: { kind: 'START_REVIEW', applications: 5, canCancel: true } });
    expect(await ended(intake, started)).toMatchObject({
      applications: 5,
      waiting: 0,
      done: 3,
      refused: 2,
      items: {
        nodes: [
          { applicationId: fine[0], outcome: 'DONE', problems: [] },
          { applicationId: draft, outcome: 'REFUSED', problems: [{ code: 'NOT_FOUND' }] },
          { applicationId: fine[1], outcome: 'DONE' },
          { applicationId: missing, outcome: 'REFUSED', problems: [{ code: 'NOT_FOUND' }] },
          { applicationId: fine[2], outcome: 'DONE' },
        ],
      },
    });
    for (const id of fine)
      expect(await look(intake, id, 'status stage { key }')).toMatchObject({ status: 'IN_REVIEW' });
  });

  it('takes on each the role that the command takes, and stands in the log as given by whoever asked', async () => {
    const [application] = await copies(1);
    const reviewer = await story.staff('REVIEWER');
    const refused = await ended(
      reviewer,
      await reviewer.must('startReviews', { applicationIds: [application] }, operation),
    );
    expect(refused).toMatchObject({ items: { nodes: [{ outcome: 'REFUSED', problems: [{ code: 'FORBIDDEN' }] }] } });
    const staffId = await staffIdOf(reviewer);
    const atReview = await story.inTechnicalReview(await story.partner('Rosa Bulk', 'Reviewed Carriers'));
    const [reviewed] = await copies(1, atReview);
    const assigned = await reviewer.must('assignApplications', { applicationIds: [reviewed], staffId }, operation);
    expect(await ended(reviewer, assigned)).toMatchObject({ done: 1 });
    const records = await sql<{ command: string; actor: string }>`select command, actor_kind as actor from audit_record
      where application_id = ${decodeId('application', reviewed ?? '')} order by sequence`.execute(
      story.desk.database.kysely(),
    );
    expect(records.rows).toEqual([{ command: 'application.assign', actor: 'PERSON' }]);
  });

  it('asks, proposes and countersigns, each decision as it was when that was asked for', async () => {
    const base = await story.atDecision(await story.partner('Cora Bulk', 'Decided Carriers'));
    const ids = await copies(2, base);
    const [proposer, other] = [await story.staff('DECIDER', 1), await story.staff('DECIDER', 2)];
    await ended(proposer, await proposer.must('proposeDecisions', { applicationIds: ids, ...refusal }, operation));
    const own = await proposer.must('countersignDecisions', { applicationIds: ids }, operation);
    expect(await ended(proposer, own)).toMatchObject({ done: 0, refused: 2 });
    const final = await other.must('countersignDecisions', { applicationIds: [...ids, base] }, operation);
    expect(await ended(other, final)).toMatchObject({
      items: {
        nodes: [
          { outcome: 'DONE' },
          { outcome: 'DONE' },
          { outcome: 'REFUSED', problems: [{ code: 'NOT_ALLOWED_NOW' }] },
        ],
      },
    });
    for (const id of ids) expect(await look(other, id, 'status')).toEqual({ status: 'REFUSED' });

    const asked = await other.must(
      'requestInformationOnApplications',
      { applicationIds: [base], questions: [{ text: 'Which plants?' }] },
      operation,
    );
    expect(await ended(other, asked)).toMatchObject({ done: 1 });
    expect(await look(other, base, 'status')).toEqual({ status: 'INFORMATION_REQUESTED' });
  }, 60_000);

  it('puts each into another queue of its workflow, once however often it is asked for, until its next stage', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    const ids = await copies(2);
    const [first = ''] = ids;
    const move = (applicationIds: readonly string[], queue: string) =>
      manager.must('moveApplicationsToQueue', { applicationIds: [...applicationIds], queue }, operation);
    const moving = await move(ids, 'decision');
    expect(moving).toMatchObject({ operation: { kind: 'MOVE_TO_QUEUE' } });
    expect(await ended(manager, moving)).toMatchObject({ done: 2, refused: 0 });
    expect(await ended(manager, await move(ids, 'decision'))).toMatchObject({ done: 2 });
    for (const id of ids)
      expect(await look(manager, id, 'queue stage { key }')).toEqual({ queue: 'decision', stage: null });
    const told = await look(manager, first, 'timeline(first: 9) { nodes { type data } }');
    expect(listAt(told, 'timeline', 'nodes')).toMatchObject([
      { type: 'application.queue_changed', data: { fromQueue: 'intake', queue: 'decision' } },
    ]);
    expect(await look(partner.owner, first, 'queue timeline(first: 9) { nodes { type } }')).toEqual({
      queue: null,
      timeline: { nodes: [] },
    });
    expect(await ended(manager, await move([first], 'nowhere'))).toMatchObject({
      items: { nodes: [{ outcome: 'REFUSED', problems: [{ code: 'INVALID' }] }] },
    });
    expect(await codesOf(partner.owner, 'moveApplicationToQueue', { applicationId: first, queue: 'intake' })).toEqual([
      'FORBIDDEN',
    ]);
    await (await story.staff('INTAKE')).must('startReview', { applicationId: first });
    expect(await look(manager, first, 'queue')).toEqual({ queue: 'screening' });
  });

  it('raises and lowers a flag on each, and says where it was up, or was not', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    const meaning = { key: 'look-again', label: 'Look again', colour: 'RED', description: 'See why.' };
    await manager.must('createFlagDefinition', meaning);
    const ids = await copies(3);
    const [first] = ids;
    const flagging = { flag: 'look-again', reason: 'The same address.' };
    await manager.must('raiseFlag', { applicationId: first, ...flagging });
    const raising = await manager.must('raiseFlagOnApplications', { applicationIds: ids, ...flagging }, operation);
    expect(raising).toMatchObject({ operation: { kind: 'RAISE_FLAG' } });
    expect(await ended(manager, raising)).toMatchObject({
      items: {
        nodes: [
          { outcome: 'REFUSED', problems: [{ code: 'ALREADY_EXISTS' }] },
          { applicationId: ids[1], outcome: 'DONE' },
          { applicationId: ids[2], outcome: 'DONE' },
        ],
      },
    });
    const flagsOf = async (id: string | undefined) => look(manager, id ?? '', 'flags { reason definition { key } }');
    expect(await flagsOf(ids[1])).toEqual({ flags: [{ reason: flagging.reason, definition: { key: 'look-again' } }] });

    const applicationIds = [...ids, submitted];
    const lowering = await manager.must('lowerFlagOnApplications', { applicationIds, ...flagging }, operation);
    expect(await ended(manager, lowering)).toMatchObject({
      done: 3,
      items: {
        nodes: [
          { outcome: 'DONE' },
          { outcome: 'DONE' },
          { outcome: 'DONE' },
          { outcome: 'REFUSED', problems: [{ code: 'NOT_ALLOWED_NOW' }] },
        ],
      },
    });
    expect(await flagsOf(ids[1])).toEqual({ flags: [] });
    const unknown = await manager.must(
      'lowerFlagOnApplications',
      { applicationIds: [first], flag: 'nowhere', reason: 'x' },
      operation,
    );
    expect(await ended(manager, unknown)).toMatchObject({ items: { nodes: [{ problems: [{ code: 'NOT_FOUND' }] }] } });
  });

  it('is seen by whoever gave it, and by administrators and auditors', async () => {
    const intake = await story.staff('INTAKE');
    const started = await intake.must('startReviews', { applicationIds: await copies(1) }, operation);
    const id = textAt(started, 'operation', 'id');
    await ended(intake, started);
    const seenBy = async (client: PortalClient) => valueAt(await seeOperation(client, id, 'id'), 'bulkOperation');
    for (const role of ['ADMIN', 'AUDITOR'] as const) expect(await seenBy(await story.staff(role))).toEqual({ id });
    for (const client of [await story.staff('INTAKE', 2), await story.staff('PROGRAM_MANAGER'), partner.owner]) {
      expect(await seenBy(client)).toBeNull();
      expect(await codesOf(client, 'cancelBulkOperation', { operationId: id })).toEqual(['NOT_FOUND']);
    }
    const log = await intake.ask('{ bulkOperations(first: 1) { nodes { id } } }');
    expect(listAt(log, 'bulkOperations', 'nodes')).toEqual([{ id }]);
  });

  it('is refused as a whole without an application, with more than a thousand, and to whoever is not staff', async () => {
    const intake = await story.staff('INTAKE');
    const many = Array.from({ length: 1_001 }, () => encodeId('application', randomIds.next()));
    expect(await codesOf(intake, 'advanceStages', { applicationIds: [] })).toEqual(['REQUIRED']);
    expect(await codesOf(intake, 'advanceStages', { applicationIds: many })).toEqual(['LIMIT_REACHED']);
    expect(await codesOf(intake, 'advanceStages', { applicationIds: ['x'] })).toEqual(['INVALID_ID']);
    expect(await codesOf(partner.owner, 'advanceStages', { applicationIds: [submitted] })).toEqual(['FORBIDDEN']);
    expect(await codesOf(await story.staff('AUDITOR'), 'advanceStages', { applicationIds: [submitted] })).toEqual([
      'FORBIDDEN',
    ]);
  });
});

describe('a command on many applications that is on its way', () => {
  let story: Story;
  let ids: string[];
  let atDecision: string;
  let intake: PortalClient;

  beforeAll(async () => {
    story = await Story.open();
    const submitted = await story.submitted(await story.partner('Wanda Way', 'On Its Way'));
    atDecision = await story.atDecision(await story.partner('Wim Way', 'Another Way'));
    intake = await story.staff('INTAKE');
    ids = [];
    while (ids.length < 60) ids.push(await copyApplication(story.desk.database, submitted));
    // From here on the test says when jobs are done.
    await story.desk.portal.jobs.stop(5_000);
  }, 60_000);
  afterAll(() => story.close());

  async function start(applicationIds: readonly string[], headers = {}): Promise<string> {
    const started = await intake.must(
      'assignApplications',
      { applicationIds: [...applicationIds] },
      'operation { id }',
      headers,
    );
    return textAt(started, 'operation', 'id');
  }

  function work(operationId: string, signal = new AbortController().signal): Promise<void> {
    const { doorway, database } = story.desk.portal;
    const queue = bulkWork({ doorway, database, clock: story.desk.clock, ids: randomIds });
    expect(queue.name).toBe(bulkQueue);
    return queue.handle({ operationId: decodeId('bulkoperation', operationId) }, signal);
  }

  const progress = async (id: string) =>
    valueAt(
      await intake.ask('query ($id: ID!) { bulkOperation(id: $id) { status waiting done refused } }', { id }),
      'bulkOperation',
    );

  async function assignments(of: readonly string[]): Promise<number> {
    const found = await sql<{ count: number }>`select count(*)::int as count from audit_record
      where event = 'application.assigned' and application_id = any(${of.map((id) => decodeId('application', id))})`.execute(
      story.desk.database.kysely(),
    );
    return found.rows[0]?.count ?? -1;
  }

  it('is one operation, however often the request is repeated', async () => {
    const headers = { 'idempotency-key': 'bulk-once' };
    expect(await start(ids.slice(0, 1), headers)).toBe(await start(ids.slice(0, 1), headers));
  });

  it('is done once on each, though two workers do it at the same time and one is ended in the middle', async () => {
    const chosen = ids.slice(0, 40);
    const id = await start(chosen);
    expect(await progress(id)).toEqual({ status: 'RUNNING', waiting: 40, done: 0, refused: 0 });
    const ending = new AbortController();
    const first = work(id, ending.signal).catch(() => {});
    const second = work(id);
    ending.abort();
    await Promise.all([first, second]);
    expect(await progress(id)).toEqual({ status: 'FINISHED', waiting: 0, done: 40, refused: 0 });
    expect(await assignments(chosen)).toBe(40);
  });

  it('can be cancelled: what was done stays done, and the rest is not begun', async () => {
    const id = await start(ids.slice(40));
    await intake.must('cancelBulkOperation', { operationId: id });
    await work(id);
    expect(await progress(id)).toEqual({ status: 'CANCELLED', waiting: 0, done: 0, refused: 0 });
    expect(await assignments(ids.slice(40))).toBe(0);
    expect(await codesOf(intake, 'cancelBulkOperation', { operationId: id })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('is done with the roles that whoever asked has by then', async () => {
    const id = await start(ids.slice(40, 41));
    const staffId = await staffIdOf(intake);
    await (await story.staff('ADMIN')).must('setStaffRoles', { staffId, roles: ['AUDITOR'] });
    await work(id);
    expect(await assignments(ids.slice(40, 41))).toBe(0);
    const seen = await intake.ask(
      'query ($id: ID!) { bulkOperation(id: $id) { items { nodes { problems { code } } } } }',
      { id },
    );
    expect(listAt(seen, 'bulkOperation', 'items', 'nodes')).toEqual([{ problems: [{ code: 'FORBIDDEN' }] }]);
  });

  it('is declined again when a decision was sent back and proposed anew meanwhile', async () => {
    const [one, two] = [await story.staff('DECIDER', 1), await story.staff('DECIDER', 2)];
    const first = await story.propose(atDecision, { outcome: 'APPROVE' });
    const started = await two.must('countersignDecisions', { applicationIds: [atDecision] }, 'operation { id }');
    await two.must('declineToCountersign', { applicationId: atDecision, decisionId: first, reason: 'Not so.' });
    await one.must('proposeDecision', { applicationId: atDecision, ...refusal });
    await work(textAt(started, 'operation', 'id'));
    expect(await look(two, atDecision, 'status')).toEqual({ status: 'DECISION_PROPOSED' });
    expect(await proposedDecision(two, atDecision)).not.toBe(first);
  }, 60_000);
});
