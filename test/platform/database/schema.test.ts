import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { migrateDown, migrateUp, schemaState } from '../../../src/platform/database/migrations.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

describe('the portal’s migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  async function tables(): Promise<string[]> {
    const found = await sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE' order by 1`.execute(database.kysely());
    return found.rows.map(({ name }) => name);
  }

  it('make exactly the tables and columns that the entities describe', async () => {
    const differences = await database.orm.schema.getUpdateSchemaSQL({ safe: false, wrap: false });
    const changes = differences.split('\n').filter((line) => line !== '' && !isMoreThanEntitiesSay(line));
    expect(changes).toEqual([]);
  });

  it('go back to an empty database and forward again, with nothing left over', async () => {
    const before = await tables();
    await migrateDown(database, { to: 'nothing' });
    expect(await tables()).toEqual(['schema_migration']);
    const functions = await sql<{ name: string }>`select p.proname as name from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'public'
      and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')`.execute(database.kysely());
    expect(functions.rows).toEqual([]);
    await migrateUp(database);
    expect(await tables()).toEqual(before);
    expect(await schemaState(database)).toEqual({ pending: [], unknown: [], changed: [] });
  });
});

/** Foreign keys, checks, indexes, functions and triggers stand in the migrations alone; entities do not repeat them. */
function isMoreThanEntitiesSay(line: string): boolean {
  return /^(alter table "\w+" drop constraint|drop index|drop function if exists|drop trigger if exists) "\w+"(\([\w, ]*\)| on "\w+")?;$/.test(
    line,
  );
}
