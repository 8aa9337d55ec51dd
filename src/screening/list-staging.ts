import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { ListRow } from './list-file.js';
import type { ListedParty } from './list-formats.js';
import { normalName, type PartyKind } from './normal-name.js';

/** Rows that are written in one transaction. */
export const stagedAtOnce = 500;

/**
 * Keeps rows of a version that is being imported, with the progress made by them. Rows that are kept already, because an
 * import was cut off after they were written, stay as they are.
 * @throws Refusal INVALID when two rows have one id, CONFLICT when another import took over
 */
export async function stageRows(
  database: RawSql,
  versionId: string,
  rows: readonly ListRow[],
  ids: Ids,
): Promise<void> {
  const entries = rows.map(({ line, party }) => stagedEntry(party, line, ids.next()));
  const kept = await sql<{ reference: string; line: number }>`
    with given as (select * from jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) as r (id uuid, reference text, line integer,
        kind text, names jsonb, countries jsonb, details jsonb, significance text, content text)),
      written as (
        insert into screening_staged_entry (version_id, reference, line, id, kind, names, countries, details, significance, content)
        select ${versionId}, reference, line, id, kind, names, array(select jsonb_array_elements_text(countries)), details,
          significance, content from given
        on conflict (version_id, reference) do nothing returning reference)
    select s.reference, s.line from screening_staged_entry as s join given as g on g.reference = s.reference
    where s.version_id = ${versionId}`.execute(database);
  refuseTwins(rows, kept.rows);
  const last = rows.at(-1)?.number ?? 0;
  const noted = await sql<{ id: string }>`update screening_list_version set rows_read = greatest(rows_read, ${last})
    where id = ${versionId} and status = 'IMPORTING' returning id`.execute(database);
  if (noted.rows.length === 0)
    throw Refusal.of('CONFLICT', 'Another import of this list took over; nothing of this one is in force.');
}

/** Lets an import begin from the first row, because those that are staged are not of one file. */
export async function startOver(database: RawSql, versionId: string): Promise<void> {
  await sql`update screening_list_version set rows_read = 0 where id = ${versionId} and status = 'IMPORTING'`.execute(
    database,
  );
  await sql`delete from screening_staged_entry where version_id = ${versionId}`.execute(database);
}

/** What was there before, in this file or in an earlier try at it, must be the same row. */
function refuseTwins(rows: readonly ListRow[], kept: readonly { reference: string; line: number }[]): void {
  const lines = new Map(kept.map(({ reference, line }) => [reference, line]));
  for (const { line, party } of rows) {
    const earlier = lines.get(party.reference) ?? line;
    lines.set(party.reference, line);
    if (earlier === line) continue;
    throw Refusal.of(
      'INVALID',
      `Line ${line}: the id ${party.reference} is in line ${earlier} already; every entry has an id of its own.`,
    );
  }
}

function stagedEntry(party: ListedParty, line: number, id: string) {
  const kind: PartyKind = party.kind === 'OTHER' ? 'UNKNOWN' : party.kind;
  const names = party.names.map(({ name, role }) => {
    const { text, sound } = normalName(name, kind);
    return { name, role, text, sound };
  });
  const significant = [party.kind, party.names.map(({ name }) => name), party.countries];
  return {
    ...party,
    id,
    line,
    names,
    significance: sha256(significant),
    content: sha256([significant, party.details]),
  };
}

function sha256(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
