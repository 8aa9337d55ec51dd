import 'reflect-metadata';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { staleFiles } from '../../src/generate/generated-files.js';
import { projectFolder } from '../../src/platform/project-folder.js';

const generated = ['schema.graphql', 'docs/lifecycle.md', 'docs/webhooks.md', 'docs/api.md', 'README.md'];

describe('the generated files', () => {
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'sallyport-generated-'));
    for (const path of generated) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      cpSync(join(projectFolder, path), join(copy, path));
    }
  });

  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  function change(path: string, from: string | RegExp, to: string): void {
    const text = readFileSync(join(copy, path), 'utf8');
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    writeFileSync(join(copy, path), changed);
  }

  it('say what the code says (otherwise run "npm run generate")', () => {
    expect(staleFiles().map(({ path }) => path)).toEqual([]);
  });

  it.each([
    ['schema.graphql', 'type Grant implements Node', 'type Grant'],
    ['docs/lifecycle.md', '`countersign`', '`sign`'],
    ['docs/webhooks.md', '### application.approved', '### application.allowed'],
    ['docs/api.md', '| `FOUR_EYES` |', '| `TWO_EYES` |'],
    ['README.md', '| `DATABASE_URL` |', '| `DATABASE` |'],
  ])('are found stale when %s was changed by hand', (path, from, to) => {
    change(path, from, to);
    expect(staleFiles(copy).map((stale) => stale.path)).toEqual([path]);
  });

  it('are found stale when one is missing', () => {
    rmSync(join(copy, 'schema.graphql'));
    expect(staleFiles(copy).map(({ path }) => path)).toEqual(['schema.graphql']);
  });

  it('leave alone what people wrote around them', () => {
    change('README.md', '# Sallyport', '# Our Sallyport');
    change('docs/webhooks.md', '# Webhooks', '# Our webhooks');
    expect(staleFiles(copy)).toEqual([]);
  });

  it('are refused, by name, when the marks around the generated part are gone', () => {
    change('README.md', '<!-- configuration: end -->', '');
    expect(() => staleFiles(copy)).toThrow(/^README\.md .* configuration: end/);
  });
});
