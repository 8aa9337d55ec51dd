import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { encodeId } from '../platform/ids.js';
import type { Findings, FoundMatch } from './findings.js';
import { ScreeningAdjudication, ScreeningHit, ScreeningMatch, type ScreeningRun } from './screening.entity.js';

export interface HitChanges {
  readonly counts: { opened: number; reopened: number; carriedOver: number; lapsed: number };
  /** Is there one, opened or reopened, on the organization or a member, and not on a named user only? */
  readonly concernOrganization: boolean;
  /** Report the events, once everything is written. */
  readonly reports: readonly (() => void)[];
}

/** A hit that an organization has, with what its latest match was about and what the list says of it now. */
interface KnownHit {
  readonly id: string;
  readonly subject_kind: string;
  readonly subject_id: string;
  readonly list_id: string;
  readonly reference: string;
  readonly subject_significance: string;
  readonly significance: string;
  /** Null when the entry is not on the list any more. */
  readonly listed_significance: string | null;
}

/** Brings an organization's hits in line with what was found; what people judged stands as long as nothing it was about changed. */
export async function updateHits(work: Work, run: ScreeningRun, findings: Findings): Promise<HitChanges> {
  const known = await knownHits(work, run.organizationId);
  const entities = await work.em.find(ScreeningHit, { organizationId: run.organizationId });
  const changes: Changes = {
    counts: { opened: 0, reopened: 0, carriedOver: 0, lapsed: 0 },
    concernOrganization: false,
    reports: [],
  };
  const matched = new Set<string>();
  for (const match of findings.matches) {
    const earlier = known.find((hit) => isAbout(hit, match));
    const hit = entities.find(({ id }) => id === earlier?.id);
    if (earlier && hit) {
      matched.add(hit.id);
      await meetAgain(work, run, { hit, earlier, match }, changes);
    } else await meet(work, run, match, changes);
  }
  for (const hit of entities) {
    const earlier = known.find(({ id }) => id === hit.id);
    if (earlier && !matched.has(hit.id) && isOutdated(hit, earlier, findings)) await lapse(work, hit, changes);
  }
  return changes;
}

type Changes = Pick<HitChanges, 'counts'> & { concernOrganization: boolean; readonly reports: (() => void)[] };

