import { randomBytes } from 'node:crypto';

/**
 * Ids and moments as the API writes them, done as the portal does it (a mark in the database's JSON, which nobody who
 * writes a text can know, and is replaced as the text passes), but by a loop written for nothing else.
 */
const mark = `~${randomBytes(9).toString('base64url')}:`;
const inTransit = new RegExp(
  `${mark}(?:([a-z]+):([0-9a-f-]{36})|@(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{1,3}))?\\+00)`,
  'g',
);

/** In SQL: the id in this column, as one of this kind. */
export function id(kind: string, column: string): string {
  return `'${mark}${kind}:' || ${column}`;
}

/** In SQL: the moment in this column. */
export function moment(column: string): string {
  return `'${mark}@' || ${column}`;
}

export function receive(text: string): string {
  return text.replace(inTransit, (_all, kind?: string, uuid?: string, date?: string, time?: string, fraction = '') =>
    kind && uuid ? apiId(kind, uuid) : `${date}T${time}.${fraction.padEnd(3, '0')}Z`,
  );
}

const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const valueOfLetter = new Map([...letters].map((letter, value) => [letter, value]));

/** A TypeID: 130 bits, the first two of them 0, in 26 letters of five bits. */
export function apiId(kind: string, uuid: string): string {
  let text = `${kind}_`;
  let bits = 0;
  let held = 2;
  for (let at = 0; at < uuid.length; at += 1) {
    const code = uuid.charCodeAt(at);
    if (code === 45) continue;
    bits = ((bits << 4) | (code < 58 ? code - 48 : code - 87)) & 0xfff;
    held += 4;
    if (held >= 5) {
      held -= 5;
      text += letters[(bits >> held) & 31];
    }
  }
  return text;
}

/** The UUID of a TypeID of this kind; null when the text is none. */
export function databaseId(kind: string, text: unknown): string | null {
  if (typeof text !== 'string' || !text.startsWith(`${kind}_`) || text.length !== kind.length + 27) return null;
  let hex = '';
  let bits = 0;
  let held = -2;
  for (const letter of text.slice(kind.length + 1)) {
    const value = valueOfLetter.get(letter);
    if (value === undefined) return null;
    bits = ((bits << 5) | value) & 0xfff;
    held += 5;
    while (held >= 4) {
      held -= 4;
      hex += ((bits >> held) & 15).toString(16);
    }
  }
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
