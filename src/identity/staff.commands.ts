import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requireVersion } from '../doorway/requirements.js';
import { allStaffRoles, type StaffRole } from '../lifecycle/roles.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { AccountMail } from './account-mail.js';
import { lockAddress, requireAddress, requirePersonName } from './email-address.js';
import { withdrawTokens } from './one-time-links.js';
import type { OneTimePassword } from './passwords.js';
import type { SignInLibrary } from './sign-in-library.js';
import { StaffMember } from './staff-member.entity.js';

export interface AddStaffInput {
  readonly email: string;
  /** Used when the person has no account yet. */
  readonly name: string;
  readonly roles: readonly StaffRole[];
}

export interface SetStaffRolesInput {
  readonly staffId: string;
  readonly roles: readonly StaffRole[];
  readonly expectedVersion: number | null;
}

export interface DeactivateStaffInput {
  readonly staffId: string;
  readonly expectedVersion: number | null;
}

/**
 * Adds a person to the staff, or lets somebody who left come back. Who has no account, or one whose address was never
 * verified, gets the one-time password, which must be changed before the roles hold. The password is made beforehand,
 * because hashing takes long.
 */
export function addStaff(
  library: SignInLibrary,
  mail: AccountMail,
  oneTime: OneTimePassword,
): Command<AddStaffInput, { staffId: string; oneTimePassword: string | null }> {
  return {
    name: 'staff.add',
    async run(work, input) {
      requirePermission('manageStaff', work.actor, null);
      const email = requireAddress(input.email, ['email']);
      const name = requirePersonName(input.name, ['name']);
      const roles = readRoles(input.roles);
      await lockAddress(work.sql, email);
      const { personId, isNew } = await personFor(work, library, { email, name, passwordHash: oneTime.passwordHash });
      const staff = await appoint(work, personId, roles, isNew);
      // Who is recused by it is worked out now, and not while others wait for their place in the audit log.
      await work.em.flush();
      await mail.addedToStaff(work.em, { email, name, roles, hasOneTimePassword: isNew });
      recordStaff(work, 'staff.added', staff);
      return { staffId: staff.id, oneTimePassword: isNew ? oneTime.password : null };
    },
  };
}

/** Gives a member of staff other roles. They hold from the next request on. */
export const setStaffRoles: Command<SetStaffRolesInput, { staffId: string }> = {
  name: 'staff.setRoles',
  async run(work, { staffId, roles, expectedVersion }) {
    requirePermission('manageStaff', work.actor, null);
    const staff = await lockActiveStaff(work, staffId, expectedVersion);
    const given = readRoles(roles);
    if (!given.includes('ADMIN')) await refuseLastAdministrator(work, staff);
    staff.roles = given;
    staff.updatedAt = work.now;
    recordStaff(work, 'staff.roles_changed', staff);
    return { staffId };
  },
};

/** Ends a member of staff's access at once: the roles are gone and every session ends. */
export function deactivateStaff(library: SignInLibrary): Command<DeactivateStaffInput, { staffId: string }> {
  return {
    name: 'staff.deactivate',
    async run(work, { staffId, expectedVersion }) {
      requirePermission('manageStaff', work.actor, null);
      const staff = await lockActiveStaff(work, staffId, expectedVersion);
      await refuseLastAdministrator(work, staff);
      staff.active = false;
      staff.updatedAt = work.now;
      // Who is recused by it is worked out now, and not while others wait for their place in the audit log.
      await work.em.flush();
      await library.on(work.sql).deleteSessions(staff.userId);
      recordStaff(work, 'staff.deactivated', staff);
      return { staffId };
    },
  };
}

async function personFor(
  work: Work,
  library: SignInLibrary,
  { email, name, passwordHash }: { readonly email: string; readonly name: string; readonly passwordHash: string },
): Promise<{ readonly personId: string; readonly isNew: boolean }> {
  const tables = library.on(work.sql);
  const person = await tables.findByEmail(email);
  if (person?.emailVerified) return { personId: person.id, isNew: false };
  if (!person) {
    const created = await tables.create({ email, name, emailVerified: true }, passwordHash, work.now);
    return { personId: created.id, isNew: true };
  }
  // Anybody may have signed up with this address: their password must not open a member of staff's account.
  await tables.rename(person.id, name, work.now);
  await tables.setPassword(person.id, passwordHash);
  await tables.markVerified(person.id, work.now);
  await withdrawTokens(work.sql, 'verify-email', person.id);
  await withdrawTokens(work.sql, 'reset-password', person.id);
  return { personId: person.id, isNew: true };
}

async function appoint(work: Work, personId: string, roles: StaffRole[], isNew: boolean): Promise<StaffMember> {
  const former = await work.em.findOne(StaffMember, { userId: personId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (former?.active) throw Refusal.of('ALREADY_EXISTS', 'This person works for the operator already.', ['email']);
  if (former) {
    former.active = true;
    former.roles = roles;
    former.updatedAt = work.now;
    return former;
  }
  return work.em.create(StaffMember, {
    id: work.ids.next(),
    userId: personId,
    roles,
    active: true,
    mustChangePassword: isNew,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
}

async function lockActiveStaff(work: Work, staffId: string, expectedVersion: number | null): Promise<StaffMember> {
  // Administrators first and in order, so that two of them who remove each other at one moment take turns.
  await sql`select id from staff_member where active and 'ADMIN' = any(roles) order by id for update`.execute(work.sql);
  const staff = await work.em.findOne(StaffMember, { id: staffId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!staff) throw Refusal.notFound('member of staff', ['staffId']);
  requireVersion(staff.version, expectedVersion);
  if (!staff.active) throw Refusal.of('NOT_ALLOWED_NOW', 'This person does not work for the operator any more.');
  return staff;
}

async function refuseLastAdministrator(work: Work, staff: StaffMember): Promise<void> {
  if (!staff.roles.includes('ADMIN')) return;
  const others = await sql`select 1 from staff_member
    where active and 'ADMIN' = any(roles) and id <> ${staff.id} limit 1`.execute(work.sql);
  if (others.rows.length === 0) {
    throw Refusal.of('NOT_ALLOWED_NOW', 'This is the last administrator; make somebody else one first.');
  }
}

function readRoles(roles: readonly StaffRole[]): StaffRole[] {
  const read = allStaffRoles.filter((role) => roles.includes(role));
  if (read.length === 0)
    throw Refusal.of('REQUIRED', `Give at least one role of ${allStaffRoles.join(', ')}.`, ['roles']);
  return read;
}

function recordStaff(
  work: Work,
  event: 'staff.added' | 'staff.roles_changed' | 'staff.deactivated',
  staff: StaffMember,
): void {
  work.record({
    event,
    payload: { staffId: encodeId('staff', staff.id), roles: staff.roles },
    subject: { kind: 'staff', id: staff.id },
    organizationId: null,
  });
}
