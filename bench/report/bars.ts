import type { ServerName } from '../workloads/workload.js';
import { median, type Results, ratioTo } from './measurement.js';

/** Something that must hold, and whether it does. */
export interface Verdict {
  readonly bar: string;
  readonly found: string;
  readonly holds: boolean;
}

/** The number of connections at which the servers are compared. */
const comparedAt = 16;

const bars: readonly (readonly [workload: string, server: ServerName, least: number])[] = [
  ['queue', 'limit', 0.9],
  ['queue', 'postgraphile', 1.7],
  ['queue', 'mercurius', 0.95],
  ['detail', 'limit', 0.75],
  ['detail', 'postgraphile', 2.5],
  ['detail', 'mercurius', 1.2],
  ['me', 'limit', 0.5],
  ['me', 'postgraphile', 1.5],
  ['me', 'mercurius', 0.6],
  ['advance', 'limit', 0.7],
  ['advance', 'postgraphile', 0.8],
];

/** How much p99 may be above p50, and at how many connections. */
const tail = { connections: 64, most: 4 };
const coldStartMs = { server: 1500, embedded: 3000 };

const secondProcessTimes = 1.6;
/** Less than this share of idle processors is none. */
const fullMachine = 0.95;
const mostMemoryGrowth = 1.1;

/** How many times its p50 on the smallest data set a workload may take on a larger one; others are not looked at. */
export const mostGrowth: Readonly<Record<string, number>> = {
  queue: 1.25,
  detail: 1.25,
  list: 1.25,
  advance: 1.25,
  search: 2,
};

/** Judges one run. What was not measured is not judged. */
export function judge(results: Results): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const [workload, server, least] of bars) {
    const ratio = ratioTo(server, results, workload, comparedAt);
    if (ratio === null) continue;
    const bar = `${workload}: at least ${least}× ${server}, ${comparedAt} connections`;
    verdicts.push({ bar, found: `${ratio.toFixed(2)}×`, holds: ratio >= least });
  }
  for (const { workload, connections, server, p50, p99 } of results.measurements) {
    if (server !== 'portal' || connections !== tail.connections) continue;
    const ratio = p99 / p50;
    const bar = `${workload}: p99 at most ${tail.most} times p50, ${connections} connections`;
    verdicts.push({ bar, found: ratio.toFixed(2), holds: ratio <= tail.most });
  }
  for (const { workload, small, large, times } of results.growth ?? []) {
    const most = mostGrowth[workload];
    if (most === undefined) continue;
    verdicts.push({
      bar: `${workload}: p50 at most ${most} times that on the smallest data set, in turns, one connection`,
      found: `${times.toFixed(2)} (${small.toFixed(2)} and ${large.toFixed(2)} ms)`,
      holds: times <= most,
    });
  }
  const { secondProcess, endurance } = results;
  if (secondProcess) {
    const ratio = secondProcess.two / secondProcess.one;
    const full = secondProcess.busy >= fullMachine;
    verdicts.push({
      bar: `two processes: at least ${secondProcessTimes}× one, unless the machine is full`,
      found: `${ratio.toFixed(2)}×, ${percent(secondProcess.busy)} of all processors at work, ${percent(secondProcess.database)} for PostgreSQL`,
      holds: ratio >= secondProcessTimes || full,
    });
  }
  if (endurance) {
    const growth = memoryGrowth(endurance.memory);
    verdicts.push({
      bar: `memory over ${endurance.seconds} s of load: the last quarter at most ${mostMemoryGrowth}× the second`,
      found: `${growth.toFixed(2)}×`,
      holds: growth <= mostMemoryGrowth,
    });
  }
  const starts = [
    ['on PostgreSQL', results.coldStart, coldStartMs.server],
    ['embedded, with data', results.embeddedStart ?? null, coldStartMs.embedded],
  ] as const;
  for (const [where, found, most] of starts) {
    if (found === null) continue;
    const bar = `cold start ${where}, to the first answered query: at most ${most} ms`;
    verdicts.push({ bar, found: `${found.toFixed(0)} ms`, holds: found <= most });
  }
  return verdicts;
}

/** How much more the process held in the last quarter than in the second; in the first it still compiles and fills caches. */
function memoryGrowth(memory: readonly number[]): number {
  const quarter = Math.floor(memory.length / 4);
  return median(memory.slice(-quarter)) / median(memory.slice(quarter, 2 * quarter));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
