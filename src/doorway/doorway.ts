import type { CompiledQuery } from 'kysely';
import { type EventName, eventDefinition } from '../events/catalogue.js';
import { dispatchQueue } from '../events/dispatch.js';
import { type EventDraft, identifyEvents, recording } from '../events/recorder.js';
import type { Clock } from '../platform/clock.js';
import { takeChanges } from '../platform/database/changes.js';
import type { Database, Em, RawSql } from '../platform/database/database.js';
import { type Part, partOf, writing } from '../platform/database/writing.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Jobs } from '../platform/jobs.js';
import { inTransaction, sqlState } from '../platform/transaction.js';
import type { Command, CommandContext, CommandResult, Work } from './command.js';
import { RememberedResults } from './idempotency.js';
import { requireStorable } from './storable.js';

export interface DoorwayParts {
  readonly database: Database;
  readonly jobs: Pick<Jobs, 'insertion'>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly sealingKey: Buffer;
  /** Is told which events were recorded, once they are committed. */
  readonly committed?: (events: readonly EventName[]) => void;
}

interface QueuedJob {
  readonly queue: string;
  readonly job: object;
}

/** A command that was accepted, and what is to be done about it. */
interface GivenCommand<Result> {
  readonly result: Result;
  /** What is to be written; nothing for a command that was given before. */
  readonly writings: readonly CompiledQuery[];
  readonly events: readonly EventName[];
}

/** The one doorway: every change to the portal passes `execute`. */
export class Doorway {
  readonly #parts: DoorwayParts;
  readonly #results: RememberedResults;

  constructor(parts: DoorwayParts) {
    this.#parts = parts;
    this.#results = new RememberedResults(parts.sealingKey);
  }

  /**
   * Gives a command, in one transaction: the changes, an audit record for each event and the jobs that tell of them are
   * all there afterwards, or none is.
   * @throws Refusal when the command is not accepted
   */
  async execute<Input, Result extends CommandResult>(
    command: Command<Input, Result>,
    input: Input,
    context: CommandContext,
  ): Promise<Result> {
    return (await this.#execute(command, input, context, null)).result;
  }

  /**
   * The same, and then asks for one text: in the same breath, so that it takes no way of its own to the database.
   * @returns the question's answer, which is there once the command was accepted
   */
  async executeAndAsk<Input, Result extends CommandResult>(
    command: Command<Input, Result>,
    input: Input,
    context: CommandContext,
    question: CompiledQuery,
  ): Promise<string | null> {
    return (await this.#execute(command, input, context, question)).answer;
  }

  async #execute<Input, Result extends CommandResult>(
    command: Command<Input, Result>,
    input: Input,
    context: CommandContext,
    question: CompiledQuery | null,
  ): Promise<{ readonly result: Result; readonly answer: Promise<string | null> | null }> {
    requireStorable(input);
    const done = await inTransaction(this.#parts.database, async (em, ending) => {
      const { writings, ...given } = await this.#run(em, command, input, context);
      for (const statement of writings) ending.last(statement);
      return { ...given, answer: question && ending.afterwards(question) };
    }).catch((error: unknown) => {
      throw asRefusal(error, command.duplicates);
    });
    this.#parts.committed?.(done.events);
    return done;
  }

  async #run<Input, Result extends CommandResult>(
    em: Em,
    command: Command<Input, Result>,
    input: Input,
    context: CommandContext,
  ): Promise<GivenCommand<Result>> {
    const { actor, idempotencyKey } = context;
    const database: RawSql = em.getKysely();
    const now = this.#parts.clock.now();
    if (idempotencyKey) {
      const earlier = await this.#results.claim(database, actor, idempotencyKey, command.name, input, now);
      if (earlier) return { result: earlier as Result, writings: [], events: [] };
    }
    const drafts: EventDraft[] = [];
    const jobs: QueuedJob[] = [];
    const written: Part[] = [];
    const work: Work = {
      actor,
      ipAddress: context.ipAddress,
      now,
      ids: this.#parts.ids,
      em,
      sql: database,
      write: (part) => written.push(part),
      record: (draft) => drafts.push(draft),
      enqueue: (queue, job) => jobs.push({ queue, job }),
    };
    const result = await command.run(work, input);
    const parts = [...takeChanges(em), ...written];
    if (idempotencyKey) parts.push(partOf(this.#results.remembering(actor, idempotencyKey, result)));

    const events = identifyEvents(drafts, this.#parts.ids);
    const told = events.filter((event) => eventDefinition(event.event).delivered);
    if (told.length > 0) jobs.push({ queue: dispatchQueue, job: { eventIds: told.map((event) => event.id) } });
    for (const { queue, job } of jobs) {
      parts.push(partOf(await this.#parts.jobs.insertion(queue, [job])));
    }
    const circumstances = { command: command.name, actor, at: now, requestId: context.requestId };
    // Apart and last: what the rows above bring about is done before the turn in the log is taken.
    const records = events.length > 0 ? [recording(events, circumstances)] : [];
    return {
      result,
      writings: [writing(parts), writing(records)].filter((statement) => statement !== null),
      events: events.map(({ event }) => event),
    };
  }
}

/** SQLSTATE unique_violation. */
const uniqueViolation = '23505';

/** Two commands at one moment can meet only at a unique constraint; the command says what that means. */
function asRefusal(error: unknown, duplicates: Readonly<Record<string, string>> = {}): unknown {
  if (!(error instanceof Error) || sqlState(error) !== uniqueViolation) return error;
  const sentence = Object.entries(duplicates).find(([constraint]) => error.message.includes(constraint))?.[1];
  return sentence ? Refusal.of('ALREADY_EXISTS', sentence) : error;
}
