import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { Listed, Wanted } from './match-score.js';
import type { NormalName } from './normal-name.js';

/** A name of an entry in force that shares enough letters or sounds with a wanted one to be compared. */
export interface Candidate extends Listed {
  /** The place of the wanted name among those that were asked for. */
  readonly wanted: number;
  readonly entryId: string;
  readonly listId: string;
  readonly listCode: string;
  readonly reference: string;
  /** SHA-256 of what of the entry counts for a match. */
  readonly significance: string;
}

export interface WantedName {
  readonly kind: Wanted['kind'];
  readonly name: NormalName;
}

/** How like, by their trigrams, names must be to be compared; far below what makes a hit. */
const leastSimilarity = 0.4;

/** Names that are compared with one wanted name: the likeliest. */
const mostCandidates = 100;

/**
 * The names on the lists in force that may be meant by these. In a transaction, because the likeness that makes the
 * index answer is a setting.
 */
export async function candidatesFor(database: RawSql, wanted: readonly WantedName[]): Promise<readonly Candidate[]> {
  if (wanted.length === 0) return [];
  // Comparing costs much more than the planner takes it for, so it would rather compare with everything; and told not
  // to, it takes the statement for so long a one that it compiles it.
  await sql`select set_config('pg_trgm.similarity_threshold', ${String(leastSimilarity)}, true),
    set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`.execute(database);
  const names = wanted.map(({ name: { text, sound }, kind }, place) => ({ place, kind, text, sound }));
  const found = await sql<Candidate>`
    select w.place as wanted, n.name, n.role, e.kind, to_json(e.countries) as countries, e.id as "entryId",
      e.list_id as "listId", l.code as "listCode", e.reference, e.significance
    from jsonb_to_recordset(${JSON.stringify(names)}::jsonb) as w (place integer, kind text, text text, sound text)
    cross join lateral (
      select entry_id, position, name, role from screening_name
      where (text % w.text or sound % w.sound) and kind in (w.kind, 'UNKNOWN')
      order by greatest(similarity(text, w.text), similarity(sound, w.sound)) desc, entry_id, position
      limit ${mostCandidates}) as n
    join screening_entry as e on e.id = n.entry_id join screening_list as l on l.id = e.list_id`.execute(database);
  return found.rows;
}
