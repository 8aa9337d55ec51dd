import type { ScoredMatch } from './match-score.js';
import type { Subject } from './subjects.queries.js';

/** An entry of a list that somebody of ours is called like. */
export interface FoundMatch extends ScoredMatch {
  readonly subject: Subject;
  readonly entryId: string;
  readonly listId: string;
  readonly listCode: string;
  readonly reference: string;
  /** SHA-256 of what of the entry counts for a match. */
  readonly significance: string;
}

export interface ListInForce {
  readonly code: string;
  readonly versionId: string;
  readonly number: number;
}

/** What a screening of an organization found, before it is written down. */
export interface Findings {
  /** Whoever joined or was renamed after this moment is not in it. */
  readonly at: Date;
  readonly subjects: readonly Subject[];
  readonly lists: readonly ListInForce[];
  readonly threshold: number;
  readonly matches: readonly FoundMatch[];
}
