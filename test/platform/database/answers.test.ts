import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import { namedStatement } from '../../../src/platform/database/named-statement.js';
import type { TextRow } from '../../../src/platform/database/row-query.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

/** The embedded database has one connection, on which nothing is prepared for later. */
const onServer = process.env.TEST_DATABASE_URL ? describe : describe.skip;

let own: TestDatabase;

beforeAll(async () => {
  own = await openTestDatabase({ empty: true, poolSize: 2 });
  await run('create table note (number integer primary key, text text)');
  await run(`insert into note values (1, 'one'), (2, 'two: "é✓"'), (3, null)`);
});
afterAll(() => own.close());

async function run(text: string): Promise<void> {
  await own.kysely().executeQuery(CompiledQuery.raw(text));
}

function ask(text: string, ...values: TextRow): Promise<string | null> {
  return own.answer(namedStatement(text), values);
}

const noteOf = (number: string) => ask('select text as answer from note where number = $1::text::integer', number);

describe('a statement that answers one text', () => {
  it('is answered with the first row’s, in every script', async () => {
    expect(await noteOf('2')).toBe('two: "é✓"');
    expect(await ask('select text as answer from note order by number')).toBe('one');
  });

  it('is answered with nothing when there is no row, or nothing in it', async () => {
    expect(await noteOf('3')).toBeNull();
    expect(await noteOf('4')).toBeNull();
  });

  it('can be given nothing for a value', async () => {
    expect(await ask('select coalesce($1::text, $2::text) as answer', null, 'given')).toBe('given');
  });

  it('may be asked by more at once than there are connections', async () => {
    const numbers = Array.from({ length: 50 }, (_none, position) => String(1 + (position % 4)));

    const answers = await Promise.all(numbers.map(noteOf));

    expect(answers.slice(0, 8)).toEqual(['one', 'two: "é✓"', null, null, 'one', 'two: "é✓"', null, null]);
    expect(answers).toHaveLength(50);
  });

  it('tells why it cannot be answered, and leaves the others be', async () => {
    const asked = await Promise.allSettled([
      noteOf('1'),
      noteOf('none'),
      ask('select text as answer from letter'),
      noteOf('2'),
    ]);

    expect(asked.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      'one',
      expect.stringMatching(/invalid input syntax for type integer: "none"/),
      expect.stringMatching(/relation "letter" does not exist/),
      'two: "é✓"',
    ]);
  });

  it('can be asked once what it lacked is there', async () => {
    await expect(ask('select text as answer from message')).rejects.toThrow('relation "message" does not exist');
    await run(`create table message as select 'here'::text as text`);

    expect(await ask('select text as answer from message')).toBe('here');
  });
});

onServer('a statement that is prepared', () => {
  it('is prepared anew when a table has been changed since', async () => {
    expect(await Promise.all(['1', '1', '1'].map(noteOf))).toEqual(['one', 'one', 'one']);
    await run('alter table note alter column text type varchar(100)');

    expect(await Promise.all(['1', '1', '1'].map(noteOf))).toEqual(['one', 'one', 'one']);
  });
});
