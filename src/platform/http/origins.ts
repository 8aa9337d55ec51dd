import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendError } from './answers.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Are requests that only read to be refused, too, when a page of another origin makes a browser send its cookie? */
    guardsReading?: boolean;
  }
}

const methods = 'GET, HEAD, POST, PUT';
const requestHeaders = 'content-type, authorization, idempotency-key, x-request-id, apollo-require-preflight';
const answerHeaders = 'x-request-id, retry-after';

/**
 * Decides which web pages may call the portal. Pages of the portal and of the allowed origins may, with cookies (CORS);
 * a request that carries a cookie and comes from any other page is refused, whatever its content type (CSRF).
 */
export function guardOrigins(app: FastifyInstance, allowedOrigins: readonly string[]): void {
  const allowed = new Set(allowedOrigins);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    if (origin !== undefined && allowed.has(origin)) {
      reply.headers({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-expose-headers': answerHeaders,
      });
    }
    const isGuarded = changesSomething(request.method) || request.routeOptions.config.guardsReading;
    if (request.method === 'OPTIONS') {
      if (origin !== undefined && !allowed.has(origin)) sendError(reply, 403, 'FORBIDDEN', strangerSentence);
      else answerPreflight(reply);
    } else if (isGuarded && isForeign(request.headers, allowed)) {
      sendError(reply, 403, 'FORBIDDEN', strangerSentence);
    } else done();
  });
}

function answerPreflight(reply: FastifyReply): void {
  reply
    .code(204)
    .headers({
      allow: methods,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': requestHeaders,
      'access-control-max-age': '7200',
    })
    .send();
}

const strangerSentence =
  'Pages of this origin may not call the portal with a session cookie. An operator can allow it with ALLOWED_ORIGINS.';

function changesSomething(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/**
 * Does a page of another origin make a browser send its cookie? By Sec-Fetch-Site where the browser says it, otherwise by
 * Origin; programs that are not browsers send neither and cannot be tricked.
 */
function isForeign(headers: IncomingHttpHeaders, allowed: ReadonlySet<string>): boolean {
  if (headers.cookie === undefined) return false;
  const { origin } = headers;
  if (origin !== undefined && allowed.has(origin)) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.host;
}
