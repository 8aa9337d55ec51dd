import { createLog } from '../../src/platform/logging.js';
import { createPortal } from '../../src/portal.js';
import { keptDocuments, repeatedCommands } from './api-verdicts.js';
import { ApplicationStory, type PersistentCast } from './application-story.js';
import { auditVerdicts, lastRecord, recordsAfter } from './audit-verdicts.js';
import { assembleCast, type Cast } from './cast.js';
import { Chance } from './chance.js';
import { deliveryVerdicts, messagesDue } from './delivery-verdicts.js';
import { Fleet, pause } from './fleet.js';
import { Ledger } from './ledger.js';
import { lookAtOutbox, outboxIsEmpty } from './outbox.js';
import { PersistentClient } from './persistent-client.js';
import { openPremises, type Premises } from './premises.js';
import { Receivers } from './receiver.js';
import { recordVerdicts } from './record-verdicts.js';
import type { Verdict } from './verdict.js';

export interface TrialOptions {
  /** The server to make a database on; null for the embedded one. */
  readonly serverUrl: string | null;
  /** How often a process is killed, once or with all the others at the same moment. */
  readonly rounds: number;
  readonly seed: number;
  /** How many clients apply at the same time, each for an organization of its own. */
  readonly clients: number;
  readonly tell: (line: string) => void;
}

export interface TrialResult {
  readonly counts: ReadonlyMap<string, number>;
  readonly verdicts: readonly Verdict[];
}

/** A kill comes after so many further answers, and then after so many milliseconds. */
const answersBeforeKill = [1, 40] as const;
const pauseBeforeKill = [0, 500] as const;

/** Longer than anything should take; whoever waits longer waits for nothing. */
const answerWithinMs = 30_000;
/** Jobs of a killed worker are given out again after up to 45 s, and may then wait for a claim and a retry pause. */
const deliveredWithinMs = 150_000;
const settledWithinMs = 120_000;

/** Runs a portal that is killed at random moments while it is used, and compares what it did with what it had said. */
export async function runTrial(options: TrialOptions, leftovers: AsyncDisposableStack): Promise<TrialResult> {
  const chance = new Chance(options.seed);
  const receivers = await Receivers.open(new Chance(options.seed + 1));
  leftovers.defer(() => receivers.close());
  const premises = await openPremises(options.serverUrl, receivers.host, leftovers);
  options.tell('people, organizations and endpoints are being prepared');
  const cast = await assembleCast(premises, receivers, options.clients);
  const before = await reading(premises, (database) => lastRecord(database.kysely()));

  const ledger = new Ledger();
  const fleet = new Fleet(premises);
  leftovers.defer(() => fleet.abandon());
  await fleet.start();
  const season = { isOpen: true };
  const clients = applyAll(cast, season, { ledger, seed: options.seed, answers: () => fleet.answers() });
  // It may fail while a round goes on; the next wait hears of it.
  clients.catch(() => undefined);
  for (let round = 1; round <= options.rounds; round += 1) {
    for (let answers = chance.between(...answersBeforeKill); answers > 0; answers -= 1) {
      await within(answerWithinMs, Promise.race([ledger.nextAnswer(), clients]), 'No command was answered');
    }
    await pause(chance.between(...pauseBeforeKill));
    await fleet.killAndRestart(chance);
    options.tell(`round ${round} of ${options.rounds}: ${ledger.acknowledged.length} commands acknowledged`);
  }
  season.isOpen = false;
  await within(answerWithinMs * 2, clients, 'The applications under way did not come to their end');

  options.tell('waiting for the messages of killed processes');
  await receivers.haveHeard(ledger.expectedMessages(), deliveredWithinMs);
  options.tell('giving every command again, and downloading every document');
  const overApi = [await repeatedCommands(ledger), await keptDocuments(cast.owner, ledger.documents)];
  const codes = await fleet.stop();
  options.tell('comparing');
  return reading(premises, async (database) => {
    await settle(premises, database);
    const records = await recordsAfter(database.kysely(), before);
    const verdicts: readonly Verdict[] = [
      { promise: 'no command was refused or failed', violations: ledger.complaints },
      ...(await auditVerdicts(database.kysely(), ledger, records)),
      ...(await recordVerdicts(database.kysely(), ledger)),
      ...(await deliveryVerdicts(database.kysely(), ledger, records, receivers)),
      ...overApi,
      { promise: 'no process logged an error', violations: fleet.errors },
      {
        promise: 'no process ended by itself, and all stopped in good order when told to',
        violations: [...fleet.ownEnds, ...codes.filter((code) => code !== 0).map((code) => `exit code ${code}`)],
      },
    ];
    return { verdicts, counts: countsOf(fleet, ledger, receivers, records, messagesDue(ledger, records).length) };
  });
}

