import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import { isReadAmongStaff, isSeenByStaff } from '../api/visibility.js';
import { Refusal } from '../platform/errors.js';
import type { FieldArguments } from '../platform/reading/arguments.js';
import type { Ways } from '../platform/reading/connection-sql.js';
import type { Row, Sql } from '../platform/reading/projection.js';

const longestSearch = 200;
const mostWords = 10;
const shortestBeginning = 3;

/** What the index holds: the same expression, so that it is used. */
const allWords = sql`(w.partner_words || w.message_words || w.staff_words || w.note_words)`;
const wordsWithoutNotes = sql`(w.partner_words || w.message_words || w.staff_words)`;
const partnersWords = sql`(w.partner_words || w.message_words)`;

/**
 * Goes through applications one by one. Partners, and staff as to organizations they belong to, search what partners see
 * and nothing else; staff who are recused, everything but notes.
 */
export function fitsSearch(row: Row, args: FieldArguments, eyes: Eyes): Sql {
  const organization = row('organization_id');
  const words = eyes.seesEveryOrganization
    ? sql`case when ${isReadAmongStaff(organization, eyes)} then ${allWords}
        when ${isSeenByStaff(organization, eyes)} then ${wordsWithoutNotes} else ${partnersWords} end`
    : partnersWords;
  // The function and not its operator, which would have PostgreSQL think of the index.
  return sql`(select ts_match_vq(${words}, ${query(args)}) from application_text as w
    where w.application_id = ${row('id')})`;
}

/**
 * Staff search millions of applications. A rare word is found by the index of words, a common one by going through the
 * applications in the order in which they are listed, until the page is full.
 */
export function waysToSearch(row: Row, args: FieldArguments, eyes: Eyes): Ways {
  const found = sql`${row('id')} = any(array(select w.application_id from application_text as w
    where ${allWords} @@ ${query(args)}))`;
  const isForStaff = isReadAmongStaff(row('organization_id'), eyes);
  return {
    isFirst: sql`(not search_is_common(${searched(args)}))`,
    first: sql`${found} and (${isForStaff} or ${fitsSearch(row, args, eyes)})`,
    second: fitsSearch(row, args, eyes),
  };
}

/** Made once for the statement, and not for every row. */
function query(args: FieldArguments): Sql {
  return sql`(select search_query(${searched(args)}))`;
}

function searched(args: FieldArguments): Sql {
  return args.value('search', 'text', (text) => requireSearch(String(text), ['search']));
}

/** The words of a search as the database parts them, near enough to count them: see `search_query`. */
const parting = /[\s!-)+-/:-@[-`{-~\u00a0-\u00bf\u2000-\u206f\u3000-\u303f]+/u;

/**
 * What can be searched for.
 * @throws Refusal INVALID when it is too long, has too many words or none, or a star after too short a beginning
 */
export function requireSearch(text: string, path: readonly string[]): string {
  if (text.length > longestSearch) {
    throw Refusal.of('INVALID', `At most ${longestSearch} characters fit here, and these are ${text.length}.`, path);
  }
  if (text.includes('\0') || !text.isWellFormed()) {
    throw Refusal.of('INVALID', 'A search must be well-formed Unicode without the character U+0000.', path);
  }
  const words = text.split(parting).filter((word) => word.replaceAll('*', '') !== '');
  if (words.length === 0) throw Refusal.of('INVALID', 'Give at least one word to search for.', path);
  if (words.length > mostWords) {
    throw Refusal.of('INVALID', `Give at most ${mostWords} words to search for; these are ${words.length}.`, path);
  }
  const short = words.find((word) => word.includes('*') && word.replaceAll('*', '').length < shortestBeginning);
  if (short === undefined) return text;
  const message = `“${short}” finds too much: a star goes after at least ${shortestBeginning} letters.`;
  throw Refusal.of('INVALID', message, path);
}
