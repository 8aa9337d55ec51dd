import { loadavg } from 'node:os';
import type { Client } from 'pg';
import { requireSameAnswers } from './check/answers.js';
import { severalStarts, timeEmbeddedStarts, timeStarts } from './cold-start.js';
import { prepareDatabase, withClient } from './dataset/database.js';
import { restore } from './dataset/restore.js';
import { readSample, type Sample } from './dataset/sample.js';
import { measureEndurance, measureSecondProcess } from './extent.js';
import { measureGrowth, smallest } from './growth.js';
import { requestBytes } from './load/connection.js';
import type { MeasuredTurn } from './load/drive.js';
import type { Options } from './options.js';
import { type Measurement, measured, median, type Results } from './report/measurement.js';
import { describeMachine } from './report/store.js';
import type { ServerProcess } from './servers/server-process.js';
import { startServer } from './servers/start.js';
import { requestsOf, takeTurn, warmUp } from './turn.js';
import { me } from './workloads/reads.js';
import { callOf, hasPart, nth, type ServerName, type Workload } from './workloads/workload.js';

type Tell = (line: string) => void;
type Servers = ReadonlyMap<ServerName, ServerProcess>;

/** Measures everything that is asked for. Whatever it starts is on `leftovers`. */
export async function run(options: Options, leftovers: AsyncDisposableStack, tell: Tell): Promise<Results> {
  const url = await prepareDatabase(options.serverUrl, options.size, tell);
  const loadBefore = loadavg()[0] ?? 0;
  return withClient(url, async (client) => {
    await restore(client);
    const sample = await readSample(client);
    const embeddedStart = looksFurther(options) ? await timeEmbeddedStarts(leftovers) : null;
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
  const { server: portal, milliseconds: coldStart } = await timeStarts(
    looksFurther(options) && options.profileFolder === null ? severalStarts : 1,
    (port) => startServer('portal', { ...starting, port }),
    requestBytes(callOf(me, 'portal', nth(me.asks(sample), 0))),
  );
  servers.set('portal', portal);
  for (const name of options.servers) {
    if (name !== 'portal') servers.set(name, await startServer(name, starting));
  }
  return { servers, coldStart };
}

/** What only a run of everything looks at: a smaller data set, a second process, and memory over a longer time. */
async function measureExtent(
  { options, sample, servers, client, tell }: Measuring,
  starting: { readonly databaseUrl: string; readonly leftovers: AsyncDisposableStack },
): Promise<Pick<Results, 'growth' | 'secondProcess' | 'endurance'>> {
  const first = servers.get('portal');
  if (!looksFurther(options) || !first) return { growth: null, secondProcess: null, endurance: null };
  const isLarger = options.size > smallest;
  const growth = isLarger
    ? await measureGrowth(options, { client, sample, portal: first }, starting.leftovers, tell)
    : null;
  const second = await startServer('portal', { ...starting, profileFolder: null });
  const secondProcess = await measureSecondProcess([first, second], sample, client, options);
  tell(`Requests a second: ${secondProcess.one.toFixed(0)} of one process, ${secondProcess.two.toFixed(0)} of two`);
  const endurance = await measureEndurance(second, sample, options.endurance);
  tell(
    `Memory while asked for ${endurance.seconds} s: ${endurance.memory.map((bytes) => (bytes / 1e6).toFixed(0)).join(', ')} MB`,
  );
  return { growth, secondProcess, endurance };
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
  const competing = [...servers].flatMap(([name, server]) =>
    hasPart(workload, name)
      ? [
          {
            name,
            turns: [] as MeasuredTurn[],
            asked: { workload, server, client, requests: requestsOf(workload, sample, name) },
          },
        ]
      : [],
  );
  for (const { asked } of competing) await warmUp(asked);
  const measurements: Measurement[] = [];
  for (const connections of options.connections) {
    for (const one of competing) one.turns = [];
    for (let round = 0; round < options.rounds; round += 1) {
      for (const { asked, turns } of competing) {
        turns.push(await takeTurn(asked, { connections, seconds: options.seconds }));
      }
    }
    for (const { name, asked, turns } of competing) {
      const of = { workload: workload.name, connections, server: name };
      measurements.push(measured(of, turns, await asked.server.memory()));
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
