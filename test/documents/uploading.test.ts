import { readFile } from 'node:fs/promises';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Desk, maxDocumentBytes, openDesk, pdf, put, sha256Of } from './document-desk.js';

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const problem = (code: string, ...path: string[]) => ({ errors: [expect.objectContaining({ code, path })] });

/** Begins a PUT that sends its body piece by piece; without a length, the body is chunked. */
function begin(url: string, headers: Record<string, string | number> = {}) {
  const outgoing = httpRequest(url, { method: 'PUT', headers, agent: false });
  const answered = new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', async (response: IncomingMessage) => {
      resolve({ status: response.statusCode, body: await json(response) });
    });
  });
  answered.catch(() => {});
  return { outgoing, answered };
}

const write = (outgoing: ClientRequest, bytes: Uint8Array) =>
  new Promise<void>((resolve, reject) => {
    outgoing.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

/** Looks again and again until something is so. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('Uploading the bytes of a document', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk({ patience: { stallMs: 500, totalMs: 5_000 } });
  });

  afterAll(() => desk.close());

  /** Nothing of a refused upload is left, and the document cannot be completed. */
  const expectNothingKept = async (documentId: string) => {
    const { storage_key: key } = await desk.row(documentId);
    await until(async () => (await desk.files()).every((file) => !file.includes('incoming')));
    expect((await desk.files()).filter((file) => file.includes(key))).toEqual([]);
    await expect(desk.complete(documentId)).rejects.toMatchObject({ code: 'INCOMPLETE' });
  };

  afterEach(async () => {
    expect((await desk.files()).filter((file) => file.includes('incoming'))).toEqual([]);
  });

  test('keeps them when they are what was announced', async () => {
    const bytes = pdf(200_000);
    const { documentId, url } = await desk.announce(bytes);
    expect(await put(url, bytes, { 'content-type': 'application/pdf' })).toEqual({ status: 201, body: { errors: [] } });

    const { storage_key: key } = await desk.row(documentId);
    const file = (await desk.files()).find((name) => name.includes(key)) ?? '';
    expect((await readFile(file)).equals(bytes)).toBe(true);
    await desk.complete(documentId);
    expect((await desk.row(documentId)).status).toBe('AVAILABLE');
  });

  test('takes any Content-Type header, and none', async () => {
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
      const bytes = pdf();
      const { url } = await desk.announce(bytes);
      expect(await put(url, bytes, { 'content-type': type })).toMatchObject({ status: 201 });
    }
    const bytes = pdf();
    const { url } = await desk.announce(bytes);
    const { outgoing, answered } = begin(url);
    outgoing.end(bytes);
    expect(await answered).toMatchObject({ status: 201 });
  });

  test('writes them to disk while they arrive', async () => {
    const bytes = pdf(900_000);
    const { url } = await desk.announce(bytes);
    const { outgoing, answered } = begin(url);
    await write(outgoing, bytes.subarray(0, 600_000));
    await until(async () => {
      const growing = (await desk.files()).find((file) => file.includes('incoming'));
      return growing !== undefined && (await readFile(growing)).length === 600_000;
    });
    outgoing.end(bytes.subarray(600_000));
    expect(await answered).toMatchObject({ status: 201 });
  });

  test('answers 413 when the announced length is over the size asked for', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    const refused = await put(url, Buffer.concat([bytes, bytes]));
    expect(refused).toEqual({ status: 413, body: problem('LIMIT_REACHED', 'size') });
    await expectNothingKept(documentId);
  });

  test('answers 413 as soon as more bytes come than were asked for, whatever length was said', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    const { outgoing, answered } = begin(url);
    outgoing.write(bytes);
    outgoing.write(pdf(500_000));
    expect(await answered).toEqual({ status: 413, body: problem('LIMIT_REACHED', 'size') });
    outgoing.destroy();
    await expectNothingKept(documentId);
  });

  test('answers 400 when fewer bytes come than were asked for', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    const short = bytes.subarray(0, 500);
    expect(await put(url, short)).toEqual({ status: 400, body: problem('CONTENT_MISMATCH', 'size') });

    const { outgoing, answered } = begin(url);
    outgoing.end(short);
    expect(await answered).toEqual({ status: 400, body: problem('CONTENT_MISMATCH', 'size') });
    await expectNothingKept(documentId);
  });

  test('answers 400 to an empty body', async () => {
    const { documentId, url } = await desk.announce(pdf());
    expect(await put(url, Buffer.alloc(0))).toEqual({ status: 400, body: problem('CONTENT_MISMATCH', 'size') });
    await expectNothingKept(documentId);
  });

  test('keeps nothing when the connection is cut half-way, and takes the upload when it is repeated', async () => {
    const bytes = pdf(400_000);
    const { documentId, url } = await desk.announce(bytes);
    const { outgoing } = begin(url, { 'content-length': bytes.length });
    await write(outgoing, bytes.subarray(0, 200_000));
    await until(async () => (await desk.files()).some((file) => file.includes('incoming')));
    outgoing.destroy();
    await expectNothingKept(documentId);

    expect(await put(url, bytes)).toMatchObject({ status: 201 });
    await desk.complete(documentId);
  });

  test('answers 400 when the client closes its side half-way', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    const socket = connect({ port: desk.port, host: '127.0.0.1', allowHalfOpen: true });
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    const path = new URL(url).pathname;
    socket.write(`PUT ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${bytes.length}\r\n\r\n`);
    socket.end(bytes.subarray(0, 100));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(String(Buffer.concat(received))).toMatch(/^HTTP\/1.1 400 /);
    await expectNothingKept(documentId);
  });

  test('answers 408 when no bytes come for too long', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    const { outgoing, answered } = begin(url, { 'content-length': bytes.length });
    outgoing.write(bytes.subarray(0, 100));
    expect(await answered).toEqual({ status: 408, body: problem('EXPIRED', 'bytes') });
    outgoing.destroy();
    await expectNothingKept(documentId);
  });

  test('answers 422 when the SHA-256 is another, and says both', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes, { sha256: sha256Of(Buffer.from('other')) });
    const refused = await put(url, bytes);
    expect(refused).toEqual({ status: 422, body: problem('CONTENT_MISMATCH', 'sha256') });
    expect(JSON.stringify(refused.body)).toContain(sha256Of(bytes));
    await expectNothingKept(documentId);
  });

  test.each([
    ['a PNG that is said to be a PDF', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'application/pdf'],
    ['a program that is said to be a PDF', Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), 'application/pdf'],
    ['a PDF behind other bytes', Buffer.concat([Buffer.from('<html>'), pdf()]), 'application/pdf'],
    ['a PDF that is said to be a Word document', pdf(), docx],
    ['a plain zip that is said to be a Word document', zip({ 'a.txt': 'a' }), docx],
    ['a spreadsheet that is said to be a Word document', office('spreadsheetml.sheet', 'xl/workbook.xml'), docx],
    ['a Word document with macros', macroDocument(), docx],
    ['text with a NUL', Buffer.from('a\0b'), 'text/plain'],
    ['text that is not UTF-8', Buffer.from('Bürgschaft', 'latin1'), 'text/csv'],
    ['text that ends within a character', Buffer.from('Bü').subarray(0, 2), 'application/json'],
    ['a program that is said to be text', Buffer.from('4d5a90000300000004000000ffff0000', 'hex'), 'text/plain'],
  ])('answers 415 to %s, and says what is accepted', async (_what, bytes, mediaType) => {
    const { documentId, url } = await desk.announce(bytes, { mediaType });
    const refused = await put(url, bytes);
    expect(refused).toEqual({ status: 415, body: problem('CONTENT_MISMATCH', 'mediaType') });
    expect(JSON.stringify(refused.body)).toContain('Accepted are application/pdf, image/png');
    await expectNothingKept(documentId);
    await desk.remove(documentId);
  });

  test.each([
    ['image/png', Buffer.from(onePixel, 'base64')],
    ['image/jpeg', Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex')],
    [docx, office('wordprocessingml.document', 'word/document.xml')],
    [xlsx, office('spreadsheetml.sheet', 'xl/workbook.xml')],
    ['application/vnd.oasis.opendocument.text', zip({ mimetype: 'application/vnd.oasis.opendocument.text' })],
    ['text/plain', Buffer.from('Bürgschaft, 保証, 💼')],
    ['text/csv', Buffer.from('a,b\n1,2\n')],
    ['application/json', Buffer.from('{"a":1}')],
  ])('takes %s', async (mediaType, bytes) => {
    const { documentId, url } = await desk.announce(bytes, { mediaType });
    expect(await put(url, bytes)).toEqual({ status: 201, body: { errors: [] } });
    await desk.complete(documentId);
    await desk.remove(documentId);
  });

  test('takes text whose characters are split between pieces', async () => {
    const bytes = Buffer.from('保証');
    const { url } = await desk.announce(bytes, { mediaType: 'text/plain' });
    const { outgoing, answered } = begin(url);
    await write(outgoing, bytes.subarray(0, 1));
    await write(outgoing, bytes.subarray(1, 4));
    outgoing.end(bytes.subarray(4));
    expect(await answered).toMatchObject({ status: 201 });
  });

  test('answers 404 to a URL that was changed anywhere', async () => {
    const bytes = pdf();
    const { url, documentId } = await desk.announce(bytes);
    const other = await desk.announce(pdf());
    const [id = '', end = '', size = '', mac = ''] = (url.split('/').at(-1) ?? '').split('.');
    const [otherId = ''] = (other.url.split('/').at(-1) ?? '').split('.');
    const changed = [
      [otherId, end, size, mac],
      [id, `${end}0`, size, mac],
      [id, end, `${size}0`, mac],
      [id, end, size, `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`],
      [id, end, size, ''],
      [id, end, size],
      [id, end, mac],
      ['..', '..'],
    ];
    for (const parts of changed) {
      const refused = await put(`${new URL(url).origin}/uploads/${parts.join('.')}`, bytes);
      expect(refused).toEqual({ status: 404, body: problem('NOT_FOUND') });
    }
    await expectNothingKept(documentId);
  });

  test('a download link does not let anybody upload', async () => {
    const bytes = pdf();
    const { documentId } = await desk.announce(bytes);
    const url = desk.links.download(documentId, desk.time.now).replace('/documents/', '/uploads/');
    expect(await put(url, bytes)).toMatchObject({ status: 404 });
  });

  test('answers 410 when the URL is older than 15 minutes', async () => {
    const bytes = pdf();
    const { documentId } = await desk.announce(bytes);
    const { size } = { size: bytes.length };
    const { url, expiresAt } = desk.links.upload({ documentId, size }, new Date(desk.time.now.getTime() - 15 * 60_000));
    expect(expiresAt).toEqual(desk.time.now);
    expect(await put(url, bytes)).toEqual({ status: 410, body: problem('EXPIRED') });
    await expectNothingKept(documentId);
  });

  test('answers 409 when the URL was used, before the document is completed and after', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    expect(await put(url, bytes)).toMatchObject({ status: 201 });
    expect(await put(url, bytes)).toEqual({ status: 409, body: problem('ALREADY_EXISTS') });
    await desk.complete(documentId);
    expect(await put(url, bytes)).toEqual({ status: 409, body: problem('ALREADY_EXISTS') });
  });

  test('answers 404 once the document is removed', async () => {
    const bytes = pdf();
    const { documentId, url } = await desk.announce(bytes);
    await desk.remove(documentId);
    expect(await put(url, bytes)).toEqual({ status: 404, body: problem('NOT_FOUND') });
  });

  test('of several uploads at once one is taken, and the document is whole', async () => {
    const bytes = pdf(500_000);
    const { documentId, url } = await desk.announce(bytes);
    const uploads = [1, 2, 3].map(() => begin(url, { 'content-length': bytes.length }));
    await Promise.all(uploads.map(({ outgoing }) => write(outgoing, bytes.subarray(0, 250_000))));
    await until(async () => (await desk.files()).filter((file) => file.includes('incoming')).length === 3);
    for (const { outgoing } of uploads) outgoing.end(bytes.subarray(250_000));
    const answers = await Promise.all(uploads.map(({ answered }) => answered));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);

    await desk.complete(documentId);
    const kept = await fetch(desk.links.download(documentId, desk.time.now));
    expect(sha256Of(await kept.bytes())).toBe(sha256Of(bytes));
  });

  test('answers 413 to what was announced under a higher limit', async () => {
    const size = maxDocumentBytes + 1;
    const { documentId } = await desk.announce(pdf());
    const { url } = desk.links.upload({ documentId, size }, desk.time.now);
    expect(await put(url, pdf(size))).toEqual({ status: 413, body: problem('LIMIT_REACHED', 'size') });
  });
});

