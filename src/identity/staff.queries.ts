import { sql } from 'kysely';
import type { AwayPeriod } from '../lifecycle/duty.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { Em, RawSql } from '../platform/database/database.js';
import { encodeId } from '../platform/ids.js';
import type { Sql } from '../platform/reading/slot.js';
import { StaffMember } from './staff-member.entity.js';

/** A member of staff as commands of other nouns need to know them. */
export interface KnownStaffMember {
  readonly staffId: string;
  readonly personId: string;
  readonly roles: readonly StaffRole[];
  readonly active: boolean;
}

/** The member of staff with this id, whether active or not; null when there is none. */
export async function staffMember(em: Em, staffId: string): Promise<KnownStaffMember | null> {
  const staff = await em.findOne(StaffMember, { id: staffId });
  return staff && { staffId: staff.id, personId: staff.userId, roles: staff.roles, active: staff.active };
}

/** Everybody who works for the operator, with the roles that they hold. */
export async function activeStaff(
  database: RawSql,
): Promise<readonly { readonly staffId: string; readonly roles: readonly StaffRole[] }[]> {
  const found = await sql<{ id: string; roles: StaffRole[] }>`
    select id, to_json(roles) as roles from staff_member where active`.execute(database);
  return found.rows.map(({ id, roles }) => ({ staffId: encodeId('staff', id), roles }));
}

/** A period as `awayPeriodsSql` has it. */
export interface AwayPeriodJson {
  readonly startsAt: string;
  readonly endsAt: string;
}

/** In SQL: when a member of staff is away, without what is long over. */
export function awayPeriodsSql(staffId: Sql): Sql {
  return sql`(select coalesce(json_agg(json_build_object('startsAt', w.starts_at, 'endsAt', w.ends_at)), '[]'::json)
    from away_period as w where w.staff_id = ${staffId} and w.cancelled_at is null and w.ends_at > now() - interval '1 day')`;
}

export function toAwayPeriods(periods: readonly AwayPeriodJson[]): AwayPeriod[] {
  return periods.map(({ startsAt, endsAt }) => ({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) }));
}
