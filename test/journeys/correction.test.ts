import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptTerms, completeAnswers, pdf, startApplication, uploadDocument } from '../../src/demo/applying.js';
import { textAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, listAt, look, type Partner, Story, timelineOf } from './story.js';

describe('an application that is returned for correction', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    partner = await story.partner('Cora Correct', 'Correct Utilities');
  });
  afterAll(() => story.close());

  it('comes back with what to correct, out of every queue, and can be changed again', async () => {
    applicationId = await story.inTechnicalReview(partner);
    const reviewer = await story.staff('REVIEWER');
    await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    await reviewer.must('returnForCorrection', { applicationId, reason: 'Name the systems, and sign the statement.' });
    const { owner } = partner;
    expect(await look(owner, applicationId, 'status statusReason stage { key } availableCommands')).toEqual({
      status: 'RETURNED',
      statusReason: 'Name the systems, and sign the statement.',
      stage: null,
      availableCommands: [
        'saveDraft',
        'acceptTerms',
        'addDocument',
        'removeDocument',
        'submit',
        'withdraw',
        'sendMessage',
      ],
    });
    expect(await look(reviewer, applicationId, 'queue dueAt availableCommands')).toEqual({
      queue: null,
      dueAt: null,
      availableCommands: ['sendMessage', 'leaveUnanswered', 'writeNote'],
    });
  });

  it('is corrected and submitted as a new revision, which says what changed, answer by answer and document by document', async () => {
    const { owner } = partner;
    const before = await look(
      owner,
      applicationId,
      'documents { id requirementKey } revisions { number changes { documents { kind } } }',
    );
    expect(before?.revisions).toEqual([{ number: 1, changes: null }]);
    const statement = listAt(before, 'documents').find(
      (document) => textAt(document, 'requirementKey') === 'end-use-statement',
    );
    const oldId = textAt(statement, 'id');
    await owner.must('removeDocument', { documentId: oldId });
    expect(await codesOf(owner, 'submitApplication', { applicationId })).toEqual(['REQUIRED']);
    const newId = await uploadDocument(owner, applicationId, 'end-use-statement', {
      fileName: 'signed.pdf',
      bytes: pdf('Signed'),
    });
    const endUse = `${completeAnswers.endUse} They are the pumping stations 4 to 9.`;
    await owner.must('saveDraft', { applicationId, answers: { endUse, seats: null } });
    await owner.must('saveDraft', { applicationId, answers: { seats: 15, safeguards: 'Hardware keys.' } });
    await owner.must('submitApplication', { applicationId });

    const auditor = await story.staff('AUDITOR');
    const fields = `status revision statusReason revisions { number answers documents { documentId fileName }
      submittedBy { name } changes { answers { path before after } documents { kind documentId requirementKey fileName } } }`;
    const seen = await look(auditor, applicationId, fields);
    expect(seen).toMatchObject({ status: 'SUBMITTED', revision: 2, statusReason: null });
    const [first, second] = listAt(seen, 'revisions');
    expect(first).toMatchObject({ number: 1, answers: completeAnswers, changes: null });
    expect(listAt(first, 'documents')).toContainEqual({ documentId: oldId, fileName: 'end-use.pdf' });
    expect(second).toMatchObject({
      number: 2,
      answers: { ...completeAnswers, endUse, seats: 15, safeguards: 'Hardware keys.' },
      submittedBy: { name: 'Cora Correct' },
      changes: {
        documents: [
          { kind: 'REMOVED', documentId: oldId, requirementKey: 'end-use-statement', fileName: 'end-use.pdf' },
          { kind: 'ADDED', documentId: newId, requirementKey: 'end-use-statement', fileName: 'signed.pdf' },
        ],
      },
    });
    const answers = listAt(second, 'changes', 'answers');
    expect(answers).toHaveLength(3);
    expect(answers).toEqual(
      expect.arrayContaining([
        { path: ['endUse'], before: completeAnswers.endUse, after: endUse },
        { path: ['seats'], before: 12, after: 15 },
        { path: ['safeguards'], before: null, after: 'Hardware keys.' },
      ]),
    );
  });

  it('keeps what the first revision held: staff can still open the document that was taken out', async () => {
    const auditor = await story.staff('AUDITOR');
    const seen = await look(auditor, applicationId, 'documents { fileName status downloadUrl }');
    const removed = listAt(seen, 'documents').find((document) => textAt(document, 'fileName') === 'end-use.pdf');
    expect(removed).toMatchObject({ status: 'REMOVED' });
    const download = await fetch(textAt(removed, 'downloadUrl'));
    expect(Buffer.from(await download.arrayBuffer()).equals(pdf('End use'))).toBe(true);
  });

  it('is reviewed anew: recommendations on the first revision do not count for the second', async () => {
    const [intake, reviewer, second] = [
      await story.staff('INTAKE'),
      await story.staff('REVIEWER'),
      await story.staff('REVIEWER', 2),
    ];
    await intake.must('startReview', { applicationId });
    await intake.must('advanceStage', { applicationId });
    await second.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    expect(await codesOf(reviewer, 'advanceStage', { applicationId })).toEqual(['INCOMPLETE']);
    await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Now it is.' });
    await reviewer.must('advanceStage', { applicationId });
    expect(await look(reviewer, applicationId, 'recommendations { revision comment supersededAt }')).toEqual({
      recommendations: [
        { revision: 1, comment: 'Sound.', supersededAt: null },
        { revision: 2, comment: 'Sound.', supersededAt: null },
        { revision: 2, comment: 'Now it is.', supersededAt: null },
      ],
    });
    expect((await timelineOf(partner.owner, applicationId)).slice(3, 10)).toEqual([
      'application.returned_for_correction',
      'document.removed',
      'document.upload_requested',
      'document.added',
      'application.draft_saved',
      'application.draft_saved',
      'application.submitted',
    ]);
  });

  it('goes on under the terms and the version of the program it was started under', async () => {
    const other = await story.partner('Olga Older', 'Older Utilities');
    const started = await story.inScreening(other);
    await (await story.staff('INTAKE')).must('returnForCorrection', { applicationId: started, reason: 'Say more.' });
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('publishProgramVersion', {
      programId: story.programId,
      version: { ...sampleProgram.version, terms: { label: 'sample-2', body: 'Newer terms.' } },
    });
    await other.owner.must('submitApplication', { applicationId: started });
    expect(await look(other.owner, started, 'status programVersion { number terms { label } }')).toEqual({
      status: 'SUBMITTED',
      programVersion: { number: 1, terms: { label: 'sample-1' } },
    });
  });

  it('names changes deep in answers by their path, whatever the questions are called', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    const created = await manager.must(
      'createProgram',
      {
        ...sampleProgram,
        code: 'deep',
        version: { ...sampleProgram.version, questionnaire: { type: 'object' }, documentRequirements: [] },
      },
      'program { id }',
    );
    const other = await story.partner('Dana Deep', 'Deep Utilities');
    const { owner, organizationId } = other;
    const deep = await startApplication(owner, organizationId, textAt(created, 'program', 'id'));
    const site = { name: 'Works', pumps: [{ id: 1 }, { id: 2 }] };
    await owner.must('saveDraft', { applicationId: deep, answers: { site } });
    await acceptTerms(owner, deep);
    await owner.must('submitApplication', { applicationId: deep });
    await (await story.staff('INTAKE')).must('returnForCorrection', { applicationId: deep, reason: 'Say more.' });
    const after = { ...site, pumps: [{ id: 1 }, { id: 3 }, 'spare'], constructor: 'Delta' };
    await owner.must('saveDraft', { applicationId: deep, answers: { site: after, toString: [] } });
    await owner.must('submitApplication', { applicationId: deep });
    const seen = await look(owner, deep, 'revisions { changes { answers { path before after } } }');
    const changes = listAt(seen, 'revisions', 1, 'changes', 'answers');
    expect(changes).toHaveLength(4);
    expect(changes).toEqual(
      expect.arrayContaining([
        { path: ['site', 'pumps', '1', 'id'], before: 2, after: 3 },
        { path: ['site', 'pumps', '2'], before: null, after: 'spare' },
        { path: ['site', 'constructor'], before: null, after: 'Delta' },
        { path: ['toString'], before: null, after: [] },
      ]),
    );
  });
});
