import { createServer } from 'node:http';
import { type RawBuilder, sql } from 'kysely';
import { verifyAuditLog } from '../../src/audit/verification.js';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { pause } from '../faults/fleet.js';
import { PortalProcess } from '../faults/portal-process.js';
import { openPremises, type Premises } from '../faults/premises.js';
import type { TrialResult } from '../faults/trial.js';
import type { Verdict } from '../faults/verdict.js';
import { type Ground, type HaltedProduct, prepareGround } from './ground.js';
import { multiply } from './multitude.js';

export interface HaltTrialOptions {
  readonly serverUrl: string;
  readonly grants: number;
  readonly tell: (line: string) => void;
}

/** Within a second of the halt no grant is usable; within a minute all are marked and every message is queued. */
const shutWithinMs = 1_000;
const toldWithinMs = 60_000;

/** Longer than anything takes, also after a kill, when a job is taken up again with the next minute. */
const settledWithinMs = 240_000;

/** The database tells nobody how far the marking is, so it is asked this often, in milliseconds, and little. */
const lookEveryMs = 250;

/** Halts one product of so many grants, and then another while the process that marks its grants is killed. */
export async function runHaltTrial(
  { serverUrl, grants, tell }: HaltTrialOptions,
  leftovers: AsyncDisposableStack,
): Promise<TrialResult> {
  const receiver = await openReceiver(leftovers);
  const premises = await openPremises(serverUrl, receiver.host, leftovers);
  tell('people, programs and two grants are being prepared');
  const ground = await prepareGround(premises, receiver.url);
  const [quiet, disturbed] = ground.products;
  const fewer = Math.ceil(grants / 5);
  const database = await premises.openDatabase();
  leftovers.defer(() => database.close());
  tell(`${grants} grants are being made of the one, ${fewer} of the other`);
  await multiply(database, quiet, grants);
  await multiply(database, disturbed, fewer);

  const mishaps: string[] = [];
  const start = (run: string) => startProcess(premises, run, mishaps, leftovers);
  const api = await start('api');
  const worker = await start('worker');
  const areMarked = (code: string) => isNone(database.kysely(), unmarked(code));
  const areTold = async (code: string) => (await areMarked(code)) && isNone(database.kysely(), unfinished);
  tell('the first halt');
  const halted = await halt(ground, quiet);
  const usable = await usableOf(ground.manager, quiet.code);
  const shutMs = Date.now() - halted;
  await until(() => areMarked(quiet.code));
  const markedMs = Date.now() - halted;
  tell(`all are marked after ${seconds(markedMs)}`);
  await until(() => areTold(quiet.code));
  const toldMs = Date.now() - halted;
  const told = await lookAt(database.kysely(), quiet.code);
  tell(`all are marked and every message is queued after ${seconds(toldMs)}; the second halt`);

  const haltedAgain = await halt(ground, disturbed);
  const markedNow = () =>
    countOf(database.kysely(), sql`access_grant where product_code = ${disturbed.code} and shut_by_release`);
  await until(async () => (await markedNow()) > fewer / 4);
  await worker.kill();
  const before = await markedNow();
  tell(`the process that marks them was killed at ${before} of ${fewer + 1}, and is started again`);
  const second = await start('worker');
  await until(() => areTold(disturbed.code));
  const afterMs = Date.now() - haltedAgain;
  const after = await lookAt(database.kysely(), disturbed.code);
  const codes = await Promise.all([api.stop(), second.stop()]);
  tell('comparing');
  const { problem } = await verifyAuditLog(database.kysely());
  const verdicts: readonly Verdict[] = [
    { promise: 'no grant is usable once the halt is in force', violations: usable },
    {
      promise: `that is so within ${seconds(shutWithinMs)} of its commit`,
      violations: shutMs <= shutWithinMs ? [] : [seconds(shutMs)],
    },
    {
      promise: `all grants are marked and all messages queued within ${seconds(toldWithinMs)}`,
      violations:
        isTold(told, grants + 1) && toldMs <= toldWithinMs ? [] : [`${seconds(toldMs)}: ${JSON.stringify(told)}`],
    },
    {
      promise: 'after a kill in the middle the rest is marked and told as well',
      violations: isTold(after, fewer + 1) ? [] : [JSON.stringify(after)],
    },
    {
      promise: 'each grant has one audit record of it, and each receiver one message',
      violations: await twice(database.kysely()),
    },
    { promise: 'the audit chain is whole', violations: problem ? [JSON.stringify(problem)] : [] },
    {
      promise: 'no process logged an error or ended by itself, and all stopped in good order when told to',
      violations: [...mishaps, ...codes.filter((code) => code !== 0).map((code) => `exit code ${code}`)],
    },
  ];
  const counts = new Map([
    ['grants of the first product', grants + 1],
    ['  none usable after, ms', shutMs],
    ['  all marked after, ms', markedMs],
    ['  all marked and told after, ms', toldMs],
    ['grants of the second product', fewer + 1],
    ['  marked when the process was killed', before],
    ['  all marked and told after the kill, ms', afterMs],
    ['messages received meanwhile', receiver.count()],
  ]);
  return { verdicts, counts };
}

