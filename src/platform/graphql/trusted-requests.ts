import type { AnsweredError } from '../http/answers.js';
import type { TrustedDocument } from './trusted-documents.js';

export interface Denial {
  readonly status: number;
  readonly error: AnsweredError;
}

type Fields = Readonly<Record<string, unknown>>;

/** A request's body with the text of its document in it, or why there is no answer to it. */
export type TrustedRequest =
  | { readonly body: unknown; readonly denied?: undefined }
  | { readonly denied: Denial; readonly body?: undefined };

const denials = {
  both: denial(400, 'BAD_REQUEST', 'Send `documentId` or `query`, not both.'),
  notText: denial(400, 'BAD_REQUEST', '`documentId` must be text.'),
  unknownId: denial(
    400,
    'PERSISTED_DOCUMENT_NOT_FOUND',
    'The portal knows no document with this `documentId`. An id is `sha256:` and 64 lower-case hexadecimal digits; the operator has the list.',
  ),
  // These very words are what some clients go by before they send the text; and with an error's status they would not.
  unknownHash: denial(200, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound'),
  notTrusted: denial(
    403,
    'DOCUMENT_NOT_TRUSTED',
    'Only documents on the operator’s list are answered here: name one by its `documentId`.',
  ),
} as const;

/** The operations on the operator's list, by what requests say to mean one. */
export class TrustedDocuments {
  readonly all: readonly TrustedDocument[];
  /** Is nothing else answered? */
  readonly only: boolean;
  readonly #byId: ReadonlyMap<string, TrustedDocument>;
  readonly #bySource: ReadonlyMap<string, TrustedDocument>;

  constructor(all: readonly TrustedDocument[], { only }: { readonly only: boolean }) {
    this.all = all;
    this.only = only;
    this.#byId = new Map(all.map((one) => [one.id, one]));
    this.#bySource = new Map(all.map((one) => [one.source, one]));
  }

  /** The request as if it had been sent with the text; what is wrong with the rest of it is for others to say. */
  read(body: unknown): TrustedRequest {
    const fields: Fields = typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body } : {};
    const meant = this.#meantBy(fields);
    if (meant && 'status' in meant) return { denied: meant };
    if (meant) return { body: withText(fields, meant) };
    if (this.only) return { denied: denials.notTrusted };
    return { body: hashIn(fields) === null ? body : withoutHash(fields) };
  }

  #meantBy(fields: Fields): TrustedDocument | Denial | null {
    const { documentId = null, query = null } = fields;
    if (documentId !== null) {
      if (query !== null) return denials.both;
      if (typeof documentId !== 'string') return denials.notText;
      return this.#byId.get(documentId) ?? denials.unknownId;
    }
    if (typeof query === 'string') return this.#bySource.get(query) ?? null;
    const hash = query === null ? hashIn(fields) : null;
    return hash === null ? null : (this.#byId.get(idOfHash(hash)) ?? denials.unknownHash);
  }
}

/** Its one operation need not be named, and nothing else reads extensions; so the request is as plain as can be. */
function withText(fields: Fields, { source, name }: TrustedDocument): Fields {
  const { documentId: _id, operationName, extensions, ...rest } = fields;
  return {
    ...rest,
    query: source,
    ...(operationName === undefined || operationName === name ? {} : { operationName }),
    ...(extensions === undefined || isObject(extensions) ? {} : { extensions }),
  };
}

/** Text sent with its hash, to be kept for the next time: it is not kept, and the GraphQL server must not complain. */
function withoutHash(fields: Fields): Fields {
  const { persistedQuery: _hash, ...extensions } = isObject(fields.extensions) ? fields.extensions : {};
  return { ...fields, extensions };
}

/** The hash as Apollo's clients send it, in the one version there is. */
function hashIn({ extensions }: Fields): string | null {
  const named = isObject(extensions) ? extensions.persistedQuery : null;
  return isObject(named) && named.version === 1 && typeof named.sha256Hash === 'string' ? named.sha256Hash : null;
}

/** Clients that were built with the list send its ids whole. */
function idOfHash(hash: string): string {
  return hash.startsWith('sha256:') ? hash : `sha256:${hash}`;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function denial(status: number, code: string, message: string): Denial {
  return { status, error: { message, extensions: { code } } };
}
