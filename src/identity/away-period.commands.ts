import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireAccepted, requireLine, requirePermission, requirePerson } from '../doorway/requirements.js';
import { checkAwayPeriod } from '../lifecycle/duty.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { AwayPeriod } from './away-period.entity.js';
import { staffMember } from './staff.queries.js';

const longestNote = 200;
/** How many periods somebody has that are not over. */
const mostPeriods = 50;

export interface AddAwayPeriodInput {
  /** Null: whoever gives the command. */
  readonly staffId: string | null;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly note: string | null;
}

/** Says when a member of staff is away. What they have in hand stays with them; they are given nothing more. */
export const addAwayPeriod: Command<AddAwayPeriodInput, { awayPeriodId: string; staffId: string }> = {
  name: 'staff.addAwayPeriod',
  async run(work, input) {
    const staffId = await requireStaff(work, input.staffId);
    const { startsAt, endsAt } = input;
    requireAccepted(checkAwayPeriod({ startsAt, endsAt }, work.now));
    const coming = await sql<{ count: number }>`select count(*)::int as count from away_period
      where staff_id = ${staffId} and cancelled_at is null and ends_at > ${work.now}`.execute(work.sql);
    if (Number(coming.rows[0]?.count) >= mostPeriods)
      throw Refusal.of('LIMIT_REACHED', `At most ${mostPeriods} periods can be set that are not over.`);
    const period = work.em.create(AwayPeriod, {
      id: work.ids.next(),
      staffId,
      startsAt,
      endsAt,
      note: input.note?.trim() ? requireLine(input.note, ['note'], longestNote) : null,
      setBy: requirePerson(work.actor).personId,
      setAt: work.now,
      cancelledAt: null,
      version: 1,
    });
    record(work, period, 'staff.away_period_added');
    return { awayPeriodId: period.id, staffId };
  },
};

/** Takes a period back that is not over: of one that has begun, the rest. */
export const removeAwayPeriod: Command<{ readonly awayPeriodId: string }, { awayPeriodId: string; staffId: string }> = {
  name: 'staff.removeAwayPeriod',
  async run(work, { awayPeriodId: id }) {
    const person = requirePerson(work.actor);
    const period = await work.em.findOne(AwayPeriod, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const isOwn = period !== null && period.staffId === person.staffId;
    requirePermission(isOwn ? 'setOwnAwayPeriods' : 'setAwayPeriodsOfOthers', work.actor, null);
    if (!period) throw Refusal.notFound('away period', ['awayPeriodId']);
    if (period.cancelledAt || period.endsAt <= work.now)
      throw Refusal.of('NOT_ALLOWED_NOW', 'This period was taken back, or is over, already.', ['awayPeriodId']);
    period.cancelledAt = work.now;
    record(work, period, 'staff.away_period_removed');
    return { awayPeriodId: id, staffId: period.staffId };
  },
};

/** @throws Refusal when the actor may not say when this member of staff is away, or there is no such one */
async function requireStaff(work: Work, staffId: string | null): Promise<string> {
  const person = requirePerson(work.actor);
  const isOwn = staffId === null || staffId === person.staffId;
  requirePermission(isOwn ? 'setOwnAwayPeriods' : 'setAwayPeriodsOfOthers', work.actor, null);
  const id = staffId ?? person.staffId;
  const staff = id === null ? null : await staffMember(work.em, id);
  if (!staff?.active) throw Refusal.notFound('active member of staff', ['staffId']);
  return staff.staffId;
}

function record(
  work: Work,
  { id, staffId, startsAt, endsAt }: AwayPeriod,
  event: 'staff.away_period_added' | 'staff.away_period_removed',
): void {
  work.record({
    event,
    payload: {
      staffId: encodeId('staff', staffId),
      awayPeriodId: encodeId('away', id),
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
    },
    subject: { kind: 'away', id },
    organizationId: null,
  });
}
