import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import {
  requireAccepted,
  requireIdentified,
  requirePerson,
  requireText,
  requireVersion,
} from '../doorway/requirements.js';
import type { EventName } from '../events/catalogue.js';
import { noteNamedUsersScreened } from '../grants/named-user-screening.commands.js';
import { heldNamedUsers } from '../grants/named-user-standing.queries.js';
import { organizationsOf, seesEveryOrganization, standingOf } from '../lifecycle/actor.js';
import { type HitCommand, ruleOnHit, type Verdict } from '../lifecycle/screening.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { alert } from './screening.commands.js';
import { ScreeningAdjudication, ScreeningHit } from './screening.entity.js';

const longestReason = 4000;

export type AdjudicationResult = { readonly hitId: string; readonly adjudicationId: string };

interface HitInput {
  readonly hitId: string;
  readonly expectedVersion?: number | null;
}

/** Proposes how to judge a hit. It stays as it is until another person has confirmed. */
export const proposeAdjudication: Command<
  HitInput & { readonly verdict: Verdict; readonly reason: string },
  AdjudicationResult
> = {
  name: 'screening.proposeAdjudication',
  duplicates: { screening_adjudication_proposed_unique: 'A judgement is proposed already; read the hit again.' },
  async run(work, input) {
    const { hit } = await loadForCommand(work, input, 'proposeAdjudication');
    const person = requirePerson(work.actor);
    const adjudication = work.em.create(ScreeningAdjudication, {
      id: work.ids.next(),
      hitId: hit.id,
      matchId: await latestMatch(work, hit),
      verdict: input.verdict,
      reason: requireText(input.reason, ['reason'], longestReason),
      status: 'PROPOSED',
      proposedBy: person.personId,
      proposedAt: work.now,
      decidedBy: null,
      decidedAt: null,
      declinedReason: null,
      version: 1,
    });
    hit.updatedAt = work.now;
    recordAdjudication(work, hit, adjudication, 'screening.adjudication_proposed');
    return { hitId: hit.id, adjudicationId: adjudication.id };
  },
};

interface DecideInput extends HitInput {
  readonly adjudicationId: string;
}

/** Makes the proposed judgement the hit's. */
export const confirmAdjudication: Command<DecideInput, AdjudicationResult> = {
  name: 'screening.confirmAdjudication',
  async run(work, input) {
    const { hit, proposal } = await loadForCommand(work, input, 'confirmAdjudication');
    const adjudication = requireProposed(proposal, input.adjudicationId);
    adjudication.status = 'CONFIRMED';
    adjudication.decidedBy = requirePerson(work.actor).personId;
    adjudication.decidedAt = work.now;
    const wasCleared = hit.status === 'FALSE_POSITIVE';
    const heldBefore = hit.subjectKind === 'NAMED_USER' ? await heldNamedUsers(work.sql, hit.organizationId) : null;
    hit.status = adjudication.verdict;
    hit.carriedFromId = null;
    hit.updatedAt = work.now;
    recordAdjudication(work, hit, adjudication, 'screening.adjudication_confirmed');
    if (adjudication.verdict !== 'FALSE_POSITIVE') {
      if (wasCleared) await reopenCarried(work, hit);
      const concernsGrants = heldBefore === null && (wasCleared || adjudication.verdict === 'TRUE_MATCH');
      if (concernsGrants) await alert(work, hit.organizationId);
    }
    if (heldBefore) {
      await work.em.flush();
      await noteNamedUsersScreened(work, hit.organizationId, heldBefore, []);
    }
    return { hitId: hit.id, adjudicationId: adjudication.id };
  },
};

/** Sends the proposed judgement back. It stays on record, and another one must be proposed. */
export const declineAdjudication: Command<DecideInput & { readonly reason: string }, AdjudicationResult> = {
  name: 'screening.declineAdjudication',
  async run(work, input) {
    const { hit, proposal } = await loadForCommand(work, input, 'declineAdjudication');
    const adjudication = requireProposed(proposal, input.adjudicationId);
    adjudication.status = 'DECLINED';
    adjudication.decidedBy = requirePerson(work.actor).personId;
    adjudication.decidedAt = work.now;
    adjudication.declinedReason = requireText(input.reason, ['reason'], longestReason);
    hit.updatedAt = work.now;
    recordAdjudication(work, hit, adjudication, 'screening.adjudication_declined');
    return { hitId: hit.id, adjudicationId: adjudication.id };
  },
};

