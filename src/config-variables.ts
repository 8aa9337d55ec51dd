import { z } from 'zod';

/** What a process does: answers requests, runs jobs, or both. */
export const processRoles = ['api', 'worker'] as const;
export type ProcessRole = (typeof processRoles)[number];

/**
 * What stands between the portal and PostgreSQL: nothing, a pooler that lends a connection for one transaction at a time,
 * or one that also knows the prepared statements of those it lends to.
 */
export const poolers = ['none', 'transaction', 'transaction-prepared'] as const;

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const url = (protocols: readonly string[], holds: (url: URL, text: string) => boolean = () => true) =>
  z.string().refine((text) => {
    const parsed = URL.canParse(text) ? new URL(text) : null;
    return parsed !== null && protocols.includes(parsed.protocol) && holds(parsed, text);
  });
const origin = url(['http:', 'https:'], (parsed, text) => parsed.origin === text);
const postgres = url(['postgres:', 'postgresql:'], ({ pathname }) => pathname.length > 1);

interface Variable {
  readonly parse: z.ZodType;
  /** What is right, as it ends the sentence "PORT must be …". */
  readonly expected: string;
  readonly describes: string;
  readonly byDefault: string;
}

/** Every environment variable the portal reads. The table in the README is checked against this. */
export const variables = {
  NODE_ENV: {
    parse: z.enum(['development', 'production', 'test']),
    expected: 'development, production or test',
    describes: '`production` turns introspection and the GraphQL page off.',
    byDefault: 'development',
  },
  RUN: {
    parse: list.pipe(z.array(z.enum(processRoles)).min(1)),
    expected: '`api`, `worker` or `api,worker`',
    describes: 'What this process does. Many of each can share one PostgreSQL database.',
    byDefault: 'api,worker',
  },
  HOST: {
    parse: z.string().min(1),
    expected: 'an address to listen on',
    describes: 'The address to listen on.',
    byDefault: '127.0.0.1',
  },
  PORT: {
    parse: whole(0, 65535),
    expected: 'a port from 0 to 65535 (0: any free one)',
    describes: 'The port to listen on.',
    byDefault: '4000',
  },
  PUBLIC_URL: {
    parse: origin,
    expected: 'an http or https origin without a path, e.g. https://access.example.org',
    describes: 'Where people reach the portal; links in e-mail begin with it.',
    byDefault: 'http://localhost:PORT',
  },
  ALLOWED_ORIGINS: {
    parse: list.pipe(z.array(origin)),
    expected: 'origins separated by commas',
    describes: 'Other origins whose pages may call the API with the session cookie.',
    byDefault: 'none',
  },
  TRUSTED_PROXIES: {
    parse: whole(0, 10),
    expected: 'a whole number from 0 to 10',
    describes: 'How many proxies in front are believed about the caller’s address.',
    byDefault: '0',
  },
  DATABASE_URL: {
    parse: postgres,
    expected: 'postgres://user:password@host:5432/database',
    describes: 'PostgreSQL 15 or newer. Without it, an embedded PostgreSQL in DATA_DIR is used.',
    byDefault: 'embedded',
  },
  DATABASE_POOL_SIZE: {
    parse: whole(2, 200),
    expected: 'a whole number from 2 to 200',
    describes: 'The most connections this process opens for requests; jobs share them.',
    byDefault: '10',
  },
  DATABASE_POOLER: {
    parse: z.enum(poolers),
    expected: '`none`, `transaction` or `transaction-prepared`',
    describes:
      'A pooler at DATABASE_URL: `transaction` for PgBouncer in that mode, `transaction-prepared` where it keeps statements.',
    byDefault: 'none',
  },
  DATABASE_REPLICA_URL: {
    parse: postgres,
    expected: 'postgres://user:password@host:5432/database',
    describes: 'A streaming replica to answer queries from. Nobody sees a state older than what they did themselves.',
    byDefault: 'none',
  },
  DATABASE_REPLICA_MAX_LAG: {
    parse: whole(1, 3600),
    expected: 'a whole number of seconds from 1 to 3600',
    describes: 'A replica that is more seconds behind is left alone until it has caught up.',
    byDefault: '10',
  },
  DATA_DIR: {
    parse: z.string().min(1),
    expected: 'a folder',
    describes: 'Holds the embedded database, documents, the generated secret key, and mail when SMTP_URL is unset.',
    byDefault: './data',
  },
  SECRET_KEY: {
    parse: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
    expected: '32 random bytes in base64 (`openssl rand -base64 32`)',
    describes: 'The key from which all others are derived. The same in every process; losing it loses webhook secrets.',
    byDefault: 'generated into DATA_DIR; required with DATABASE_URL',
  },
  SMTP_URL: {
    parse: url(['smtp:', 'smtps:']),
    expected: 'smtp://user:password@host:587 or smtps://…',
    describes: 'The mail server. Without it, messages are written to DATA_DIR/mail.',
    byDefault: 'files',
  },
  MAIL_FROM: {
    parse: z.string().regex(/^[^\r\n]*@[^\r\n]*$/),
    expected: 'an address, e.g. "Access desk <access@example.org>"',
    describes: 'The sender of e-mail.',
    byDefault: 'Sallyport <sallyport@localhost>',
  },
  MAX_DOCUMENT_BYTES: {
    parse: whole(1, 5_000_000_000),
    expected: 'a whole number of bytes',
    describes: 'The largest document that can be uploaded.',
    byDefault: '26214400 (25 MiB)',
  },
  WEBHOOK_ALLOWED_HOSTS: {
    parse: list,
    expected: 'host names or host:port, separated by commas',
    describes:
      'Receivers that may be private addresses or plain http. For trials, and for receivers on one’s own network.',
    byDefault: 'none',
  },
  DELIVERY_RETENTION_MONTHS: {
    parse: whole(1, 1200),
    expected: 'a whole number of months from 1 to 1200',
    describes: 'How long webhook deliveries, with their attempts, and letters are kept.',
    byDefault: '12',
  },
  AUDIT_RETENTION_MONTHS: {
    // A few months, or years by mistake, are not what any law of the field asks for, and what is dropped is gone.
    parse: whole(12, 1200),
    expected: 'a whole number of months from 12 to 1200, or unset to keep them for ever',
    describes: 'How long audit records are kept. 15 CFR 762.6 asks for five years (60).',
    byDefault: 'for ever',
  },
  GRAPHQL_INTROSPECTION: {
    parse: z.enum(['true', 'false']).transform((text) => text === 'true'),
    expected: 'true or false',
    describes: 'Whether the schema can be asked for over the API.',
    byDefault: 'true, in production false',
  },
  TRUSTED_DOCUMENTS: {
    parse: z.string().min(1),
    expected: 'a folder',
    describes:
      'A folder of `*.graphql` files, one operation each, that requests may name by id instead of sending them.',
    byDefault: 'none',
  },
  TRUSTED_DOCUMENTS_ONLY: {
    parse: z.enum(['true', 'false']).transform((text) => text === 'true'),
    expected: 'true or false',
    describes: '`true` refuses every other operation, and turns the GraphQL page off.',
    byDefault: 'false',
  },
  LOG_LEVEL: {
    parse: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
    expected: 'trace, debug, info, warn, error or silent',
    describes: 'The least important lines that are logged.',
    byDefault: 'info',
  },
  LOG_FORMAT: {
    parse: z.enum(['json', 'pretty']),
    expected: 'json or pretty',
    describes: 'JSON lines, or lines for people.',
    byDefault: 'pretty in a terminal, otherwise json',
  },
  METRICS_PORT: {
    parse: whole(0, 65535),
    expected: 'a port from 0 to 65535',
    describes: 'A port of its own, on the loopback address, for Prometheus metrics at /metrics.',
    byDefault: 'none',
  },
} as const satisfies Record<string, Variable>;
