import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { productVersion } from '../../src/version.js';
import { build, sallyport } from './installation.js';

/** Every command is a process of its own, and several to a test on a busy machine take their time. */
jest.setTimeout(180_000);

describe('the command line', () => {
  let folder: string;

  beforeAll(async () => {
    await build();
    folder = mkdtempSync(join(tmpdir(), 'sallyport-usage-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const inFolder = (...args: readonly string[]) => sallyport({ DATA_DIR: folder }, args);

  it('says what there is, which version it is, and how each command is used', async () => {
    const [help, version, about] = [
      await inFolder('--help'),
      await inFolder('--version'),
      await inFolder('help', 'staff'),
    ];
    expect(help).toMatchObject({ code: 0, complaints: '' });
    for (const command of [
      'start',
      'migrate',
      'staff',
      'program',
      'seed',
      'audit',
      'evidence',
      'webhooks',
      'keys',
      'documents',
      'Exit code: 0 done',
    ]) {
      expect(help.output).toContain(command);
    }
    expect(version).toMatchObject({ code: 0, output: `${productVersion}\n` });
    expect(about.output).toContain('reset-password');
  });

  it.each([
    [[], 'Usage: sallyport'],
    [['staff'], 'Usage: sallyport staff'],
    [['stuff'], 'Did you mean staff?'],
    [['staff', 'add', 'ann@example.org', '--roles', 'ADMIN'], "required option '--name <name>' not specified"],
    [['staff', 'add', '--name', 'Ann', '--roles', 'ADMIN'], "missing required argument 'email'"],
    [
      ['staff', 'add', 'a@example.org', '--name', 'A', '--roles', 'BOSS'],
      'There is no role BOSS. The roles are INTAKE,',
    ],
    [['staff', 'roles', 'a@example.org', '--roles', ','], 'Give at least one. The roles are'],
    [['staff', 'list', 'everybody'], 'too many arguments'],
    [['migrate', '--to', '0001-identity'], "'--to' goes with '--down'"],
    [['migrate', '--down', '--status'], 'cannot be used with'],
    [['audit', 'anchor'], "required option '--key <file>' not specified"],
    [['webhooks', 'failed', '--limit', 'many'], 'a whole number from 1 to 10000'],
    [['evidence', '--product', 'mythos-5', '--from', 'yesterday'], 'A moment is written like 2026-06-15 or'],
  ])('ends with 2 and says what would be right when asked %j', async (args, complaint) => {
    const { code, output, complaints } = await inFolder(...args);
    expect(complaints).toContain(complaint);
    expect({ code, output }).toEqual({ code: 2, output: '' });
  });

  it('ends with 1 and lists everything that is wrong with the configuration', async () => {
    const wrong = { DATA_DIR: folder, PORT: 'eighty', DATABASE_URL: 'mysql://x/y', LOG_LEVEL: 'loud' };
    const { code, output, complaints } = await sallyport(wrong, ['staff', 'list']);
    expect({ code, output }).toEqual({ code: 1, output: '' });
    expect(complaints.trim().split('\n').sort()).toEqual([
      'DATABASE_URL must be postgres://user:password@host:5432/database.',
      'LOG_LEVEL must be trace, debug, info, warn, error or silent.',
      'PORT must be a port from 0 to 65535 (0: any free one).',
    ]);
  });

  it('makes no portal where there is none, when it is only asked about one', async () => {
    for (const args of [
      ['staff', 'list'],
      ['audit', 'verify'],
      ['migrate', '--status'],
      ['webhooks', 'failed'],
    ]) {
      const { code, complaints } = await inFolder(...args);
      expect(complaints).toContain(`There is no embedded database in ${folder}. Set DATA_DIR`);
      expect(code).toBe(1);
    }
  });

  it('says that a database server does not answer', async () => {
    const away = { DATA_DIR: folder, DATABASE_URL: 'postgres://u@127.0.0.1:1/x', SECRET_KEY: `${'A'.repeat(43)}=` };
    const { code, complaints } = await sallyport(away, ['audit', 'verify']);
    expect(code).toBe(1);
    expect(complaints).toMatch(/^The database \(.*\) cannot be used: .*\n$/);
  });

  it('runs on an older Node.js, by handing over to the one that the project brings', async () => {
    const pretend = "data:text/javascript,Object.defineProperty(process,'version',{value:'v20.11.0'})";
    const older = ['--import', pretend];
    expect(await sallyport({ DATA_DIR: folder }, ['--version'], older)).toMatchObject({
      code: 0,
      output: `${productVersion}\n`,
    });
    expect(await sallyport({ DATA_DIR: folder }, ['stuff'], older)).toMatchObject({ code: 2 });
  });
});
