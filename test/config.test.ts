import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.js';
import { Refusal } from '../src/platform/errors.js';

describe('the configuration', () => {
  let DATA_DIR: string;

  beforeEach(() => {
    DATA_DIR = mkdtempSync(join(tmpdir(), 'sallyport-config-'));
  });
  afterEach(() => rmSync(DATA_DIR, { recursive: true }));

  function problemsOf(environment: Record<string, string>): Record<string, string> {
    try {
      readConfig({ DATA_DIR, ...environment });
      return {};
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return Object.fromEntries(error.problems.map(({ path, message }) => [path.join('.'), message]));
    }
  }

  it('needs nothing: the embedded database, port 4000, and a secret key generated once', () => {
    const config = readConfig({ DATA_DIR });
    expect(config).toMatchObject({
      databaseUrl: null,
      port: 4000,
      host: '127.0.0.1',
      publicUrl: 'http://localhost:4000',
      run: ['api', 'worker'],
      introspection: true,
      smtpUrl: null,
      deliveryRetentionMonths: 12,
      auditRetentionMonths: null,
    });
    expect(config.secretKey).toHaveLength(32);
    expect(readConfig({ DATA_DIR }).secretKey).toEqual(config.secretKey);
    expect(statSync(join(DATA_DIR, 'secret.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(DATA_DIR, 'secret.key'), 'utf8').trim()).toBe(config.secretKey.toString('base64'));
  });

  it('lists every problem at once, by variable, with what was expected', () => {
    expect(
      problemsOf({
        PORT: 'eighty',
        DATABASE_URL: 'mysql://localhost/x',
        PUBLIC_URL: 'https://access.example.org/portal',
        RUN: 'api,cron',
        SECRET_KEY: 'short',
        MAX_DOCUMENT_BYTES: '-1',
        DELIVERY_RETENTION_MONTHS: '0',
        AUDIT_RETENTION_MONTHS: '5',
        LOG_LEVEL: 'loud',
      }),
    ).toEqual({
      PORT: 'PORT must be a port from 0 to 65535 (0: any free one).',
      DATABASE_URL: 'DATABASE_URL must be postgres://user:password@host:5432/database.',
      PUBLIC_URL: 'PUBLIC_URL must be an http or https origin without a path, e.g. https://access.example.org.',
      RUN: 'RUN must be `api`, `worker` or `api,worker`.',
      SECRET_KEY: 'SECRET_KEY must be 32 random bytes in base64 (`openssl rand -base64 32`).',
      MAX_DOCUMENT_BYTES: 'MAX_DOCUMENT_BYTES must be a whole number of bytes.',
      DELIVERY_RETENTION_MONTHS: 'DELIVERY_RETENTION_MONTHS must be a whole number of months from 1 to 1200.',
      AUDIT_RETENTION_MONTHS:
        'AUDIT_RETENTION_MONTHS must be a whole number of months from 12 to 1200, or unset to keep them for ever.',
      LOG_LEVEL: 'LOG_LEVEL must be trace, debug, info, warn, error or silent.',
    });
  });

  it('never repeats a value in a problem, because it may be a secret', () => {
    const problems = problemsOf({ DATABASE_URL: 'postgres://app:hunter2', SMTP_URL: 'hunter2', SECRET_KEY: 'hunter2' });
    expect(Object.keys(problems)).toEqual(['DATABASE_URL', 'SECRET_KEY', 'SMTP_URL']);
    expect(Object.values(problems).join(' ')).not.toContain('hunter2');
  });

  it('wants one secret key for all processes that share a PostgreSQL database', () => {
    expect(problemsOf({ DATABASE_URL: 'postgres://localhost/sallyport' })).toEqual({
      SECRET_KEY: expect.stringContaining('must be given with DATABASE_URL'),
    });
  });

  it('takes no pooler and no replica for the embedded database', () => {
    const DATABASE_REPLICA_URL = 'postgres://replica/sallyport';
    expect(problemsOf({ DATABASE_POOLER: 'transaction', DATABASE_REPLICA_URL })).toEqual({
      DATABASE_POOLER: expect.stringContaining('goes with DATABASE_URL'),
      DATABASE_REPLICA_URL: expect.stringContaining('goes with DATABASE_URL'),
    });
    expect(problemsOf({ DATABASE_POOLER: 'none' })).toEqual({});
    expect(problemsOf({ DATABASE_POOLER: 'session' })).toEqual({
      DATABASE_POOLER: 'DATABASE_POOLER must be `none`, `transaction` or `transaction-prepared`.',
    });
  });

  it('lets only one process, which does everything, use the embedded database', () => {
    expect(problemsOf({ RUN: 'api' })).toEqual({ RUN: expect.stringContaining('only one process') });
  });

  it('turns introspection off in production, unless it is asked for', () => {
    expect(readConfig({ DATA_DIR, NODE_ENV: 'production' }).introspection).toBe(false);
    expect(readConfig({ DATA_DIR, NODE_ENV: 'production', GRAPHQL_INTROSPECTION: 'true' }).introspection).toBe(true);
  });

  it('answers nothing but trusted documents only where there are some', () => {
    expect(problemsOf({ TRUSTED_DOCUMENTS_ONLY: 'true' })).toEqual({
      TRUSTED_DOCUMENTS: 'TRUSTED_DOCUMENTS must be given with TRUSTED_DOCUMENTS_ONLY: a folder.',
    });
    expect(readConfig({ DATA_DIR, TRUSTED_DOCUMENTS: 'operations', TRUSTED_DOCUMENTS_ONLY: 'true' })).toMatchObject({
      trustedDocuments: resolve('operations'),
      trustedDocumentsOnly: true,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ DATA_DIR, PORT: '', SMTP_URL: '' })).toMatchObject({ port: 4000, smtpUrl: null });
  });
});
