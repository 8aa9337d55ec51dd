import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery } from 'kysely';
import type { Ending } from '../../../src/platform/database/transactions.js';
import { inTransaction } from '../../../src/platform/transaction.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

const { raw } = CompiledQuery;

/** The embedded database takes no scripts within a transaction, and prepares nothing for later. */
const onServer = process.env.TEST_DATABASE_URL ? describe : describe.skip;

let own: TestDatabase;

beforeAll(async () => {
  own = await openTestDatabase({ empty: true, poolSize: 1 });
  await run('create table note (number integer primary key, at timestamptz not null default now(), text text)');
});
afterAll(() => own.close());
beforeEach(() => run('delete from note'));

async function run(text: string): Promise<void> {
  await own.kysely().executeQuery(raw(text));
}

async function notes(): Promise<readonly number[]> {
  const { rows } = await own.kysely().executeQuery<{ number: number }>(raw('select number from note order by number'));
  return rows.map(({ number }) => number);
}

const noting = (number: number) => raw('insert into note (number) values ($1)', [number]);
const question = (text: string) => raw(`select (${text})::text as answer where $1::integer = 1`, [1]);

/** A transaction that ends with these statements and, once it is committed, with a question. */
function ending(...statements: readonly CompiledQuery[]) {
  return inTransaction(own, async (_em, { last }) => statements.forEach(last));
}

describe('what a transaction ends with', () => {
  it('is all there when every statement was accepted', async () => {
    await ending(noting(1), noting(2), noting(3));

    expect(await notes()).toEqual([1, 2, 3]);
  });

  it.each([
    ['first', [noting(7), noting(1), noting(2)]],
    ['in the middle', [noting(1), noting(7), noting(2)]],
    ['last', [noting(1), noting(2), noting(7)]],
  ])('is not there at all when one fails that comes %s, and its error is told', async (_where, statements) => {
    await ending(noting(7));

    await expect(ending(...statements)).rejects.toThrow(/duplicate key value violates unique constraint "note_pkey"/);
    expect(await notes()).toEqual([7]);
  });

  it('is not there when a value cannot be sent to the database', async () => {
    const refuse = () => {
      throw new Error('This cannot be written down.');
    };
    const secret = { toString: refuse, toJSON: refuse };

    const statements = [noting(1), raw('insert into note (number, text) values (2, $1)', [secret]), noting(3)];
    await expect(ending(...statements)).rejects.toThrow('This cannot be written down.');
    expect(await notes()).toEqual([]);
  });

  it('leaves a connection on which the next transaction goes well', async () => {
    await ending(noting(1));
    await expect(ending(noting(1), noting(2))).rejects.toThrow(/duplicate key/);

    await ending(noting(2));

    expect(await notes()).toEqual([1, 2]);
  });
});

describe('what is asked when a transaction has been committed', () => {
  const asking = (text: string, ...statements: readonly CompiledQuery[]) =>
    inTransaction(own, async (_em, { last, afterwards }: Ending) => {
      for (const statement of statements) last(statement);
      return { answer: afterwards(question(text)) };
    });

  it('is answered with what the transaction wrote', async () => {
    const { answer } = await asking('select sum(number) from note', noting(1), noting(2));

    expect(await answer).toBe('3');
  });

  it('leaves the transaction as it is when it fails', async () => {
    const { answer } = await asking('select 1 / (count(*) - 1) from note', noting(1));

    await expect(answer).rejects.toThrow(/division by zero/);
    expect(await notes()).toEqual([1]);
  });
});

describe('statements within a transaction', () => {
  it('answer rows in the types that the rest of the portal has, and how many rows were changed', async () => {
    const found = await inTransaction(own, async (em) => {
      const database = em.getKysely();
      const made = await database.executeQuery(
        raw('insert into note (number, at) values (1, $1), (2, $1)', [new Date(0)]),
      );
      const read = await database.executeQuery(raw('select number, at, text from note where number = $1', [2]));
      return { made: made.numAffectedRows, read: read.rows };
    });

    expect(found.made).toBe(2n);
    expect(found.read).toEqual([{ number: 2, at: expect.stringMatching(/^1970-01-01 /), text: null }]);
  });
});

onServer('statements within a transaction on a server', () => {
  it('may be scripts, which see what was asked before it in the same breath', async () => {
    await inTransaction(own, async (em) => {
      const database = em.getKysely();
      await Promise.all([
        database.executeQuery(noting(1)),
        database.executeQuery(raw('update note set number = number + 1; update note set number = number * 10')),
        database.executeQuery(noting(1)),
      ]);
    });

    expect(await notes()).toEqual([1, 20]);
  });

  it('are prepared anew when a table has been changed since', async () => {
    await run('create table changing (kept integer)');
    const read = () =>
      inTransaction(own, async (em) => {
        const { rows } = await em.getKysely().executeQuery(raw('select * from changing where $1 = $1', [1]));
        return rows;
      });
    await run('insert into changing values (1)');
    for (let use = 0; use < 3; use += 1) expect(await read()).toEqual([{ kept: 1 }]);

    await run('alter table changing add column added text default $$new$$');

    expect(await read()).toEqual([{ kept: 1, added: 'new' }]);
    expect(await read()).toEqual([{ kept: 1, added: 'new' }]);
  });
});
