import { sql } from 'kysely';
import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { personActing } from '../identity/person-actor.queries.js';
import type { BulkKind } from '../lifecycle/bulk.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { type Problem, Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { type BulkJob, bulkQueue, finishBulk } from './bulk.commands.js';
import type { BulkInput } from './bulk.entity.js';
import { type ChosenApplication, giveOnOne } from './bulk-giving.js';

/** How many applications are looked at before the operation is: cancelling takes hold after at most so many. */
const batch = 20;
/** How many commands are given at a time, so that an operation leaves room for people. */
const atOnce = 2;

export interface BulkJobParts {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}

interface Operation {
  readonly kind: BulkKind;
  readonly input: BulkInput;
  readonly requestedBy: string;
}

interface Item extends ChosenApplication {
  readonly id: string;
}

/**
 * Works an operation, application by application, each in a transaction of its own. What was done and not written down,
 * because the process ended in between, is found done by its idempotency key.
 */
export function bulkWork(parts: BulkJobParts): Queue<BulkJob> {
  const { doorway, ids } = parts;
  return {
    name: bulkQueue,
    retryLimit: 20,
    retryDelaySeconds: 5,
    expireInSeconds: 1_800,
    concurrency: 1,
    async handle({ operationId }, signal) {
      for (;;) {
        signal.throwIfAborted();
        const operation = await runningOperation(parts, operationId);
        if (!operation) return;
        const waiting = await waitingItems(parts, operationId);
        if (waiting.length === 0) break;
        const person = await personActing(parts.database, operation.requestedBy);
        while (waiting.length > 0) {
          signal.throwIfAborted();
          await Promise.all(waiting.splice(0, atOnce).map((item) => tryItem(parts, operation, item, person)));
        }
      }
      await doorway.execute(finishBulk, { operationId }, byJob(bulkQueue, ids)).catch(unlessMovedOn);
    },
  };
}

async function tryItem(
  parts: BulkJobParts,
  { kind, input }: Operation,
  item: Item,
  person: Awaited<ReturnType<typeof personActing>>,
): Promise<void> {
  const { doorway, ids } = parts;
  if (!person) return note(parts, item, [leftProblem]);
  const context: CommandContext = {
    actor: person,
    requestId: ids.next(),
    ipAddress: null,
    idempotencyKey: `bulk-${item.id}`,
  };
  try {
    await giveOnOne[kind](doorway, item, input, context);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'UNAVAILABLE') throw error;
    return note(parts, item, error.problems);
  }
  await note(parts, item, []);
}

const leftProblem: Problem = {
  code: 'FORBIDDEN',
  message: 'Whoever asked for this does not work here any more.',
  path: [],
};

/** One that was cancelled meanwhile stays so, unless it was done all the same. */
async function note({ database, clock }: BulkJobParts, { id }: Item, problems: readonly Problem[]): Promise<void> {
  const outcome = problems.length > 0 ? 'REFUSED' : 'DONE';
  await sql`update bulk_item set outcome = ${outcome}, problems = ${JSON.stringify(problems)}::text::jsonb,
      tried_at = ${clock.now()}
    where id = ${id} and (outcome = 'WAITING' or ${outcome === 'DONE'})`.execute(database.kysely());
}

async function runningOperation({ database }: BulkJobParts, operationId: string): Promise<Operation | null> {
  const found = await sql<Operation>`select kind, input, requested_by as "requestedBy" from bulk_operation
    where id = ${operationId} and status = 'RUNNING'`.execute(database.kysely());
  return found.rows[0] ?? null;
}

async function waitingItems({ database }: BulkJobParts, operationId: string): Promise<Item[]> {
  const found = await sql<Item>`select id, application_id as "applicationId", decision_id as "decisionId"
    from bulk_item where operation_id = ${operationId} and outcome = 'WAITING' order by position limit ${batch}`.execute(
    database.kysely(),
  );
  return found.rows;
}
