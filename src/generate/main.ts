import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../platform/project-folder.js';
import { staleFiles } from './generated-files.js';

/** `npm run generate` writes the generated files; with `-- --check` it only says which are stale, and exits 1. */
const checking = process.argv.includes('--check');
const stale = staleFiles();

for (const { path, content } of stale) {
  if (checking) process.stderr.write(`${path} is stale: run "npm run generate" and commit it.\n`);
  else {
    writeFileSync(join(projectFolder, path), content);
    process.stdout.write(`${path} written\n`);
  }
}
if (stale.length === 0) process.stdout.write('Every generated file is up to date.\n');
if (checking && stale.length > 0) process.exitCode = 1;
