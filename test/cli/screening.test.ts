import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cslText, openSanctionsText, type WrittenEntry, writeList } from '../screening/list-files.js';
import { build, Installation, program } from './installation.js';

/** Every command is a process of its own, and several to a test on a busy machine take their time. */
jest.setTimeout(300_000);

function entries(count: number): WrittenEntry[] {
  return Array.from({ length: count }, (_none, place) => ({
    id: `e${place}`,
    kind: 'ORGANIZATION',
    name: `Works number ${place}`,
  }));
}

describe('screening lists at the terminal', () => {
  let installation: Installation;

  beforeAll(async () => {
    await build();
    installation = await Installation.prepare();
    await installation.must('migrate');
  });
  afterAll(() => installation.remove());

  const file = (name: string, text: string) => writeList(installation.folder, name, text);
  const importCsl = (path: string, ...more: string[]) => [
    ...['screening', 'import', path, '--list', 'us-csl', '--format', 'csl'],
    ...more,
  ];

  it('are imported from a file, and shown with the date and the hash of what is in force', async () => {
    expect(await installation.must('screening', 'lists')).toContain('No list was imported yet.');
    const path = file('first.csv', cslText(entries(3)));
    const said = await installation.must(...importCsl(path, '--date', '2026-11-20'));
    expect(said).toContain('Version 1 of us-csl is in force: 3 rows, of them 3 new and 0 changed; 0 gone.');
    expect(await installation.must(...importCsl(path))).toContain('in force already, as version 1 of us-csl.');
    expect(JSON.parse(await installation.must('screening', 'lists', '--json'))).toEqual([
      {
        code: 'us-csl',
        format: 'CSL',
        version: 1,
        entries: 3,
        date: '2026-11-20',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        id: expect.stringMatching(/^screeninglist_/),
      },
    ]);
  });

  it('are as they were when an import is killed, which goes on where it stopped', async () => {
    const path = file('second.csv', cslText(entries(3_500)));
    const env = { PATH: process.env.PATH, ...installation.environment };
    const child = spawn(process.execPath, [program, ...importCsl(path)], { env, stdio: ['ignore', 'inherit', 'pipe'] });
    for await (const line of createInterface({ input: child.stderr })) {
      expect(line).toMatch(/^2,000 rows read, \d\d %$/);
      break;
    }
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const [list] = JSON.parse(await installation.must('screening', 'lists', '--json'));
    expect(list).toMatchObject({ version: 1, entries: 3 });

    const { output, complaints } = await installation.run(...importCsl(path));
    expect(complaints).toMatch(/3,500 rows read, 100 %\n$/);
    expect(complaints).not.toContain('2,000 rows');
    expect(output).toContain('Version 2 of us-csl is in force: 3500 rows, of them 3497 new and 0 changed; 0 gone.');
  });

  it('that are not as they should be are refused, with the line', async () => {
    const wrong = file('wrong.csv', openSanctionsText(entries(1)));
    expect(await installation.run(...importCsl(wrong))).toMatchObject({
      code: 1,
      complaints: expect.stringContaining('Say --format opensanctions.'),
    });
    const broken = file('broken.csv', `${cslText(entries(2))}e9,too,few\n`);
    expect(await installation.run(...importCsl(broken))).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/^Line 4: this is not CSV as it should be/),
    });
    const noDate = await installation.run(...importCsl(wrong, '--date', 'yesterday'));
    expect(noDate).toMatchObject({
      code: 2,
      complaints: expect.stringContaining('A date is written like 2026-11-24.'),
    });
  });
});
