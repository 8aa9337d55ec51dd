import { sql } from 'kysely';
import { seesAdministration } from '../api/eyes.js';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requirePermission, requirePerson } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { type BulkKind, mostInBulk, ruleOnCancelling } from '../lifecycle/bulk.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { type BulkInput, BulkOperation } from './bulk.entity.js';
import { checkForAll } from './bulk-giving.js';

/** The queue on which operations are worked. */
export const bulkQueue = 'bulk.work';

export interface BulkJob {
  readonly operationId: string;
}

interface StartInput {
  readonly kind: BulkKind;
  readonly applicationIds: readonly string[];
  readonly input: BulkInput;
}

interface OperationResult {
  readonly [name: string]: string;
  readonly operationId: string;
}

/**
 * Asks for a command on many applications. It is given on each by a job, as the person who asks: what that person may
 * not do to one of them is refused for that one.
 */
export const startBulk: Command<StartInput, OperationResult> = {
  name: 'bulk.start',
  async run(work, { kind, applicationIds, input }) {
    const person = requirePerson(work.actor);
    requirePermission('giveBulkCommands', work.actor, null);
    const chosen = [...new Set(applicationIds)];
    if (chosen.length === 0) throw Refusal.of('REQUIRED', 'Name at least one application.', ['applicationIds']);
    if (chosen.length > mostInBulk) {
      const message = `At most ${mostInBulk} applications fit here, and these are ${chosen.length}.`;
      throw Refusal.of('LIMIT_REACHED', message, ['applicationIds']);
    }
    await checkForAll[kind]?.(work, input);
    const operation = work.em.create(BulkOperation, {
      id: work.ids.next(),
      kind,
      input,
      status: 'RUNNING',
      requestedBy: person.personId,
      requestedAt: work.now,
      endedAt: null,
    });
    await work.em.flush();
    await addItems(work, operation.id, chosen);
    report(work, 'bulk.started', operation, chosen.length);
    work.enqueue(bulkQueue, { operationId: operation.id });
    return { operationId: operation.id };
  },
};

/** A decision is countersigned as it was when that was asked for: one proposed later is another one. */
async function addItems({ sql: database, ids }: Work, operationId: string, applicationIds: readonly string[]) {
  const items = applicationIds.map((applicationId, position) => ({ id: ids.next(), position, applicationId }));
  await sql`insert into bulk_item (id, operation_id, position, application_id, decision_id, outcome, problems)
    select item.id, ${operationId}::uuid, item.position, item."applicationId", (select d.id from decision as d
      where d.application_id = item."applicationId" and d.status = 'PROPOSED'), 'WAITING', '[]'
    from jsonb_to_recordset(${JSON.stringify(items)}::text::jsonb) as item (id uuid, position integer, "applicationId" uuid)`.execute(
    database,
  );
}

/** Ends an operation before each application was tried. What was done stays done. */
export const cancelBulk: Command<{ readonly operationId: string }, OperationResult> = {
  name: 'bulk.cancel',
  async run(work, { operationId }) {
    const operation = await locked(work, operationId);
    const { actor } = work;
    const isSeen = operation && (seesAdministration(actor) || requirePerson(actor).personId === operation.requestedBy);
    if (!operation || !isSeen) throw Refusal.notFound('bulk operation', ['operationId']);
    requireAccepted(ruleOnCancelling(operation, standingOf(actor, null)));
    operation.status = 'CANCELLED';
    operation.endedAt = work.now;
    const left = await sql`update bulk_item set outcome = 'CANCELLED'
      where operation_id = ${operationId} and outcome = 'WAITING'`.execute(work.sql);
    report(work, 'bulk.cancelled', operation, Number(left.numAffectedRows ?? 0));
    return { operationId };
  },
};

/** Notes that each application was tried. */
export const finishBulk: Command<{ readonly operationId: string }, OperationResult> = {
  name: 'bulk.finish',
  async run(work, { operationId }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Only the portal itself does this.');
    const operation = await locked(work, operationId);
    if (operation?.status !== 'RUNNING') throw Refusal.of('NOT_ALLOWED_NOW', 'The operation has ended.');
    operation.status = 'FINISHED';
    operation.endedAt = work.now;
    const found = await sql<{ refused: number }>`select count(*)::int as refused from bulk_item
      where operation_id = ${operationId} and outcome = 'REFUSED'`.execute(work.sql);
    report(work, 'bulk.finished', operation, found.rows[0]?.refused ?? 0);
    return { operationId };
  },
};

async function locked({ em, sql: database }: Work, operationId: string): Promise<BulkOperation | null> {
  await sql`select from bulk_operation where id = ${operationId} for no key update`.execute(database);
  return em.findOne(BulkOperation, { id: operationId });
}

function report(
  work: Work,
  event: 'bulk.started' | 'bulk.cancelled' | 'bulk.finished',
  { id, kind }: BulkOperation,
  applications: number,
): void {
  work.record({
    event,
    payload: { operationId: encodeId('bulkoperation', id), kind, applications },
    subject: { kind: 'bulkoperation', id },
    organizationId: null,
  });
}
