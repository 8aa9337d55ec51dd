import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { Refusal } from './errors.js';

/**
 * Every kind of object the API names. In the database an id is a UUIDv7; in the API it is a TypeID
 * (https://github.com/jetify-com/typeid): the kind, an underscore, and the UUID in 26 base-32 characters.
 */
export const idKinds = [
  'person',
  'organization',
  'membership',
  'invitation',
  'staff',
  'apikey',
  'program',
  'terms',
  'application',
  'revision',
  'document',
  'inforequest',
  'recommendation',
  'check',
  'decision',
  'recusal',
  'grant',
  'event',
  'endpoint',
  'delivery',
  'screeninglist',
  'screeningrun',
  'screeninghit',
  'adjudication',
  'bulkoperation',
  'savedview',
  'flagdefinition',
  'flag',
  'away',
  'message',
  'note',
  'reopening',
  'notification',
  'lettertemplate',
  'letter',
  'standardtext',
  'standardtextversion',
  'intent',
  'product',
  'authority',
  'directive',
  'directiveentry',
  'directiveletter',
  'wave',
  'restoration',
  'signingkey',
  'nameduser',
  'recertification',
  'provisioningsystem',
  'provisioningtask',
] as const;

export type IdKind = (typeof idKinds)[number];
const kinds: ReadonlySet<string> = new Set(idKinds);

/** The source of new ids, so that tests can make them predictable. */
export interface Ids {
  /** A new UUIDv7: later ids sort after earlier ones. */
  next(): string;
}

/** Random bytes are fetched for so many ids at once: to fetch those of one takes longer than all the rest of it. */
const idsOfFetch = 256;
const bytesOfId = 16;

/** UUIDv7 whose time and counter only go up, as RFC 9562 has it in section 6.2, method 1. */
class RandomIds implements Ids {
  readonly #random = Buffer.alloc(idsOfFetch * bytesOfId);
  #used = this.#random.length;
  #msecs = 0;
  #seq = 0;

  next(): string {
    const random = this.#sixteen();
    const now = Date.now();
    if (now > this.#msecs) {
      this.#msecs = now;
      // The highest of its 32 bits is left free to count into.
      this.#seq = random.readUInt32BE(0) >>> 1;
    } else if (this.#seq < 0xffff_ffff) this.#seq += 1;
    else [this.#msecs, this.#seq] = [this.#msecs + 1, 0];
    return uuidv7({ random, msecs: this.#msecs, seq: this.#seq });
  }

  #sixteen(): Buffer {
    if (this.#used === this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    this.#used += bytesOfId;
    return this.#random.subarray(this.#used - bytesOfId, this.#used);
  }
}

export const randomIds: Ids = new RandomIds();

const letters = '0123456789abcdefghjkmnpqrstvwxyz';
const pairsOfLetters = Array.from({ length: 1024 }, (_none, pair) => `${letters[pair >> 5]}${letters[pair & 31]}`);

/** The value of a hexadecimal digit, by its character code; NaN for other characters. */
const valuesOfDigits = Array.from({ length: 128 }, (_none, code) => Number.parseInt(String.fromCharCode(code), 16));

/** The same of a letter. */
const valuesOfLetters = Array.from({ length: 128 }, (_none, code) => {
  const value = letters.indexOf(String.fromCharCode(code));
  return value < 0 ? Number.NaN : value;
});
const lettersOfId = 26;
const hexadecimal = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const pairsOfDigits = Array.from({ length: 16 ** 2 }, (_none, value) => hexadecimal(value, 2));
const triplesOfDigits = Array.from({ length: 16 ** 3 }, (_none, value) => hexadecimal(value, 3));

/** Of the 32 digits of a UUID, where those stand that are written as two pairs of letters: five each, past the hyphens. */
const fives = [
  [2, 3, 4, 5, 6],
  [7, 9, 10, 11, 12],
  [14, 15, 16, 17, 19],
  [20, 21, 22, 24, 25],
  [26, 27, 28, 29, 30],
  [31, 32, 33, 34, 35],
] as const;

/**
 * The API form of a database id, e.g. `application_01j…`. Every answer holds dozens, so neither this nor the reverse is
 * left to the TypeID library, which takes the UUID apart into bytes: its 128 bits, after two that are 0, are 13 pairs of
 * letters.
 */
export function encodeId(kind: IdKind, uuid: string): string {
  if (uuid.length !== 36) throw new Error(`This is no UUID: ${uuid}`);
  const bitsAt = (place: number) => valuesOfDigits[uuid.charCodeAt(place)] ?? Number.NaN;
  let text = `${kind}_${pairsOfLetters[bitsAt(0) * 16 + bitsAt(1)]}`;
  for (const [a, b, c, d, e] of fives) {
    const bits = (((bitsAt(a) * 16 + bitsAt(b)) * 16 + bitsAt(c)) * 16 + bitsAt(d)) * 16 + bitsAt(e);
    text += `${pairsOfLetters[bits >> 10]}${pairsOfLetters[bits & 1023]}`;
  }
  return text;
}

/**
 * The database id behind an API id of the wanted kind.
 * @throws Refusal INVALID_ID when the text is not an id, or names another kind of object.
 */
export function decodeId(kind: IdKind, text: string, path: readonly string[] = []): string {
  const parsed = parseId(text);
  if (!parsed) {
    throw Refusal.of('INVALID_ID', `"${text.slice(0, 60)}" is not an id. Ids here look like ${exampleId(kind)}.`, path);
  }
  if (parsed.kind !== kind) {
    throw Refusal.of('INVALID_ID', `This id names a ${parsed.kind}, and a ${kind} id is wanted here.`, path);
  }
  return parsed.uuid;
}

/** The same for an id that need not be given; null when it is not. An empty text is given, and is no id. */
export function decodeGivenId(kind: IdKind, text: string | null | undefined, path: readonly string[]): string | null {
  return text == null ? null : decodeId(kind, text, path);
}

/** Reads any id of the API; null when the text is not one. */
export function parseId(text: string): { kind: IdKind; uuid: string } | null {
  const begin = text.length - lettersOfId;
  const kind = text.slice(0, Math.max(begin - 1, 0));
  if (!isIdKind(kind) || text[begin - 1] !== '_') return null;
  const bitsAt = (place: number) => valuesOfLetters[text.charCodeAt(begin + place)] ?? Number.NaN;
  let digits = pairsOfDigits[bitsAt(0) * 32 + bitsAt(1)];
  if (digits === undefined) return null;
  for (let place = 2; place < lettersOfId; place += 4) {
    const bits = ((bitsAt(place) * 32 + bitsAt(place + 1)) * 32 + bitsAt(place + 2)) * 32 + bitsAt(place + 3);
    if (Number.isNaN(bits)) return null;
    digits += `${pairsOfDigits[bits >> 12]}${triplesOfDigits[bits & 4095]}`;
  }
  const uuid = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)];
  return { kind, uuid: uuid.join('-') };
}

export function isIdKind(kind: string): kind is IdKind {
  return kinds.has(kind);
}

function exampleId(kind: IdKind): string {
  return `${encodeId(kind, randomIds.next()).slice(0, kind.length + 4)}…`;
}
