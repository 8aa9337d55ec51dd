import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeAnswers, pdf } from '../../src/demo/applying.js';
import { type Fields, type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { eventually, look, type Partner, Story } from '../journeys/story.js';
import { changesNothing, complaint, holdings, refused } from './bad-input-desk.js';

const limit = 10_000;
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a document that is not what it should be', () => {
  let story: Story;
  let partner: Partner;
  let owner: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open({ environment: { MAX_DOCUMENT_BYTES: String(limit) } });
    partner = await story.partner('Dora Document', 'Document Utilities');
    owner = partner.owner;
    applicationId = await story.draft(partner);
    await owner.must('saveDraft', { applicationId, answers: completeAnswers });
  });
  afterAll(() => story.close());

  const announcement = (bytes: Uint8Array, changes: Fields = {}) => ({
    applicationId,
    requirementKey: 'supporting-evidence',
    fileName: 'evidence.pdf',
    mediaType: 'application/pdf',
    size: bytes.byteLength,
    sha256: sha256Of(bytes),
    ...changes,
  });

  /** Announces a document; answers its id and where its bytes go. */
  async function announce(bytes: Uint8Array, changes: Fields = {}) {
    const answer = await owner.must(
      'requestDocumentUpload',
      announcement(bytes, changes),
      'document { id fileName } upload { url }',
    );
    return {
      documentId: textAt(answer, 'document', 'id'),
      fileName: textAt(answer, 'document', 'fileName'),
      url: textAt(answer, 'upload', 'url'),
    };
  }

  const put = async (url: string, bytes: Uint8Array, type = 'application/pdf') => {
    const response = await fetch(url, {
      method: 'PUT',
      body: new Uint8Array(bytes),
      headers: { 'content-type': type },
    });
    return { status: response.status, body: await response.json() };
  };
  const problem = (code: string, path: string, gist: RegExp) => ({
    errors: [{ code, path: [path], message: expect.stringMatching(gist) }],
  });
  const remove = (documentId: string) => owner.must('removeDocument', { documentId });

  it.each<[string, Fields, string, string, RegExp]>([
    [
      'one byte over the limit',
      { size: limit + 1 },
      'LIMIT_REACHED',
      'size',
      /at most 10000 bytes, and this one has 10001/,
    ],
    ['five terabytes', { size: 5e12 }, 'LIMIT_REACHED', 'size', /at most 10000 bytes/],
    ['of no size', { size: 0 }, 'INVALID', 'size', /at least 1/],
    ['of a negative size', { size: -5 }, 'INVALID', 'size', /at least 1/],
    ['of half a byte', { size: 1.5 }, 'INVALID', 'size', /whole number of bytes/],
    ['of 1e300 bytes', { size: 1e300 }, 'INVALID', 'size', /whole number of bytes/],
    ['with a checksum that is none', { sha256: 'xyz' }, 'INVALID', 'sha256', /64 hexadecimal digits/],
    ['with another kind of checksum', { sha256: 'd41d8cd98f00b204e9800998ecf8427e' }, 'INVALID', 'sha256', /64 hex/],
    [
      'a program',
      { mediaType: 'application/x-msdownload' },
      'INVALID',
      'mediaType',
      /not accepted\. Accepted are application\/pdf/,
    ],
    ['a page', { mediaType: 'text/html' }, 'INVALID', 'mediaType', /not accepted/],
    ['an archive', { mediaType: 'application/zip' }, 'INVALID', 'mediaType', /not accepted/],
    ['of no type', { mediaType: '' }, 'INVALID', 'mediaType', /not accepted/],
    ['without a name', { fileName: '' }, 'INVALID', 'fileName', /Give the file a name/],
    ['named by dots', { fileName: '../..' }, 'INVALID', 'fileName', /Give the file a name/],
    ['named by what cannot be seen', { fileName: '\u202e\u200b ' }, 'INVALID', 'fileName', /Give the file a name/],
    ['named by half a character', { fileName: '\ud800.pdf' }, 'INVALID', 'fileName', /well-formed/],
    [
      'for what the program does not ask',
      { requirementKey: 'passport' },
      'INVALID',
      'requirementKey',
      /end-use-statement, security-program/,
    ],
    [
      'for a question that is not named',
      { requirementKey: 'information-request' },
      'REQUIRED',
      'informationRequestId',
      /Name the information request/,
    ],
    [
      'for a question that is not there',
      { informationRequestId: encodeId('inforequest', randomIds.next()) },
      'INVALID',
      'informationRequestId',
      /not the open information request/,
    ],
    ['for a question that is no id', { informationRequestId: '' }, 'INVALID_ID', 'informationRequestId', /not an id/],
  ])('is refused when it is %s', async (_what, changes, code, path, gist) => {
    const given = announcement(pdf('x'), changes);
    expect(await refused(story.desk, owner, 'requestDocumentUpload', given)).toEqual([complaint(code, path, gist)]);
  });

  it('is refused with everything that is wrong at once', async () => {
    const given = announcement(pdf('x'), { size: 0, sha256: '', mediaType: 'x', fileName: '' });
    const complaints = await refused(story.desk, owner, 'requestDocumentUpload', given);
    expect(complaints.map(({ path }) => path)).toEqual(['size', 'sha256', 'mediaType', 'fileName']);
  });

  it.each([
    ['../../x', 'x.pdf'],
    ['..\\..\\windows\\system32\\cmd.exe', 'cmd.exe.pdf'],
    ['/etc/passwd', 'passwd.pdf'],
    ['evidence\u202efdp.exe', 'evidencefdp.exe.pdf'],
    ['a\nb\tc.pdf', 'abc.pdf'],
    [`${'x'.repeat(300)}.pdf`, `${'x'.repeat(196)}.pdf`],
    ['x'.repeat(300), `${'x'.repeat(196)}.pdf`],
    ['<script>alert(1)</script>.pdf', 'script>.pdf'],
    ['"; filename="evil.exe', '"; filename="evil.exe.pdf'],
    ['.htaccess', 'htaccess.pdf'],
    ['CON.pdf', 'CON.pdf'],
    ['報告書 🗎.PDF', '報告書 🗎.PDF'],
  ])('is called by what is harmless in its name %j, up and down again', async (given, kept) => {
    const bytes = pdf(given.slice(0, 20).replaceAll(/[^a-z]/g, ''));
    const { documentId, fileName, url } = await announce(bytes, { fileName: given });
    expect(fileName).toBe(kept);
    expect(await put(url, bytes)).toEqual({ status: 201, body: { errors: [] } });
    await owner.must('completeDocumentUpload', { documentId });
    const seen = await look(owner, applicationId, 'documents { id downloadUrl }');
    const documents = seen?.documents as readonly { id: string; downloadUrl: string }[];
    const download = await fetch(documents.find(({ id }) => id === documentId)?.downloadUrl ?? '');
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
    expect(download.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[^"]*"; filename\*=UTF-8''[^"'; ]*$/,
    );
    expect(download.headers.get('content-disposition')).toContain(
      encodeURIComponent(kept).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`),
    );
    await remove(documentId);
  });

  it('is refused with NUL in its name before anything is looked at', async () => {
    const { status, errors } = await changesNothing(story.desk, () =>
      owner.request(
        'mutation ($input: RequestDocumentUploadInput!) { requestDocumentUpload(input: $input) { errors { code } } }',
        { input: announcement(pdf('x'), { fileName: 'a\0.pdf' }) },
      ),
    );
    expect([status, errors]).toMatchObject([
      400,
      [{ message: expect.stringMatching(/NUL/), extensions: { code: 'BAD_REQUEST' } }],
    ]);
  });

  it.each<[string, (bytes: Buffer) => Buffer, number, string, string, RegExp]>([
    [
      'longer than announced',
      (bytes) => Buffer.concat([bytes, bytes]),
      413,
      'LIMIT_REACHED',
      'size',
      /more bytes than/,
    ],
    [
      'shorter than announced',
      (bytes) => bytes.subarray(1),
      400,
      'CONTENT_MISMATCH',
      'size',
      /before the \d+ bytes announced/,
    ],
    ['empty', () => Buffer.alloc(0), 400, 'CONTENT_MISMATCH', 'size', /before the \d+ bytes/],
    [
      'altered by one bit',
      (bytes) => bytes.fill((bytes[9] ?? 0) ^ 1, 9, 10),
      422,
      'CONTENT_MISMATCH',
      'sha256',
      /SHA-256 of the bytes received is/,
    ],
  ])(
    'is refused when it arrives %s, and can be sent right afterwards',
    async (_what, spoil, status, code, path, gist) => {
      const bytes = pdf('a document that is spoilt on its way');
      const { documentId, url } = await announce(bytes);
      const answer = await changesNothing(story.desk, () => put(url, spoil(Buffer.from(bytes))));
      expect(answer).toEqual({ status, body: problem(code, path, gist) });
      expect(await refused(story.desk, owner, 'completeDocumentUpload', { documentId })).toEqual([
        complaint('INCOMPLETE', 'documentId', /bytes have not arrived/),
      ]);
      expect((await put(url, bytes)).status).toBe(201);
      await owner.must('completeDocumentUpload', { documentId });
      await remove(documentId);
    },
  );

  it.each([
    ['a page said to be a PDF', Buffer.from('<html><script>alert(1)</script></html>'), 'application/pdf'],
    ['a program said to be a PDF', Buffer.from(`MZ${'\0'.repeat(200)}`), 'application/pdf'],
    ['a PDF said to be a picture', pdf('x'), 'image/png'],
    ['bytes said to be text', Buffer.from([0xff, 0xfe, 0x41, 0x00]), 'text/plain'],
    [
      'an archive said to be a document',
      Buffer.from('504b0506'.padEnd(44, '0'), 'hex'),
      'application/vnd.oasis.opendocument.text',
    ],
  ])('is refused when it turns out to be %s', async (_what, bytes, mediaType) => {
    const { documentId, url } = await announce(bytes, { mediaType });
    const answer = await changesNothing(story.desk, () => put(url, bytes, mediaType));
    expect(answer).toEqual({ status: 415, body: problem('CONTENT_MISMATCH', 'mediaType', /^The content is not/) });
    await remove(documentId);
  });

  it('is refused when the connection breaks half-way, and leaves nothing behind', async () => {
    const bytes = Buffer.alloc(9000, 'x');
    const { documentId, url } = await announce(bytes, { mediaType: 'text/plain' });
    const before = await holdings(story.desk);
    const outgoing = httpRequest(url, { method: 'PUT', headers: { 'content-length': 9000 }, agent: false });
    outgoing.on('error', () => {});
    await new Promise((resolve) => {
      outgoing.write(bytes.subarray(0, 4000), resolve);
    });
    const closed = new Promise((resolve) => {
      outgoing.on('close', resolve);
    });
    outgoing.destroy();
    await closed;
    // The portal notices a moment later that nothing more comes.
    await eventually(async () => expect(await holdings(story.desk)).toEqual(before));
    expect(await refused(story.desk, owner, 'completeDocumentUpload', { documentId })).toEqual([
      complaint('INCOMPLETE', 'documentId', /bytes have not arrived/),
    ]);
    expect((await put(url, bytes, 'text/plain')).status).toBe(201);
    await owner.must('completeDocumentUpload', { documentId });
    await remove(documentId);
  });

  it('is not taken by a link that was changed, is too old, or was used', async () => {
    const bytes = pdf('links');
    const { documentId, url } = await announce(bytes);
    const other = await announce(bytes);
    const forged = [
      `${url}x`,
      url.slice(0, -1),
      url.replace(documentId, other.documentId),
      url.replace(/[^/]+$/, '%2e%2e%2fx'),
    ];
    for (const address of forged)
      expect((await changesNothing(story.desk, () => put(address, bytes))).status).toBe(404);
    expect((await put(url, bytes)).status).toBe(201);
    expect(await changesNothing(story.desk, () => put(url, bytes))).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'ALREADY_EXISTS' }] },
    });
    story.desk.clock.advance(15 * 60 * 1000);
    expect(await changesNothing(story.desk, () => put(other.url, bytes))).toMatchObject({
      status: 410,
      body: { errors: [{ code: 'EXPIRED', message: expect.stringMatching(/requestDocumentUpload/) }] },
    });
    await remove(documentId);
    await remove(other.documentId);
  });

  it('stands in the way of submission while its bytes have not come', async () => {
    const { documentId } = await announce(pdf('waiting'), { fileName: 'waiting.pdf' });
    const complaints = await refused(story.desk, owner, 'submitApplication', { applicationId });
    expect(complaints).toContainEqual(complaint('INCOMPLETE', 'documents', /upload of “waiting\.pdf” was announced/));
    await remove(documentId);
    expect(await refused(story.desk, owner, 'removeDocument', { documentId })).toEqual([
      complaint('NOT_ALLOWED_NOW', 'documentId', /was removed/),
    ]);
  });
});
