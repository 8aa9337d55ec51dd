import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../src/platform/errors.js';
import { queryLimits, weighing } from '../../../src/platform/graphql/limits.js';
import { ParsedDocuments } from '../../../src/platform/graphql/parsed-documents.js';
import { readTrustedFolder } from '../../../src/platform/graphql/trusted-folder.js';
import { testSchema } from '../http/served.js';

const schema = testSchema();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-trusted-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | Buffer>>): void {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
}

function problemsOf(files: Readonly<Record<string, string | Buffer>>): string[] {
  write(files);
  try {
    readTrustedFolder(folder, schema);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ message }) => message.replace(`${folder}/`, ''));
  }
}

describe('a folder of trusted documents', () => {
  it('is read whole, each file under the SHA-256 of its bytes, and other files are left alone', () => {
    const text = 'query Hello { # é\n  hello\n}\n';
    write({ 'b.graphql': text, 'a.graphql': 'mutation M { ...F } fragment F on Mutation { fails }', 'notes.md': '{' });
    const found = readTrustedFolder(folder, schema);
    expect(found.map(({ name, file, operation }) => [name, file, operation.operation])).toEqual([
      ['M', join(folder, 'a.graphql'), 'mutation'],
      ['Hello', join(folder, 'b.graphql'), 'query'],
    ]);
    expect(found[1]).toMatchObject({
      source: text,
      id: `sha256:${createHash('sha256').update(Buffer.from(text)).digest('hex')}`,
    });
  });

  it('is refused with every mistake in every file, and where it is', () => {
    const deep = 'friend { '.repeat(20);
    expect(
      problemsOf({
        'a-syntax.graphql': 'query A {\n  hello(\n}',
        'b-fields.graphql': 'query B {\n  helo\n  me { nam }\n}\n',
        'c-several.graphql': 'query C { hello }\nquery D { hello }\n',
        'd-none.graphql': 'fragment F on Person { name }',
        'e-unnamed.graphql': '{ hello }',
        'f-deep.graphql': `query F { me { ${deep} name ${'}'.repeat(20)} } }`,
        'g-schema.graphql': 'query G {\n  __schema { __typename }\n}',
        'h-bytes.graphql': Buffer.from([0x7b, 0xff, 0x7d]),
        'i-told.graphql': 'subscription I { hello }',
        'j-right.graphql': 'query J { hello }',
      }),
    ).toEqual([
      expect.stringMatching(/^a-syntax\.graphql:3:1: Syntax Error: /),
      expect.stringMatching(/^b-fields\.graphql:2:3: Cannot query field "helo"/),
      expect.stringMatching(/^b-fields\.graphql:3:8: Cannot query field "nam"/),
      'c-several.graphql: It must hold one operation, and holds 2.',
      expect.stringMatching(/^d-none\.graphql:1:1: Fragment "F" is never used/),
      'd-none.graphql: It must hold one operation, and holds 0.',
      'e-unnamed.graphql: The query needs a name, by which logs and metrics call it.',
      'f-deep.graphql: The query is 22 levels deep; at most 15 are allowed.',
      'g-schema.graphql:2:3: A trusted document cannot ask for the schema (`__schema`, `__type`).',
      'h-bytes.graphql cannot be read: it is not UTF-8.',
      'i-told.graphql: This API has no subscriptions.',
    ]);
  });

  it('is refused when it is not there or holds nothing', () => {
    expect(problemsOf({ 'notes.md': '' })).toEqual([expect.stringContaining('holds no trusted documents')]);
    expect(() => readTrustedFolder(join(folder, 'nowhere'), schema)).toThrow(/nowhere cannot be read: /);
  });
});

describe('a trusted document', () => {
  it('is not parsed again by the GraphQL server, whatever it begins its keys with', async () => {
    write({ 'hello.graphql': 'query Hello { hello }' });
    const found = readTrustedFolder(folder, schema);
    const parsed = new ParsedDocuments(found);
    expect(await parsed.get(`schema:${found[0]?.id.slice(-64)}`)).toBe(found[0]?.document);
    expect(await parsed.get(`schema:${'0'.repeat(64)}`)).toBeUndefined();
  });

  it('is weighed with the variables of each request, because they may make its pages larger', () => {
    const source = 'query P($n: Int) { people(first: $n) { nodes { people(first: $n) { nodes { id name } } } } }';
    write({ 'people.graphql': source });
    const [found] = readTrustedFolder(folder, schema);
    const weigh = weighing(schema, queryLimits, [source]);
    expect(weigh(found?.source ?? '', {})).toEqual([]);
    expect(weigh(source, { n: 100 })).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  });
});
