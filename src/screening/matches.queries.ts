import type { Database } from '../platform/database/database.js';
import { inTransaction } from '../platform/transaction.js';
import { type Candidate, candidatesFor } from './candidates.queries.js';
import type { FoundMatch } from './findings.js';
import { normalListed, scoreMatch } from './match-score.js';
import { normalName } from './normal-name.js';
import type { Subject } from './subjects.queries.js';

/** Names that are looked up by one statement. */
const lookedUpAtOnce = 20;

/** The entries of the lists in force that these are called like, by at least this score. */
export async function matchesOf(
  database: Database,
  subjects: readonly Subject[],
  threshold: number,
): Promise<readonly FoundMatch[]> {
  const matches: FoundMatch[] = [];
  for (let from = 0; from < subjects.length; from += lookedUpAtOnce) {
    const some = subjects.slice(from, from + lookedUpAtOnce);
    const names = some.map((subject) => {
      const kind = partyKindOf(subject);
      return { kind, name: normalName(subject.name, kind) };
    });
    const candidates = await inTransaction(database, (em) => candidatesFor(em.getKysely(), names));
    const bySubject = Map.groupBy(candidates, ({ wanted }) => wanted);
    matches.push(...some.flatMap((subject, place) => bestMatches(subject, bySubject.get(place) ?? [], threshold)));
  }
  return matches;
}

/** Of each entry, the name that is most like the subject's, if it is like enough. */
function bestMatches(subject: Subject, candidates: readonly Candidate[], threshold: number): readonly FoundMatch[] {
  const best = new Map<string, FoundMatch>();
  const known = wordsOf(candidates);
  for (const candidate of candidates) {
    const scored = scoreMatch({ ...subject, kind: partyKindOf(subject) }, candidate, known);
    const earlier = best.get(candidate.entryId);
    if (scored.score < threshold || (earlier && earlier.score >= scored.score)) continue;
    const { entryId, listId, listCode, reference, significance } = candidate;
    best.set(entryId, { ...scored, subject, entryId, listId, listCode, reference, significance });
  }
  return [...best.values()];
}

/** What kind of name it is that is looked for. */
function partyKindOf({ kind }: Subject): 'ORGANIZATION' | 'PERSON' {
  return kind === 'ORGANIZATION' ? 'ORGANIZATION' : 'PERSON';
}

/**
 * The telling words of names that are like the wanted one. Whoever else on the lists bears a word of it is among them, so
 * nothing more need be asked of the database.
 */
function wordsOf(candidates: readonly Candidate[]): ReadonlySet<string> {
  const words = candidates.flatMap((candidate) => normalListed(candidate).words);
  return new Set(words.filter(({ weight }) => weight >= 1).map(({ text }) => text));
}
