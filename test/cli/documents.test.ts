import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { projectFolder } from '../../src/platform/project-folder.js';
import { build, sallyport } from './installation.js';

/** Every command is a process of its own, and several to a test on a busy machine take their time. */
jest.setTimeout(180_000);

const shipped = join(projectFolder, 'operations');

describe('sallyport documents', () => {
  let folder: string;
  let wrong: string;

  beforeAll(async () => {
    await build();
    folder = mkdtempSync(join(tmpdir(), 'sallyport-documents-'));
    wrong = join(folder, 'wrong.graphql');
    writeFileSync(wrong, 'query Wrong {\n  viewer { shoeSize }\n  nothing\n}\n');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('lists the documents of the folder that is named, or else of the server’s', async () => {
    const named = await sallyport({}, ['documents', shipped]);
    expect(named).toMatchObject({ code: 0, complaints: '' });
    const [head, ...lines] = named.output.trim().split('\n');
    expect(head).toMatch(/^ID +OPERATION +TYPE +FILE$/);
    expect(lines).toHaveLength(8);
    expect(named.output).toMatch(/^sha256:[0-9a-f]{64} {2}AdvanceStage +mutation {2}.*advance-stage\.graphql$/m);
    expect(await sallyport({ TRUSTED_DOCUMENTS: shipped }, ['documents'])).toEqual(named);
  });

  it('prints a manifest that clients can be built with', async () => {
    const { output } = await sallyport({}, ['documents', shipped, '--json']);
    const { format, version, operations } = JSON.parse(output);
    expect({ format, version }).toEqual({ format: 'apollo-persisted-query-manifest', version: 1 });
    expect(operations).toContainEqual({
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      name: 'GrantCheck',
      type: 'query',
      body: expect.stringContaining('query GrantCheck($id: ID!) {'),
      file: join(shipped, 'grant-check.graphql'),
    });
  });

  it('says everything that is wrong with a folder, and where, as a server does that refuses to start on it', async () => {
    const complaints =
      `${wrong}:2:12: Cannot query field "shoeSize" on type "Viewer".\n` +
      `${wrong}:3:3: Cannot query field "nothing" on type "Query".\n`;
    expect(await sallyport({}, ['documents', folder])).toEqual({ code: 1, output: '', complaints });
    const environment = { DATA_DIR: join(folder, 'data'), PORT: '0', TRUSTED_DOCUMENTS: folder, LOG_LEVEL: 'error' };
    expect(await sallyport(environment, ['start'])).toEqual({ code: 1, output: '', complaints });
  });

  it('asks for a folder when there is none to look at', async () => {
    const { code, complaints } = await sallyport({}, ['documents']);
    expect(complaints).toContain('name a folder, or set TRUSTED_DOCUMENTS');
    expect(code).toBe(2);
  });
});
