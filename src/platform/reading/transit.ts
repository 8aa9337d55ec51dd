import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { encodeId, type IdKind, isIdKind } from '../ids.js';
import type { Sql } from './slot.js';

/**
 * Rows hold ids as UUIDs and moments as PostgreSQL writes them; answers have TypeIDs and RFC 3339. An answer's JSON is
 * made in the database and passed on as text, where making these forms costs ten times what it costs here. So such a
 * value travels as `~mark:kind:value` and is rewritten as the text passes by. The mark is new in every process and is
 * never sent to anybody, so nothing that people wrote can be taken for a value in transit.
 */
const mark = `~${randomBytes(9).toString('base64url')}:`;

const lengthOfUuid = 36;
const lengthOfTime = 'hh:mm:ss'.length;
const longestMoment = '294276-12-31 hh:mm:ss.123456'.length;

/** What was made here. */
const inTransit = new WeakSet<Sql>();

/** Is it SQL for a value in transit? Such a value holds nothing that JSON would have to escape. */
export function isInTransit(value: Sql): boolean {
  return inTransit.has(value);
}

function sent(value: Sql): Sql {
  inTransit.add(value);
  return value;
}

/** SQL for an id that is to be an id of the API when it arrives; null stays null. */
export function idInTransit(kind: IdKind, uuid: Sql): Sql {
  return sent(sql`${sql.lit(`${mark}${kind}:`)} || ${uuid}`);
}

/** The same for an id whose kind each row says. */
export function idOfKindInTransit(kind: Sql, uuid: Sql): Sql {
  return sql`${sql.lit(mark)} || ${kind} || ':' || ${uuid}`;
}

/** SQL for a moment that is to be RFC 3339 in UTC, to the millisecond, when it arrives; null stays null. */
export function momentInTransit(moment: Sql): Sql {
  return sent(sql`${sql.lit(`${mark}@`)} || ${moment}`);
}

/** Rewrites every value that arrived. An answer has hundreds, so they are looked for by their mark and not by a pattern. */
export function receive(text: string): string {
  let received = '';
  let from = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, from)) {
    const value = valueAt(text, at + mark.length);
    received += text.slice(from, at) + value.form;
    from = value.end;
  }
  return from === 0 ? text : received + text.slice(from);
}

/** The form that a value is to have, and where it ends in the text. */
interface Arrived {
  readonly form: string;
  readonly end: number;
}

function valueAt(text: string, begin: number): Arrived {
  return text[begin] === '@' ? momentAt(text, begin + 1) : idAt(text, begin);
}

/** `2026-06-15 09:30:00.123456+00`, with as many digits of a second as there are, or none. */
function momentAt(text: string, begin: number): Arrived {
  const space = text.indexOf(' ', begin);
  const zone = text.indexOf('+00', space);
  const fraction = text.slice(space + lengthOfTime + 2, zone).slice(0, 3);
  if (space < 0 || zone < 0 || zone - begin > longestMoment)
    throw new Error(`A value in transit is no moment: ${text.slice(begin, begin + longestMoment)}`);
  const [date, time] = [text.slice(begin, space), text.slice(space + 1, space + 1 + lengthOfTime)];
  return { form: `${date}T${time}.${fraction.padEnd(3, '0')}Z`, end: zone + '+00'.length };
}

function idAt(text: string, begin: number): Arrived {
  const colon = text.indexOf(':', begin);
  const kind = text.slice(begin, colon);
  if (!isIdKind(kind)) throw new Error(`A value in transit is neither a moment nor an id: ${kind.slice(0, 40)}`);
  const end = colon + 1 + lengthOfUuid;
  return { form: encodeId(kind, text.slice(colon + 1, end)), end };
}
