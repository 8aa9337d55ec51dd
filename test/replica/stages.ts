import { isDeepStrictEqual } from 'node:util';
import { registerOrganization } from '../../src/demo/applying.js';
import type { PortalClient } from '../../src/demo/portal-client.js';
import type { Verdict } from '../faults/verdict.js';
import { countOrganizations, type Players, read, write } from './players.js';
import type { Replication } from './replication.js';
import { until } from './waiting.js';
import type { Outcomes, WatchedPortal } from './watched-portal.js';

/** What the stages are played on. */
export interface Stage {
  readonly players: Players;
  readonly replication: Replication;
  /** Through the first they write, through the second they read. */
  readonly written: WatchedPortal;
  readonly asked: WatchedPortal;
}

/** A request to a portal whose replica hangs is answered after this long at the latest, in milliseconds. */
const answeredWithinMs = 5_000;
const noticesWithinMs = 20_000;

const byReplica: Outcomes = { answered: 1, behind: 0, failed: 0, unused: 0 };
const byPrimary: Outcomes = { answered: 0, behind: 1, failed: 0, unused: 0 };

/** The writer reads through another process than they wrote to: from the replica when it has it, else from the primary. */
export async function ownWrites({ players, replication, written, asked }: Stage): Promise<readonly Verdict[]> {
  const { writer, staff, outsider } = players;
  const [draft] = players.drafts;
  /** What a reader is shown through the second process, and who answered. */
  const look = async <T>(client: PortalClient, what: (client: PortalClient) => Promise<T>) => {
    let shown: T | undefined;
    const by = await asked.outcomesOf(async () => {
      shown = await what(client.at(asked.url));
    });
    return { shown, by };
  };
  const number = (client: PortalClient) => read(client, draft);

  await write(writer.at(written.url), draft, 1);
  await replication.caughtUp();
  const inStep = await look(writer, number);

  const before = await countOrganizations(staff.at(written.url));
  await replication.pause();
  await write(writer.at(written.url), draft, 2);
  await registerOrganization(writer.at(written.url), 'Registered meanwhile', 'RM-1');
  const own = await look(writer, number);
  const colleagues = [
    await look(players.colleague, number),
    await look(draft.machine, number),
    await look(players.operatorMachine, countOrganizations),
  ];
  const others = [await look(staff, countOrganizations), await look(outsider, countOrganizations)];

  await replication.resume();
  await replication.caughtUp();
  const afterwards = [await look(writer, number), await look(staff, countOrganizations)];
  return [
    same('in step, the replica answers whoever wrote', inStep, { shown: 1, by: byReplica }),
    same('while the replica stands still, whoever wrote is shown it by the primary', own, { shown: 2, by: byPrimary }),
    same('and so are a colleague, a machine of theirs, and a machine of the operator’s', colleagues, [
      { shown: 2, by: byPrimary },
      { shown: 2, by: byPrimary },
      { shown: before + 1, by: byPrimary },
    ]),
    same('others are answered by the replica: staff and another organization', others, [
      { shown: before, by: byReplica },
      { shown: 1, by: byReplica },
    ]),
    same('when it goes on, it answers everybody again, with everything', afterwards, [
      { shown: 2, by: byReplica },
      { shown: before + 1, by: byReplica },
    ]),
  ];
}

/** Too far behind for its portal, the replica answers nobody, until it has caught up. */
export async function lagging({ players, replication }: Stage, portal: WatchedPortal): Promise<readonly Verdict[]> {
  const staff = players.staff.at(portal.url);
  await replication.pause();
  await registerOrganization(players.writer.at(portal.url), 'Registered while it lags', 'RL-1');
  await portal.readinessBecomes('200, replica not in use');
  const shown = await countOrganizations(players.staff.at(portal.url));
  const by = await portal.outcomesOf(() => countOrganizations(staff));
  await replication.resume();
  await portal.readinessBecomes('200, replica in use');
  await replication.caughtUp();
  const again = await portal.outcomesOf(async () => expectCount(await countOrganizations(staff), shown));
  return [
    same('a replica that is further behind than it may be answers nobody, and /readyz says so', by, {
      ...byReplica,
      answered: 0,
      unused: 1,
    }),
    same('once it has caught up, it answers again', again, byReplica),
  ];
}

/** A replica that hangs or has died costs no answer. */
export async function away({ players, replication, written, asked }: Stage): Promise<readonly Verdict[]> {
  const [draft] = players.drafts;
  const complaints: string[] = [];
  let number = 10;
  const bothSay = async (readiness: string) => {
    await written.readinessBecomes(readiness);
    await asked.readinessBecomes(readiness);
  };
  const goOn = async () => {
    number += 1;
    const began = Date.now();
    await write(players.writer.at(written.url), draft, number);
    const shown = await Promise.all([
      read(players.writer.at(asked.url), draft),
      countOrganizations(players.staff.at(asked.url)).then(() => number),
    ]);
    for (const found of shown) if (found !== number) complaints.push(`${found} was shown, and ${number} is right`);
    const took = Date.now() - began;
    if (took > answeredWithinMs) complaints.push(`an answer took ${took} ms`);
  };

  await replication.caughtUp();
  replication.replica.freeze();
  await goOn();
  await bothSay('200, replica not in use');
  await goOn();
  replication.replica.thaw();
  await bothSay('200, replica in use');
  const afterFreeze = complaints.splice(0);

  await replication.replica.kill();
  for (let times = 0; times < 10; times += 1) await goOn();
  await bothSay('200, replica not in use');
  await goOn();
  await replication.replica.start();
  await bothSay('200, replica in use');
  await until('the replica answers again', noticesWithinMs, async () => {
    const { answered } = await asked.outcomesOf(goOn);
    return answered > 0;
  });
  return [
    { promise: 'a replica that hangs holds nobody up for long', violations: afterFreeze },
    { promise: 'answers go on when the replica dies, and it is used again when it is back', violations: complaints },
  ];
}

function same(promise: string, found: unknown, expected: unknown): Verdict {
  const violations = isDeepStrictEqual(found, expected)
    ? []
    : [`found ${JSON.stringify(found)}, and expected ${JSON.stringify(expected)}`];
  return { promise, violations };
}

function expectCount(found: number, expected: number): void {
  if (found !== expected) throw new Error(`${found} organizations were shown, and ${expected} are there.`);
}
