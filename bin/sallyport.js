#!/usr/bin/env node
// Runs on any Node.js from 20 up, and hands over to the one that the project brings where the system's is too old.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const oldestMajor = 24;
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'];

const isCurrent = Number.parseInt(process.version.slice(1), 10) >= oldestMajor;
const program = fileURLToPath(new URL('../dist/bundle/cli.js', import.meta.url));
const self = fileURLToPath(import.meta.url);

if (!existsSync(program)) {
  fail(`${program} is not there. Build it first: npm run build`);
} else if (isCurrent) {
  // As in src/main.ts.
  module.enableCompileCache?.(join(dirname(program), '.compiled'));
  await import('../dist/bundle/cli.js');
} else {
  const node = broughtNode();
  if (node) runWith(node);
  else {
    fail(
      `Sallyport needs Node.js ${oldestMajor} or newer, this is ${process.version}, and the "node" package that it brings ` +
        'was not installed. Run "npm ci" without --ignore-scripts, or use a newer Node.js.',
    );
  }
}

/** Where the `node` package has its program; null when it is not installed. */
function broughtNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const path = join(dirname(manifest), bin.node);
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Becomes the other Node's process as far as anybody can see: its streams, its signals and its exit code. */
function runWith(node) {
  const child = spawn(node, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} cannot be run: ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + constants.signals[signal] : (code ?? 1));
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}
