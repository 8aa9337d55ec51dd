import type { Database } from '../platform/database/database.js';
import { inTransaction } from '../platform/transaction.js';
import { type Candidate, candidatesFor } from './candidates.queries.js';
import type { FoundMatch } from './findings.js';
import { scoreMatch } from './match-score.js';
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
    matches.push(...some.flatMap((subject, place) => bestMatches(subject, candidates, place, threshold)));
  }
  return matches;
}

/** Of each entry, the name that is most like the subject's, if it is like enough. */
function bestMatches(
  subject: Subject,
  candidates: readonly Candidate[],
  place: number,
  threshold: number,
): readonly FoundMatch[] {
  const best = new Map<string, FoundMatch>();
  for (const candidate of candidates) {
    if (candidate.wanted !== place) continue;
    const scored = scoreMatch({ ...subject, kind: partyKindOf(subject) }, candidate);
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
