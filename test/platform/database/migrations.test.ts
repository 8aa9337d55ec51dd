import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { getRollbackPlans } from 'pg-boss';
import { wantedVersion } from '../../../src/platform/database/job-queue-schema.js';
import { migrateDown, migrateUp, requireKnownSchema, schemaState } from '../../../src/platform/database/migrations.js';
import { inScriptTransaction } from '../../../src/platform/database/script-transaction.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const jobQueue = `pg-boss-${wantedVersion}`;
const city = {
  up: `
    create table city (id int primary key, name text not null);
    create function city_greeting(id int) returns text language plpgsql as $$
    declare found text;
    begin
      select name into found from city where city.id = city_greeting.id;
      return 'hello; ' || found;
    end;
    $$;
    insert into city values (1, 'Delft');`,
  down: 'drop function city_greeting(int); drop table city;',
};
const street = { up: 'create table street (city_id int references city)', down: 'drop table street' };

describe('migrations', () => {
  let database: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    database = await openTestDatabase({ empty: true });
  });

  afterAll(() => database.close());

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-migrations-'));
    write('0001-city', city);
    write('0002-street', street);
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await inScriptTransaction(database, (transaction) =>
      transaction.run('drop schema public cascade; create schema public; drop schema if exists pgboss cascade'),
    );
  });

  function write(name: string, { up, down }: { up: string; down: string }): void {
    writeFileSync(join(folder, `${name}.up.sql`), up);
    writeFileSync(join(folder, `${name}.down.sql`), down);
  }

  async function tables(): Promise<string[]> {
    const rows = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = 'public' order by table_name
    `.execute(database.kysely());
    return rows.rows.map(({ name }) => name);
  }

  async function greeting(): Promise<string | undefined> {
    const rows = await sql<{ text: string }>`select city_greeting(1) as text`.execute(database.kysely());
    return rows.rows[0]?.text;
  }

  it('applies scripts of many statements, with function bodies, in the order of their numbers', async () => {
    expect(await migrateUp(database, { folder })).toEqual(['0001-city', '0002-street', jobQueue]);
    expect(await tables()).toEqual(['city', 'schema_migration', 'street']);
    expect(await greeting()).toBe('hello; Delft');
    expect(await schemaState(database, { folder })).toEqual({ pending: [], unknown: [], changed: [] });
  });

  it('has nothing left to do the second time', async () => {
    await migrateUp(database, { folder });
    expect(await migrateUp(database, { folder })).toEqual([]);
  });

  it('lets two runs at once both succeed, and applies everything once', async () => {
    const runs = await Promise.all([migrateUp(database, { folder }), migrateUp(database, { folder })]);
    expect(runs.map((names) => names.length).sort()).toEqual([0, 3]);
    expect(await greeting()).toBe('hello; Delft');
  });

  it('leaves nothing behind when one script fails, and names it', async () => {
    write('0003-broken', { up: 'create table fine (id int);\ncreate table bad (id nonsense);', down: 'select 1' });
    await expect(migrateUp(database, { folder })).rejects.toThrow(/^0003-broken\.up\.sql failed, .*nonsense.*line 2/);
    expect(await tables()).toEqual([]);
    await expect(database.ping(5_000)).resolves.toBeUndefined();
  });

  it('goes back one migration, to a named one, and to nothing', async () => {
    write('0003-house', { up: 'create table house (id int)', down: 'drop table house' });
    await migrateUp(database, { folder });

    expect(await migrateDown(database, { folder })).toEqual(['0003-house']);
    expect(await migrateDown(database, { folder, to: '0001-city' })).toEqual(['0002-street']);
    expect(await migrateDown(database, { folder, to: 'nothing' })).toEqual(['0001-city']);
    expect(await tables()).toEqual(['schema_migration']);

    expect(await migrateUp(database, { folder })).toEqual(['0001-city', '0002-street', '0003-house', jobQueue]);
  });

  it('refuses to go back to a migration that is not applied', async () => {
    await migrateUp(database, { folder });
    await expect(migrateDown(database, { folder, to: '0009-moon' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lets a process start on the schema it knows, and on no other', async () => {
    await expect(requireKnownSchema(database, { folder })).rejects.toThrow(
      `The database lacks 0001-city, 0002-street, ${jobQueue}. Run "npx sallyport migrate" and start again.`,
    );
    await migrateUp(database, { folder });
    await expect(requireKnownSchema(database, { folder })).resolves.toBeUndefined();

    rmSync(join(folder, '0002-street.up.sql'));
    rmSync(join(folder, '0002-street.down.sql'));
    await expect(requireKnownSchema(database, { folder })).rejects.toThrow(/0002-street.*newer version/);
    await expect(migrateUp(database, { folder })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses a script that was edited after it had been applied', async () => {
    await migrateUp(database, { folder });
    write('0001-city', { ...city, up: `${city.up} -- one more word` });
    expect((await schemaState(database, { folder })).changed).toEqual(['0001-city']);
    await expect(migrateUp(database, { folder })).rejects.toThrow(/0001-city was edited after/);
  });

  it('refuses misnamed files, files without a way back, shared numbers and scripts that commit', async () => {
    writeFileSync(join(folder, 'extra.sql'), 'select 1');
    expect(() => migrateUp(database, { folder })).toThrow(/extra\.sql .* is not named/);
    rmSync(join(folder, 'extra.sql'));

    writeFileSync(join(folder, '0003-one-way.up.sql'), 'select 1');
    expect(() => migrateUp(database, { folder })).toThrow(/0003-one-way\.down\.sql/);
    rmSync(join(folder, '0003-one-way.up.sql'));

    write('0002-twin', { up: 'select 1', down: 'select 1' });
    expect(() => migrateUp(database, { folder })).toThrow(/have the same number/);
    rmSync(join(folder, '0002-twin.up.sql'));
    rmSync(join(folder, '0002-twin.down.sql'));

    write('0003-commits', { up: 'create table early (id int);\ncommit;', down: 'select 1' });
    expect(() => migrateUp(database, { folder })).toThrow(/0003-commits\.up\.sql says "commit;"/);
  });

  it('brings the job queue of an older version up to date', async () => {
    await migrateUp(database, { folder });
    const older = getRollbackPlans('pgboss', wantedVersion)
      .replace(/^\s*BEGIN;/, '')
      .replace(/COMMIT;\s*$/, '');
    await inScriptTransaction(database, (transaction) => transaction.run(older));
    await expect(requireKnownSchema(database, { folder })).rejects.toThrow(`The database lacks ${jobQueue}.`);

    expect(await migrateUp(database, { folder })).toEqual([jobQueue]);
    await expect(requireKnownSchema(database, { folder })).resolves.toBeUndefined();
  });
});
