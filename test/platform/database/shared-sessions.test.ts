import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { namedStatement } from '../../../src/platform/database/named-statement.js';
import { type Database, openPostgresDatabase, type PostgresOptions } from '../../../src/platform/database/open.js';
import { Refusal } from '../../../src/platform/errors.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

/** The embedded database has no connections to share. */
const onServer = process.env.TEST_DATABASE_URL ? describe : describe.skip;

onServer('connections that are shared with others', () => {
  let own: TestDatabase;

  beforeAll(async () => {
    own = await openTestDatabase({ empty: true });
  });
  afterAll(() => own.close());

  async function opened<T>(options: Partial<PostgresOptions>, work: (database: Database) => Promise<T>): Promise<T> {
    const url = String(own.url);
    const common = { url, poolSize: 1, statementTimeoutMs: 30_000, applicationName: 'sallyport-test', entities: [] };
    const database = await openPostgresDatabase({ ...common, ...options });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  const shared = (work: (database: Database) => Promise<unknown> = async () => undefined) =>
    opened({ isSessionShared: true, namedStatements: false }, work);

  async function refusal(): Promise<string> {
    const error = await shared().catch((thrown: unknown) => thrown);
    if (!(error instanceof Refusal)) throw new Error(`This should be a refusal: ${error}`);
    expect(error.problems.map(({ code, path }) => ({ code, path }))).toEqual([
      { code: 'INVALID', path: ['DATABASE_POOLER'] },
    ]);
    return error.message;
  }

  const run = (statement: string) => sql.raw(statement).execute(own.kysely());

  it('are refused as long as the role does not make them fit, with the statements that do', async () => {
    const name = new URL(String(own.url)).pathname.slice(1);
    await run(`alter database ${name} set timezone = 'Europe/Amsterdam'`);
    const statements = (await refusal()).split('\n').slice(1);
    expect(statements).toEqual([
      expect.stringMatching(/^ {2}alter role \S+ in database \S+ set timezone = 'UTC';$/),
      expect.stringMatching(/^ {2}alter role \S+ in database \S+ set statement_timeout = '30s';$/),
      expect.stringMatching(/^ {2}alter role \S+ in database \S+ set idle_in_transaction_session_timeout = '60s';$/),
    ]);
    for (const statement of statements.slice(0, -1)) await run(statement);
    expect((await refusal()).split('\n').slice(1)).toEqual(statements.slice(-1));
    await run(String(statements.at(-1)));
    await shared(async (database) => {
      const { rows } = await sql<{ zone: string }>`select current_setting('TimeZone') as zone`.execute(
        database.kysely(),
      );
      expect(rows).toEqual([{ zone: 'UTC' }]);
    });
  });

  it('are left without prepared statements, which are kept on connections of one’s own', async () => {
    const statement = namedStatement('select $1::text as answer');
    const kept = async (database: Database) => {
      expect(await database.answer(statement, ['an answer'])).toBe('an answer');
      const { rows } = await sql<{ name: string }>`select name from pg_prepared_statements where name <> ''`.execute(
        database.kysely(),
      );
      return rows;
    };
    expect(await opened({}, kept)).toContainEqual({ name: statement.name });
    expect(await opened({ namedStatements: false }, kept)).toEqual([]);
  });
});