test('A document of 25 MiB goes through, and its bytes come back the same', async () => {
  const desk = await openDesk({ maxDocumentBytes: 25 * 1024 * 1024 });
  try {
    const bytes = pdf(25 * 1024 * 1024);
    const documentId = await desk.provide(bytes);
    const kept = await fetch(desk.links.download(documentId, desk.time.now));
    expect(sha256Of(await kept.bytes())).toBe(sha256Of(bytes));
  } finally {
    await desk.close();
  }
});

function macroDocument(): Buffer {
  const type = 'application/vnd.ms-word.document.macroEnabled.main+xml';
  return zip({
    '[Content_Types].xml': `<Types><Override ContentType="${type}"/></Types>`,
    'word/document.xml': '<w/>',
  });
}

function office(kind: string, part: string): Buffer {
  const type = `application/vnd.openxmlformats-officedocument.${kind}.main+xml`;
  return zip({ [part]: '<x/>', '[Content_Types].xml': `<Types><Override ContentType="${type}"/></Types>` });
}

/** A zip of stored files, without the directory at its end, which nobody reads here. */
function zip(files: Record<string, string>): Buffer {
  const entries = Object.entries(files).map(([name, text]) => {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50, 0);
    header.writeUInt16LE(20, 4);
    header.writeUInt32LE(crc32(text), 14);
    header.writeUInt32LE(Buffer.byteLength(text), 18);
    header.writeUInt32LE(Buffer.byteLength(text), 22);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    return Buffer.concat([header, Buffer.from(name), Buffer.from(text)]);
  });
  return Buffer.concat([...entries, Buffer.from('504b0102', 'hex')]);
}
