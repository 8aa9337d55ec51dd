import { createHash } from 'node:crypto';
import { CompiledQuery, sql } from 'kysely';
import type { Actor } from '../lifecycle/actor.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { open, seal } from '../platform/secrets.js';
import type { CommandResult } from './command.js';

/** How long a key is remembered. */
export const idempotencyHours = 24;

const keyForm = /^[\x21-\x7e]{1,200}$/;

/** @throws Refusal INVALID when the header is not a usable key. */
export function checkIdempotencyKey(key: string): string {
  if (keyForm.test(key)) return key;
  throw Refusal.of(
    'INVALID',
    'An Idempotency-Key is 1 to 200 visible ASCII characters without spaces; a random UUID is a good one.',
    ['Idempotency-Key'],
  );
}

/** The answers given under idempotency keys, kept in the command's own transaction. */
export class RememberedResults {
  readonly #sealingKey: Buffer;

  constructor(sealingKey: Buffer) {
    this.#sealingKey = sealingKey;
  }

  /**
   * Claims the key, waiting for a request that holds it at this moment.
   * @returns the earlier result when the same request was answered before, otherwise null: go on
   * @throws Refusal IDEMPOTENCY_KEY_REUSED when the key was used for another request
   */
  async claim(
    database: RawSql,
    actor: Actor,
    key: string,
    command: string,
    input: unknown,
    now: Date,
  ): Promise<CommandResult | null> {
    const owner = ownerOf(actor);
    const fingerprint = createHash('sha256').update(canonicalJson({ command, input })).digest('hex');
    const claimed = await sql`insert into idempotency_key (actor, key, command, fingerprint, created_at)
      values (${owner}, ${key}, ${command}, ${fingerprint}, ${now}) on conflict (actor, key) do nothing returning key`.execute(
      database,
    );
    if (claimed.rows.length > 0) return null;
    const earlier = await sql<{ fingerprint: string; sealed_result: string | null }>`
      select fingerprint, sealed_result from idempotency_key where actor = ${owner} and key = ${key}`.execute(database);
    const [row] = earlier.rows;
    if (!row || row.fingerprint !== fingerprint || row.sealed_result === null) {
      throw Refusal.of(
        'IDEMPOTENCY_KEY_REUSED',
        'This Idempotency-Key was used before with another request. Use a new key for a new request.',
        ['Idempotency-Key'],
      );
    }
    return JSON.parse(open(this.#sealingKey, row.sealed_result)) as CommandResult;
  }

  /** The statement that keeps the result, sealed, because it may hold a secret that is shown once. */
  remembering(actor: Actor, key: string, result: CommandResult): CompiledQuery {
    return CompiledQuery.raw(
      'update idempotency_key set sealed_result = $1 where actor = $2 and key = $3 returning 1',
      [seal(this.#sealingKey, JSON.stringify(result)), ownerOf(actor), key],
    );
  }
}

function ownerOf(actor: Actor): string {
  if (actor.kind === 'PERSON') return `person:${actor.personId}`;
  if (actor.kind === 'MACHINE') return `key:${actor.keyId}`;
  return actor.kind === 'SYSTEM' ? `system:${actor.name}` : 'anonymous';
}

/** JSON with the keys of every object in order, so that equal inputs have equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
