import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { acceptTerms, pdf, uploadDocument } from '../../src/demo/applying.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, day, eventually, listAt, look, lookAtGrant, minute, type Partner, Story } from '../journeys/story.js';

describe('the renewal of a grant', () => {
  let story: Story;
  let partner: Partner;
  let owner: PortalClient;
  let grantId: string;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    const { questionnaire } = sampleProgram.version;
    const properties = {
      ...(questionnaire.properties as object),
      regions: { type: 'array', items: { type: 'string' } },
    };
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('publishProgramVersion', {
      programId: story.programId,
      version: {
        ...sampleProgram.version,
        questionnaire: { ...questionnaire, properties },
        grantPolicy: { regionsQuestion: 'regions', renewalOpensDays: 45, renewalStages: [] },
      },
    });
    partner = await story.partner('Rita Renews', 'Renewal Utilities');
    owner = partner.owner;
    grantId = await story.granted(partner);
    applicationId = textAt(await lookAtGrant(owner, grantId, 'applicationId'), 'applicationId');
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
  }, 120_000);
  afterAll(() => story.close());

  async function signInAgain(): Promise<void> {
    owner = await story.signInAgain(partner.email);
  }
  const start = async (id = applicationId) =>
    textAt(await owner.must('startRenewal', { applicationId: id }, 'application { id }'), 'application', 'id');
  const endOf = async () => new Date(textAt(await lookAtGrant(owner, grantId, 'endsAt'), 'endsAt'));
  async function told(event: string) {
    const log = await (await story.staff('AUDITOR')).ask(
      `{ auditLog(filter: { event: "${event}" }, first: 20) { nodes { payload } } }`,
    );
    return listAt(log, 'auditLog', 'nodes').map((record) => valueAt(record, 'payload'));
  }
  async function decide(id: string, ruling: object): Promise<void> {
    await (await story.staff('INTAKE')).must('startReview', { applicationId: id });
    await (await story.staff('DECIDER', 1)).must('proposeDecision', { applicationId: id, ...ruling });
    const decisions = await look(await story.staff('DECIDER', 1), id, 'decisions { id }');
    const decisionId = textAt(decisions, 'decisions', 0, 'id');
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId: id, decisionId });
  }

  /** Takes a document out of a draft, and another that nothing else has, and waits until that one's bytes are deleted. */
  async function taken(draftId: string, documentId: string): Promise<void> {
    const file = { fileName: 'more.pdf', bytes: pdf('More') };
    const loose = await uploadDocument(owner, draftId, 'supporting-evidence', file);
    for (const id of [documentId, loose]) await owner.must('removeDocument', { documentId: id });
    story.pass(2 * 60 * minute);
    await story.run('documents.sweep');
    await eventually(async () => {
      const found = await sql<{ gone: boolean }>`select bytes_removed_at is not null as gone from document
        where id = ${decodeId('document', loose)}`.execute(story.desk.database.kysely());
      expect(found.rows).toEqual([{ gone: true }]);
    });
  }

  it('is laid down by the program, whose stages are no business of partners', async () => {
    const { programId } = story;
    const fields = 'seatsQuestion defaultSeats regionsQuestion renewalOpensDays renewalStages recertifyEveryDays';
    const policyAs = async (client: PortalClient) => {
      const query = `query ($id: ID!) { program(id: $id) { currentVersion { grantPolicy { ${fields} } } } }`;
      return valueAt(await client.ask(query, { id: programId }), 'program', 'currentVersion', 'grantPolicy');
    };
    const manager = await story.staff('PROGRAM_MANAGER');
    const policy = {
      seatsQuestion: 'seats',
      defaultSeats: 1,
      regionsQuestion: 'regions',
      renewalOpensDays: 45,
      renewalStages: [],
      recertifyEveryDays: null,
    };
    expect(await policyAs(manager)).toEqual(policy);
    expect(await policyAs(owner)).toEqual({ ...policy, renewalStages: null });
    const { workflow } = sampleProgram.version;
    await manager.must('publishProgramWorkflow', { programId, workflow });
    expect(await policyAs(manager)).toEqual(policy);
    const version = { ...sampleProgram.version, grantPolicy: { regionsQuestion: 'where', defaultSeats: 0 } };
    expect(await manager.command('publishProgramVersion', { programId, version })).toMatchObject({
      errors: [
        { code: 'INVALID', path: ['version', 'grantPolicy', 'regionsQuestion'] },
        { code: 'INVALID', path: ['version', 'grantPolicy', 'defaultSeats'] },
      ],
    });
  });

  it('cannot be started before its time, nor by whoever prepares no applications', async () => {
    const { errors } = await owner.command('startRenewal', { applicationId });
    expect(errors).toMatchObject([{ code: 'NOT_ALLOWED_NOW' }]);
    const grant = await lookAtGrant(owner, grantId, 'endsAt renewalOpensAt');
    const opensAt = textAt(grant, 'renewalOpensAt');
    expect(errors[0]?.message).toContain(opensAt);
    expect(new Date(textAt(grant, 'endsAt')).getTime() - new Date(opensAt).getTime()).toBe(45 * day);
    const viewer = await story.colleague(partner, 'Vic Views', 'VIEWER');
    expect(await codesOf(viewer, 'startRenewal', { applicationId })).toEqual(['FORBIDDEN']);
    const manager = await story.staff('PROGRAM_MANAGER');
    expect(await codesOf(manager, 'startRenewal', { applicationId })).toEqual(['FORBIDDEN']);
    const stranger = await story.partner('Sven Strange', 'Strange Utilities');
    expect(await codesOf(stranger.owner, 'startRenewal', { applicationId })).toEqual(['NOT_FOUND']);
  });

  it('is told of 60, 30 and 7 days before the end, each once, to those who can renew', async () => {
    const days = () => told('grant.expiring').then((all) => all.map((payload) => valueAt(payload, 'days')));
    const until = async (left: number) => {
      story.pass((await endOf()).getTime() - left * day - story.desk.clock.now().getTime());
      await signInAgain();
      await story.run('grants.noteExpiring');
    };
    await until(59);
    await eventually(async () => expect(await days()).toEqual([60]));
    expect(await story.desk.mail.next(partner.email, /ends in 60 days/)).toContain('Renew it in time');
    // Asked again, it tells nothing: a later notice comes without another of the earlier one.
    await story.run('grants.noteExpiring');
    await until(29);
    await eventually(async () => expect(await days()).toEqual([30, 60]));
  });

  it('begins with the answers and the documents that were approved last, and there is one at a time', async () => {
    const renewalId = await start();
    const fields = 'answers documents { requirementKey sha256 status }';
    const before = await look(owner, applicationId, `${fields} renewals { id } amendments { id }`);
    const draft = await look(owner, renewalId, `kind status amends { id } ${fields} submissionProblems { path }`);
    expect(draft).toMatchObject({ kind: 'RENEWAL', status: 'DRAFT', amends: { id: applicationId } });
    expect(valueAt(draft, 'answers')).toEqual(valueAt(before, 'answers'));
    expect(valueAt(draft, 'documents')).toEqual(
      listAt(before, 'documents').filter((one) => valueAt(one, 'requirementKey') !== 'decision-letter'),
    );
    expect(valueAt(draft, 'submissionProblems')).toEqual([{ path: ['terms'] }]);
    expect(before).toMatchObject({ renewals: [{ id: renewalId }], amendments: [] });
    expect(await start()).toBe(renewalId);
    // A document of its own, but the same bytes: they can be read, and taking it out leaves the other.
    const fieldsOfFile = 'documents { id downloadUrl }';
    const own = await look(owner, renewalId, fieldsOfFile);
    const file = await fetch(textAt(own, 'documents', 0, 'downloadUrl'));
    expect(file.status).toBe(200);
    await file.arrayBuffer();
    await taken(renewalId, textAt(own, 'documents', 0, 'id'));
    expect(
      (await fetch(textAt(await look(owner, applicationId, fieldsOfFile), 'documents', 0, 'downloadUrl'))).ok,
    ).toBe(true);
    await owner.must('withdrawApplication', { applicationId: renewalId });
    expect(await start()).not.toBe(renewalId);
  });

  it('passes the stages that the program names, and an approval puts off the end of the same grant', async () => {
    const renewalId = await start();
    await owner.must('saveDraft', {
      applicationId: renewalId,
      answers: { seats: 20, regions: ['eu-west', 'eu-north'] },
    });
    await acceptTerms(owner, renewalId);
    await owner.must('submitApplication', { applicationId: renewalId });
    const before = await endOf();
    await decide(renewalId, { outcome: 'APPROVE_WITH_CONDITIONS', conditions: ['Europe only.'] });
    const after = await lookAtGrant(owner, grantId, 'endsAt status seats regions conditions');
    const year = new Date(before);
    year.setUTCFullYear(year.getUTCFullYear() + 1);
    expect(after).toEqual({
      endsAt: year.toISOString(),
      status: 'ACTIVE',
      seats: 20,
      regions: ['eu-west', 'eu-north'],
      conditions: ['Europe only.'],
    });
    expect(await told('grant.renewed')).toEqual([
      expect.objectContaining({ grantId, renewalId, endsBefore: before.toISOString(), seats: 20 }),
    ]);
    await story.desk.mail.next(partner.email, /: renewed/);
    expect(await codesOf(owner, 'startRenewal', { applicationId: renewalId })).toEqual(['NOT_ALLOWED_NOW']);
    const shown = await lookAtGrant(owner, grantId, 'history { type status actor }');
    expect(listAt(shown, 'history')).toEqual([
      { type: 'grant.created', status: 'PENDING_PROVISIONING', actor: 'Staff' },
      { type: 'grant.activated', status: 'ACTIVE', actor: 'A system of the operator' },
      { type: 'grant.renewed', status: 'ACTIVE', actor: 'Staff' },
    ]);
  });

  it('that is refused leaves the end as it is, and one with fewer seats than users waits for its partner', async () => {
    story.pass((await endOf()).getTime() - 40 * day - story.desk.clock.now().getTime());
    await signInAgain();
    const end = await endOf();
    const refusedId = await start();
    await acceptTerms(owner, refusedId);
    await owner.must('submitApplication', { applicationId: refusedId });
    await decide(refusedId, { outcome: 'REFUSE', reasons: ['It is hardly used.'] });
    expect(await endOf()).toEqual(end);

    const users: string[] = [];
    for (const number of [1, 2]) {
      const named = { displayName: `User ${number}`, email: `user${number}@renewal.example` };
      const added = await owner.must(
        'addNamedUser',
        { grantId, ...named, exportStatus: 'UNRESTRICTED' },
        'namedUser { id }',
      );
      users.push(textAt(added, 'namedUser', 'id'));
    }
    const renewalId = await start();
    await owner.must('saveDraft', { applicationId: renewalId, answers: { seats: 1 } });
    await acceptTerms(owner, renewalId);
    await owner.must('submitApplication', { applicationId: renewalId });
    await expect(decide(renewalId, { outcome: 'APPROVE' })).rejects.toThrow('2 users are named');
    await owner.must('removeNamedUser', { namedUserId: users[0] });
    const found = await look(await story.staff('DECIDER', 2), renewalId, 'decisions { id }');
    const decisionId = textAt(found, 'decisions', 0, 'id');
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId: renewalId, decisionId });
    expect(await lookAtGrant(owner, grantId, 'seats seatsUsed')).toEqual({ seats: 1, seatsUsed: 1 });
  });
});
