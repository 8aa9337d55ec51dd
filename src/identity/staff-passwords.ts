import { LockMode } from '@mikro-orm/core';
import type { Command, CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requirePermission } from '../doorway/requirements.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { AccountMail } from './account-mail.js';
import { withdrawTokens } from './one-time-links.js';
import type { OneTimePassword, Passwords } from './passwords.js';
import type { SignInLibrary } from './sign-in-library.js';
import type { StaffParts } from './staff.js';
import { StaffMember } from './staff-member.entity.js';

/**
 * Gives a member of staff who cannot sign in a one-time password, which must be changed before the roles hold again.
 * Every session ends. The password is made beforehand, because hashing takes long.
 */
function resetStaffPassword(
  library: SignInLibrary,
  mail: AccountMail,
  oneTime: OneTimePassword,
): Command<{ readonly staffId: string }, { oneTimePassword: string }> {
  return {
    name: 'staff.resetPassword',
    async run(work, { staffId }) {
      requirePermission('manageStaff', work.actor, null);
      const staff = await work.em.findOne(StaffMember, { id: staffId });
      if (!staff) throw Refusal.notFound('member of staff', ['staffId']);
      const tables = library.on(work.sql);
      // The password before the staff record, in the order in which people change theirs.
      await tables.setPassword(staff.userId, oneTime.passwordHash);
      await tables.deleteSessions(staff.userId);
      await withdrawTokens(work.sql, 'reset-password', staff.userId);
      await work.em.refreshOrFail(staff, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!staff.active) throw Refusal.of('NOT_ALLOWED_NOW', 'This person does not work for the operator any more.');
      staff.mustChangePassword = true;
      staff.updatedAt = work.now;
      const person = await tables.findById(staff.userId);
      if (!person) throw new Error(`The member of staff ${staffId} has no account.`);
      await mail.passwordChanged(work.em, { email: person.email, name: person.name });
      work.record({
        event: 'person.password_changed',
        payload: { personId: encodeId('person', person.id), how: 'ONE_TIME' },
        subject: { kind: 'person', id: person.id },
        organizationId: null,
      });
      return { oneTimePassword: oneTime.password };
    },
  };
}

/** The passwords of staff, as administrators see to them. */
export class StaffPasswords {
  readonly #doorway: Doorway;
  readonly #library: SignInLibrary;
  readonly #mail: AccountMail;
  readonly #passwords: Passwords;

  constructor({ doorway, library, mail, passwords }: StaffParts) {
    this.#doorway = doorway;
    this.#library = library;
    this.#mail = mail;
    this.#passwords = passwords;
  }

  /** @returns the one-time password, which is told here and never again */
  async reset(staffId: string, context: CommandContext): Promise<{ readonly oneTimePassword: string }> {
    requirePermission('manageStaff', context.actor, null);
    const oneTime = await this.#passwords.oneTime();
    return this.#doorway.execute(resetStaffPassword(this.#library, this.#mail, oneTime), { staffId }, context);
  }
}
