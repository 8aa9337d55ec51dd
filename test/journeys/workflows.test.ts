import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pdf, uploadDocument } from '../../src/demo/applying.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, listAt, look, type Partner, Story, timelineOf } from './story.js';

const { workflow } = sampleProgram.version;
const [screening, review, decision] = workflow.stages;

/** Screening with a check and a document that is not needed to apply, and a review by people in two roles. */
const thorough = {
  ...workflow,
  stages: [
    {
      ...screening,
      requiredChecks: [{ key: 'registration-verified', title: 'Registration verified', by: ['INTAKE'] }],
      requiredDocuments: ['supporting-evidence'],
    },
    {
      ...review,
      requiredRecommendations: [
        { role: 'REVIEWER', count: 1 },
        { role: 'DECIDER', count: 1 },
      ],
    },
    decision,
  ],
};

describe('a workflow', () => {
  let story: Story;
  let manager: PortalClient;
  let partner: Partner;
  let running: string;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    manager = await story.staff('PROGRAM_MANAGER');
    running = await story.inScreening(await story.partner('Rita Running', 'Running Utilities'));
  });
  afterAll(() => story.close());

  const publish = (input: object, more = '') =>
    manager.command('publishProgramWorkflow', { programId: story.programId, ...input }, `program { version ${more} }`);
  const lacking = async (client: PortalClient) => {
    const seen = await look(client, applicationId, 'stageProblems { path }');
    return listAt(seen, 'stageProblems').map((problem) => listAt(problem, 'path').join('.'));
  };

  it('is tried out first, and every reason why it cannot be finished is told at once', async () => {
    const stuck = {
      ...thorough,
      stages: [
        { ...thorough.stages[0], advanceBy: ['AUDITOR'], requiredDocuments: ['passport'] },
        { ...thorough.stages[1], requiredRecommendations: [{ role: 'REVIEWER', count: 7 }], slaWorkingHours: 0 },
      ],
    };
    for (const dryRun of [true, false]) {
      const { errors, payload } = await publish({ workflow: stuck, dryRun });
      expect(payload.program).toBeNull();
      expect(errors.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
        'INVALID workflow.stages.0.requiredDocuments.0',
        'INVALID workflow.stages.0.advanceBy',
        'INVALID workflow.stages.1.slaWorkingHours',
        'INVALID workflow.stages.1.advanceBy',
        'INVALID workflow.stages.0.advanceBy',
        'INVALID workflow.stages.1.requiredRecommendations.0.count',
      ]);
    }
    const { errors, payload } = await publish({ workflow: thorough, dryRun: true }, 'currentVersion { number }');
    expect(errors).toEqual([]);
    expect(payload).toMatchObject({ program: { version: 2, currentVersion: { number: 1 } } });
  });

  it('is published as a new version, with all else as it was, by whoever has read the present one', async () => {
    expect((await publish({ workflow: thorough, expectedVersion: 1 })).errors).toMatchObject([{ code: 'CONFLICT' }]);
    const { errors, payload } = await publish(
      { workflow: thorough, expectedVersion: 2 },
      'currentVersion { number questionnaire grantMonths terms { label } workflow { stages { key requiredDocuments } } staffingProblems { message } }',
    );
    expect(errors).toEqual([]);
    expect(valueAt(payload, 'program', 'currentVersion')).toMatchObject({
      number: 2,
      questionnaire: sampleProgram.version.questionnaire,
      grantMonths: 12,
      terms: { label: 'sample-1' },
      workflow: { stages: [{ requiredDocuments: ['supporting-evidence'] }, {}, {}] },
      staffingProblems: [],
    });
  });

  it('stays, for those that are under way, what it was when they began', async () => {
    expect(await look(manager, running, 'programVersion { number } stageProblems { code }')).toEqual({
      programVersion: { number: 1 },
      stageProblems: [],
    });
  });

  it('keeps an application at a stage until its checks and documents are there', async () => {
    partner = await story.partner('Wanda Workflow', 'Workflow Utilities');
    applicationId = await story.inScreening(partner);
    const intake = await story.staff('INTAKE');
    expect(await lacking(intake)).toEqual(['checks.registration-verified', 'documents.supporting-evidence']);
    expect(await look(intake, applicationId, 'availableCommands')).toMatchObject({
      availableCommands: expect.not.arrayContaining(['advanceStage', 'recommend']),
    });
    expect(await codesOf(intake, 'advanceStage', { applicationId })).toEqual(['INCOMPLETE', 'INCOMPLETE']);

    const check = { applicationId, check: 'registration-verified' };
    await intake.must('markCheck', { ...check, outcome: 'FAILED', note: 'Not in the register.' });
    expect(await lacking(intake)).toContain('checks.registration-verified');
    await intake.must('markCheck', { ...check, outcome: 'PASSED', note: 'Found under its former name.' });
    expect(await lacking(intake)).toEqual(['documents.supporting-evidence']);

    await intake.must('requestInformation', {
      applicationId,
      questions: [{ text: 'Which certificates do you hold?' }],
    });
    await uploadDocument(partner.owner, applicationId, 'supporting-evidence', {
      fileName: 'certificate.pdf',
      bytes: pdf('Certificate'),
    });
    const asked = await look(partner.owner, applicationId, 'informationRequests { id }');
    const informationRequestId = textAt(asked, 'informationRequests', 0, 'id');
    await partner.owner.must('respondToInformationRequest', {
      applicationId,
      informationRequestId,
      answers: [{ question: 1, text: 'This one.' }],
    });
    expect(await lacking(intake)).toEqual([]);
    await intake.must('advanceStage', { applicationId });
  });

  it('keeps what was found on record, for staff and nobody else', async () => {
    const seen = await look(
      manager,
      applicationId,
      'checkResults { id check stageKey outcome note supersededAt markedBy { name } }',
    );
    expect(listAt(seen, 'checkResults')).toMatchObject([
      { outcome: 'FAILED', note: 'Not in the register.', supersededAt: expect.any(String) },
      { check: 'registration-verified', stageKey: 'screening', outcome: 'PASSED', supersededAt: null },
    ]);
    expect(await look(partner.owner, applicationId, 'checkResults { id } stageProblems { code }')).toEqual({
      checkResults: [],
      stageProblems: [],
    });
    const id = textAt(seen, 'checkResults', 1, 'id');
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    expect(await manager.ask(node, { id })).toEqual({ node: { id } });
    expect(await partner.owner.ask(node, { id })).toEqual({ node: null });
  });

  it('refuses checks that the stage does not ask for, or that are for others', async () => {
    const other = await story.inScreening(await story.partner('Chris Check', 'Checking Utilities'));
    const mark = { applicationId: other, check: 'registration-verified', outcome: 'PASSED', note: 'Seen.' };
    const [intake, reviewer] = [await story.staff('INTAKE'), await story.staff('REVIEWER')];
    expect(await codesOf(intake, 'markCheck', { ...mark, check: 'unknown' })).toEqual(['INVALID']);
    expect(await codesOf(intake, 'markCheck', { ...mark, note: ' ' })).toEqual(['REQUIRED']);
    expect(await codesOf(reviewer, 'markCheck', mark)).toEqual(['FORBIDDEN']);
    expect(await codesOf(intake, 'markCheck', { ...mark, applicationId })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('takes recommendations by role, and nobody’s for two', async () => {
    const admin = await story.staff('ADMIN');
    const [reviewer, decider] = [await story.staff('REVIEWER'), await story.staff('DECIDER')];
    await giveRoles(admin, reviewer, ['REVIEWER', 'DECIDER']);
    const sound = { applicationId, kind: 'APPROVE', comment: 'Sound.' };
    expect(await codesOf(await story.staff('INTAKE'), 'giveRecommendation', sound)).toEqual(['FORBIDDEN']);
    expect(await codesOf(decider, 'giveRecommendation', { ...sound, role: 'REVIEWER' })).toEqual(['INVALID']);

    await reviewer.must('giveRecommendation', sound);
    expect(await lacking(reviewer)).toEqual(['recommendations.DECIDER']);
    // The same person again, in the other role: the first one counts no more.
    await reviewer.must('giveRecommendation', { ...sound, role: 'DECIDER' });
    expect(await lacking(reviewer)).toEqual(['recommendations.REVIEWER']);
    await reviewer.must('giveRecommendation', { ...sound, role: 'REVIEWER' });
    await decider.must('giveRecommendation', sound);
    expect(await lacking(reviewer)).toEqual([]);
    const given = listAt(
      await look(reviewer, applicationId, 'recommendations { role supersededAt }'),
      'recommendations',
    );
    expect(given.map((one) => [textAt(one, 'role'), valueAt(one, 'supersededAt') === null])).toEqual([
      ['REVIEWER', false],
      ['DECIDER', false],
      ['REVIEWER', true],
      ['DECIDER', true],
    ]);
    await decider.must('advanceStage', { applicationId });
    expect(await look(partner.owner, applicationId, 'stage { key }')).toEqual({ stage: { key: 'decision' } });
  });

  it('is on the partner’s timeline as far as it is the partner’s business', async () => {
    expect(await timelineOf(partner.owner, applicationId)).toEqual([
      'application.submitted',
      'application.review_started',
      'application.information_requested',
      'document.upload_requested',
      'document.added',
      'application.information_provided',
      'application.stage_advanced',
      'application.stage_advanced',
    ]);
    const ofStaff = await timelineOf(manager, applicationId);
    expect(ofStaff.filter((type) => type === 'application.check_marked')).toHaveLength(2);
  });

  it('tells its manager when people are lacking who left', async () => {
    const admin = await story.staff('ADMIN');
    const staff = listAt(await admin.ask('{ staff { id roles active } }'), 'staff');
    const intakes = staff.filter((one) => listAt(one, 'roles').includes('INTAKE'));
    for (const one of intakes) await admin.must('deactivateStaff', { staffId: textAt(one, 'id') });
    const problems = '{ programs { nodes { currentVersion { staffingProblems { path message } } } } }';
    const seen = await manager.ask(problems);
    expect(
      listAt(seen, 'programs', 'nodes', 0, 'currentVersion', 'staffingProblems').map((one) =>
        listAt(one, 'path').join('.'),
      ),
    ).toEqual(['intake.queue', 'stages.0.requiredChecks.0.by']);
    expect(await partner.owner.ask(problems)).toEqual({
      programs: { nodes: [{ currentVersion: { staffingProblems: [] } }] },
    });
  });
});

describe('a workflow that is published alone', () => {
  it('leaves the program’s screening policy as it was', async () => {
    const story = await Story.open();
    try {
      await story.takeOnEverybody();
      const policy = { threshold: 90, suspendsOnHit: true };
      const screened = { code: 'screened', version: { ...sampleProgram.version, screening: policy } };
      const programId = encodeId('program', await story.desk.program(screened));
      const published = await (await story.staff('PROGRAM_MANAGER')).must(
        'publishProgramWorkflow',
        { programId, workflow: thorough },
        'program { currentVersion { number screening { threshold suspendsOnHit } } }',
      );
      expect(published).toMatchObject({ program: { currentVersion: { number: 2, screening: policy } } });
    } finally {
      await story.close();
    }
  });
});

async function giveRoles(admin: PortalClient, to: PortalClient, roles: readonly string[]): Promise<void> {
  const me = textAt(await to.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
  const staff = listAt(await admin.ask('{ staff { id person { id } } }'), 'staff');
  const own = staff.find((one) => valueAt(one, 'person', 'id') === me);
  await admin.must('setStaffRoles', { staffId: textAt(own, 'id'), roles });
}
