import { loadavg } from 'node:os';
import type { Client } from 'pg';
import { requireSameAnswers } from './check/answers.js';
import { timeToFirstAnswer, timeToFirstEmbeddedAnswer } from './cold-start.js';
import { prepareDatabase, withClient } from './dataset/database.js';
import { restore } from './dataset/restore.js';
import { readSample, type Sample } from './dataset/sample.js';
import { measureEndurance, measureSecondProcess } from './extent.js';
import { requestBytes } from './load/connection.js';
import { drive, type MeasuredTurn, type Turn } from './load/drive.js';
import { perRequest, takenBetween, takenSoFar } from './load/processor-time.js';
import type { Options } from './options.js';
import { type Measurement, measured, median, type Results } from './report/measurement.js';
import { describeMachine } from './report/store.js';
import type { ServerProcess } from './servers/server-process.js';
import { startServer } from './servers/start.js';
import { me } from './workloads/reads.js';
import { callOf, hasPart, nth, type ServerName, type Workload } from './workloads/workload.js';

/** Before a workload's first turn, each server is asked for this long, so that what is compiled as it runs is compiled. */
const firstWarmUp = { connections: 16, milliseconds: { read: 3_000, command: 5_000 } };

/** And before each turn for this long, because another server has had the processor and the caches since. */
const warmUpMs = 150;

/** How many commands warm a server up; each takes an application. */
const warmUpCommands = 150;

type Tell = (line: string) => void;
type Servers = ReadonlyMap<ServerName, ServerProcess>;

/** Measures everything that is asked for. Whatever it starts is on `leftovers`. */
export async function run(options: Options, leftovers: AsyncDisposableStack, tell: Tell): Promise<Results> {
  const url = await prepareDatabase(options.serverUrl, options.size, tell);
  const loadBefore = loadavg()[0] ?? 0;
  return withClient(url, async (client) => {
    await restore(client);
    const sample = await readSample(client);
    const embeddedStart = looksFurther(options) ? await timeToFirstEmbeddedAnswer(leftovers) : null;
    const { servers, coldStart } = await startServers(url, options, sample, leftovers);
    const ports = new Map([...servers].map(([name, { port }]) => [name, port] as const));
    for (const workload of options.workloads) {
      await requireSameAnswers(workload, sample, ports, client);
      tell(`${workload.name}: all answer the same`);
    }
    const measurements: Measurement[] = [];
    for (const workload of options.workloads) {
      measurements.push(...(await measureWorkload(workload, { options, sample, servers, client, tell })));
    }
    return {
      size: options.size,
      date: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      machine: await describeMachine(client),
      rounds: options.rounds,
      seconds: options.seconds,
      load: [loadBefore, loadavg()[0] ?? 0],
      coldStart,
      embeddedStart,
      measurements,
      ...(await measureExtent({ options, sample, servers, client, tell }, { databaseUrl: url, leftovers })),
    };
  });
}

/** Starts the portal first, because it declares the queues that jobs are put on, and then its peers. */
async function startServers(
  databaseUrl: string,
  options: Options,
  sample: Sample,
  leftovers: AsyncDisposableStack,
): Promise<{ readonly servers: Servers; readonly coldStart: number }> {
  const starting = { databaseUrl, profileFolder: options.profileFolder, leftovers };
  const servers = new Map<ServerName, ServerProcess>();
  const { server: portal, milliseconds: coldStart } = await timeToFirstAnswer(
    (port) => startServer('portal', { ...starting, port }),
    requestBytes(callOf(me, 'portal', nth(me.asks(sample), 0))),
  );
  servers.set('portal', portal);
  for (const name of options.servers) {
    if (name !== 'portal') servers.set(name, await startServer(name, starting));
  }
  return { servers, coldStart };
}

/** What only a run of everything looks at: a second process beside the first, and memory over a longer time. */
async function measureExtent(
  { options, sample, servers, client, tell }: Measuring,
  starting: { readonly databaseUrl: string; readonly leftovers: AsyncDisposableStack },
): Promise<Pick<Results, 'secondProcess' | 'endurance'>> {
  const first = servers.get('portal');
  if (!looksFurther(options) || !first) return { secondProcess: null, endurance: null };
  const second = await startServer('portal', { ...starting, profileFolder: null });
  const secondProcess = await measureSecondProcess([first, second], sample, client, options);
  tell(`Requests a second: ${secondProcess.one.toFixed(0)} of one process, ${secondProcess.two.toFixed(0)} of two`);
  const endurance = await measureEndurance(second, sample, options.endurance);
  tell(
    `Memory while asked for ${endurance.seconds} s: ${endurance.memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ')} MB`,
  );
  return { secondProcess, endurance };
}

/** Is more than the workloads to be looked at, as it is in a run of everything, or when memory is to be watched? */
function looksFurther({ endurance }: Options): boolean {
  return endurance > 0;
}

interface Measuring {
  readonly options: Options;
  readonly sample: Sample;
  readonly servers: Servers;
  readonly client: Client;
  readonly tell: Tell;
}

/** One workload at each number of connections: in each round every server has its turn, one after the other. */
async function measureWorkload(workload: Workload, measuring: Measuring): Promise<readonly Measurement[]> {
  const { options, sample, servers, client, tell } = measuring;
  const asks = workload.asks(sample);
  const competing = [...servers].flatMap(([name, server]) =>
    hasPart(workload, name)
      ? [
          {
            name,
            server,
            requests: asks.map((ask) => requestBytes(callOf(workload, name, ask))),
            turns: [] as MeasuredTurn[],
          },
        ]
      : [],
  );
  for (const { server, requests } of competing) {
    const milliseconds = firstWarmUp.milliseconds[workload.kind];
    await drive({ ...firstWarmUp, milliseconds, port: server.port, requests, once: workload.kind === 'command' });
    if (workload.kind === 'command') await restore(client);
  }
  const measurements: Measurement[] = [];
  for (const connections of options.connections) {
    for (const one of competing) one.turns = [];
    for (let round = 0; round < options.rounds; round += 1) {
      for (const { server, requests, turns } of competing) {
        turns.push(await takeTurn(workload, { server, requests, connections }, measuring));
      }
    }
    for (const { name, server, turns } of competing) {
      const of = { workload: workload.name, connections, server: name };
      measurements.push(measured(of, turns, await server.memory()));
    }
    const rates = competing.map(({ name, turns }) => {
      const perSecond = median(turns.map(({ requests, seconds }) => requests / seconds));
      const taken = (of: 'server' | 'database') => median(turns.map(({ processor }) => processor[of] ?? 0)).toFixed(0);
      return `${name} ${perSecond.toFixed(0)} (${taken('server')} + ${taken('database')} us)`;
    });
    tell(
      `${workload.name}, ${connections} connections, requests a second (processor time of server + database each): ${rates.join(', ')}`,
    );
  }
  return measurements;
}

async function takeTurn(
  workload: Workload,
  {
    server,
    ...of
  }: { readonly server: ServerProcess; readonly requests: readonly Buffer[]; readonly connections: number },
  { options, client }: Measuring,
): Promise<MeasuredTurn> {
  const milliseconds = options.seconds * 1000;
  const asking = { ...of, port: server.port };
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
  const warming = asking.requests.slice(0, warmUpCommands);
  await drive({ ...asking, requests: warming, milliseconds, once: true });
  const turn = await watched(() => drive({ ...asking, milliseconds, once: true, from: warmUpCommands }));
  await restore(client);
  return turn;
}
