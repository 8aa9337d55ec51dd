import type { EventName } from '../events/catalogue.js';
import type { EventDraft } from '../events/recorder.js';
import type { Actor } from '../lifecycle/actor.js';
import type { Em, RawSql } from '../platform/database/database.js';
import type { Part } from '../platform/database/writing.js';
import type { Ids } from '../platform/ids.js';

/** Who gives a command, and under what circumstances. */
export interface CommandContext {
  readonly actor: Actor;
  readonly requestId: string;
  readonly ipAddress: string | null;
  /** The caller's `Idempotency-Key`, when one was sent. */
  readonly idempotencyKey: string | null;
}

/** What a command works with, all of it inside one transaction. */
export interface Work {
  readonly actor: Actor;
  readonly ipAddress: string | null;
  /** The moment the command counts as given. */
  readonly now: Date;
  readonly ids: Ids;
  /** Entities for writes. What was changed is written when the command ends. */
  readonly em: Em;
  /** Has something written that no entity tells of; when the command ends, after what entities tell, and in turn. */
  write(part: Part): void;
  /** Raw SQL in the same transaction. */
  readonly sql: RawSql;
  /** Reports an event, to be recorded when the command ends. */
  record<Name extends EventName>(draft: EventDraft<Name>): void;
  /** Puts a job on a queue, to run once the transaction has committed. */
  enqueue(queue: string, job: object): void;
}

/** What a command answers: ids and other plain values, because a repeated request is answered with the same. */
export type CommandResult = Readonly<Record<string, string | number | boolean | null>>;

/** One way in which the portal can change. */
export interface Command<Input, Result extends CommandResult> {
  /** As the audit log names it, e.g. `application.submit`. */
  readonly name: string;
  /**
   * Loads and locks what it touches, asks the lifecycle, writes, reports events.
   * @throws Refusal when the command is not accepted; then nothing is written
   */
  run(work: Work, input: Input): Promise<Result>;
  /** What to say when a unique constraint of the database, by name, is violated by a command given at the same moment. */
  readonly duplicates?: Readonly<Record<string, string>>;
}
