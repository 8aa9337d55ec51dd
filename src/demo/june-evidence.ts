import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectFolder } from '../platform/project-folder.js';
import { type June, mythos } from './june-beginning.js';
import { valueAt } from './portal-client.js';
import { expectSame } from './story.js';

const sallyport = join(projectFolder, 'bin/sallyport.js');

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** The month is shown to somebody who need not believe the portal, which has ended by now. */
export async function juneIsShown(
  { story, meridian }: June,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-evidence-'));
  const archive = join(folder, 'evidence.tar');
  const [genuine, tampered] = [join(folder, 'genuine'), join(folder, 'tampered')];
  story.chapter('Afterwards: evidence');
  try {
    await story.step(
      'npx sallyport evidence writes who could use Mythos 5 in June, and finds nothing amiss',
      async () => {
        const period = ['--product', mythos, '--from', '2026-06-01', '--to', '2026-07-01', '--out', archive];
        const { code, output } = await ran(process.execPath, [sallyport, 'evidence', ...period], environment);
        if (code !== 0 || !output.includes('Nothing was found that does not agree.')) throw new Error(output);
        expectSame(
          / \d+ grants, \d+ approvals, \d+ directives/.exec(output)?.[0],
          ' 5 grants, 5 approvals, 3 directives',
        );
      },
    );
    await story.step('plain Node.js verifies it, with nothing of the portal: node verify.mjs', async () => {
      mkdirSync(genuine);
      const unpacked = await ran('tar', ['-xf', archive, '-C', genuine]);
      if (unpacked.code !== 0) throw new Error(unpacked.output);
      const { code, output } = await verified(genuine);
      if (code !== 0 || !output.includes('All of it holds.')) throw new Error(output);
    });
    await story.step(
      'a copy that lets Meridian in for an hour more is caught: it names the file, and the grant',
      async () => {
        cpSync(genuine, tampered, { recursive: true });
        const reference = prolong(join(tampered, 'grants.jsonl'), meridian.name);
        const { code, output } = await verified(tampered);
        expectSame(code, 1);
        for (const named of ['TAMPERED  grants.jsonl: it has the SHA-256', `grant ${reference}: when it could be used`])
          if (!output.includes(named)) throw new Error(`“${named}” is not in what it says:\n${output}`);
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verified(folder: string): Promise<Ran> {
  return ran(process.execPath, [join(folder, 'verify.mjs')]);
}

/** Has the only use of somebody's grant end an hour later. @returns the reference of the grant */
function prolong(file: string, organizationName: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const place = lines.findIndex((line) => line.includes(`"${organizationName}"`));
  const grant: unknown = JSON.parse(lines[place] ?? 'null');
  const ends = String(valueAt(grant, 'uses', 0, 'to'));
  const later = new Date(Date.parse(ends) + 3_600_000).toISOString();
  lines[place] = (lines[place] ?? '').replace(`"to":"${ends}"`, `"to":"${later}"`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return String(valueAt(grant, 'reference'));
}

function ran(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((settle) => {
    const child = execFile(
      program,
      [...args],
      { env: { PATH: process.env.PATH, ...env } },
      (error, output, complaints) => {
        settle({
          code: child.exitCode ?? -1,
          output: output + complaints + (child.exitCode === null ? String(error) : ''),
        });
      },
    );
  });
}
