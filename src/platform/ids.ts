import { TypeID, typeidUnboxed } from 'typeid-js';
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
  'decision',
  'recusal',
  'grant',
  'event',
  'endpoint',
  'delivery',
] as const;

export type IdKind = (typeof idKinds)[number];

/** The source of new ids, so that tests can make them predictable. */
export interface Ids {
  /** A new UUIDv7: later ids sort after earlier ones. */
  next(): string;
}

export const randomIds: Ids = { next: () => uuidv7() };

/** The API form of a database id, e.g. `application_01j…`. */
export function encodeId(kind: IdKind, uuid: string): string {
  return TypeID.fromUUID(kind, uuid).toString();
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
  try {
    const id = TypeID.fromString(text);
    const kind = idKinds.find((known) => known === id.getType());
    return kind ? { kind, uuid: id.toUUID() } : null;
  } catch {
    return null;
  }
}

function exampleId(kind: IdKind): string {
  return `${typeidUnboxed(kind).slice(0, kind.length + 4)}…`;
}
