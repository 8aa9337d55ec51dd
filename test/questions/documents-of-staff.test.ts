import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pdf, uploadDocument } from '../../src/demo/applying.js';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { codesOf, listAt, look, type Partner, Story } from '../journeys/story.js';

const questions = [{ text: 'Fill in the form, please.' }];
const form = { fileName: 'form.pdf', bytes: pdf('Form') };
const announced = { requirementKey: 'from-staff', fileName: 'form.pdf', mediaType: 'application/pdf', size: 3 };
const sha256 = 'a'.repeat(64);

describe('a document that staff give with questions', () => {
  let story: Story;
  let partner: Partner;
  let stranger: Partner;
  let intake: PortalClient;
  let applicationId: string;
  let documentId: string;

  const provide = () => uploadDocument(intake, applicationId, 'from-staff', form);
  const problems = async (client: PortalClient, command: string, input: Fields) =>
    (await client.command(command, { applicationId, ...input })).errors.map(
      ({ code, path }) => `${code} ${path?.join('.')}`,
    );
  const namesSeenBy = async (client: PortalClient) =>
    listAt(await look(client, applicationId, 'documents { fileName }'), 'documents').map((one) =>
      textAt(one, 'fileName'),
    );
  const node = async (client: PortalClient) =>
    valueAt(await client.ask('query ($id: ID!) { node(id: $id) { id } }', { id: documentId }), 'node');

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Pia Partner', 'Partner Power');
    stranger = await story.partner('Stan Stranger', 'Stranger Power');
    intake = await story.staff('INTAKE');
    applicationId = await story.submitted(partner);
    documentId = await provide();
  });
  afterAll(() => story.close());

  it('is theirs alone before: no partner learns of it by any list, event, version or time', async () => {
    const whole = 'documents { fileName } timeline(first: 100) { nodes { type data } } version updatedAt';
    const before = await look(partner.owner, applicationId, whole);
    const other = await provide();
    await intake.must('removeDocument', { documentId: other });
    expect(await look(partner.owner, applicationId, whole)).toEqual(before);
    expect(JSON.stringify(before)).not.toMatch(/form.pdf|from-staff/);
    expect(await node(partner.owner)).toBeNull();
    expect(await node(intake)).toEqual({ id: documentId });
    expect(await namesSeenBy(intake)).toContain('form.pdf');
    for (const client of [partner.owner, stranger.owner]) {
      expect(await codesOf(client, 'removeDocument', { documentId })).toEqual(['NOT_FOUND']);
      expect(await codesOf(client, 'completeDocumentUpload', { documentId })).toEqual(['NOT_FOUND']);
    }
    expect(await problems(partner.owner, 'sendMessage', { text: 'This?', documentIds: [documentId] })).toEqual([
      'NOT_FOUND documentIds.0',
    ]);
  });

  it('is uploaded by staff who review, as such and for no question in particular', async () => {
    const key = { ...announced, sha256 };
    for (const client of [partner.owner, await story.staff('PROGRAM_MANAGER'), await story.staff('AUDITOR')])
      expect(await codesOf(client, 'requestDocumentUpload', { applicationId, ...key })).toEqual(['FORBIDDEN']);
    expect(await codesOf(stranger.owner, 'requestDocumentUpload', { applicationId, ...key })).toEqual(['NOT_FOUND']);
    const forPartners = { applicationId, ...key, requirementKey: 'supporting-evidence' };
    expect(await codesOf(intake, 'requestDocumentUpload', forPartners)).toEqual(['FORBIDDEN']);
    const informationRequestId = encodeId('inforequest', randomIds.next());
    expect(await problems(intake, 'requestDocumentUpload', { ...key, informationRequestId })).toEqual([
      'INVALID informationRequestId',
    ]);
  });

  it('must be of staff, complete, of this application, and one of ten at most', async () => {
    const ask = (documentIds: readonly unknown[]) => problems(intake, 'requestInformation', { questions, documentIds });
    const pending = await intake.must(
      'requestDocumentUpload',
      { applicationId, ...announced, sha256 },
      'document { id }',
    );
    const theirs = textAt(await look(intake, applicationId, 'documents { id }'), 'documents', 0, 'id');
    const elsewhere = await uploadDocument(intake, await story.submitted(stranger), 'from-staff', form);
    for (const id of [textAt(pending, 'document', 'id'), theirs, elsewhere])
      expect(await ask([documentId, id])).toEqual(['NOT_FOUND documentIds.1']);
    const many = Array.from({ length: 11 }, () => encodeId('document', randomIds.next()));
    expect(await ask(many)).toEqual(['LIMIT_REACHED documentIds']);
    expect(await ask(['x'])).toEqual(['INVALID_ID documentIds.0']);
  });

  it('is read and downloaded by the partner once questions give it, and by no other organization', async () => {
    await intake.must('requestInformation', { applicationId, questions, documentIds: [documentId, documentId] });
    const fields = 'informationRequests { id documents { fileName isFromStaff downloadUrl } }';
    const seen = await look(partner.owner, applicationId, fields);
    expect(seen).toMatchObject({
      informationRequests: [{ documents: [{ fileName: 'form.pdf', isFromStaff: true }] }],
    });
    const answer = await fetch(textAt(seen, 'informationRequests', 0, 'documents', 0, 'downloadUrl'));
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(form.bytes);
    expect(await namesSeenBy(partner.owner)).toContain('form.pdf');
    expect(await node(partner.owner)).toEqual({ id: documentId });
    expect(await node(stranger.owner)).toBeNull();
    expect(await look(stranger.owner, applicationId, 'id')).toBeNull();
    const told = await look(partner.owner, applicationId, 'timeline(first: 1) { nodes { type data } }');
    expect(told).toMatchObject({
      timeline: { nodes: [{ type: 'application.information_requested', data: { documents: [documentId] } }] },
    });
  });

  it('stays from then on, answers no question itself, and is no part of what the partner submits', async () => {
    const informationRequestId = textAt(
      await look(partner.owner, applicationId, 'informationRequests { id }'),
      'informationRequests',
      0,
      'id',
    );
    const respond = (documentIds: readonly string[]) =>
      problems(partner.owner, 'respondToInformationRequest', {
        informationRequestId,
        answers: [{ question: 1, text: 'Done.', documentIds }],
      });
    expect(await codesOf(partner.owner, 'removeDocument', { documentId })).toEqual(['FORBIDDEN']);
    expect(await respond([documentId])).toEqual(['INVALID answers.0.documentIds.0']);
    expect(await respond([])).toEqual([]);
    expect(await codesOf(intake, 'removeDocument', { documentId })).toEqual(['NOT_ALLOWED_NOW']);

    // One that was announced and never came is in nobody's way, either.
    await intake.must('requestDocumentUpload', { applicationId, ...announced, sha256: 'b'.repeat(64) });
    await intake.must('returnForCorrection', { applicationId, reason: 'The form is of last year.' });
    await partner.owner.must('submitApplication', { applicationId });
    const revision = await look(intake, applicationId, 'revisions { number documents { fileName } }');
    expect(JSON.stringify(revision)).not.toContain('form.pdf');
    expect(await namesSeenBy(partner.owner)).toContain('form.pdf');
  });
});
