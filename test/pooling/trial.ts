import { keptDocuments, repeatedCommands } from '../faults/api-verdicts.js';
import { auditVerdicts, lastRecord, recordsAfter } from '../faults/audit-verdicts.js';
import { assembleCast } from '../faults/cast.js';
import { Chance } from '../faults/chance.js';
import { deliveryVerdicts } from '../faults/delivery-verdicts.js';
import { Ledger } from '../faults/ledger.js';
import { outboxIsEmpty } from '../faults/outbox.js';
import { PortalProcess } from '../faults/portal-process.js';
import { furnish } from '../faults/premises.js';
import { Receivers } from '../faults/receiver.js';
import { recordVerdicts } from '../faults/record-verdicts.js';
import { applyAll, type TrialResult, within } from '../faults/trial.js';
import type { Verdict } from '../faults/verdict.js';
import { beginnings, demonstration } from './beginnings.js';
import { prepareGround } from './ground.js';
import { pipelinedTransactions } from './pipeline.js';
import { Readers } from './readers.js';

export interface PoolingOptions {
  readonly serverUrl: string;
  /** How many connections the pooler keeps, for all of the portal's. */
  readonly serverConnections: number;
  readonly portalConnections: number;
  /** How many apply at the same time, and how many read. */
  readonly applicants: number;
  readonly readers: number;
  /** How many commands are to be acknowledged before the last applications come to their end. */
  readonly commands: number;
  readonly seed: number;
  readonly tell: (line: string) => void;
}

const answerWithinMs = 30_000;
const settledWithinMs = 120_000;

/** Runs a portal behind a pooler that has fewer connections than it, and compares what it did with what it had said. */
export async function runPoolingTrial(options: PoolingOptions, leftovers: AsyncDisposableStack): Promise<TrialResult> {
  const { serverUrl, serverConnections, portalConnections, seed, tell } = options;
  const ground = await prepareGround(serverUrl, serverConnections, leftovers);
  const receivers = await Receivers.open(new Chance(seed));
  leftovers.defer(() => receivers.close());
  const premises = await furnish(
    {
      DATABASE_URL: ground.pooler.urlOf(ground.database),
      DATABASE_POOLER: 'transaction',
      DATABASE_POOL_SIZE: String(portalConnections),
      RUN: 'api,worker',
    },
    receivers.host,
    leftovers,
  );
  const begun = await beginnings(premises, ground);
  tell('people, organizations and endpoints are being prepared');
  const cast = await assembleCast(premises, receivers, options.applicants);
  const before = await reading(premises, (database) => lastRecord(database.kysely()));

  const told = { ownEnds: [] as string[], errors: [] as string[] };
  const portal = new PortalProcess(premises.environment, {
    endedByItself: (account) => told.ownEnds.push(account),
    loggedError: (line) => told.errors.push(line),
  });
  leftovers.defer(() => portal.kill());
  await portal.ready;
  tell(`${options.applicants} clients apply while ${options.readers} read`);
  const ledger = new Ledger();
  const readers = new Readers();
  const season = { isOpen: true };
  const reads = readers.read(cast, season, options.readers);
  const clients = applyAll(cast, season, { ledger, seed, answers: () => Promise.resolve() });
  clients.catch(() => undefined);
  while (ledger.acknowledged.length < options.commands) {
    await within(answerWithinMs, Promise.race([ledger.nextAnswer(), clients]), 'No command was answered');
  }
  season.isOpen = false;
  await within(answerWithinMs * 2, Promise.all([clients, reads]), 'The applications did not come to their end');

  tell('giving every command again, and downloading every document');
  const overApi = [await repeatedCommands(ledger), await keptDocuments(cast.owner, ledger.documents)];
  const seen = { ...ground.pooler.seen(ground.database) };
  tell('sending statements ahead of their answers');
  const pipelined = await pipelinedTransactions(ground);
  return reading(premises, async (database) => {
    tell('waiting for the last messages, and comparing');
    await outboxIsEmpty(database, settledWithinMs);
    const code = await portal.stop();
    const records = await recordsAfter(database.kysely(), before);
    const verdicts: readonly Verdict[] = [
      ...begun,
      { promise: 'no command was refused or failed', violations: ledger.complaints },
      { promise: 'every reader was answered, with what is theirs', violations: readers.complaints },
      ...(await auditVerdicts(database.kysely(), ledger, records)),
      ...(await recordVerdicts(database.kysely(), ledger)),
      ...(await deliveryVerdicts(database.kysely(), ledger, records, receivers)),
      ...overApi,
      {
        promise: `${portalConnections} connections of the portal shared ${serverConnections} of the server`,
        violations:
          seen.clients >= portalConnections && seen.servers <= serverConnections
            ? []
            : [`${seen.clients} were seen, and ${seen.servers} to the server`],
      },
      pipelined,
      await demonstration(ground),
      { promise: 'the portal logged no error', violations: told.errors },
      {
        promise: 'the portal did not end by itself, and stopped in good order when told to',
        violations: [...told.ownEnds, ...(code === 0 ? [] : [`exit code ${code}`])],
      },
    ];
    const counts = new Map([
      ['connections of the portal, at most', seen.clients],
      ['connections to the server, at most', seen.servers],
      ['applications decided or withdrawn', [...ledger.applications.values()].filter(({ isOver }) => isOver).length],
      ['commands acknowledged', ledger.acknowledged.length],
      ['reads answered', readers.answers],
      ['documents uploaded, found again', ledger.documents.length],
      ['audit records', records.length],
    ]);
    return { verdicts, counts };
  });
}

type Premises = Awaited<ReturnType<typeof furnish>>;
type OpenDatabase = Awaited<ReturnType<Premises['openDatabase']>>;

async function reading<T>(premises: Premises, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const database = await premises.openDatabase();
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
