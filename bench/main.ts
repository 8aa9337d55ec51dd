import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dropDatabase } from './dataset/database.js';
import { type Options, readOptions, usage } from './options.js';
import { keepResults, sizes } from './report/store.js';
import { summaryOf } from './report/tables.js';
import { run } from './run.js';
import { workloads } from './workloads/all.js';

/** What would be left behind if the bench ended now. */
const leftovers = new AsyncDisposableStack();

process.once('SIGINT', () => endEarly(130));
process.once('SIGTERM', () => endEarly(143));
process.once('uncaughtException', (error) => {
  process.stderr.write(`${error.stack}\n`);
  endEarly(1);
});

function endEarly(code: number): void {
  leftovers.disposeAsync().finally(() => process.exit(code));
}

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return tell(usage);
  const options = readOptions(process.argv.slice(2), process.env);
  if (options.drop) return drop(options);
  installPeers();
  try {
    const results = await run(options, leftovers, tell);
    tell(`\n${summaryOf(results)}`);
    if (isWhole(options)) keepResults(results);
    tell(isWhole(options) ? '\nWritten to bench/results.md.' : '\nNot kept: only a run of everything is.');
  } finally {
    await leftovers.disposeAsync();
  }
}

/** Part of the workloads, or a portal that is watched, would make a page that tells half of it. */
function isWhole(options: Options): boolean {
  const peers = ['limit', 'postgraphile', 'mercurius'] as const;
  return (
    options.workloads.length === workloads.length &&
    peers.every((name) => options.servers.includes(name)) &&
    options.profileFolder === null
  );
}

async function drop({ serverUrl }: Options): Promise<void> {
  for (const size of sizes) await dropDatabase(serverUrl, size);
  tell('The databases of the bench are removed.');
}

/** The peers are no packages of the portal: they are installed in this folder, when they are first wanted. */
function installPeers(): void {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  if (existsSync(`${folder}node_modules/postgraphile`)) return;
  tell('Installing PostGraphile and Mercurius in bench/');
  execFileSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
