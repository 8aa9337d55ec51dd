import { createHash } from 'node:crypto';
import { type PortalClient, textAt, valueAt } from './portal-client.js';

/** Answers that the sample program's questionnaire accepts. */
export const completeAnswers = {
  purpose: 'DETECTION_ENGINEERING',
  endUse:
    'We write and test detection rules for the control networks of our own water works, on an isolated copy of them.',
  seats: 12,
  ownsOrAuthorized: true,
  onwardAccess: 'NONE',
};

/** A small PDF that says what it is, for uploads. */
export function pdf(text: string): Buffer {
  return Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n` +
      `3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]>>endobj\n% ${text}\ntrailer<</Root 1 0 R>>\n%%EOF\n`,
  );
}

/** Registers an organization and answers its id. */
export async function registerOrganization(
  owner: PortalClient,
  legalName: string,
  registrationNumber: string,
): Promise<string> {
  const created = await owner.must(
    'createOrganization',
    {
      legalName,
      country: 'NL',
      sector: 'WATER_AND_WASTEWATER',
      website: 'https://www.example.org',
      registrationNumber,
    },
    'organization { id }',
  );
  return textAt(created, 'organization', 'id');
}

/** Starts a draft and answers its id. */
export async function startApplication(
  client: PortalClient,
  organizationId: string,
  programId: string,
): Promise<string> {
  const started = await client.must('startApplication', { organizationId, programId }, 'application { id }');
  return textAt(started, 'application', 'id');
}

/** Announces a document, sends its bytes to the address answered, and completes it; answers its id. */
export async function uploadDocument(
  client: PortalClient,
  applicationId: string,
  requirementKey: string,
  file: { readonly fileName: string; readonly bytes: Buffer; readonly informationRequestId?: string },
): Promise<string> {
  const { bytes, ...named } = file;
  const announced = await client.must(
    'requestDocumentUpload',
    {
      applicationId,
      requirementKey,
      ...named,
      mediaType: 'application/pdf',
      size: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    'document { id } upload { url headers { name value } }',
  );
  const headers = valueAt(announced, 'upload', 'headers') as { name: string; value: string }[];
  const response = await fetch(textAt(announced, 'upload', 'url'), {
    method: 'PUT',
    headers: Object.fromEntries(headers.map(({ name, value }) => [name, value])),
    body: new Uint8Array(bytes),
  });
  if (!response.ok) throw new Error(`The upload was answered ${response.status}: ${await response.text()}`);
  const documentId = textAt(announced, 'document', 'id');
  await client.must('completeDocumentUpload', { documentId });
  return documentId;
}

/** Accepts the terms of the application's program. */
export async function acceptTerms(client: PortalClient, applicationId: string): Promise<void> {
  const found = await client.ask('query ($id: ID!) { application(id: $id) { programVersion { terms { id } } } }', {
    id: applicationId,
  });
  const termsId = textAt(found, 'application', 'programVersion', 'terms', 'id');
  await client.must('acceptTerms', { applicationId, termsId });
}

/** Does everything that a draft of the sample program needs before it can be submitted. */
export async function completeDraft(client: PortalClient, applicationId: string): Promise<void> {
  await client.must('saveDraft', { applicationId, answers: completeAnswers });
  await uploadDocument(client, applicationId, 'end-use-statement', { fileName: 'end-use.pdf', bytes: pdf('End use') });
  await uploadDocument(client, applicationId, 'security-program', { fileName: 'security.pdf', bytes: pdf('Security') });
  await acceptTerms(client, applicationId);
}
