import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Refusal } from '../platform/errors.js';
import { isPublicAddress } from './public-address.js';
import { notPublic, readWebhookUrl, type WebhookUrl } from './webhook-url.js';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds the IP addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>;

const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

const resolveWithinMs = 5_000;

/** A webhook address that passed every check at the time; only the guard makes these. */
export class CheckedUrl {
  readonly #href: string;

  private constructor(href: string) {
    this.#href = href;
  }

  /** @throws Refusal ADDRESS_REFUSED when the name resolves to nothing, or to anything that is not public. */
  static async of({ href, hostname, exempt }: WebhookUrl, resolve: Resolve, path: readonly string[]) {
    if (exempt || isIP(hostname) !== 0) return new CheckedUrl(href);
    const addresses = await within(resolveWithinMs, resolve(hostname)).catch(() => []);
    if (addresses.length === 0) throw refused(`The name ${hostname} cannot be resolved.`, path);
    if (!addresses.every(({ address }) => isPublicAddress(address))) throw refused(notPublic, path);
    return new CheckedUrl(href);
  }

  get href(): string {
    return this.#href;
  }

  /** As part of a command's input, where equal addresses must look equal. */
  toJSON(): string {
    return this.#href;
  }
}

/** What a connection fails with when its address is not public. */
export class AddressNotPublic extends Error {
  readonly code = 'ADDRESS_NOT_PUBLIC';

  constructor() {
    super(notPublic);
  }
}

/**
 * Keeps webhooks from reaching the operator's own network. An address is checked when it is registered, so that the
 * mistake is told at once, and again for every connection, because what a name resolves to can change in between.
 */
export class AddressGuard {
  readonly #exemptHosts: readonly string[];
  readonly #resolve: Resolve;

  /** @param exemptHosts `name` or `name:port` of receivers that may be private or plain http */
  constructor(exemptHosts: readonly string[], resolve: Resolve = systemResolve) {
    this.#exemptHosts = exemptHosts;
    this.#resolve = resolve;
  }

  /** @throws Refusal ADDRESS_REFUSED when webhooks cannot go to this address. */
  async check(text: string, path: readonly string[]): Promise<CheckedUrl> {
    const url = readWebhookUrl(text, this.#exemptHosts);
    if (typeof url === 'string') throw refused(url, path);
    return CheckedUrl.of(url, this.#resolve, path);
  }

  /**
   * The same judgement before an attempt, as far as the text tells; a connection to an IP address never asks `lookup`.
   * @throws AddressNotPublic
   */
  readAgain(href: string): WebhookUrl {
    const url = readWebhookUrl(href, this.#exemptHosts);
    if (typeof url === 'string') throw new AddressNotPublic();
    return url;
  }

  /** For connections: resolves a name once, and lets the socket have exactly the addresses that were checked. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#resolve(hostname).then(
      (found) => {
        const usable = found.filter(({ family }) => !options.family || options.family === family);
        const [first] = usable;
        if (!first) callback(notFound(hostname), '', 0);
        else if (!found.every(({ address }) => isPublicAddress(address))) callback(new AddressNotPublic(), '', 0);
        else if (options.all) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}

function refused(message: string, path: readonly string[]): Refusal {
  return Refusal.of('ADDRESS_REFUSED', message, path);
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
