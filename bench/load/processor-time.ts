import { readFile } from 'node:fs/promises';
import type { Client } from 'pg';

/** How long a tick of /proc/…/stat is, in microseconds: 100 a second on every Linux that Node.js runs on. */
const tickMicroseconds = 10_000;

/** Processor time in microseconds; null where it is not told. */
export interface ProcessorTime {
  readonly server: number | null;
  readonly database: number | null;
}

/** What a server and the processes of the database have taken so far. */
export interface TakenSoFar {
  readonly server: number | null;
  /** By process: the pool of a server ends those that have been idle for a while. */
  readonly database: ReadonlyMap<number, number | null>;
}

/** Unlike the requests a second, it does not depend on what else the machine is doing. */
export async function takenSoFar(pid: number | undefined, client: Client): Promise<TakenSoFar> {
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and backend_type = 'client backend'`,
  );
  const database = await Promise.all(rows.map(async (row) => [row.pid, await takenBy(row.pid)] as const));
  return { server: pid === undefined ? null : await takenBy(pid), database: new Map(database) };
}

/** Processor time in user and system mode: fields 14 and 15 of proc(5), the 12th and 13th after the name. */
async function takenBy(pid: number): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? null : ticks * tickMicroseconds;
}

/** What was taken in between; of a process of the database that has begun since, all it took. */
export function takenBetween(before: TakenSoFar, after: TakenSoFar): ProcessorTime {
  const since = (from: number | null, to: number | null) => (from === null || to === null ? null : to - from);
  const taken = [...after.database].map(([pid, to]) => since(before.database.get(pid) ?? 0, to));
  const database = taken.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
  return { server: since(before.server, after.server), database };
}

/** The same for each of so many requests. */
export function perRequest({ server, database }: ProcessorTime, requests: number): ProcessorTime {
  const each = (time: number | null) => (time === null || requests === 0 ? null : time / requests);
  return { server: each(server), database: each(database) };
}
