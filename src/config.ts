import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { type ProcessRole, type poolers, variables } from './config-variables.js';
import { type Problem, Refusal } from './platform/errors.js';
import { newSecretKey } from './platform/secrets.js';

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