/** A hit that was not there before. What two people found of the same person and entry elsewhere holds here too. */
async function meet(work: Work, run: ScreeningRun, match: FoundMatch, changes: Changes): Promise<void> {
  const clearedId = await clearedElsewhere(work, match);
  const hit = work.em.create(ScreeningHit, {
    id: work.ids.next(),
    organizationId: run.organizationId,
    subjectKind: match.subject.kind,
    subjectId: match.subject.id,
    listId: match.listId,
    reference: match.reference,
    status: clearedId ? 'FALSE_POSITIVE' : 'OPEN',
    carriedFromId: clearedId,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  await work.em.flush();
  keepMatch(work, run, hit, match);
  if (clearedId) changes.counts.carriedOver += 1;
  else {
    changes.counts.opened += 1;
    changes.concernOrganization ||= hit.subjectKind !== 'NAMED_USER';
    changes.reports.push(() => recordHitEvent(work, hit, 'screening.hit_opened', match));
  }
}

/** A hit that was there: nothing happens to it unless the entry or the name is another, or the list names it again. */
async function meetAgain(
  work: Work,
  run: ScreeningRun,
  { hit, earlier, match }: { hit: ScreeningHit; earlier: KnownHit; match: FoundMatch },
  changes: Changes,
): Promise<void> {
  const isSame =
    earlier.significance === match.significance && earlier.subject_significance === match.subject.significance;
  if (isSame && hit.status !== 'LAPSED') return;
  if (!isSame) {
    keepMatch(work, run, hit, match);
    await lapseProposal(work, hit);
  }
  hit.updatedAt = work.now;
  // A true match stays one until people say otherwise.
  if (hit.status === 'OPEN' || hit.status === 'TRUE_MATCH') return;
  hit.status = 'OPEN';
  hit.carriedFromId = null;
  changes.counts.reopened += 1;
  changes.concernOrganization ||= hit.subjectKind !== 'NAMED_USER';
  changes.reports.push(() => recordHitEvent(work, hit, 'screening.hit_reopened', match));
}

/**
 * Only a change of the list closes a hit by itself. What the partner does never closes one: somebody who renames the
 * organization, or removes a member, does not judge a hit by it.
 */
function isOutdated({ status }: ScreeningHit, earlier: KnownHit, { subjects }: Findings): boolean {
  if (status !== 'OPEN' && status !== 'INCONCLUSIVE') return false;
  if (earlier.listed_significance === null) return true;
  const subject = subjects.find(({ kind, id }) => kind === earlier.subject_kind && id === earlier.subject_id);
  return subject?.significance === earlier.subject_significance && earlier.listed_significance !== earlier.significance;
}

async function lapse(work: Work, hit: ScreeningHit, changes: Changes): Promise<void> {
  hit.status = 'LAPSED';
  hit.updatedAt = work.now;
  changes.counts.lapsed += 1;
  await lapseProposal(work, hit);
  changes.reports.push(() =>
    work.record({
      event: 'screening.hit_lapsed',
      payload: {
        organizationId: encodeId('organization', hit.organizationId),
        hitId: encodeId('screeninghit', hit.id),
      },
      subject: { kind: 'screeninghit', id: hit.id },
      organizationId: hit.organizationId,
    }),
  );
}

async function lapseProposal(work: Work, { id }: ScreeningHit): Promise<void> {
  const proposal = await work.em.findOne(ScreeningAdjudication, { hitId: id, status: 'PROPOSED' });
  if (proposal) proposal.status = 'LAPSED';
}

function keepMatch(work: Work, run: ScreeningRun, hit: ScreeningHit, match: FoundMatch): void {
  work.em.create(ScreeningMatch, {
    id: work.ids.next(),
    hitId: hit.id,
    runId: run.id,
    entryId: match.entryId,
    subjectName: match.subject.name,
    subjectSignificance: match.subject.significance,
    score: match.score,
    explanation: match.explanation,
    foundAt: work.now,
  });
}

function recordHitEvent(
  work: Work,
  hit: ScreeningHit,
  event: 'screening.hit_opened' | 'screening.hit_reopened',
  { listCode, score }: FoundMatch,
): void {
  work.record({
    event,
    payload: {
      organizationId: encodeId('organization', hit.organizationId),
      hitId: encodeId('screeninghit', hit.id),
      listCode,
      score,
    },
    subject: { kind: 'screeninghit', id: hit.id },
    organizationId: hit.organizationId,
  });
}

function isAbout(hit: KnownHit, { subject, listId, reference }: FoundMatch): boolean {
  return (
    hit.subject_kind === subject.kind &&
    hit.subject_id === subject.id &&
    hit.list_id === listId &&
    hit.reference === reference
  );
}

async function knownHits({ sql: database }: Work, organizationId: string): Promise<readonly KnownHit[]> {
  const found = await sql<KnownHit>`
    select h.id, h.subject_kind, h.subject_id, h.list_id, h.reference, m.subject_significance, e.significance,
      now.significance as listed_significance
    from screening_hit as h
    join lateral (select * from screening_match where hit_id = h.id order by id desc limit 1) as m on true
    join screening_entry as e on e.id = m.entry_id
    left join screening_entry as now on now.list_id = h.list_id and now.reference = h.reference and now.until_version_id is null
    where h.organization_id = ${organizationId}`.execute(database);
  return found.rows;
}

/** The hit on the same person and the same entry in another organization that was found to be of no concern. */
async function clearedElsewhere({ sql: database }: Work, match: FoundMatch): Promise<string | null> {
  if (match.subject.kind !== 'PERSON') return null;
  const found = await sql<{ id: string }>`select h.id from screening_hit as h
    join lateral (select * from screening_match where hit_id = h.id order by id desc limit 1) as m on true
    join screening_entry as e on e.id = m.entry_id
    where h.subject_id = ${match.subject.id} and h.subject_kind = 'PERSON' and h.list_id = ${match.listId}
      and h.reference = ${match.reference} and h.status = 'FALSE_POSITIVE' and h.carried_from_id is null
      and e.significance = ${match.significance} and m.subject_significance = ${match.subject.significance}
    order by h.id limit 1`.execute(database);
  return found.rows[0]?.id ?? null;
}
