import type { Client } from 'pg';
import { connect, prepareDatabase } from './dataset/database.js';
import { restore } from './dataset/restore.js';
import { readSample, type Sample } from './dataset/sample.js';
import { mostGrowth } from './report/bars.js';
import { median } from './report/measurement.js';
import { sizes } from './report/store.js';
import type { ServerProcess } from './servers/server-process.js';
import { startServer } from './servers/start.js';
import { type AskedServer, requestsOf, takeTurn, warmUp } from './turn.js';
import { workloads } from './workloads/all.js';
import type { Workload } from './workloads/workload.js';

/** What growth is measured from. */
export const smallest = Math.min(...sizes);

const growing = workloads.filter(({ name }) => name in mostGrowth);

/** With one connection, a request does not wait for others. */
const connections = 1;

/** The p50 of one workload on the smallest data set and on a larger one, in milliseconds, each of all rounds together. */
export interface Growth {
  readonly workload: string;
  readonly small: number;
  readonly large: number;
  /** How many times as long the larger one takes, round by round, and of these the median. */
  readonly times: number;
}

/** The portal on one data set. */
interface Ground {
  readonly portal: ServerProcess;
  readonly sample: Sample;
  readonly client: Client;
}

/**
 * Measures how answers slow down as data grows: a portal on the smallest data set has its turns beside the one on this,
 * so that both meet the machine at the same pace.
 */
export async function measureGrowth(
  { serverUrl, rounds, seconds }: { readonly serverUrl: string; readonly rounds: number; readonly seconds: number },
  large: Ground,
  leftovers: AsyncDisposableStack,
  tell: (line: string) => void,
): Promise<readonly Growth[]> {
  const small = await smallestGround(serverUrl, leftovers, tell);
  const grown: Growth[] = [];
  for (const workload of growing) {
    const [onSmall, onLarge] = [askedOn(workload, small), askedOn(workload, large)];
    for (const asked of [onSmall, onLarge]) await warmUp(asked);
    const found: { small: readonly number[]; large: readonly number[] }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const turn = async (asked: AskedServer) => [...(await takeTurn(asked, { connections, seconds })).latencies];
      found.push({ small: await turn(onSmall), large: await turn(onLarge) });
    }
    const all = (of: 'small' | 'large') => median(found.flatMap((round) => round[of]));
    const times = median(found.map((round) => median(round.large) / median(round.small)));
    grown.push({ workload: workload.name, small: all('small'), large: all('large'), times });
    tell(`${workload.name}: takes ${times.toFixed(2)} times as long as on ${smallest}x`);
  }
  return grown;
}

async function smallestGround(
  serverUrl: string,
  leftovers: AsyncDisposableStack,
  tell: (line: string) => void,
): Promise<Ground> {
  const databaseUrl = await prepareDatabase(serverUrl, smallest, tell);
  const client = await connect(databaseUrl);
  leftovers.defer(() => client.end());
  await restore(client);
  const portal = await startServer('portal', { databaseUrl, profileFolder: null, leftovers });
  return { portal, sample: await readSample(client), client };
}

function askedOn(workload: Workload, { portal, sample, client }: Ground): AskedServer {
  return { workload, server: portal, requests: requestsOf(workload, sample, 'portal'), client };
}
