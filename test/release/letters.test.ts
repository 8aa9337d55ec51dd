import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, listAt, Story } from '../journeys/story.js';

const sha256Of = (bytes: string) => createHash('sha256').update(bytes).digest('hex');
const letterOf = 'letter { fileName mediaType size sha256 completedAt downloadUrl uploadedBy { name } }';

describe('the letter of a directive', () => {
  let story: Story;
  let recorder: PortalClient;
  let second: PortalClient;
  let authorityId: string;
  let count = 0;

  beforeAll(async () => {
    story = await Story.open();
    recorder = await story.staff('PROGRAM_MANAGER');
    second = await story.staff('PROGRAM_MANAGER', 2);
    const authority = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    authorityId = textAt(await recorder.must('registerAuthority', authority, 'authority { id }'), 'authority', 'id');
  });
  afterAll(() => story.close());

  async function recorded(more: object = {}): Promise<string> {
    count += 1;
    const now = story.desk.clock.now().toISOString();
    const said = { authorityId, reference: `L-${count}`, summary: 'Some may.', issuedAt: now, receivedAt: now };
    const order = { ...said, effectiveAt: now, kind: 'AUTHORIZE', terms: { products: ['mythos-5'] }, ...more };
    return textAt(await recorder.must('recordDirective', order, 'directive { id }'), 'directive', 'id');
  }
  const announcement = (directiveId: string, bytes: string) => ({
    ...{ directiveId, fileName: 'letter.txt', mediaType: 'text/plain' },
    ...{ size: Buffer.byteLength(bytes), sha256: sha256Of(bytes) },
  });
  async function announce(directiveId: string, bytes: string) {
    const input = announcement(directiveId, bytes);
    const made = await recorder.must('requestDirectiveLetterUpload', input, 'letter { id } upload { url method }');
    return { letterId: textAt(made, 'letter', 'id'), url: textAt(made, 'upload', 'url') };
  }
  async function send(url: string, body: string): Promise<number> {
    const { status, text } = await fetch(url, { method: 'PUT', body, headers: { 'content-type': 'text/plain' } }).then(
      async (answered) => ({ status: answered.status, text: await answered.text() }),
    );
    expect(text).toContain('errors');
    return status;
  }
  async function add(directiveId: string, bytes: string): Promise<void> {
    const { letterId, url } = await announce(directiveId, bytes);
    expect(await send(url, bytes)).toBe(201);
    await recorder.must('completeDirectiveLetterUpload', { letterId });
  }
  const see = async (client: PortalClient, id: string, fields = `letterSha256 ${letterOf}`) =>
    valueAt(await client.ask(`query ($id: ID!) { directive(id: $id) { ${fields} } }`, { id }), 'directive');

  it('is added as a file with its hash, which the directive then has, and read by staff and auditors', async () => {
    const directiveId = await recorded();
    expect(await see(recorder, directiveId, `letterSha256 ${letterOf}`)).toEqual({ letterSha256: null, letter: null });
    const { letterId, url } = await announce(directiveId, 'You may.');
    expect(await codesOf(recorder, 'completeDirectiveLetterUpload', { letterId })).toEqual(['INCOMPLETE']);
    expect(await send(url, 'You must.')).toBeGreaterThan(399);
    expect(await send(url, 'You may!')).toBeGreaterThan(399);
    expect(await send(url, 'You may.')).toBe(201);
    expect(valueAt(await see(recorder, directiveId), 'letter')).toBeNull();
    await recorder.must('completeDirectiveLetterUpload', { letterId });
    await recorder.must('completeDirectiveLetterUpload', { letterId });
    const seen = await see(await story.staff('AUDITOR'), directiveId);
    expect(seen).toMatchObject({
      letterSha256: sha256Of('You may.'),
      letter: { fileName: 'letter.txt', mediaType: 'text/plain', size: 8, sha256: sha256Of('You may.') },
    });
    const download = await fetch(textAt(seen, 'letter', 'downloadUrl'));
    expect(await download.text()).toBe('You may.');
    expect(download.headers.get('content-disposition')).toContain('letter.txt');
    const log = await (await story.staff('AUDITOR')).ask(
      '{ auditLog(filter: { event: "directive.letter_added" }, first: 10) { nodes { subjectId payload } } }',
    );
    const added = listAt(log, 'auditLog', 'nodes').filter((record) => valueAt(record, 'subjectId') === directiveId);
    expect(added).toHaveLength(1);
    expect(valueAt(added[0], 'payload')).toMatchObject({ letterId, letterSha256: sha256Of('You may.'), size: 8 });
  });

  it('is nothing for partners, by whatever path', async () => {
    const directiveId = await recorded();
    await add(directiveId, 'Between us.');
    const id = textAt(await see(recorder, directiveId, 'letter { id }'), 'letter', 'id');
    const partner = await story.partner('Petra Partner', 'Partner Utilities');
    expect(await see(partner.owner, directiveId)).toBeNull();
    expect(await partner.owner.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
    const input = announcement(directiveId, 'Mine.');
    expect(await codesOf(partner.owner, 'requestDirectiveLetterUpload', input)).toEqual(['FORBIDDEN']);
    expect(await codesOf(partner.owner, 'completeDirectiveLetterUpload', { letterId: id })).toEqual(['FORBIDDEN']);
    expect(await codesOf(await story.staff('REVIEWER'), 'requestDirectiveLetterUpload', input)).toEqual(['FORBIDDEN']);
  });

  it('has the hash that was stated, and is refused with another', async () => {
    const directiveId = await recorded({ letterSha256: sha256Of('As stated.') });
    const other = announcement(directiveId, 'Something else.');
    expect(await codesOf(recorder, 'requestDirectiveLetterUpload', other)).toEqual(['CONTENT_MISMATCH']);
    await add(directiveId, 'As stated.');
    expect(await codesOf(recorder, 'requestDirectiveLetterUpload', other)).toEqual(['CONTENT_MISMATCH']);
    expect(await see(second, directiveId, 'letterSha256')).toEqual({ letterSha256: sha256Of('As stated.') });
  });

  it('can be replaced while the directive is recorded, and stays once it is in force', async () => {
    const directiveId = await recorded();
    await add(directiveId, 'The wrong one.');
    await add(directiveId, 'The right one.');
    expect(await see(second, directiveId)).toMatchObject({ letter: { sha256: sha256Of('The right one.') } });
    const late = await announce(directiveId, 'Too late.');
    expect(await send(late.url, 'Too late.')).toBe(201);
    await second.must('putDirectiveInForce', { directiveId });
    const { letterId } = late;
    expect(await codesOf(recorder, 'completeDirectiveLetterUpload', { letterId })).toEqual(['NOT_ALLOWED_NOW']);
    const input = announcement(directiveId, 'The right one.');
    expect(await codesOf(recorder, 'requestDirectiveLetterUpload', input)).toEqual(['NOT_ALLOWED_NOW']);
    const held = await see(second, directiveId);
    expect(held).toMatchObject({ letterSha256: sha256Of('The right one.') });
    await story.run('documents.sweep');
    expect(await (await fetch(textAt(held, 'letter', 'downloadUrl'))).text()).toBe('The right one.');
  });

  it('is added afterwards to what was in force at once only when its hash is on record', async () => {
    const now = story.desk.clock.now().toISOString();
    const times = { issuedAt: now, receivedAt: now, effectiveAt: now };
    const halt = { authorityId, summary: 'Nobody may.', ...times, products: ['mythos-5'] };
    const order = async (more: object) =>
      textAt(await recorder.must('orderEmergencyHalt', { ...halt, ...more }, 'directive { id }'), 'directive', 'id');
    const without = await order({ reference: 'H-1' });
    const input = announcement(without, 'Halt.');
    expect(await codesOf(recorder, 'requestDirectiveLetterUpload', input)).toEqual(['NOT_ALLOWED_NOW']);
    const hashed = await order({ reference: 'H-2', letterSha256: sha256Of('Halt.') });
    expect(await see(recorder, hashed, 'availableCommands')).toEqual({
      availableCommands: ['matchEntry', 'addLetter'],
    });
    await add(hashed, 'Halt.');
    expect(await see(recorder, hashed)).toMatchObject({ letter: { sha256: sha256Of('Halt.') } });
  });

  it('is announced properly: what is wrong with the file is said with its path', async () => {
    const directiveId = await recorded();
    const wrong = { directiveId, fileName: '', mediaType: 'text/html', size: 0, sha256: 'x' };
    const { errors } = await recorder.command('requestDirectiveLetterUpload', wrong);
    expect(errors.map(({ path }) => path.join('.')).sort()).toEqual(['fileName', 'mediaType', 'sha256', 'size']);
  });
});
