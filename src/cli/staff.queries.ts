import { sql } from 'kysely';
import type { StaffRole } from '../lifecycle/roles.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';

/** A member of staff as the command line shows and finds them. The id is the database's. */
export interface RosterEntry {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly StaffRole[];
  readonly active: boolean;
  readonly mustChangePassword: boolean;
}

/** Everybody who works for the operator or did, longest there first. */
export async function staffRoster(database: RawSql): Promise<readonly RosterEntry[]> {
  const found = await sql<RosterEntry>`select staff.id, person.email, person.name, to_json(staff.roles) as roles,
      staff.active, staff.must_change_password as "mustChangePassword"
    from staff_member as staff join auth_user as person on person.id = staff.user_id order by staff.id`.execute(
    database,
  );
  return found.rows;
}

/** @throws Refusal NOT_FOUND when nobody with this address works for the operator or did */
export async function staffWithEmail(database: RawSql, email: string): Promise<RosterEntry> {
  const wanted = email.trim().toLowerCase();
  const found = (await staffRoster(database)).find((staff) => staff.email.toLowerCase() === wanted);
  if (found) return found;
  const message = `Nobody on the staff has the address ${email}. "npx sallyport staff list" shows who there is.`;
  throw Refusal.of('NOT_FOUND', message);
}
