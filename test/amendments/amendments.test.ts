import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { completeDraft } from '../../src/demo/applying.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import {
  codesOf,
  eventually,
  listAt,
  look,
  lookAtGrant,
  type Partner,
  proposedDecision,
  type Ruling,
  refusal,
  Story,
} from '../journeys/story.js';
import { readPdf } from '../letters/reading-pdf.js';

const approved: Ruling = { outcome: 'APPROVE_WITH_CONDITIONS', conditions: ['Own systems only.'] };
const changed: Ruling = { outcome: 'APPROVE_WITH_CONDITIONS', conditions: ['Own systems and those of Tidewater.'] };

describe('an amendment of what was approved', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  async function start(client: PortalClient, applicationId: string): Promise<string> {
    return textAt(await client.must('startAmendment', { applicationId }, 'application { id }'), 'application', 'id');
  }

  /** Submitted and brought to the last stage, as any application. */
  async function atDecision(partner: Partner, applicationId: string): Promise<string> {
    const amendmentId = await start(partner.owner, applicationId);
    await completeDraft(partner.owner, amendmentId);
    await partner.owner.must('submitApplication', { applicationId: amendmentId });
    const intake = await story.staff('INTAKE');
    await intake.must('startReview', { applicationId: amendmentId });
    await intake.must('advanceStage', { applicationId: amendmentId });
    for (const which of [1, 2]) {
      const reviewer = await story.staff('REVIEWER', which);
      await reviewer.must('giveRecommendation', { applicationId: amendmentId, kind: 'APPROVE', comment: 'Sound.' });
    }
    await (await story.staff('REVIEWER')).must('advanceStage', { applicationId: amendmentId });
    return amendmentId;
  }

  async function decide(applicationId: string, ruling: Ruling): Promise<void> {
    const decisionId = await story.propose(applicationId, ruling);
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
  }

  async function grantOf(partner: Partner, applicationId: string): Promise<string> {
    return textAt(await look(partner.owner, applicationId, 'grant { id }'), 'grant', 'id');
  }

  it('is a draft of its own, with the answers approved last, and there is one at a time', async () => {
    const partner = await story.partner('Dora Draft', 'Draft Works');
    const applicationId = await story.decided(partner, approved);
    const amendmentId = await start(partner.owner, applicationId);
    const before = await look(partner.owner, applicationId, 'kind reference answers amends { id } availableCommands');
    expect(before).toMatchObject({ kind: 'NEW', amends: null, availableCommands: ['startAmendment', 'sendMessage'] });
    const draft = await look(partner.owner, amendmentId, 'kind status reference answers amends { id } grant { id }');
    expect(draft).toMatchObject({
      kind: 'AMENDMENT',
      status: 'DRAFT',
      answers: valueAt(before, 'answers'),
      amends: { id: applicationId },
      grant: { id: await grantOf(partner, applicationId) },
    });
    expect(valueAt(draft, 'reference')).not.toBe(valueAt(before, 'reference'));

    const both = await Promise.all([start(partner.owner, applicationId), start(partner.owner, applicationId)]);
    expect(both).toEqual([amendmentId, amendmentId]);
    expect(await look(partner.owner, applicationId, 'amendments { id }')).toEqual({
      amendments: [{ id: amendmentId }],
    });
    // Staff see it once it is submitted.
    const reviewer = await story.staff('REVIEWER');
    expect(await look(reviewer, applicationId, 'amendments { id }')).toEqual({ amendments: [] });
    expect(await look(reviewer, amendmentId, 'id')).toBeNull();
    expect(await codesOf(reviewer, 'startAmendment', { applicationId })).toEqual(['FORBIDDEN']);
    const stranger = await story.partner('Sina Stranger', 'Stranger Works');
    expect(await codesOf(stranger.owner, 'startAmendment', { applicationId })).toEqual(['NOT_FOUND']);

    await partner.owner.must('withdrawApplication', { applicationId: amendmentId });
    expect(await start(partner.owner, applicationId)).not.toBe(amendmentId);
  });

  it('is reviewed like any other and, when it is approved, changes the grant instead of making another', async () => {
    const partner = await story.partner('Greta Grant', 'Grant Works');
    const applicationId = await story.decided(partner, approved);
    const grantId = await grantOf(partner, applicationId);
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
    const fields = 'reference status conditions endsAt provisionedAt version';
    const before = await lookAtGrant(partner.owner, grantId, fields);
    const amendmentId = await atDecision(partner, applicationId);
    const listed = await (await story.staff('REVIEWER')).ask(
      `query ($id: ID!) { applications(filter: { kinds: [AMENDMENT], organizationId: $id }) { nodes { id kind } } }`,
      { id: partner.organizationId },
    );
    expect(listAt(listed, 'applications', 'nodes')).toEqual([{ id: amendmentId, kind: 'AMENDMENT' }]);
    await decide(amendmentId, changed);

    const after = await lookAtGrant(partner.owner, grantId, fields);
    expect(after).toEqual({ ...before, conditions: changed.conditions, version: Number(before?.version) + 1 });
    const grants = await partner.owner.ask('{ grants { nodes { id applicationId } } }');
    expect(listAt(grants, 'grants', 'nodes')).toEqual([{ id: grantId, applicationId }]);
    // The product is to follow.
    const tasks =
      'query ($id: ID!) { provisioningTasks(filter: { grantId: $id, statuses: [OPEN] }) { nodes { kind } } }';
    const open = await (await story.staff('REVIEWER')).ask(tasks, { id: grantId });
    expect(listAt(open, 'provisioningTasks', 'nodes')).toEqual([{ kind: 'CHANGE' }]);
    expect(await look(partner.owner, amendmentId, 'status grant { id } availableCommands')).toEqual({
      status: 'APPROVED_WITH_CONDITIONS',
      grant: { id: grantId },
      availableCommands: ['startAmendment', 'sendMessage'],
    });
    expect(await look(partner.owner, applicationId, 'status')).toEqual({ status: 'APPROVED_WITH_CONDITIONS' });

    const told = await (await story.staff('AUDITOR')).ask(
      'query ($id: ID!) { auditLog(filter: { applicationId: $id, event: "grant.amended" }) { nodes { payload } } }',
      { id: applicationId },
    );
    expect(listAt(told, 'auditLog', 'nodes')).toEqual([
      {
        payload: expect.objectContaining({
          grantId,
          amendmentId,
          applicationId,
          conditions: changed.conditions,
          conditionsBefore: approved.conditions,
        }),
      },
    ]);
    const seen = await look(partner.owner, applicationId, 'timeline(first: 50) { nodes { type } }');
    const types = listAt(seen, 'timeline', 'nodes').map((event) => textAt(event, 'type'));
    expect(types).toEqual(expect.arrayContaining(['application.amendment_started', 'grant.amended']));
    await story.desk.mail.next(partner.email, /: amended/);

    // The letter says what was amended, and the next amendment begins where this one ended.
    const letters = await eventually(async () => {
      const found = await look(
        partner.owner,
        amendmentId,
        'decisionLetters { document { downloadUrl } } amends { reference }',
      );
      expect(listAt(found, 'decisionLetters')).toHaveLength(1);
      return found;
    });
    const file = await fetch(textAt(letters, 'decisionLetters', 0, 'document', 'downloadUrl'));
    const { text } = await readPdf(new Uint8Array(await file.arrayBuffer()));
    expect(text).toContain(`Amendment of ${textAt(letters, 'amends', 'reference')}`);
    const next = await start(partner.owner, amendmentId);
    expect(await look(partner.owner, next, 'amends { id } answers')).toMatchObject({
      amends: { id: applicationId },
      answers: valueAt(await look(partner.owner, amendmentId, 'answers'), 'answers'),
    });
  });

  it('leaves the grant as it was when it is refused or withdrawn', async () => {
    const partner = await story.partner('Rolf Refused', 'Refused Works');
    const applicationId = await story.decided(partner, approved);
    const grantId = await grantOf(partner, applicationId);
    const before = await lookAtGrant(partner.owner, grantId, 'status conditions version');
    const amendmentId = await atDecision(partner, applicationId);
    await decide(amendmentId, refusal);
    expect(await look(partner.owner, amendmentId, 'status availableCommands')).toEqual({
      status: 'REFUSED',
      availableCommands: ['appeal', 'sendMessage'],
    });
    const another = await start(partner.owner, applicationId);
    expect(await codesOf(partner.owner, 'appealDecision', { applicationId: amendmentId, grounds: 'Still.' })).toEqual([
      'ALREADY_EXISTS',
    ]);
    await partner.owner.must('withdrawApplication', { applicationId: another });
    expect(await lookAtGrant(partner.owner, grantId, 'status conditions version')).toEqual(before);
  });

  it('is not approved any more when the grant has ended meanwhile, and can still be refused', async () => {
    const partner = await story.partner('Ena Ended', 'Ended Works');
    const applicationId = await story.decided(partner, approved);
    const grantId = await grantOf(partner, applicationId);
    const amendmentId = await atDecision(partner, applicationId);
    const decisionId = await story.propose(amendmentId, changed);
    await partner.owner.must('surrenderGrant', { grantId });

    const decider = await story.staff('DECIDER', 2);
    const input = { applicationId: amendmentId, decisionId };
    const { errors } = await decider.command('countersignDecision', input);
    expect(errors).toMatchObject([{ code: 'NOT_ALLOWED_NOW', message: expect.stringContaining('SURRENDERED') }]);
    expect(await look(decider, amendmentId, 'availableCommands')).toMatchObject({
      availableCommands: expect.not.arrayContaining(['countersign']),
    });
    await decider.must('declineToCountersign', { ...input, reason: 'The grant is gone.' });
    const proposer = await story.staff('DECIDER', 1);
    expect(await codesOf(proposer, 'proposeDecision', { applicationId: amendmentId, ...changed })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    await decide(amendmentId, refusal);
    expect(await codesOf(partner.owner, 'startAmendment', { applicationId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await lookAtGrant(partner.owner, grantId, 'status conditions')).toEqual({
      status: 'SURRENDERED',
      conditions: approved.conditions,
    });
  });

  it('changes a grant or finds it ended, when both are decided at one moment', async () => {
    const partner = await story.partner('Rosa Race', 'Race Works');
    const applicationId = await story.decided(partner, approved);
    const grantId = await grantOf(partner, applicationId);
    const amendmentId = await atDecision(partner, applicationId);
    await story.propose(amendmentId, changed);
    const decider = await story.staff('DECIDER', 2);
    const decisionId = await proposedDecision(decider, amendmentId);
    const [countersigned] = await Promise.all([
      codesOf(decider, 'countersignDecision', { applicationId: amendmentId, decisionId }),
      partner.owner.must('surrenderGrant', { grantId }),
    ]);
    const wasFirst = countersigned.length === 0;
    expect(await lookAtGrant(partner.owner, grantId, 'status conditions')).toEqual({
      status: 'SURRENDERED',
      conditions: wasFirst ? changed.conditions : approved.conditions,
    });
    const count = await sql<{ count: number }>`select count(*)::int as count from access_grant
      where organization_id = ${decodeId('organization', partner.organizationId)}`.execute(
      story.desk.database.kysely(),
    );
    expect(count.rows).toEqual([{ count: 1 }]);
  });

  it('can stand beside a new application to the same program', async () => {
    const partner = await story.partner('Bea Beside', 'Beside Works');
    const applicationId = await story.decided(partner, approved);
    const fresh = await story.draft(partner);
    const amendmentId = await start(partner.owner, applicationId);
    expect(await look(partner.owner, fresh, 'kind status')).toEqual({ kind: 'NEW', status: 'DRAFT' });
    expect(await look(partner.owner, amendmentId, 'kind status')).toEqual({ kind: 'AMENDMENT', status: 'DRAFT' });
  });
});
