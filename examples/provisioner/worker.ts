import { setTimeout as wait } from 'node:timers/promises';
import type { Tell } from './loop.ts';
import { type Portal, type Task, Unreachable, type Verdict } from './portal.ts';
import type { Product } from './product.ts';

export interface WorkerParts {
  readonly portal: Portal;
  readonly product: Product;
  readonly leaseSeconds: number;
  readonly batch: number;
  readonly stop: AbortSignal;
  readonly tell: Tell;
}

/** What is left of a lease when no new task is begun, in milliseconds: another system may be given it soon. */
const reserveMs = 5_000;
const sayAgainMs = 500;

/** One round: claims tasks and does them in the order in which they were handed out. @returns how many there were */
export async function workOnce(parts: WorkerParts): Promise<number> {
  const { portal, batch, leaseSeconds, stop, tell } = parts;
  const until = Date.now() + leaseSeconds * 1000;
  const tasks = await portal.claim(batch, leaseSeconds);
  for (const task of tasks) {
    // What is not begun is handed out again when its lease is over.
    if (stop.aborted || Date.now() > until - reserveMs) {
      tell('left for later', about(task));
      continue;
    }
    await workOn(task, parts, until);
  }
  return tasks.length;
}

async function workOn(task: Task, { portal, product, tell }: WorkerParts, until: number): Promise<void> {
  let reference: string;
  try {
    reference = await apply(task, product);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const verdict = await said(() => portal.fail(task, reason), until, tell);
    tell('failed', { ...about(task), reason, verdict });
    return;
  }
  const verdict = await said(() => portal.complete(task, reference), until, tell);
  tell(task.kind === 'DEPROVISION' ? 'closed' : 'opened', { ...about(task), reference, verdict });
  // The grant has changed meanwhile, or its release: what was opened is not to be open.
  if (verdict && !verdict.accepted && task.kind !== 'DEPROVISION') {
    await product.close(task.grant.id);
    tell('closed again', { ...about(task), because: verdict.codes });
  }
}

/** Does in the product what the task says. */
function apply({ kind, grant }: Task, product: Product): Promise<string> {
  return kind === 'DEPROVISION'
    ? product.close(grant.id)
    : product.open(grant.id, grant.organizationName, grant.conditions);
}

/** Reports until the portal has answered, while the lease lasts; null when it never did, and the task is handed out again. */
async function said(report: () => Promise<Verdict>, until: number, tell: Tell): Promise<Verdict | null> {
  for (let pause = sayAgainMs; ; pause *= 2) {
    try {
      return await report();
    } catch (error) {
      tell('the report did not arrive', { message: error instanceof Error ? error.message : String(error) });
      if (!(error instanceof Unreachable) || Date.now() + pause > until) return null;
      await wait(pause);
    }
  }
}

function about({ id, kind, attempts, grant }: Task) {
  return { task: id, kind, attempt: attempts, grant: grant.reference };
}
