import type { PersonActor } from '../lifecycle/actor.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { Answering } from '../platform/database/database.js';
import { namedStatement } from '../platform/database/named-statement.js';

/** A person as the statements here read one. */
export type PersonJson = Pick<PersonActor, 'personId' | 'name' | 'email' | 'staffId' | 'memberships'> & {
  readonly staffRoles: readonly StaffRole[] | null;
  readonly mustChangePassword: boolean | null;
};

/** In SQL: the parts of a \`PersonJson\`, of the rows \`person\` and, if there is one, \`staff\`. */
export const personParts = `'personId', person.id, 'name', person.name, 'email', person.email, 'staffId', staff.id,
    'staffRoles', staff.roles, 'mustChangePassword', staff.must_change_password, 'memberships', coalesce((
      select json_agg(json_build_object('organizationId', held.organization_id, 'role', held.role) order by held.id)
      from membership as held where held.user_id = person.id), '[]'::json)`;

export function toPersonActor(person: PersonJson): PersonActor {
  const mustChangePassword = person.mustChangePassword ?? false;
  const staffRoles = mustChangePassword ? [] : (person.staffRoles ?? []);
  return { ...person, kind: 'PERSON', staffRoles, mustChangePassword };
}

const personNow = namedStatement(`
  select json_build_object(${personParts})::text as answer
  from auth_user as person left join staff_member as staff on staff.user_id = person.id and staff.active
  where person.id = $1::uuid and person.email_verified`);

/**
 * A person as they are now, for what they asked for earlier and a job does: roles that were taken from them meanwhile
 * are gone. Null when there is no such person any more.
 */
export async function personActing(database: Answering, personId: string): Promise<PersonActor | null> {
  const found = await database.answer(personNow, [personId]);
  return found === null ? null : toPersonActor(JSON.parse(found));
}
