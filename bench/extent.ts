import { cpus } from 'node:os';
import type { Client } from 'pg';
import type { Sample } from './dataset/sample.js';
import { drive } from './load/drive.js';
import { takenBetween, takenSoFar } from './load/processor-time.js';
import { median } from './report/measurement.js';
import type { ServerProcess } from './servers/server-process.js';
import { requestsOf } from './turn.js';
import { detail, list, me, queue, queues, search } from './workloads/reads.js';

/** Requests a second of one process and of two, and how much of the machine was at work meanwhile. */
export interface SecondProcess {
  readonly one: number;
  readonly two: number;
  /** Shares of all processor time of the machine, with two processes: what was not idle, and what the database took. */
  readonly busy: number;
  readonly database: number;
}

/** The memory of the portal while it is asked for a long time, in bytes, in equal steps. */
export interface Endurance {
  readonly seconds: number;
  readonly memory: readonly number[];
}

const connections = 16;

/** What a process is asked for a long time, in turns. */
const reads = [queue, detail, list, me, queues, search];

/** How many times the memory is looked at. */
const looks = 20;

/** The same question over as many connections, to one process and to two, in turns. */
export async function measureSecondProcess(
  portals: readonly [ServerProcess, ServerProcess],
  sample: Sample,
  client: Client,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<SecondProcess> {
  const requests = requestsOf(detail, sample, 'portal');
  const milliseconds = seconds * 1000;
  const turn = async (asked: readonly ServerProcess[], each: number) => {
    const turns = await Promise.all(
      asked.map(({ port }) => drive({ port, requests, connections: each, milliseconds, once: false })),
    );
    return turns.reduce((sum, one) => sum + one.requests / one.seconds, 0);
  };
  await turn(portals, connections / 2);
  const found: SecondProcess[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one = await turn(portals.slice(0, 1), connections);
    const before = { machine: machineTime(), taken: await takenSoFar(undefined, client) };
    const two = await turn(portals, connections / 2);
    const machine = machineTime();
    const all = machine.all - before.machine.all;
    const database = takenBetween(before.taken, await takenSoFar(undefined, client)).database ?? 0;
    found.push({ one, two, busy: (machine.busy - before.machine.busy) / all, database: database / 1000 / all });
  }
  const middle = (name: keyof SecondProcess) => median(found.map((round) => round[name]));
  return { one: middle('one'), two: middle('two'), busy: middle('busy'), database: middle('database') };
}

/** Asks one process all kinds of reads for as long as is wanted, and looks at its memory. */
export async function measureEndurance(portal: ServerProcess, sample: Sample, seconds: number): Promise<Endurance> {
  const requests = reads.flatMap((workload) => requestsOf(workload, sample, 'portal'));
  const memory: number[] = [];
  for (let look = 0; look < looks; look += 1) {
    const milliseconds = (seconds * 1000) / looks;
    await drive({ port: portal.port, requests, connections, milliseconds, once: false });
    memory.push((await portal.memory()) ?? 0);
  }
  return { seconds, memory };
}

/** The processor time of the whole machine so far, in milliseconds. */
function machineTime(): { readonly all: number; readonly busy: number } {
  return cpus().reduce(
    (sum, { times }) => {
      const all = Object.values(times).reduce((total, part) => total + part, 0);
      return { all: sum.all + all, busy: sum.busy + all - times.idle };
    },
    { all: 0, busy: 0 },
  );
}
