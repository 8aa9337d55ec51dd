import type { Client } from 'pg';
import { restore } from './dataset/restore.js';
import type { Sample } from './dataset/sample.js';
import { requestBytes } from './load/connection.js';
import { drive, type MeasuredTurn, type Turn } from './load/drive.js';
import { perRequest, takenBetween, takenSoFar } from './load/processor-time.js';
import type { ServerProcess } from './servers/server-process.js';
import { callOf, type ServerName, type Workload } from './workloads/workload.js';

/** Before a workload's first turn, each server is asked for this long, so that what is compiled as it runs is compiled. */
const firstWarmUp = { connections: 16, milliseconds: { read: 3_000, command: 5_000 } };

/** And before each turn for this long, because another server has had the processor and the caches since. */
const warmUpMs = 150;

/** How many commands warm a server up; each takes an application. */
const warmUpCommands = 150;

/** A server that is asked something, and the database that it asks. */
export interface AskedServer {
  readonly workload: Workload;
  readonly server: ServerProcess;
  readonly requests: readonly Buffer[];
  readonly client: Client;
}

/** What a server is asked for a workload, one request for each ask. */
export function requestsOf(workload: Workload, sample: Sample, server: ServerName): readonly Buffer[] {
  return workload.asks(sample).map((ask) => requestBytes(callOf(workload, server, ask)));
}

export async function warmUp({ workload, server, requests, client }: AskedServer): Promise<void> {
  const milliseconds = firstWarmUp.milliseconds[workload.kind];
  await drive({ ...firstWarmUp, milliseconds, port: server.port, requests, once: workload.kind === 'command' });
  if (workload.kind === 'command') await restore(client);
}

/** Asks one server for a while. What commands have changed is brought back afterwards. */
export async function takeTurn(
  { workload, server, requests, client }: AskedServer,
  { connections, seconds }: { readonly connections: number; readonly seconds: number },
): Promise<MeasuredTurn> {
  const milliseconds = seconds * 1000;
  const asking = { requests, connections, port: server.port };
  const watched = async (turn: () => Promise<Turn>): Promise<MeasuredTurn> => {
    const before = await takenSoFar(server.pid, client);
    const taken = await turn();
    const after = await takenSoFar(server.pid, client);
    return { ...taken, processor: perRequest(takenBetween(before, after), taken.requests) };
  };
  if (workload.kind === 'read') {
    await drive({ ...asking, milliseconds: warmUpMs, once: false });
    return watched(() => drive({ ...asking, milliseconds, once: false }));
  }
  const warming = requests.slice(0, warmUpCommands);
  await drive({ ...asking, requests: warming, milliseconds, once: true });
  const turn = await watched(() => drive({ ...asking, milliseconds, once: true, from: warmUpCommands }));
  await restore(client);
  return turn;
}
