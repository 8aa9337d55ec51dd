import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { type Problem, Refusal } from '../platform/errors.js';
import { slowestRequestMs } from '../platform/http/deadline.js';
import { refusalStatus } from '../platform/http/failures.js';
import type { Storage } from '../platform/storage/storage.js';
import { readStoredDocument } from './document.queries.js';
import { contentTypeOf } from './document-content.js';
import { type DocumentLinks, unknownLink } from './document-links.js';
import { attachment } from './document-name.js';
import { type Patience, receiveDocument, tooFew, tooMany, usualPatience } from './document-receiving.js';

export interface DocumentRoutesOptions {
  readonly database: Database;
  readonly storage: Storage;
  readonly links: DocumentLinks;
  readonly clock: Clock;
  readonly maxDocumentBytes: number;
  readonly patience?: Patience;
}

interface LinkRoute {
  readonly Params: { readonly token: string };
}

/** How long a client that was refused may go on sending, so that it gets to read why, in milliseconds. */
const lingerMs = 2_000;

/**
 * Where documents come in and go out, by signed links: `PUT /uploads/…` and `GET /documents/…`. A plugin of its own,
 * because here bodies of every type are streams, and answers are `{ "errors": […] }`.
 */
export const documentRoutes: FastifyPluginAsync<DocumentRoutesOptions> = async (app, options) => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null));
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  addUpload(app, options);
  addDownload(app, options);
};

function addUpload(app: FastifyInstance, options: DocumentRoutesOptions): void {
  const { database, storage, links, clock, maxDocumentBytes, patience = usualPatience } = options;

  app.put<LinkRoute>('/uploads/:token', { config: { receiveWithinMs: slowestRequestMs } }, async (request, reply) => {
    const { documentId, size } = links.readUpload(request.params.token, clock.now());
    checkAnnouncement(request, size, maxDocumentBytes);
    const document = await readStoredDocument(database.kysely(), documentId);
    if (!document || document.size !== size || document.status === 'REMOVED') throw unknownLink();
    if (document.status !== 'AWAITING_UPLOAD' || (await storage.sizeOf(document.storageKey)) !== null) {
      throw Refusal.of('ALREADY_EXISTS', 'The bytes of this document have been received already.');
    }
    await receiveDocument(storage, document, bytesOf(request.raw, size), patience);
    return reply.code(201).send({ errors: [] });
  });
}

function addDownload(app: FastifyInstance, { database, storage, links, clock }: DocumentRoutesOptions): void {
  app.route<LinkRoute>({
    method: ['GET', 'HEAD'],
    url: '/documents/:token',
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const documentId = links.readDownload(request.params.token, clock.now());
      const document = await readStoredDocument(database.kysely(), documentId);
      if (!document?.isDownloadable) throw unknownLink();
      const kept = await storage.open(document.storageKey);
      if (!kept) throw new Error(`The bytes of document ${documentId} are missing.`);
      reply.headers({
        'content-type': contentTypeOf(document.mediaType),
        'content-length': kept.size,
        'content-disposition': attachment(document.fileName),
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'private, no-store',
      });
      if (request.method !== 'HEAD') return reply.send(kept.bytes);
      kept.bytes.destroy();
      return reply.send();
    },
  });
}

/** Refuses by the headers alone what cannot become right. */
function checkAnnouncement(request: FastifyRequest, size: number, maxDocumentBytes: number): void {
  if (size > maxDocumentBytes) {
    throw Refusal.of('LIMIT_REACHED', `A document has at most ${maxDocumentBytes} bytes.`, ['size']);
  }
  const length = request.headers['content-length'];
  if (length === undefined) return;
  if (Number(length) > size) throw tooMany(size);
  if (Number(length) < size) throw tooFew(size);
}

/** The body, left usable when its reading stops early: destroying it would take the answer with it. */
async function* bytesOf(body: IncomingMessage, size: number): AsyncIterable<Uint8Array> {
  const pieces: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }) };
  try {
    yield* pieces;
  } catch (error) {
    if (!body.complete) throw tooFew(size);
    throw error;
  }
}

/** Where a refusal has another status here than elsewhere, by its code and path. */
const statusHere: Readonly<Record<string, number>> = {
  'CONTENT_MISMATCH size': 400,
  'CONTENT_MISMATCH mediaType': 415,
  'EXPIRED bytes': 408,
};

function httpStatus({ code, path }: Problem): number {
  return statusHere[[code, ...path].join(' ')] ?? refusalStatus[code];
}

/** Bugs and outages are left to the server's own error handler, which knows how to log them. */
function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  linger(request.raw);
  reply.header('cache-control', 'no-store');
  if (error instanceof Refusal) {
    const [first] = error.problems;
    return reply.code(first ? httpStatus(first) : 400).send({ errors: error.problems });
  }
  const status = typeof error === 'object' && error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    const message = 'The request is not well-formed HTTP, or has a malformed Content-Type.';
    return reply.code(status).send({ errors: [{ code: 'INVALID', message, path: [] }] });
  }
  throw error;
}

/** Reads on, and throws away, for a moment: closing a connection on a client that still sends would cut off the answer. */
function linger(body: IncomingMessage): void {
  if (body.complete || body.destroyed) return;
  const timer = setTimeout(() => body.destroy(), lingerMs);
  body.once('close', () => clearTimeout(timer));
  body.once('end', () => clearTimeout(timer));
  body.resume();
}
