import type { Endurance, SecondProcess } from '../extent.js';
import type { Growth } from '../growth.js';
import type { MeasuredTurn } from '../load/drive.js';
import type { ProcessorTime } from '../load/processor-time.js';
import type { ServerName } from '../workloads/workload.js';

/** What the turns of one server gave, for one workload over one number of connections. */
export interface Measurement {
  readonly workload: string;
  readonly connections: number;
  readonly server: ServerName;
  /** Of each round, in order. */
  readonly perSecond: readonly number[];
  /** In milliseconds, of all rounds together. */
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
  /** Of each request, in microseconds, of server and database; the median of the rounds. */
  readonly processor: ProcessorTime;
  /** The memory of the process afterwards, in bytes. */
  readonly memory: number | null;
}

/** What a run gave. */
export interface Results {
  readonly size: number;
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly seconds: number;
  /** The load averages of one minute before, and after. */
  readonly load: readonly [number, number];
  /** From the start of the process to the first answered query, in milliseconds: the median of several starts. */
  readonly coldStart: number | null;
  /** The same of the portal on its embedded database, with the data of an earlier start. */
  readonly embeddedStart?: number | null;
  readonly measurements: readonly Measurement[];
  /** Against the smallest data set; null in a run on that one. */
  readonly growth?: readonly Growth[] | null;
  readonly secondProcess: SecondProcess | null;
  readonly endurance: Endurance | null;
}

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memory: string;
  readonly node: string;
  readonly postgresql: string;
  readonly settings: string;
}

export function measured(
  of: { readonly workload: string; readonly connections: number; readonly server: ServerName },
  turns: readonly MeasuredTurn[],
  memory: number | null,
): Measurement {
  const latencies = Float64Array.from(turns.flatMap((turn) => [...turn.latencies])).sort();
  return {
    ...of,
    perSecond: turns.map(({ requests, seconds }) => requests / seconds),
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    requests: latencies.length,
    processor: { server: medianOf(turns, 'server'), database: medianOf(turns, 'database') },
    memory,
  };
}

function medianOf(turns: readonly MeasuredTurn[], name: keyof ProcessorTime): number | null {
  const taken = turns.flatMap(({ processor }) => processor[name] ?? []);
  return taken.length > 0 ? median(taken) : null;
}

export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}

/** Of values in order; with an even number of them, the median is between the two in the middle. */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

export function find(
  { measurements }: Results,
  workload: string,
  connections: number,
  server: ServerName,
): Measurement | null {
  return (
    measurements.find((one) => one.workload === workload && one.connections === connections && one.server === server) ??
    null
  );
}

/** How many times the portal's processor time, its own and the database's, the other takes for a request. */
export function processorRatioTo(
  server: ServerName,
  results: Results,
  workload: string,
  connections: number,
): number | null {
  const portal = takenOf(find(results, workload, connections, 'portal'));
  const other = takenOf(find(results, workload, connections, server));
  return portal && other ? other / portal : null;
}

function takenOf(measurement: Measurement | null): number | null {
  const { server = null, database = null } = measurement?.processor ?? {};
  return server === null || database === null ? null : server + database;
}

/** How many times as many requests a second the portal answers, round by round, and of these the median. */
export function ratioTo(server: ServerName, results: Results, workload: string, connections: number): number | null {
  const portal = find(results, workload, connections, 'portal');
  const other = find(results, workload, connections, server);
  if (!portal || !other) return null;
  const ratios = portal.perSecond.flatMap((rate, round) => {
    const against = other.perSecond[round];
    return against ? [rate / against] : [];
  });
  return ratios.length > 0 ? median(ratios) : null;
}
