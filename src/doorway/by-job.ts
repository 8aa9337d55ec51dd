import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { CommandContext } from './command.js';

/** The circumstances of a command that a job gives; the audit log names the job. */
export function byJob(name: string, ids: Ids, idempotencyKey: string | null = null): CommandContext {
  return { actor: { kind: 'SYSTEM', name }, requestId: ids.next(), ipAddress: null, idempotencyKey };
}

/** For a command that is refused because somebody else may have been there in between. */
export function unlessMovedOn(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}
