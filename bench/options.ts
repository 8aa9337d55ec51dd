import { parseArgs } from 'node:util';
import { sizes } from './report/store.js';
import { workloads } from './workloads/all.js';
import { type ServerName, serverNames, type Workload } from './workloads/workload.js';

export interface Options {
  readonly size: number;
  readonly workloads: readonly Workload[];
  /** The portal is always among them. */
  readonly servers: readonly ServerName[];
  readonly connections: readonly number[];
  readonly rounds: number;
  readonly seconds: number;
  /** How long the portal's memory is watched, in seconds; 0 for not at all, and no second process either. */
  readonly endurance: number;
  /** Only remove the databases that earlier runs kept. */
  readonly drop: boolean;
  readonly profileFolder: string | null;
  /** The database server; a database of its own is made there. */
  readonly serverUrl: string;
}

export const usage = `npm run bench -- [options]
  --size N            1, 10 or 100 times 2,000 organizations, 20,000 applications, 200,000 audit records (1)
  --workloads a,b     of ${workloads.map(({ name }) => name).join(', ')} (all)
  --servers a,b       of ${serverNames.join(', ')} (all but joined)
  --connections a,b   at how many connections (1,16,64)
  --rounds N          how often each server has its turn (3)
  --seconds N         how long a turn takes (0.8)
  --endurance N       for how many seconds memory is watched (60 in a run of everything, else 0)
  --profile FOLDER    the portal leaves a CPU profile there
  --drop              remove the databases that runs keep, and end
The database server is TEST_DATABASE_URL or DATABASE_URL, or postgres://root@127.0.0.1:5432/postgres.`;

/** The most that is asked for at once, and for how long: the bench is for one machine, and is not to hang on it. */
const most = { connections: 256, rounds: 50, seconds: 60, endurance: 3600 };

/** @throws Error with a sentence for whoever typed the options */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '1' },
      workloads: { type: 'string' },
      servers: { type: 'string', default: serverNames.filter((name) => name !== 'joined').join(',') },
      connections: { type: 'string', default: '1,16,64' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '0.8' },
      endurance: { type: 'string' },
      profile: { type: 'string' },
      drop: { type: 'boolean', default: false },
    },
  });
  const size = number('size', values.size, 100);
  if (!sizes.some((known) => known === size)) throw new Error(`--size is one of ${sizes.join(', ')}.`);
  const wanted = values.workloads?.split(',') ?? workloads.map(({ name }) => name);
  const servers = values.servers.split(',');
  requireKnown(
    'workloads',
    wanted,
    workloads.map(({ name }) => name),
  );
  requireKnown('servers', servers, serverNames);
  return {
    size,
    workloads: workloads.filter(({ name }) => wanted.includes(name)),
    servers: serverNames.filter((name) => name === 'portal' || servers.includes(name)),
    connections: values.connections.split(',').map((text) => number('connections', text, most.connections)),
    rounds: number('rounds', values.rounds, most.rounds),
    seconds: number('seconds', values.seconds, most.seconds),
    endurance: enduranceOf(values.endurance, wanted.length === workloads.length),
    drop: values.drop,
    profileFolder: values.profile ?? null,
    serverUrl: environment.TEST_DATABASE_URL || environment.DATABASE_URL || 'postgres://root@127.0.0.1:5432/postgres',
  };
}

/** In a run of everything memory is watched for a minute, otherwise only when it is asked for. */
function enduranceOf(text: string | undefined, isOfEverything: boolean): number {
  if (text === undefined) return isOfEverything ? 60 : 0;
  return text === '0' ? 0 : number('endurance', text, most.endurance);
}

function number(name: string, text: string, largest: number): number {
  const value = Number(text);
  const isWhole = name === 'seconds' || Number.isInteger(value);
  if (isWhole && value > 0 && value <= largest) return value;
  throw new Error(`--${name} is a number up to ${largest}, not "${text}".`);
}

function requireKnown(option: string, names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--${option} are ${known.join(', ')}, not ${unknown.join(', ')}.`);
}
