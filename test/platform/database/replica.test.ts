import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { positionStatement } from '../../../src/events/position.js';
import { namedStatement } from '../../../src/platform/database/named-statement.js';
import { outcomes, Replica } from '../../../src/platform/database/replica.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

/** What only a real replica can show is shown by `npm run test:replica`; the embedded database has none. */
const onServer = process.env.TEST_DATABASE_URL ? describe : describe.skip;

onServer('a database that is no replica', () => {
  let primary: TestDatabase;
  let other: TestDatabase;
  let replica: Replica;
  const lines: object[] = [];

  beforeAll(async () => {
    primary = await openTestDatabase();
    other = await openTestDatabase();
  });
  afterEach(() => replica.close());
  afterAll(async () => {
    await primary.close();
    await other.close();
  });

  async function problemOf(url: string): Promise<string | null> {
    lines.length = 0;
    const log = { info: (fields: object) => lines.push(fields), warn: (fields: object) => lines.push(fields) };
    const common = {
      primary,
      primaryUrl: String(primary.url),
      poolSize: 2,
      applicationName: 'sallyport-test',
      position: positionStatement,
    };
    replica = await Replica.open({ ...common, url, maxLagMs: 10_000, log });
    const statement = namedStatement('select current_database()::text || $1::text as answer');
    const reader = replica.for(() => Promise.reject(new Error('What is not read from need not be compared.')));
    expect(await reader.answer(statement, ['!'])).toBe(`${new URL(String(primary.url)).pathname.slice(1)}!`);
    expect(outcomes.map((outcome) => replica.count(outcome))).toEqual([0, 0, 0, 1]);
    expect(lines).toEqual([{ reason: replica.problem }]);
    return replica.problem;
  }

  it('is not read from, be it the primary itself', async () => {
    expect(await problemOf(String(primary.url))).toBe('it is no replica: it takes changes of its own');
  });

  it('is not read from, be it another one of the same kind', async () => {
    expect(await problemOf(String(other.url))).toBe('it is not a replica of this database');
  });

  it('is not read from, and does no harm, when there is none at all', async () => {
    expect(await problemOf('postgres://127.0.0.1:1/portal')).toMatch(/ECONNREFUSED/);
  });
});
