import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeDraft, registerOrganization, startApplication } from '../../src/demo/applying.js';
import type { PortalClient } from '../../src/demo/portal-client.js';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';

describe('an application that is approved', () => {
  let desk: TestPortal;
  let owner: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    desk = await openTestPortal();
  });
  afterAll(() => desk.close());

  async function application(client: PortalClient, fields: string) {
    const found = await client.ask(`query ($id: ID!) { application(id: $id) { ${fields} } }`, { id: applicationId });
    return valueAt(found, 'application');
  }

  it('is drafted, completed and submitted by the partner', async () => {
    const programId = encodeId('program', await desk.program());
    owner = await desk.person('Olga Owner');
    const organizationId = await registerOrganization(owner, 'Tidewater Utilities', 'NL-1');
    applicationId = await startApplication(owner, organizationId, programId);

    const early = await owner.command('submitApplication', { applicationId });
    expect(early.errors.map(({ code, path }) => [code, path.join('.')])).toEqual(
      expect.arrayContaining([
        ['REQUIRED', 'answers.purpose'],
        ['REQUIRED', 'documents.end-use-statement'],
        ['REQUIRED', 'terms'],
      ]),
    );
    await completeDraft(owner, applicationId);
    expect(await application(owner, 'submissionProblems { code } availableCommands')).toMatchObject({
      submissionProblems: [],
      availableCommands: expect.arrayContaining(['submit', 'withdraw', 'saveDraft']),
    });
    const submitted = await owner.must('submitApplication', { applicationId }, 'application { status revision }');
    expect(submitted).toMatchObject({ application: { status: 'SUBMITTED', revision: 1 } });
  });

  it('is reviewed, recommended, decided with four eyes, granted and provisioned', async () => {
    const intake = await desk.staff('INTAKE');
    const [reviewer, second] = [await desk.staff('REVIEWER'), await desk.staff('REVIEWER')];
    const [decider, countersigner] = [await desk.staff('DECIDER'), await desk.staff('DECIDER')];

    const queue = await intake.ask(
      '{ queue(name: "intake") { nodes { id dueAt } } queues { name waiting oldestDueAt } }',
    );
    expect(valueAt(queue, 'queue', 'nodes', 0, 'id')).toBe(applicationId);
    expect(valueAt(queue, 'queues', 0, 'oldestDueAt')).toBe(valueAt(queue, 'queue', 'nodes', 0, 'dueAt'));

    await intake.must('startReview', { applicationId });
    await intake.must('advanceStage', { applicationId });
    const tooEarly = await reviewer.command('advanceStage', { applicationId });
    expect(tooEarly.errors[0]?.code).toBe('INCOMPLETE');
    await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    await second.must('giveRecommendation', {
      applicationId,
      kind: 'APPROVE_WITH_CONDITIONS',
      comment: 'Own systems only.',
      conditions: ['Own systems only.'],
    });
    await reviewer.must('advanceStage', { applicationId });
    const proposed = await decider.must(
      'proposeDecision',
      { applicationId, outcome: 'APPROVE_WITH_CONDITIONS', conditions: ['Own systems only.'] },
      'application { status decisions { id status } }',
    );
    const decisionId = textAt(proposed, 'application', 'decisions', 0, 'id');
    expect(await application(owner, 'status decisions { id } recommendations { id } queue')).toEqual({
      status: 'IN_REVIEW',
      decisions: [],
      recommendations: [],
      queue: null,
    });

    const own = await decider.command('countersignDecision', { applicationId, decisionId });
    expect(own.errors[0]?.code).toBe('FOUR_EYES');
    const decided = await countersigner.must(
      'countersignDecision',
      { applicationId, decisionId },
      'application { status grant { id status conditions isUsable } }',
    );
    expect(decided).toMatchObject({
      application: {
        status: 'APPROVED_WITH_CONDITIONS',
        grant: { status: 'PENDING_PROVISIONING', conditions: ['Own systems only.'], isUsable: false },
      },
    });

    const admin = await desk.staff('ADMIN');
    const key = await admin.must('createApiKey', { name: 'Provisioning', scopes: ['GRANTS_PROVISION'] }, 'key');
    const grantId = textAt(decided, 'application', 'grant', 'id');
    const active = await desk.stranger
      .as(textAt(key, 'key'))
      .must('acknowledgeProvisioning', { grantId }, 'grant { status isUsable organizationName organization { id } }');
    expect(active).toMatchObject({
      grant: { status: 'ACTIVE', isUsable: true, organizationName: 'Tidewater Utilities', organization: null },
    });
  });

  it('shows the partner every step, and no name of staff', async () => {
    const timeline = await application(owner, 'timeline(first: 50) { nodes { type actor } }');
    const nodes = valueAt(timeline, 'timeline', 'nodes') as { type: string; actor: string }[];
    // The letter is written when it is written.
    const steps = nodes.filter(({ type }) => type !== 'document.letter_written');
    expect(steps.map(({ type }) => type).reverse()).toEqual([
      'application.started',
      'application.draft_saved',
      'document.upload_requested',
      'document.added',
      'document.upload_requested',
      'document.added',
      'application.terms_accepted',
      'application.submitted',
      'application.review_started',
      'application.stage_advanced',
      'application.stage_advanced',
      'application.approved',
      'grant.created',
      'grant.activated',
    ]);
    expect(new Set(steps.map(({ actor }) => actor))).toEqual(
      new Set(['Olga Owner', 'Staff', 'A system of the operator']),
    );
  });

  it('tells the partner by e-mail', async () => {
    expect(await desk.mail.next('olga.owner@partner.example.org', /approved/i)).toContain('A-');
  });
});
