import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTrustedFolder } from '../../../src/platform/graphql/trusted-folder.js';
import { TrustedDocuments } from '../../../src/platform/graphql/trusted-requests.js';
import { type Answer, closeAll, type Served, serve, testSchema } from './served.js';

const shout = 'query Shout($word: Int!) {\n  shout(word: $word)\n}\n';
const save = 'mutation Save($input: SaveInput!) {\n  save(input: $input)\n}\n';

const schema = () => testSchema({ shout: (_source, { word }) => `${word}!` });
const codesOf = ({ errors }: Answer) => errors.map(({ extensions }) => extensions.code);

describe('trusted documents', () => {
  let folder: string;
  let served: Served;
  let strict: Served;
  let shoutId: string;
  let saveId: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-trusted-'));
    writeFileSync(join(folder, 'save.graphql'), save);
    writeFileSync(join(folder, 'shout.graphql'), shout);
    const documents = readTrustedFolder(folder, schema());
    [saveId = '', shoutId = ''] = documents.map(({ id }) => id);
    const limits = { cost: 20 };
    const trusted = (only: boolean) => new TrustedDocuments(documents, { only });
    served = await serve({ schema: schema(), trustedDocuments: trusted(false), limits });
    strict = await serve({ schema: schema(), trustedDocuments: trusted(true) });
  });
  afterAll(async () => {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are asked for by their id, with variables and the name of the operation', async () => {
    const plain = await served.post({ documentId: shoutId, variables: { word: 7 } });
    expect(plain).toMatchObject({ status: 200, data: { shout: '7!' }, errors: [] });
    const named = { documentId: shoutId, operationName: 'Shout', variables: { word: 8 }, extensions: { any: 1 } };
    expect(await served.post(named)).toMatchObject({ status: 200, data: { shout: '8!' } });
    const changed = await served.post({ documentId: saveId, query: null, variables: { input: { name: 'x' } } });
    expect(changed).toMatchObject({ status: 200, data: { save: 'saved' } });
    expect(await served.line({ msg: 'request', operation: 'Save' })).toMatchObject({ type: 'mutation', status: 200 });
  });

  it('are answered as if their text had been sent, mistakes of the rest of the request included', async () => {
    for (const rest of [
      { variables: {} },
      { variables: { word: 'loud' } },
      { variables: { word: 7 }, operationName: 'Whisper' },
      { variables: 'word' },
      { variables: { word: 7 }, extensions: 'none' },
    ]) {
      const sent = await served.post({ query: shout, ...rest });
      const meant = await served.post({ documentId: shoutId, ...rest });
      expect(meant.text).toBe(sent.text);
      expect([meant.status, sent.errors.length]).toEqual([sent.status, 1]);
    }
    const accept = { accept: 'application/graphql-response+json' };
    const strange = await served.post({ documentId: shoutId, variables: { word: 7 } }, accept);
    expect(strange.headers.get('content-type')).toContain('application/graphql-response+json');
    expect(strange.data).toEqual({ shout: '7!' });
  });

  it('are asked for by Apollo’s clients with their hash, or with the id that the list gives', async () => {
    for (const sha256Hash of [shoutId.replace('sha256:', ''), shoutId]) {
      const extensions = { persistedQuery: { version: 1, sha256Hash }, clientLibrary: { name: 'x' } };
      const answer = await served.post({ operationName: 'Shout', variables: { word: 7 }, extensions });
      expect(answer).toMatchObject({ status: 200, data: { shout: '7!' } });
    }
  });

  it('are refused by an unknown hash in the words that make clients send the text, which is answered and not kept', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const unknown = await served.post({ extensions });
    expect(unknown).toMatchObject({ status: 200, errors: [{ message: 'PersistedQueryNotFound' }] });
    expect(codesOf(unknown)).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    expect(await served.post({ query: '{ hello }', extensions })).toMatchObject({ data: { hello: 'world' } });
    expect(codesOf(await served.post({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    const unheardOf = { persistedQuery: { version: 2, sha256Hash: shoutId } };
    expect(codesOf(await served.post({ extensions: unheardOf }))).toEqual(['PERSISTED_QUERY_NOT_SUPPORTED']);
  });

  it.each([
    ['an unknown id', { documentId: `sha256:${'0'.repeat(64)}` }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['an empty id', { documentId: '' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['an id of another kind', { documentId: '__proto__' }, 'PERSISTED_DOCUMENT_NOT_FOUND'],
    ['an id that is no text', { documentId: 7 }, 'BAD_REQUEST'],
    ['an id and a text', { documentId: `sha256:${'0'.repeat(64)}`, query: '{ hello }' }, 'BAD_REQUEST'],
    ['an id and an empty text', { documentId: `sha256:${'0'.repeat(64)}`, query: '' }, 'BAD_REQUEST'],
  ])('are refused with 400 when the request holds %s', async (_what, body, code) => {
    for (const portal of [served, strict]) {
      const answer = await portal.post(body);
      expect([answer.status, codesOf(answer)]).toEqual([400, [code]]);
      expect(Object.keys(JSON.parse(answer.text))).toEqual(['errors']);
    }
  });

  it('leave everything else as it was', async () => {
    expect(await served.query('{ hello }')).toMatchObject({ status: 200, data: { hello: 'world' } });
    expect(await served.query('{ __schema { queryType { name } } }')).toMatchObject({ status: 200, errors: [] });
    expect(codesOf(await served.query('{ people { nodes { name } } }'))).toEqual(['QUERY_TOO_COMPLEX']);
    for (const body of [[], {}, 'null', '7', { query: 7 }]) expect((await served.post(body)).status).toBe(400);
  });

  describe('where nothing else is answered', () => {
    it('are answered, by id and by their text', async () => {
      const variables = { word: 7 };
      expect(await strict.post({ documentId: shoutId, variables })).toMatchObject({ data: { shout: '7!' } });
      expect(await strict.post({ query: shout, variables })).toMatchObject({ data: { shout: '7!' } });
      const input = { name: 'x' };
      expect(await strict.post({ documentId: saveId, variables: { input } })).toMatchObject({
        data: { save: 'saved' },
      });
    });

    it.each([
      { query: '{ hello }' },
      { query: `${shout} ` },
      { query: '{ __schema { queryType { name } } }' },
      { query: 'mutation { save(input: {}) }' },
      { query: '{ hello', extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
      { query: '' },
      { variables: {} },
      [{ query: '{ hello }' }],
      'null',
      { extensions: { persistedQuery: { version: 2 } } },
    ])('are the only ones: %j is refused', async (body) => {
      const answer = await strict.post(body);
      expect([answer.status, codesOf(answer)]).toEqual([403, ['DOCUMENT_NOT_TRUSTED']]);
      expect(await strict.line({ msg: 'request', code: 'DOCUMENT_NOT_TRUSTED' })).toMatchObject({ status: 403 });
    });

    it('are said to be unknown by hash like everywhere, so that clients send the text and are told', async () => {
      const extensions = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
      expect(codesOf(await strict.post({ extensions }))).toEqual(['PERSISTED_QUERY_NOT_FOUND']);
    });
  });
});
