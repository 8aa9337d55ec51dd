import { Refusal } from '../errors.js';

/** What a connection URL says that may be shown to an operator. */
export interface PostgresAddress {
  readonly database: string;
  /** Host, port, database and user; never the password. */
  readonly description: string;
}

const defaultPort = '5432';

/**
 * Reads `postgres://user:password@host:port/database`.
 * @throws Refusal INVALID when it is not such a URL; the message does not repeat it, because it may hold a password.
 */
export function postgresAddress(text: string): PostgresAddress {
  const url = parse(text);
  const database = decodeURIComponent(url.pathname.slice(1));
  const host = url.hostname || url.searchParams.get('host') || 'localhost';
  const user = url.username ? ` as ${decodeURIComponent(url.username)}` : '';
  return { database, description: `PostgreSQL at ${host}:${url.port || defaultPort}/${database}${user}` };
}

/** A parameter of the portal's own, by which it sees whether what it asks of a session arrives. */
export const ownSession = { parameter: 'sallyport.session', value: 'own' } as const;

/**
 * The same URL, asking for a session in UTC. It goes with the connection's first message, so no query can come before
 * it, and it keeps the session parameters that the operator asked for.
 */
export function withUtcSession(text: string): string {
  const url = parse(text);
  const asked = url.searchParams.get('options');
  const ours = `-c TimeZone=UTC -c ${ownSession.parameter}=${ownSession.value}`;
  url.searchParams.set('options', asked ? `${asked} ${ours}` : ours);
  return url.href;
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2) {
    throw Refusal.of(
      'INVALID',
      'DATABASE_URL is not a PostgreSQL address. It looks like postgres://user:password@host:5432/database.',
      ['DATABASE_URL'],
    );
  }
  return url;
}