interface LockedHit {
  readonly hit: ScreeningHit;
  readonly proposal: ScreeningAdjudication | null;
}

/** @throws Refusal NOT_FOUND when the actor may not see it, CONFLICT when it moved on, or what the rules object */
async function loadForCommand(
  work: Work,
  { hitId, expectedVersion }: HitInput,
  command: HitCommand,
): Promise<LockedHit> {
  requireIdentified(work.actor);
  // For whoever is no staff, or belongs to the organization, there are no hits.
  const found = seesEveryOrganization(work.actor)
    ? await work.em.findOne(ScreeningHit, { id: hitId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    : null;
  if (!found || organizationsOf(work.actor).includes(found.organizationId)) throw Refusal.notFound('hit', ['hitId']);
  const proposal = await work.em.findOne(ScreeningAdjudication, { hitId, status: 'PROPOSED' });
  const facts = {
    status: found.status,
    proposedBy: proposal?.proposedBy ?? null,
    recused: await recusedFrom(work, found.organizationId),
  };
  const ruling = ruleOnHit(command, facts, standingOf(work.actor, found.organizationId));
  if (ruling[0]?.code !== 'FORBIDDEN') requireVersion(found.version, expectedVersion);
  requireAccepted(ruling);
  return { hit: found, proposal };
}

function requireProposed(proposal: ScreeningAdjudication | null, adjudicationId: string): ScreeningAdjudication {
  if (proposal?.id === adjudicationId) return proposal;
  throw Refusal.of('CONFLICT', 'This is not the judgement that waits now; read the hit again.', ['adjudicationId']);
}

async function recusedFrom({ sql: database }: Work, organizationId: string): Promise<string[]> {
  const found = await sql<{ user_id: string }>`
    select user_id from recusal where organization_id = ${organizationId} and ended_at is null`.execute(database);
  return found.rows.map(({ user_id }) => user_id);
}

async function latestMatch({ sql: database }: Work, { id }: ScreeningHit): Promise<string> {
  const found = await sql<{ id: string }>`
    select id from screening_match where hit_id = ${id} order by id desc limit 1`.execute(database);
  const [match] = found.rows;
  if (!match) throw new Error(`The hit ${id} has no match.`);
  return match.id;
}

/** Hits in other organizations that stood cleared because of this one have to be judged for themselves now. */
async function reopenCarried(work: Work, { id }: ScreeningHit): Promise<void> {
  const carried = await work.em.find(ScreeningHit, { carriedFromId: id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  for (const hit of carried) {
    hit.status = 'OPEN';
    hit.carriedFromId = null;
    hit.updatedAt = work.now;
    const [match] = (
      await sql<{ code: string; score: number }>`select l.code, m.score from screening_match as m, screening_list as l
        where m.hit_id = ${hit.id} and l.id = ${hit.listId} order by m.id desc limit 1`.execute(work.sql)
    ).rows;
    work.record({
      event: 'screening.hit_reopened',
      payload: {
        organizationId: encodeId('organization', hit.organizationId),
        hitId: encodeId('screeninghit', hit.id),
        listCode: match?.code ?? '',
        score: match?.score ?? 0,
      },
      subject: { kind: 'screeninghit', id: hit.id },
      organizationId: hit.organizationId,
    });
    await alert(work, hit.organizationId);
  }
}

function recordAdjudication(
  work: Work,
  hit: ScreeningHit,
  adjudication: ScreeningAdjudication,
  event: Extract<EventName, `screening.adjudication_${string}`>,
): void {
  work.record({
    event,
    payload: {
      organizationId: encodeId('organization', hit.organizationId),
      hitId: encodeId('screeninghit', hit.id),
      adjudicationId: encodeId('adjudication', adjudication.id),
      verdict: adjudication.verdict,
    },
    subject: { kind: 'screeninghit', id: hit.id },
    organizationId: hit.organizationId,
  });
}
