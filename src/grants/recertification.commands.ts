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
import type { EventPayload } from '../events/catalogue.js';
import { organizationsOf, seesEveryOrganization, standingOf } from '../lifecycle/actor.js';
import {
  type RecertificationCommand,
  recertificationDue,
  ruleOnRecertification,
} from '../lifecycle/recertification.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { recertificationPolicySql } from '../programs/grant-policy.queries.js';
import { AccessGrant } from './grant.entity.js';
import { recordGrantEvent } from './grant-events.js';
import { Recertification } from './recertification.entity.js';
import { liftSuspension, openSuspension } from './suspending.js';

const longestText = 4000;

export type RecertificationResult = { readonly grantId: string; readonly recertificationId: string };

interface RecertificationInput {
  readonly recertificationId: string;
  readonly expectedVersion?: number | null;
}

/** Opens the recertification of a grant that has come due by its program; given by the portal itself. */
export const openRecertification: Command<{ readonly grantId: string }, { readonly grantId: string }> = {
  name: 'grant.openRecertification',
  async run(work, { grantId }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal opens recertifications by itself.');
    const grant = await work.em.findOne(AccessGrant, { id: grantId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!grant) throw Refusal.notFound('grant', ['grantId']);
    const dueAt = await dueNow(work, grant);
    if (!dueAt) throw Refusal.of('NOT_ALLOWED_NOW', 'No recertification of the grant is due, or one is open.');
    const made = work.em.create(Recertification, {
      id: work.ids.next(),
      grantId,
      organizationId: grant.organizationId,
      status: 'DUE',
      openedAt: work.now,
      dueAt,
      remindedAt: null,
      overdueAt: null,
      statement: null,
      attestedBy: null,
      attestedAt: null,
      declinedReason: null,
      confirmedBy: null,
      confirmedAt: null,
      version: 1,
    });
    record(work, { grant, recertification: made }, 'recertification.opened', {});
    return { grantId };
  },
};

/** The partner attests that the grant is still used, and that its users were looked through. */
export const attestRecertification: Command<
  RecertificationInput & { readonly isStillUsed: boolean; readonly usersReviewed: boolean; readonly statement: string },
  RecertificationResult
> = {
  name: 'grant.attestRecertification',
  async run(work, input) {
    const locked = await loadForCommand(work, input, 'attest');
    const { recertification } = locked;
    if (!input.isStillUsed)
      throw Refusal.of('INVALID', 'A grant that is not used any more is given back, not recertified.', ['isStillUsed']);
    if (!input.usersReviewed)
      throw Refusal.of('INVALID', 'Look through the named users first; remove those who need no access.', [
        'usersReviewed',
      ]);
    recertification.statement = requireText(input.statement, ['statement'], longestText);
    recertification.status = 'ATTESTED';
    recertification.attestedBy = requirePerson(work.actor).personId;
    recertification.attestedAt = work.now;
    record(work, locked, 'recertification.attested', {});
    return resultOf(locked);
  },
};

/** Staff confirm what the partner attested. A suspension for not having done so in time ends by it, and no other. */
export const confirmRecertification: Command<RecertificationInput, RecertificationResult> = {
  name: 'grant.confirmRecertification',
  async run(work, input) {
    const locked = await loadForCommand(work, input, 'confirm');
    const { recertification, grant } = locked;
    recertification.status = 'CONFIRMED';
    recertification.confirmedBy = requirePerson(work.actor).personId;
    recertification.confirmedAt = work.now;
    record(work, locked, 'recertification.confirmed', {});
    await liftSuspension(work, grant, {
      cause: 'RECERTIFICATION',
      reason: 'It was confirmed that the grant is still needed.',
    });
    return resultOf(locked);
  },
};

/** Staff send what the partner attested back; it is attested anew. */
export const declineRecertification: Command<
  RecertificationInput & { readonly reason: string },
  RecertificationResult
> = {
  name: 'grant.declineRecertification',
  async run(work, input) {
    const locked = await loadForCommand(work, input, 'decline');
    const { recertification } = locked;
    const reason = requireText(input.reason, ['reason'], longestText);
    recertification.status = 'DUE';
    recertification.attestedBy = null;
    recertification.attestedAt = null;
    recertification.declinedReason = reason;
    record(work, locked, 'recertification.declined', { reason });
    return resultOf(locked);
  },
};

/** Reminds of a recertification shortly before it is due; given by the portal itself. */
export const remindOfRecertification: Command<RecertificationInput, RecertificationResult> = {
  name: 'grant.remindOfRecertification',
  async run(work, input) {
    const locked = await loadForCommand(work, input, 'remind');
    const { recertification } = locked;
    recertification.remindedAt = work.now;
    const waitsFor = recertification.status === 'DUE' ? 'PARTNER' : 'STAFF';
    record(work, locked, 'recertification.reminded', { waitsFor });
    return resultOf(locked);
  },
};

/** Suspends a grant that was not recertified in time; given by the portal itself. */
export const lapseRecertification: Command<RecertificationInput, RecertificationResult> = {
  name: 'grant.lapseRecertification',
  async run(work, input) {
    const locked = await loadForCommand(work, input, 'lapse');
    const { recertification, grant } = locked;
    recertification.overdueAt = work.now;
    record(work, locked, 'recertification.overdue', {
      waitsFor: recertification.status === 'DUE' ? 'PARTNER' : 'STAFF',
    });
    await openSuspension(work, grant, {
      cause: 'RECERTIFICATION',
      reason: 'It was not attested and confirmed in time that the grant is still needed.',
    });
    return resultOf(locked);
  },
};

interface LockedRecertification {
  readonly grant: AccessGrant;
  readonly recertification: Recertification;
}

/** @throws Refusal NOT_FOUND when the actor may not see it, CONFLICT when it moved on, or what the rules object */
async function loadForCommand(
  work: Work,
  { recertificationId, expectedVersion }: RecertificationInput,
  command: RecertificationCommand,
): Promise<LockedRecertification> {
  requireIdentified(work.actor);
  const known = await work.em.findOne(Recertification, { id: recertificationId });
  const isSeen =
    known !== null && (organizationsOf(work.actor).includes(known.organizationId) || seesEveryOrganization(work.actor));
  if (!isSeen) throw Refusal.notFound('recertification', ['recertificationId']);
  // Its grant is locked first, as by every command on a grant.
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const grant = await work.em.findOneOrFail(AccessGrant, { id: known.grantId }, { lockMode });
  const recertification = await work.em.findOneOrFail(
    Recertification,
    { id: recertificationId },
    { lockMode, refresh: true },
  );
  const { status, dueAt, remindedAt = null, overdueAt = null } = recertification;
  const facts = { status, grantStatus: grant.status, dueAt, remindedAt, overdueAt };
  const ruling = ruleOnRecertification(command, facts, standingOf(work.actor, grant.organizationId), work.now);
  if (ruling[0]?.code !== 'FORBIDDEN') requireVersion(recertification.version, expectedVersion);
  requireAccepted(ruling);
  return { grant, recertification };
}

/** Until when the grant is to be recertified, if that is to be opened now. */
async function dueNow(work: Work, grant: AccessGrant): Promise<Date | null> {
  if (grant.status !== 'ACTIVE' && grant.status !== 'SUSPENDED') return null;
  const found = await sql<{ every: number | null; notice: number; open: boolean; since: string }>`
    select ${recertificationPolicySql(sql`g.program_id`)},
      exists (select from recertification as r where r.grant_id = g.id and r.status <> 'CONFIRMED') as open,
      to_json(coalesce((select max(r.confirmed_at) from recertification as r where r.grant_id = g.id), g.starts_at)) #>> '{}' as since
    from access_grant as g where g.id = ${grant.id}`.execute(work.sql);
  const [row] = found.rows;
  if (!row || row.open) return null;
  const policy = { recertifyEveryDays: row.every, recertifyNoticeDays: row.notice };
  return recertificationDue(policy, new Date(row.since), work.now);
}

type RecertificationEvent =
  `recertification.${'opened' | 'attested' | 'confirmed' | 'declined' | 'reminded' | 'overdue'}`;
type Common = 'grantId' | 'reference' | 'applicationId' | 'productCode' | 'status' | 'recertificationId' | 'dueAt';

function record<Name extends RecertificationEvent>(
  work: Work,
  { grant, recertification: { id, dueAt } }: LockedRecertification,
  event: Name,
  particulars: Omit<EventPayload<Name>, Common>,
): void {
  const about = { recertificationId: encodeId('recertification', id), dueAt: dueAt.toISOString() };
  // The compiler cannot put a generic payload together from its parts.
  const all = { ...about, ...particulars } as unknown as Parameters<typeof recordGrantEvent<Name>>[3];
  recordGrantEvent(work, grant, event, all, { kind: 'recertification', id });
}

function resultOf({ grant, recertification }: LockedRecertification): RecertificationResult {
  return { grantId: grant.id, recertificationId: recertification.id };
}
