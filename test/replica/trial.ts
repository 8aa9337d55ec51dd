import { assembleCast } from '../faults/cast.js';
import { Chance } from '../faults/chance.js';
import { furnish } from '../faults/premises.js';
import { Receivers } from '../faults/receiver.js';
import type { TrialResult } from '../faults/trial.js';
import type { Verdict } from '../faults/verdict.js';
import { Cluster } from './cluster.js';
import { assemblePlayers } from './players.js';
import { Replication } from './replication.js';
import { away, lagging, ownWrites } from './stages.js';
import { storm } from './storm.js';
import { WatchedPortal } from './watched-portal.js';

export interface ReplicaTrialOptions {
  /** The folder of PostgreSQL's programs. */
  readonly programs: string;
  /** How many drafts are written to at the same time, and how often each. */
  readonly writers: number;
  readonly rounds: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

/** No replica of the trial is ever so far behind, except where it is meant to be. */
const farBehind = { DATABASE_REPLICA_MAX_LAG: '600' };
const hardlyBehind = { DATABASE_REPLICA_MAX_LAG: '2' };

/** Runs two processes of a portal with a streaming replica that stands still, lags, hangs and dies. */
export async function runReplicaTrial(
  { programs, writers, rounds, seed, tell }: ReplicaTrialOptions,
  leftovers: AsyncDisposableStack,
): Promise<TrialResult> {
  tell('a primary and its replica are being made');
  const primary = await Cluster.primary(programs, leftovers);
  await primary.query('create database portal');
  const replica = await Cluster.replica(primary, leftovers);
  const replication = new Replication(primary, replica);
  const receivers = await Receivers.open(new Chance(seed));
  leftovers.defer(() => receivers.close());
  const addresses = { DATABASE_URL: primary.url('portal'), DATABASE_REPLICA_URL: replica.url('portal') };
  const premises = await furnish(addresses, receivers.host, leftovers);
  tell('people and organizations are being prepared');
  const cast = await assembleCast(premises, receivers, writers);
  await replication.caughtUp();

  const written = await WatchedPortal.start(premises, farBehind, leftovers);
  const asked = await WatchedPortal.start(premises, { ...farBehind, RUN: 'api' }, leftovers);
  const strict = await WatchedPortal.start(premises, { ...hardlyBehind, RUN: 'api' }, leftovers);
  const players = await assemblePlayers(cast, premises, written.url);
  const stage = { players, replication, written, asked };
  for (const portal of [written, asked, strict]) await portal.readinessBecomes('200, replica in use');

  tell('the replica stands still, and goes on');
  const own = await ownWrites(stage);
  tell(`${writers} writers and their readers, while it stops and goes on`);
  const before = [await written.outcomes(), await asked.outcomes()];
  const weather = await storm(players, replication, [written.url, asked.url], rounds, new Chance(seed));
  const during = [await written.outcomes(), await asked.outcomes()].map(({ answered, behind }, process) => ({
    answered: answered - (before[process]?.answered ?? 0),
    behind: behind - (before[process]?.behind ?? 0),
  }));
  const sum = (outcome: 'answered' | 'behind') => during.reduce((total, counts) => total + counts[outcome], 0);
  tell('it lags');
  const late = await lagging(stage, strict);
  tell('it hangs, dies, and comes back');
  const gone = await away(stage);

  const portals = [written, asked, strict];
  const codes = await Promise.all(portals.map((portal) => portal.stop()));
  const verdicts: readonly Verdict[] = [
    ...own,
    { promise: 'nobody was ever shown less than they knew of', violations: weather.violations },
    {
      promise: 'meanwhile both answered, the replica and the primary',
      violations: sum('answered') > 0 && sum('behind') > 0 ? [] : [JSON.stringify(during)],
    },
    ...late,
    ...gone,
    {
      promise: 'the trouble was logged, once in a minute by each process, and its end',
      violations: portals.flatMap(({ reports }) => (areSparse(reports) ? [] : [reports.join('\n')])),
    },
    { promise: 'no process logged an error', violations: portals.flatMap(({ errors }) => errors) },
    {
      promise: 'no process ended by itself, and all stopped in good order when told to',
      violations: [
        ...portals.flatMap(({ ownEnds }) => ownEnds),
        ...codes.filter((code) => code !== 0).map((code) => `exit code ${code}`),
      ],
    },
  ];
  const counts = new Map([
    ['changes made', weather.writes],
    ['reads by those who knew of them', weather.reads],
    ['  answered by the replica', sum('answered')],
    ['  answered by the primary, the replica being behind', sum('behind')],
  ]);
  return { verdicts, counts };
}

/** There are reports of a trouble, each a minute after the one before, and of its end. */
function areSparse(reports: readonly string[]): boolean {
  const told = reports.map((line) => JSON.parse(line) as { readonly time: string; readonly msg: string });
  const troubles = told.filter(({ msg }) => msg.includes('not used')).map(({ time }) => new Date(time).getTime());
  const isRare = troubles.every((at, place) => place === 0 || at - (troubles[place - 1] ?? 0) >= 60_000);
  return isRare && troubles.length > 0 && told.some(({ msg }) => msg.includes('used again'));
}
