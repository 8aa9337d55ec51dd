import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { anonymous, type MachineActor } from '../../src/lifecycle/actor.js';
import { randomIds } from '../../src/platform/ids.js';
import { type Desk, maxDocumentBytes, openDesk, pdf, put } from './document-desk.js';

const refusal = (code: string, ...path: string[]) => ({ problems: [expect.objectContaining({ code, path })] });

describe('The documents of an application', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk();
  });

  beforeEach(async () => {
    await desk.setStatus('DRAFT');
    for (const table of ['document', 'information_request', 'application_revision']) {
      await sql`delete from ${sql.table(table)}`.execute(desk.database.kysely());
    }
  });

  afterAll(() => desk.close());

  const ask = async () => {
    const id = randomIds.next();
    await sql`insert into information_request (id, application_id, number, status, asked_by, asked_at, due_at)
      values (${id}, ${desk.applicationId}, 1, 'OPEN', ${desk.reviewer.personId}, now(), now())`.execute(
      desk.database.kysely(),
    );
    return id;
  };

  describe('asking for an upload', () => {
    test('announces a document that waits for its bytes', async () => {
      const { documentId } = await desk.request();
      expect((await desk.row(documentId)).status).toBe('AWAITING_UPLOAD');
    });

    test.each([
      ['a size of nothing', { size: 0 }, refusal('INVALID', 'size')],
      ['half a byte', { size: 1.5 }, refusal('INVALID', 'size')],
      ['a size that is no number', { size: Number.NaN }, refusal('INVALID', 'size')],
      ['a size over the limit', { size: maxDocumentBytes + 1 }, refusal('LIMIT_REACHED', 'size')],
      ['a SHA-256 that is none', { sha256: 'abc' }, refusal('INVALID', 'sha256')],
      ['a type that is not taken', { mediaType: 'text/html' }, refusal('INVALID', 'mediaType')],
      ['a requirement that the program does not have', { requirementKey: 'cv' }, refusal('INVALID', 'requirementKey')],
      ['a name with a NUL', { fileName: 'a\0.pdf' }, refusal('INVALID', 'fileName')],
      ['a name of which nothing is left', { fileName: '../..' }, refusal('INVALID', 'fileName')],
      [
        'an answer to no question',
        { requirementKey: 'information-request' },
        refusal('REQUIRED', 'informationRequestId'),
      ],
    ])('refuses %s', async (_what, input, expected) => {
      await expect(desk.request(input)).rejects.toMatchObject(expected);
    });

    test('names every problem of the file at once', async () => {
      const request = desk.request({ size: -1, sha256: '', mediaType: 'x', fileName: '' });
      await expect(request).rejects.toMatchObject({
        problems: ['size', 'sha256', 'mediaType', 'fileName'].map((name) => expect.objectContaining({ path: [name] })),
      });
    });

    test('takes a SHA-256 in capitals and a type with parameters', async () => {
      await desk.request({ sha256: 'A'.repeat(64), mediaType: 'Text/Plain; charset=UTF-8' });
    });

    test('refuses the 51st document, until one is removed', async () => {
      const announced = [];
      for (let count = 0; count < 50; count += 1) announced.push(await desk.request());
      await expect(desk.request()).rejects.toMatchObject(refusal('LIMIT_REACHED', 'applicationId'));
      await desk.remove(announced[0]?.documentId ?? '');
      await desk.request();
    });

    test('takes documents for the open question, and for no other', async () => {
      await desk.setStatus('INFORMATION_REQUESTED');
      const informationRequestId = await ask();
      await desk.request({ requirementKey: 'information-request', informationRequestId });
      const other = desk.request({ requirementKey: 'information-request', informationRequestId: randomIds.next() });
      await expect(other).rejects.toMatchObject(refusal('INVALID', 'informationRequestId'));

      await sql`update information_request set status = 'ANSWERED', closed_at = now()`.execute(desk.database.kysely());
      const late = desk.request({ requirementKey: 'information-request', informationRequestId });
      await expect(late).rejects.toMatchObject(refusal('INVALID', 'informationRequestId'));
    });

    test('is refused while the application is under review', async () => {
      await desk.setStatus('IN_REVIEW');
      await expect(desk.request()).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    });
  });

  describe('completing an upload', () => {
    test('is refused until the bytes have arrived', async () => {
      const { documentId } = await desk.request();
      await expect(desk.complete(documentId)).rejects.toMatchObject(refusal('INCOMPLETE', 'documentId'));
    });

    test('can be repeated, and changes nothing then', async () => {
      const documentId = await desk.provide(pdf());
      const before = await desk.events();
      await desk.complete(documentId);
      expect(await desk.events()).toEqual(before);
    });

    test('is refused once the document is removed', async () => {
      const { documentId } = await desk.request();
      await desk.remove(documentId);
      await expect(desk.complete(documentId)).rejects.toMatchObject(refusal('NOT_ALLOWED_NOW', 'documentId'));
      await expect(desk.remove(documentId)).rejects.toMatchObject(refusal('NOT_ALLOWED_NOW', 'documentId'));
    });

    test('is refused when the application was submitted meanwhile', async () => {
      const bytes = pdf();
      const { documentId, url } = await desk.announce(bytes);
      await desk.setStatus('SUBMITTED');
      await put(url, bytes);
      await expect(desk.complete(documentId)).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    });
  });

  test('every step is in the audit log', async () => {
    const before = (await desk.events()).length;
    const documentId = await desk.provide(pdf());
    await desk.remove(documentId);
    const events = (await desk.events()).slice(before);
    expect(events).toEqual(['document.upload_requested', 'document.added', 'document.removed']);
  });

  describe('who may do this', () => {
    const machine: MachineActor = {
      kind: 'MACHINE',
      keyId: randomIds.next(),
      name: 'key',
      organizationId: null,
      scopes: ['READ'],
    };

    test('for another organization the application and its documents do not exist', async () => {
      const { documentId } = await desk.request();
      await expect(desk.request({}, desk.foreigner)).rejects.toMatchObject(refusal('NOT_FOUND', 'applicationId'));
      for (const given of [desk.complete, desk.remove]) {
        const foreign = await given(documentId, desk.foreigner).catch((error: unknown) => error);
        const absent = await given(randomIds.next(), desk.foreigner).catch((error: unknown) => error);
        expect(foreign).toMatchObject(refusal('NOT_FOUND', 'documentId'));
        expect(foreign).toEqual(absent);
      }
    });

    test('staff learn nothing of documents that wait, and of those of drafts', async () => {
      const waiting = await desk.request();
      const provided = await desk.provide(pdf());
      for (const documentId of [waiting.documentId, provided]) {
        await expect(desk.remove(documentId, desk.reviewer)).rejects.toMatchObject(refusal('NOT_FOUND', 'documentId'));
      }
      await desk.setStatus('RETURNED');
      await expect(desk.remove(provided, desk.reviewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    test('a viewer of the organization may look only', async () => {
      const { documentId } = await desk.request();
      await expect(desk.request({}, desk.viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(desk.complete(documentId, desk.viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(desk.remove(documentId, desk.viewer)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    });

    test('strangers are asked to sign in, and machines are refused', async () => {
      const { documentId } = await desk.request();
      for (const [actor, code] of [
        [anonymous, 'UNAUTHENTICATED'],
        [machine, 'FORBIDDEN'],
      ] as const) {
        await expect(desk.request({}, actor)).rejects.toMatchObject({ code });
        await expect(desk.complete(documentId, actor)).rejects.toMatchObject({ code });
        await expect(desk.remove(documentId, actor)).rejects.toMatchObject({ code });
      }
    });
  });

  describe('downloading', () => {
    const linkTo = (documentId: string) => desk.links.download(documentId, desk.time.now);

    test('gives the bytes as an attachment that a browser neither opens, guesses about nor keeps', async () => {
      const bytes = pdf();
      const documentId = await desk.provide(bytes, { fileName: 'Erklärung.pdf' });
      const response = await fetch(linkTo(documentId));
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/pdf',
        'content-length': '1000',
        'content-disposition': `attachment; filename="Erkl_rung.pdf"; filename*=UTF-8''Erkl%C3%A4rung.pdf`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      });
    });

    test('HEAD answers the headers only', async () => {
      const response = await fetch(linkTo(await desk.provide(pdf())), { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-length')).toBe('1000');
      expect(await response.text()).toBe('');
    });

    test('says that text is UTF-8', async () => {
      const documentId = await desk.provide(Buffer.from('保証'), { mediaType: 'text/plain', fileName: 'a' });
      expect((await fetch(linkTo(documentId))).headers.get('content-type')).toBe('text/plain; charset=utf-8');
    });

    test('answers 410 when the link is older than 60 seconds', async () => {
      const documentId = await desk.provide(pdf());
      const at = (secondsAgo: number) => new Date(desk.time.now.getTime() - secondsAgo * 1000);
      expect((await fetch(desk.links.download(documentId, at(59)))).status).toBe(200);
      const late = await fetch(desk.links.download(documentId, at(60)));
      expect(late.status).toBe(410);
      expect(await late.json()).toEqual({ errors: [expect.objectContaining({ code: 'EXPIRED' })] });
    });

    test('answers 404 to a link that was changed, or made for another purpose', async () => {
      const one = linkTo(await desk.provide(pdf()));
      const other = linkTo(await desk.provide(pdf()));
      const token = (link: string) => (link.split('/').at(-1) ?? '').split('.');
      const mixed = [token(other)[0], ...token(one).slice(1)].join('.');
      const { url: upload } = await desk.announce(pdf());
      for (const link of [`${one}x`, one.replace(/[^/]*$/, mixed), upload.replace('/uploads/', '/documents/')]) {
        expect((await fetch(link)).status).toBe(404);
      }
    });

    test('answers 500, and no details, when the disk has lost the bytes', async () => {
      const documentId = await desk.provide(pdf());
      await desk.storage.remove((await desk.row(documentId)).storage_key);
      const lost = await fetch(linkTo(documentId));
      expect(lost.status).toBe(500);
      expect(await lost.text()).not.toContain(documentId);
    });

    test('answers 404 while the bytes are not there', async () => {
      const { documentId } = await desk.request();
      expect((await fetch(linkTo(documentId))).status).toBe(404);
    });
  });

  describe('the hourly sweep', () => {
    const hours = (count: number) => new Date(desk.time.now.getTime() + count * 3_600_000);
    const at = async (moment: Date, work: () => Promise<unknown>) => {
      const { now } = desk.time;
      desk.time.now = moment;
      await work().finally(() => {
        desk.time.now = now;
      });
    };
    const isKept = async (documentId: string) =>
      (await desk.storage.sizeOf((await desk.row(documentId)).storage_key)) !== null;

    test('gives up on what was announced a day ago and not completed, and deletes its bytes', async () => {
      const bytes = pdf();
      const { documentId, url } = await desk.announce(bytes);
      const never = await desk.request();
      await put(url, bytes);
      await at(hours(23), desk.sweep);
      expect((await desk.row(documentId)).status).toBe('AWAITING_UPLOAD');
      expect(await isKept(documentId)).toBe(true);

      await at(hours(25), desk.sweep);
      expect((await desk.row(documentId)).status).toBe('REMOVED');
      expect((await desk.row(never.documentId)).status).toBe('REMOVED');
      expect(await isKept(documentId)).toBe(false);
      expect((await desk.events()).slice(-2)).toEqual(['document.removed', 'document.removed']);
    });

    test('leaves what was completed alone', async () => {
      const documentId = await desk.provide(pdf());
      await at(hours(48), desk.sweep);
      expect((await desk.row(documentId)).status).toBe('AVAILABLE');
      expect(await isKept(documentId)).toBe(true);
    });

    test('deletes the bytes of a removed document only once no upload of it can be under way', async () => {
      const documentId = await desk.provide(pdf());
      await desk.remove(documentId);
      await desk.sweep();
      expect(await isKept(documentId)).toBe(true);
      await at(hours(2), desk.sweep);
      expect(await isKept(documentId)).toBe(false);
      expect((await desk.row(documentId)).bytes_removed_at).not.toBeNull();
      expect((await fetch(desk.links.download(documentId, desk.time.now))).status).toBe(404);
    });

    test('keeps the bytes of a removed document that a revision holds', async () => {
      const documentId = await desk.provide(pdf());
      await sql`insert into application_revision (id, application_id, number, answers, documents, submitted_by, submitted_at)
        values (${randomIds.next()}, ${desk.applicationId}, 1, '{}', '[]', ${desk.applicant.personId}, ${desk.time.now})`.execute(
        desk.database.kysely(),
      );
      await at(hours(1), () => desk.remove(documentId));
      const later = { id: '' };
      await at(hours(2), async () => {
        later.id = await desk.provide(pdf());
        await desk.remove(later.id);
      });
      await at(hours(48), desk.sweep);
      expect(await isKept(documentId)).toBe(true);
      expect(await isKept(later.id)).toBe(false);
    });
  });
});
