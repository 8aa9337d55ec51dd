import { AsyncLocalStorage } from 'node:async_hooks';
import type { Database } from './database/database.js';
import { isOfStalePlan } from './database/prepared-names.js';
import type { TransactionWork } from './database/transactions.js';

/** SQLSTATEs that say "the same transaction may succeed if it is run again": serialization failure and deadlock. */
const worthRepeating = new Set(['40001', '40P01']);

/** How often a transaction is run before its conflict is reported. */
const attempts = 3;

/** The longest pause before the first repetition, in milliseconds; each further one may be twice as long. */
const firstPauseMs = 20;

interface OpenTransaction {
  open: boolean;
  /** What is to be done once it has committed; the same thing once, however often it was asked for. */
  readonly committed: Set<() => void>;
}

const current = new AsyncLocalStorage<OpenTransaction>();

/**
 * Runs work in one database transaction of its own: all of it is committed, or none when it throws. The entity manager
 * given to `work` is fresh, and everything inside must go through it (or `em.getKysely()`), because whatever uses
 * another connection is not part of the transaction and, on the embedded database, would wait for it forever.
 *
 * A deadlock or a serialization failure runs the work again, up to three times in all, so `work` must do nothing
 * outside the database.
 *
 * @throws Error when called within a transaction: pass its entity manager on instead.
 */
export async function inTransaction<T>(database: Pick<Database, 'transaction'>, work: TransactionWork<T>): Promise<T> {
  if (current.getStore()?.open) {
    throw new Error('A transaction is open already: pass its entity manager on instead of opening another one.');
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(database, work);
    } catch (error) {
      if (attempt === attempts || !isWorthRepeating(error)) throw error;
      await pause(Math.random() * firstPauseMs * 2 ** (attempt - 1));
    }
  }
}

/**
 * Has something done once the transaction that this is called in has committed, and never when it does not. What is done
 * must not throw.
 * @throws Error when called outside of a transaction
 */
export function afterCommit(then: () => void): void {
  const transaction = current.getStore();
  if (!transaction?.open) throw new Error('No transaction is open that could commit.');
  transaction.committed.add(then);
}

async function runOnce<T>(database: Pick<Database, 'transaction'>, work: TransactionWork<T>): Promise<T> {
  const transaction: OpenTransaction = { open: true, committed: new Set() };
  const result = await current
    .run(transaction, () => database.transaction(work))
    .finally(() => {
      transaction.open = false;
    });
  for (const then of transaction.committed) then();
  return result;
}

/** The SQLSTATE of a database error, also when it is wrapped in another error; null when there is none. */
export function sqlState(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(cause.code))
      return cause.code;
  }
  return null;
}

function isWorthRepeating(error: unknown): boolean {
  const state = sqlState(error);
  return (state !== null && worthRepeating.has(state)) || isOfStalePlan(error);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
