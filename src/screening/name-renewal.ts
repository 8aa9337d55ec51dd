import { sql } from 'kysely';
import type { Database, RawSql } from '../platform/database/database.js';
import { inTransaction } from '../platform/transaction.js';
import { matcherVersion } from './matcher.js';
import { normalName, type PartyKind } from './normal-name.js';

/** Names that are written by one statement. */
const renewedAtOnce = 1_000;

/**
 * Has the names of all lists looked up by the rules of today. There is something to do only after the rules have
 * changed: a list that was imported before is looked up as the rules were then.
 */
export async function renewNames(database: Database): Promise<void> {
  for (const listId of await outdatedLists(database.kysely())) {
    while ((await inTransaction(database, (em) => renewSome(em.getKysely(), listId))) > 0);
    await sql`update screening_list set matcher = ${matcherVersion} where id = ${listId}`.execute(database.kysely());
  }
}

async function outdatedLists(database: RawSql): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`
    select id from screening_list where matcher <> ${matcherVersion} order by id`.execute(database);
  return found.rows.map(({ id }) => id);
}

/** @returns how many names were renewed */
async function renewSome(database: RawSql, listId: string): Promise<number> {
  const found = await sql<{ id: string; position: number; name: string; kind: PartyKind }>`
    select n.entry_id as id, n.position, n.name, e.kind from screening_name as n
    join screening_entry as e on e.id = n.entry_id
    where e.list_id = ${listId} and n.matcher <> ${matcherVersion} limit ${renewedAtOnce} for update of n`.execute(
    database,
  );
  const renewed = found.rows.map(({ id, position, name, kind }) => {
    const { text, sound } = normalName(name, kind);
    return { id, position, text, sound };
  });
  await sql`update screening_name as n set text = r.text, sound = r.sound, matcher = ${matcherVersion}
    from jsonb_to_recordset(${JSON.stringify(renewed)}::jsonb) as r (id uuid, position integer, text text, sound text)
    where n.entry_id = r.id and n.position = r.position`.execute(database);
  return renewed.length;
}