async function openReceiver(leftovers: AsyncDisposableStack) {
  let received = 0;
  const server = createServer((request, response) => {
    received += 1;
    request.resume().once('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  leftovers.defer(async () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('The receiver does not listen.');
  const host = `127.0.0.1:${address.port}`;
  return { host, url: `http://${host}/`, count: () => received };
}

async function startProcess(
  premises: Premises,
  run: string,
  mishaps: string[],
  leftovers: AsyncDisposableStack,
): Promise<PortalProcess> {
  const process = new PortalProcess(
    { ...premises.environment, RUN: run },
    { endedByItself: (account) => mishaps.push(account), loggedError: (line) => mishaps.push(line) },
  );
  leftovers.defer(() => process.kill());
  await process.ready;
  return process;
}

/** @returns the moment at which the halt was known to be in force */
async function halt({ manager, authorityId }: Ground, { code }: HaltedProduct): Promise<number> {
  const now = new Date().toISOString();
  const letter = {
    authorityId,
    reference: `BTS-${code}`,
    summary: 'All use ends.',
    issuedAt: now,
    receivedAt: now,
    effectiveAt: now,
  };
  await manager.must('orderEmergencyHalt', { ...letter, products: [code] });
  return Date.now();
}

/** Those of a hundred grants of the product that say of themselves that they can be used. */
async function usableOf(client: PortalClient, productCode: string): Promise<readonly string[]> {
  const answer = await client.ask('{ grants(first: 100) { nodes { reference productCode isUsable } } }');
  const nodes = valueAt(answer, 'grants', 'nodes');
  if (!Array.isArray(nodes) || nodes.length < 100) throw new Error('There are not a hundred grants.');
  return nodes
    .filter((node) => valueAt(node, 'productCode') === productCode && valueAt(node, 'isUsable') === true)
    .map((node) => String(valueAt(node, 'reference')));
}

/** What follows the word `from`: the grants of a product that are still to be marked. */
function unmarked(productCode: string): RawBuilder<unknown> {
  return sql`access_grant where product_code = ${productCode} and status in ('ACTIVE', 'SUSPENDED') and not shut_by_release`;
}

/** Likewise: the jobs that mark grants, tell organizations of the halt, and queue the messages of both. */
const unfinished = sql`pgboss.job_common where name in ('release.apply', 'release.tell', 'events.dispatch') and state < 'completed'`;

async function isNone(database: RawSql, rows: RawBuilder<unknown>): Promise<boolean> {
  const found = await sql`select from ${rows} limit 1`.execute(database);
  return found.rows.length === 0;
}

/** How many rows there are, of what follows the word `from`. */
async function countOf(database: RawSql, rows: RawBuilder<unknown>): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from ${rows}`.execute(database);
  return found.rows[0]?.count ?? 0;
}

/** What is there in the end; to look so closely while it is being done would hold it up. */
interface Progress {
  readonly marked: number;
  readonly recorded: number;
  readonly messages: number;
  /** Orders to close access in the product. */
  readonly orders: number;
}

async function lookAt(database: RawSql, productCode: string): Promise<Progress> {
  const found = await sql<Progress>`select
    (select count(*)::int from access_grant where product_code = ${productCode} and status = 'SUSPENDED') as marked,
    (select count(*)::int from audit_record where event = 'grant.suspended' and payload like ${`%"${productCode}"%`}) as recorded,
    (select count(*)::int from webhook_delivery where event = 'grant.suspended' and body like ${`%"${productCode}"%`}) as messages,
    (select count(*)::int from provisioning_task where product_code = ${productCode} and kind = 'DEPROVISION') as orders`.execute(
    database,
  );
  return found.rows[0] ?? { marked: 0, recorded: 0, messages: 0, orders: 0 };
}

/** Two endpoints hear of each grant: the organization's, and the operator's. */
function isTold({ marked, recorded, messages, orders }: Progress, grants: number): boolean {
  return marked === grants && recorded === grants && messages === 2 * grants && orders === grants;
}

async function until(isReached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + settledWithinMs;
  while (!(await isReached()) && Date.now() < deadline) await pause(lookEveryMs);
}

/** What was done twice, or for no grant. */
async function twice(database: RawSql): Promise<readonly string[]> {
  const found = await sql<{ what: string }>`
    select 'records of ' || subject_id as what from audit_record where event = 'grant.suspended' group by subject_id having count(*) > 1
    union all
    select 'messages to ' || endpoint_id || ' of ' || event_id from webhook_delivery group by endpoint_id, event_id having count(*) > 1
    union all
    select 'suspensions of ' || grant_id from grant_suspension group by grant_id having count(*) > 1
    union all
    select 'orders to close ' || grant_id from provisioning_task where kind = 'DEPROVISION' group by grant_id having count(*) > 1`.execute(
    database,
  );
  return found.rows.map(({ what }) => what);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