type OpenDatabase = Awaited<ReturnType<Premises['openDatabase']>>;

async function reading<T>(premises: Premises, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const database = await premises.openDatabase();
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * Jobs that a killed process had done without saying so are done again, and then the outbox is empty. The embedded
 * database cannot be looked at from outside while its process runs, so the last of them run here.
 */
async function settle(premises: Premises, database: OpenDatabase): Promise<void> {
  const { jobs, deliveries } = await lookAtOutbox(database.kysely());
  if (jobs + deliveries === 0) return;
  const portal = await createPortal(premises.config, { log: createLog({ level: 'silent', format: 'json' }), database });
  await portal.start();
  await outboxIsEmpty(database, settledWithinMs);
  await portal.stop(5_000);
}

/** Every client applies again and again, until the season is over and its last application has come to its end. */
export async function applyAll(
  cast: Cast,
  season: { readonly isOpen: boolean },
  { ledger, seed, answers }: { readonly ledger: Ledger; readonly seed: number; readonly answers: () => Promise<void> },
): Promise<void> {
  const circumstances = { ledger, trial: `trial-${seed}`, answers };
  const persistent = persistentCast(cast, (client) => new PersistentClient(client, circumstances));
  await Promise.all(
    cast.organizationIds.map(async (organizationId, number) => {
      const chance = new Chance(seed + 2 + number);
      while (season.isOpen) {
        const story = await ApplicationStory.start({ cast: persistent, ledger, chance, organizationId });
        await story.play();
      }
    }),
  );
}

function persistentCast(cast: Cast, persistent: (client: Cast['owner']) => PersistentClient): PersistentCast {
  const { programId, termsId, intakeStaffId } = cast;
  const [first, second, third, fourth] = cast.deciders;
  return {
    programId,
    termsId,
    intakeStaffId,
    owner: persistent(cast.owner),
    intake: persistent(cast.intake),
    reviewers: [persistent(cast.reviewers[0]), persistent(cast.reviewers[1])],
    deciders: [persistent(first), persistent(second), persistent(third), persistent(fourth)],
    provisioning: persistent(cast.provisioning),
  };
}

function countsOf(
  fleet: Fleet,
  ledger: Ledger,
  receivers: Receivers,
  records: readonly { readonly key: string; readonly attempt: string; readonly event: string }[],
  messages: number,
): ReadonlyMap<string, number> {
  const { UNANSWERED, UNAVAILABLE } = ledger.silences;
  const heard = receivers.endpoints.flatMap((endpoint) => [...receivers.heardBy(endpoint).values()]);
  const doneUnanswered = new Set(
    records.filter(({ key, attempt }) => attempt !== String(ledger.given.get(key)?.attempts)).map(({ key }) => key),
  );
  return new Map([
    ['processes killed (kill -9)', fleet.kills],
    ['  while they were starting', fleet.killsOfStarting],
    ['restarts', fleet.restarts],
    ['applications decided or withdrawn', [...ledger.applications.values()].filter(({ isOver }) => isOver).length],
    ['commands acknowledged', ledger.acknowledged.length],
    ['requests left unanswered, retried', UNANSWERED],
    ['  whose command had been done all the same', doneUnanswered.size],
    ['requests answered "unavailable", retried', UNAVAILABLE],
    ['documents uploaded, found again', ledger.documents.length],
    ['grants', records.filter(({ event }) => event === 'grant.created').length],
    ['audit records', records.length],
    ['messages expected', messages],
    ['  received', heard.length],
    ['  received more than once', heard.filter(({ times }) => times > 1).length],
  ]);
}

/** @throws Error saying what did not happen */
export async function within<T>(milliseconds: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${milliseconds / 1000} s.`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
