import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { encodeId, type IdKind, idKinds } from '../ids.js';
import type { Sql } from './slot.js';

/**
 * Rows hold ids as UUIDs and moments as PostgreSQL writes them; answers have TypeIDs and RFC 3339. An answer's JSON is
 * made in the database and passed on as text, where making these forms costs ten times what it costs here. So such a
 * value travels as `~mark:kind:value` and is rewritten as the text passes by. The mark is new in every process and is
 * never sent to anybody, so nothing that people wrote can be taken for a value in transit.
 */
const mark = `~${randomBytes(9).toString('base64url')}:`;

const inTransit = new RegExp(
  `${mark}(?:(${idKinds.join('|')}):([0-9a-f-]{36})|@(\\d{4,6}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,3})\\d*)?\\+00)`,
  'g',
);

/** SQL for an id that is to be an id of the API when it arrives; null stays null. */
export function idInTransit(kind: IdKind, uuid: Sql): Sql {
  return sql`${sql.lit(`${mark}${kind}:`)} || ${uuid}`;
}

/** The same for an id whose kind each row says. */
export function idOfKindInTransit(kind: Sql, uuid: Sql): Sql {
  return sql`${sql.lit(mark)} || ${kind} || ':' || ${uuid}`;
}

/** SQL for a moment that is to be RFC 3339 in UTC, to the millisecond, when it arrives; null stays null. */
export function momentInTransit(moment: Sql): Sql {
  return sql`${sql.lit(`${mark}@`)} || ${moment}`;
}

/** Rewrites every value that arrived. */
export function receive(text: string): string {
  return text.replace(inTransit, (_all, kind?: IdKind, uuid?: string, date?: string, time?: string, fraction = '') =>
    kind && uuid ? encodeId(kind, uuid) : `${date}T${time}.${fraction.padEnd(3, '0')}Z`,
  );
}
