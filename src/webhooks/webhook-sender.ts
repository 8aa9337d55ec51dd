import type { Readable } from 'node:stream';
import type { Agent, request } from 'undici';
import { type AddressGuard, AddressNotPublic } from './address-guard.js';
import { notPublic } from './webhook-url.js';

/** How long each part of an attempt may take, in milliseconds. */
export interface AttemptLimits {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
  readonly overall: number;
}

const attemptLimits: AttemptLimits = { connect: 5_000, headers: 10_000, body: 10_000, overall: 15_000 };

/** How much of an answer is read at all, and how much of that is kept. */
const readBytes = 4096;
const keptCharacters = 500;

/** What came of an attempt. */
export interface AttemptResult {
  readonly durationMs: number;
  /** Null when there was no answer. */
  readonly statusCode: number | null;
  /** Null when the message was received. */
  readonly failure: string | null;
  readonly responseExcerpt: string | null;
}

export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The HTTP client: with connections that the guard looks at, and with those to addresses that are exempt from it. */
interface Client {
  readonly request: typeof request;
  readonly guarded: Agent;
  readonly exempt: Agent;
}

/** Sends webhooks over HTTP: never where the guard forbids, never beyond its limits, never after a redirect. */
export class WebhookSender {
  readonly #guard: AddressGuard;
  readonly #userAgent: string;
  readonly #limits: AttemptLimits;
  #opened: Promise<Client> | undefined;

  constructor(parts: { readonly guard: AddressGuard; readonly version: string; readonly limits?: AttemptLimits }) {
    this.#guard = parts.guard;
    this.#userAgent = `Sallyport/${parts.version}`;
    this.#limits = parts.limits ?? attemptLimits;
  }

  /** @throws the reason of `signal` when the attempt was interrupted, which says nothing about the receiver */
  async send(outgoing: Outgoing, signal: AbortSignal): Promise<AttemptResult> {
    const began = performance.now();
    const outcome = await this.#attempt(outgoing, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      return { statusCode: null, failure: failureOf(error, this.#limits), responseExcerpt: null };
    });
    return { ...outcome, durationMs: Math.round(performance.now() - began) };
  }

  async close(): Promise<void> {
    const client = await this.#opened;
    await Promise.all([client?.guarded.destroy(), client?.exempt.destroy()]);
  }

  /** Read for the first message, because a process that only answers requests sends none. */
  async #open(): Promise<Client> {
    const undici = await import('undici');
    const { connect: timeout, headers, body } = this.#limits;
    const timeouts = { headersTimeout: headers, bodyTimeout: body };
    return {
      request: undici.request,
      guarded: new undici.Agent({ ...timeouts, connect: { timeout, lookup: this.#guard.lookup } }),
      exempt: new undici.Agent({ ...timeouts, connect: { timeout } }),
    };
  }

  async #attempt({ url, headers, body }: Outgoing, signal: AbortSignal) {
    const { exempt } = this.#guard.readAgain(url);
    this.#opened ??= this.#open();
    const client = await this.#opened;
    const response = await client.request(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'user-agent': this.#userAgent },
      body,
      dispatcher: exempt ? client.exempt : client.guarded,
      signal: AbortSignal.any([signal, AbortSignal.timeout(this.#limits.overall)]),
    });
    const responseExcerpt = await readExcerpt(response.body);
    signal.throwIfAborted();
    return { statusCode: response.statusCode, failure: judge(response.statusCode), responseExcerpt };
  }
}

function judge(statusCode: number): string | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  if (statusCode >= 300 && statusCode < 400) {
    return `The endpoint answered ${statusCode}, a redirect. Redirects are not followed; register the final address.`;
  }
  return `The endpoint answered ${statusCode}.`;
}

/** The beginning of the answer, for people. An answer that breaks off was still an answer: its status counts. */
async function readExcerpt(body: Readable): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk));
      size += chunks.at(-1)?.length ?? 0;
      if (size >= readBytes) break;
    }
  } catch {
    // What was read until then is kept.
  }
  const text = Buffer.concat(chunks).subarray(0, readBytes).toString('utf8');
  const clean = text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return clean === '' ? null : clean.slice(0, keptCharacters).toWellFormed();
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was cut.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The network cannot be reached.',
  ENOTFOUND: 'The name cannot be resolved.',
  EAI_AGAIN: 'The name cannot be resolved at the moment.',
  UND_ERR_SOCKET: 'The connection was cut.',
  UND_ERR_HEADERS_OVERFLOW: 'The answer’s headers were too long.',
};

/** Names the kind of failure, never the text of the error: it may hold addresses of the operator's network. */
function failureOf(error: unknown, limits: AttemptLimits): string {
  if (error instanceof AddressNotPublic) return notPublic;
  const { name, code } = described(error);
  if (name === 'TimeoutError') return `There was no complete answer within ${inSeconds(limits.overall)}.`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return `There was no connection within ${inSeconds(limits.connect)}.`;
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return `There was no answer within ${inSeconds(limits.headers)}.`;
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return `The secure connection failed (${code}).`;
  return sentences[code] ?? `The attempt failed (${code}).`;
}

function described(error: unknown): { name: string; code: string } {
  const read = (field: string) => (typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined);
  const [name, code] = [read('name'), read('code')];
  return { name: typeof name === 'string' ? name : '', code: typeof code === 'string' ? code : 'no code' };
}

function inSeconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
