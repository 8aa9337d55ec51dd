import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prepareFirstStart } from '../../src/first-start.js';
import { projectFolder } from '../../src/platform/project-folder.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';

const readme = readFileSync(join(projectFolder, 'README.md'), 'utf8');

describe('the README', () => {
  it('is short enough to be read', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(200);
  });

  it('names the two commands, each on a line', () => {
    expect(readme).toMatch(/^npm ci && npm start\b/m);
    expect(readme).toMatch(/^npm ci && npm test\b/m);
  });
});

describe('every page of the documentation', () => {
  const docs = readdirSync(join(projectFolder, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => join('docs', name))];

  it.each(pages.filter((name) => name.endsWith('.md')))('%s links to what is there', (page) => {
    const text = readFileSync(join(projectFolder, page), 'utf8').replaceAll(/^```.*?^```/gms, '');
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    const local = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(local.filter((target) => !existsSync(resolve(projectFolder, dirname(page), target)))).toEqual([]);
  });
});

describe('the commands to paste', () => {
  let desk: TestPortal;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-readme-'));
    desk = await openTestPortal({ environment: { DATA_DIR: join(folder, 'data') } });
  });

  afterAll(async () => {
    await desk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('work in the order they stand there, after a first start, in an ordinary shell', async () => {
    const first = await prepareFirstStart(desk.portal);
    const blocks = [...readme.matchAll(/^```bash\n(.*?)^```/gms)].map(([, block = '']) => block);
    expect(blocks.length).toBeGreaterThan(3);
    const script = ['set -euo pipefail', ...blocks]
      .join('\n')
      .replaceAll('http://localhost:4000', desk.url)
      .replace("ONE_TIME_PASSWORD='as printed'", `ONE_TIME_PASSWORD='${first?.oneTimePassword}'`);
    writeFileSync(join(folder, 'paste.sh'), script);

    const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
    const options = { cwd: folder, env: { PATH: path }, timeout: 110_000 };
    const { stdout } = await promisify(execFile)('bash', ['paste.sh'], options);

    expect(stdout).not.toMatch(/"errors":\[\{/);
    expect(stdout).toContain('"submissionProblems":[{"code":"REQUIRED"');
    expect(stdout.match(/"status":"AVAILABLE"/g)).toHaveLength(2);
    expect(stdout).toContain('"status":"SUBMITTED"');
    expect(stdout).toContain('"organization":{"legalName":"Tidewater Utilities"}');
    expect(stdout).toContain('"status":"IN_REVIEW","stage":{"name":"Screening"}');
  }, 120_000);
});
