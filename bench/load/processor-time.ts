import { readFile } from 'node:fs/promises';
import type { Client } from 'pg';

/** How long a tick of /proc/…/stat is, in microseconds: 100 a second on every Linux that Node.js runs on. */
const tickMicroseconds = 10_000;

/** The processor time that a server and the database have taken so far, in microseconds; null where it is not told. */
export interface ProcessorTime {
  readonly server: number | null;
  readonly database: number | null;
}

/** Unlike the requests a second, it does not depend on what else the machine is doing. */
export async function processorTime(pid: number | undefined, client: Client): Promise<ProcessorTime> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend'`,
  );
  const backends = await Promise.all(rows.map((row) => takenBy(row.pid)));
  const database = backends.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  return { server: pid === undefined ? null : await takenBy(pid), database };
}

/** Processor time in user and system mode: fields 14 and 15 of proc(5), the 12th and 13th after the name. */
async function takenBy(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? null : ticks * tickMicroseconds;
}

/** What each request of a turn took. */
export function perRequest(before: ProcessorTime, after: ProcessorTime, requests: number): ProcessorTime {
  const each = (name: keyof ProcessorTime) => {
    const [from, to] = [before[name], after[name]];
    return from === null || to === null || requests === 0 ? null : (to - from) / requests;
  };
  return { server: each('server'), database: each('database') };
}
