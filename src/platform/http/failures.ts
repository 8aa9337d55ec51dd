import { types } from 'node:util';
import { Refusal, type RefusalCode } from '../errors.js';
import type { Log } from '../logging.js';
import { sqlState } from '../transaction.js';
import { currentExchange } from './exchange.js';

const { isNativeError } = types;

/** The HTTP status of an answer that is nothing but this refusal. */
export const refusalStatus: Readonly<Record<RefusalCode, number>> = {
  INVALID: 400,
  INVALID_ID: 400,
  REQUIRED: 400,
  NOT_FOUND: 404,
  NOT_ALLOWED_NOW: 409,
  INCOMPLETE: 409,
  FOUR_EYES: 409,
  CONFLICT: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  ALREADY_EXISTS: 409,
  LIMIT_REACHED: 413,
  EXPIRED: 410,
  ADDRESS_REFUSED: 422,
  CONTENT_MISMATCH: 422,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
};

/** How long a caller is asked to wait when the refusal itself does not say. */
const retryAfterSeconds = 60;

/** Headers that belong to a refusal, by their lower-case names. */
export function refusalHeaders(refusal: Refusal): Record<string, string> {
  if (refusal.code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer' };
  if (refusal.code === 'RATE_LIMITED') return { 'retry-after': String(refusal.retryAfterSeconds ?? retryAfterSeconds) };
  if (refusal.code === 'UNAVAILABLE') return { 'retry-after': '5' };
  return {};
}

/** Codes of Node and PostgreSQL that say "the other side cannot be reached, or did not answer in time". */
const outages = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'EHOSTUNREACH']);
const outageStates = /^(08...|57P0[123]|53300|57014|55P03)$/;

/** Is this the failure of something the portal depends on, rather than a bug? */
export function isOutage(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null) return outageStates.test(state);
  for (let cause = error, depth = 0; isNativeError(cause) && depth < 5; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && outages.has(cause.code)) return true;
    if (/^Connection terminated|^timeout exceeded when trying to connect/.test(cause.message)) return true;
  }
  return false;
}

/** What the caller is told of an outage. */
export function unavailable(): Refusal {
  return Refusal.of(
    'UNAVAILABLE',
    'Something the portal depends on does not answer just now. Try again; with the same Idempotency-Key nothing is done twice.',
  );
}

/** What the caller is told of a bug. */
export function bugSentence(): string {
  return `Something went wrong on our side. Quote request id ${currentExchange()?.requestId ?? 'unknown'} when you report it.`;
}

/** How many different bugs and outages one request may write to the log. */
const mostLinesPerRequest = 5;

/** Logs a bug or an outage, once for each request it happens in. */
export function logFailure(log: Log, error: unknown, message: string): void {
  const exchange = currentExchange();
  if (exchange) {
    exchange.logged ??= new Set();
    if (exchange.logged.has(error) || exchange.logged.size >= mostLinesPerRequest) return;
    exchange.logged.add(error);
  }
  log.error({ requestId: exchange?.requestId, operation: exchange?.operation?.name ?? undefined, err: error }, message);
}
