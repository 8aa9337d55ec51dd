import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';
import type { Machine, Results } from './measurement.js';
import { resultsPage } from './tables.js';

/** Not committed: numbers of different machines do not belong on one page. */
const folder = fileURLToPath(new URL('../data/', import.meta.url));
const page = fileURLToPath(new URL('../results.md', import.meta.url));

export const sizes = [1, 10, 100] as const;

const fileOf = (size: number) => `${folder}results-${size}x.json`;

/** Keeps the results and writes the page anew, with those of other sizes that this machine gave before. */
export function keepResults(results: Results): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(results.size), `${JSON.stringify(results, null, 2)}\n`);
  const all = sizes.flatMap((size): Results[] => {
    if (size === results.size) return [results];
    return existsSync(fileOf(size)) ? [JSON.parse(readFileSync(fileOf(size), 'utf8'))] : [];
  });
  writeFileSync(page, resultsPage(all));
}

export async function describeMachine(client: Client): Promise<Machine> {
  const { rows } = await client.query<{ version: string; settings: string }>(
    `select current_setting('server_version') as version, 'shared_buffers ' || current_setting('shared_buffers')
      || ', synchronous_commit ' || current_setting('synchronous_commit') as settings`,
  );
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    memory: `${(totalmem() / 1024 ** 3).toFixed(0)} GB`,
    node: process.versions.node,
    postgresql: rows[0]?.version ?? 'unknown',
    settings: rows[0]?.settings ?? '',
  };
}
