import type { StoredRecord } from '../audit/audit-chain.js';
import type { ReleaseStatus } from '../lifecycle/release.js';
import type { NameMatch, ReleaseHistory } from '../lifecycle/release-history.js';
import type { DirectiveLine } from './archive-lines.js';
import { uuidOf } from './typed-id.js';

/** What of a record is read here. */
export type ReadRecord = Pick<StoredRecord, 'event' | 'at' | 'payload' | 'sequence' | 'subjectId'>;

/** What records tell of the course of things, which rows do not keep. */
export class ReleaseRecords {
  readonly #matches = new Map<string, NameMatch[]>();
  readonly #statements: { readonly at: number; readonly status: ReleaseStatus }[] = [];
  readonly #permitted = new Map<string, { readonly sequence: number; readonly at: string; readonly event: string }[]>();

  /** Records are handed over in their order. */
  take({ event, at, payload, sequence }: ReadRecord): void {
    if (event === 'directive.entry_matched') {
      const { entryId, result, organizationId } = JSON.parse(payload);
      if (typeof entryId !== 'string') return;
      const match = { at: Date.parse(at), status: result, organizationId: organizationId && uuidOf(organizationId) };
      this.#matches.set(uuidOf(entryId), [...(this.#matches.get(uuidOf(entryId)) ?? []), match]);
    } else if (event === 'product.release_status_changed') {
      this.#statements.push({ at: Date.parse(at), status: JSON.parse(payload).releaseStatus });
    } else if (event === 'product.grants_confirmed') {
      for (const id of JSON.parse(payload).grantIds.map(uuidOf))
        this.#permitted.set(id, [...(this.#permitted.get(id) ?? []), { sequence, at, event }]);
    }
  }

  /** When a grant was found to be permitted again. */
  confirmationsOf(grantId: string) {
    return (this.#permitted.get(grantId) ?? []).map((one) => ({ ...one, status: null }));
  }

  /** What the operator stated, and since when; oldest first. */
  get statements(): ReleaseHistory['statements'] {
    return this.#statements;
  }

  /** The directives with every match that was ever made, where the log still tells of them. */
  withMatches(directives: readonly DirectiveLine[]): readonly DirectiveLine[] {
    return directives.map((directive) => ({
      ...directive,
      entries: directive.entries.map((entry) => ({ ...entry, matches: this.#matches.get(entry.id) ?? entry.matches })),
    }));
  }

  historyOf(productCode: string, directives: readonly DirectiveLine[]): ReleaseHistory {
    return { productCode, directives, statements: this.#statements };
  }
}
