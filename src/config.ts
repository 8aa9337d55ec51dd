import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type Problem, Refusal } from './platform/errors.js';
import { newSecretKey } from './platform/secrets.js';

/** What a process does: answers requests, runs jobs, or both. */
export const processRoles = ['api', 'worker'] as const;
export type ProcessRole = (typeof processRoles)[number];

/**
 * What stands between the portal and PostgreSQL: nothing, a pooler that lends a connection for one transaction at a time,
 * or one that also knows the prepared statements of those it lends to.
 */
export const poolers = ['none', 'transaction', 'transaction-prepared'] as const;

/** Everything the portal is told from outside, read once at start. */
export interface Config {
  readonly environment: 'development' | 'production' | 'test';
  readonly run: readonly ProcessRole[];
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
  /** What partners and staff type; links in e-mail begin with it. No slash at its end. */
  readonly publicUrl: string;
  /** Other origins whose pages may call the API with a session cookie. */
  readonly allowedOrigins: readonly string[];
  /** The number of proxies in front that may be believed about the caller's address. */
  readonly trustedProxies: number;
  /** `postgres://…`, or null for the embedded database. */
  readonly databaseUrl: string | null;
  readonly databasePoolSize: number;
  readonly databasePooler: (typeof poolers)[number];
  /** A streaming replica of the database that queries may be answered from; null for none. */
  readonly databaseReplicaUrl: string | null;
  /** A replica that is further behind is not used until it has caught up. */
  readonly databaseReplicaMaxLagSeconds: number;
  /** Holds the embedded database, uploaded documents, and mail when no SMTP server is named. */
  readonly dataDir: string;
  /** 32 bytes from which the keys for sealing and signing are derived. */
  readonly secretKey: Buffer;
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  readonly maxDocumentBytes: number;
  /** Hosts (`name` or `name:port`) to which webhooks may go although they are private or not https. */
  readonly webhookAllowedHosts: readonly string[];
  readonly introspection: boolean;
  /** The folder of the operations that requests may name by their ids; null for none. */
  readonly trustedDocuments: string | null;
  /** Is nothing but these answered? */
  readonly trustedDocumentsOnly: boolean;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly logFormat: 'json' | 'pretty';
  /** For how many months webhook deliveries and letters are kept. */
  readonly deliveryRetentionMonths: number;
  /** For how many months audit records are kept; null for ever. */
  readonly auditRetentionMonths: number | null;
  /** Where /metrics is answered besides the API's port; null for nowhere. */
  readonly metricsPort: number | null;
}

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

type Name = keyof typeof variables;
type Values = { readonly [Key in Name]: z.output<(typeof variables)[Key]['parse']> | undefined };

/**
 * Reads the environment. An empty variable counts as unset.
 * @throws Refusal INVALID with one problem for each variable that is wrong, its name as the path
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: Problem[] = [];
  const values = parseAll(environment, problems);
  if (values.DATABASE_URL && !values.SECRET_KEY && !environment.SECRET_KEY) {
    problems.push(problem('SECRET_KEY', `must be given with DATABASE_URL: ${variables.SECRET_KEY.expected}`));
  }
  for (const name of ['DATABASE_POOLER', 'DATABASE_REPLICA_URL'] as const) {
    if (!environment.DATABASE_URL && values[name] && values[name] !== 'none') {
      problems.push(problem(name, 'goes with DATABASE_URL: the embedded database has neither poolers nor replicas'));
    }
  }
  if (!values.DATABASE_URL && values.RUN && values.RUN.length === 1) {
    problems.push(problem('RUN', 'must be `api,worker` with the embedded database, which only one process can use'));
  }
  if (values.TRUSTED_DOCUMENTS_ONLY && !values.TRUSTED_DOCUMENTS) {
    problems.push(problem('TRUSTED_DOCUMENTS', 'must be given with TRUSTED_DOCUMENTS_ONLY: a folder'));
  }
  if (problems.length > 0) throw new Refusal(problems);

  const mode = values.NODE_ENV ?? 'development';
  const port = values.PORT ?? 4000;
  const dataDir = resolve(values.DATA_DIR ?? 'data');
  return {
    environment: mode,
    run: values.RUN ?? ['api', 'worker'],
    host: values.HOST ?? '127.0.0.1',
    port,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${port}`,
    allowedOrigins: values.ALLOWED_ORIGINS ?? [],
    trustedProxies: values.TRUSTED_PROXIES ?? 0,
    databaseUrl: values.DATABASE_URL ?? null,
    databasePoolSize: values.DATABASE_POOL_SIZE ?? 10,
    databasePooler: values.DATABASE_POOLER ?? 'none',
    databaseReplicaUrl: values.DATABASE_REPLICA_URL ?? null,
    databaseReplicaMaxLagSeconds: values.DATABASE_REPLICA_MAX_LAG ?? 10,
    dataDir,
    secretKey: values.SECRET_KEY ? Buffer.from(values.SECRET_KEY, 'base64') : keyIn(dataDir),
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM ?? 'Sallyport <sallyport@localhost>',
    maxDocumentBytes: values.MAX_DOCUMENT_BYTES ?? 25 * 1024 * 1024,
    webhookAllowedHosts: values.WEBHOOK_ALLOWED_HOSTS ?? [],
    deliveryRetentionMonths: values.DELIVERY_RETENTION_MONTHS ?? 12,
    auditRetentionMonths: values.AUDIT_RETENTION_MONTHS ?? null,
    introspection: values.GRAPHQL_INTROSPECTION ?? mode !== 'production',
    trustedDocuments: values.TRUSTED_DOCUMENTS ? resolve(values.TRUSTED_DOCUMENTS) : null,
    trustedDocumentsOnly: values.TRUSTED_DOCUMENTS_ONLY ?? false,
    logLevel: values.LOG_LEVEL ?? 'info',
    logFormat: values.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    metricsPort: values.METRICS_PORT ?? null,
  };
}

function parseAll(environment: Readonly<Record<string, string | undefined>>, problems: Problem[]): Values {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(variables)) {
    const text = environment[name];
    if (text === undefined || text === '') continue;
    const parsed = variable.parse.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(problem(name, `must be ${variable.expected}`));
  }
  // The documented boundary between text from outside and the typed configuration: each value was parsed just above.
  return values as Values;
}

function problem(name: string, sentence: string): Problem {
  return { code: 'INVALID', message: `${name} ${sentence}.`, path: [name] };
}

/** The generated key of an embedded portal, made at the first start. */
function keyIn(dataDir: string): Buffer {
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeFileSync(file, `${newSecretKey().toString('base64')}\n`, { mode: 0o600 });
  }
  const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64');
  if (key.length === 32) return key;
  throw Refusal.of('INVALID', `${file} does not hold 32 bytes in base64. Restore it from a backup.`, ['SECRET_KEY']);
}
