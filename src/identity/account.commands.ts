import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { AccountMail } from './account-mail.js';
import { lockAddress } from './email-address.js';
import { issueToken, type LinkPurpose, linkPurposes, redeemToken, withdrawTokens } from './one-time-links.js';
import type { KnownPerson, SignInLibrary } from './sign-in-library.js';
import { StaffMember } from './staff-member.entity.js';

export interface AccountCommandParts {
  readonly library: SignInLibrary;
  readonly mail: AccountMail;
  /** Where the pages are that links lead to, without a slash at its end. */
  readonly publicUrl: string;
}

/**
 * What people do with their own accounts. Passwords come hashed: hashing is slow and a transaction must be short. None
 * of these is given under an idempotency key, because what is remembered of a request must not depend on a password.
 */
export function accountCommands({ library, mail, publicUrl }: AccountCommandParts) {
  /** An unknown address gets an account; a known one a letter that says so. Whoever asked cannot tell which. */
  const signUp: Command<
    { readonly email: string; readonly name: string; readonly passwordHash: string },
    { readonly done: true }
  > = {
    name: 'account.signUp',
    async run(work, { email, name, passwordHash }) {
      const tables = library.on(work.sql);
      await lockAddress(work.sql, email);
      const known = await tables.findByEmail(email);
      if (known?.emailVerified) {
        await mail.addressAlreadyKnown(work.em, { email, name: known.name });
        return { done: true };
      }
      // The letter confirms the sign-up it was sent for: an earlier one's name, password and link are void.
      if (known) {
        await tables.rename(known.id, name, work.now);
        await tables.setPassword(known.id, passwordHash);
      }
      const person = known ?? (await tables.create({ email, name, emailVerified: false }, passwordHash, work.now));
      await sendVerification(work, { ...person, name });
      recordPerson(work, 'person.signed_up', person.id);
      return { done: true };
    },
  };

  const resendVerification: Command<{ readonly email: string }, { readonly done: true }> = {
    name: 'account.resendVerification',
    async run(work, { email }) {
      await lockAddress(work.sql, email);
      const person = await library.on(work.sql).findByEmail(email);
      if (person && !person.emailVerified) await sendVerification(work, person);
      return { done: true };
    },
  };

  const verifyEmail: Command<{ readonly token: string }, { readonly email: string }> = {
    name: 'account.verifyEmail',
    async run(work, { token }) {
      const tables = library.on(work.sql);
      const personId = await redeemToken(work.sql, 'verify-email', token, work.now);
      const person = await known(tables, personId);
      await tables.markVerified(personId, work.now);
      recordPerson(work, 'person.verified', personId);
      return { email: person.email };
    },
  };

  const requestPasswordReset: Command<{ readonly email: string }, { readonly done: true }> = {
    name: 'account.requestPasswordReset',
    async run(work, { email }) {
      await lockAddress(work.sql, email);
      const person = await library.on(work.sql).findByEmail(email);
      if (person) await mail.resetPassword(work.em, await letterWithLink(work, 'reset-password', person));
      return { done: true };
    },
  };

  /** Whoever can read the mailbox sets the password; so the address is verified, too. */
  const resetPassword: Command<{ readonly token: string; readonly passwordHash: string }, { readonly email: string }> =
    {
      name: 'account.resetPassword',
      async run(work, { token, passwordHash }) {
        const tables = library.on(work.sql);
        const personId = await redeemToken(work.sql, 'reset-password', token, work.now);
        const person = await known(tables, personId);
        await tables.setPassword(personId, passwordHash);
        await tables.deleteSessions(personId);
        if (!person.emailVerified) {
          await tables.markVerified(personId, work.now);
          await withdrawTokens(work.sql, 'verify-email', personId);
          recordPerson(work, 'person.verified', personId);
        }
        await passwordChanged(work, person, 'RESET');
        return { email: person.email };
      },
    };

  const changePassword: Command<
    {
      readonly personId: string;
      /** The hash of the password that was shown to be known. */
      readonly presentHash: string;
      readonly passwordHash: string;
      readonly keptSessionHash: string | null;
    },
    { readonly done: true }
  > = {
    name: 'account.changePassword',
    async run(work, { personId, presentHash, passwordHash, keptSessionHash }) {
      const tables = library.on(work.sql);
      const present = await sql`select 1 from auth_account
        where user_id = ${personId} and password = ${presentHash} for update`.execute(work.sql);
      if (present.rows.length === 0)
        throw Refusal.of('CONFLICT', 'The password was changed at this moment. Sign in again.');
      await tables.setPassword(personId, passwordHash);
      await sql`delete from auth_session where user_id = ${personId}
        and token is distinct from ${keptSessionHash}::text`.execute(work.sql);
      await withdrawTokens(work.sql, 'reset-password', personId);
      await passwordChanged(work, await known(tables, personId), 'CHANGED');
      return { done: true };
    },
  };

  async function sendVerification(work: Work, person: KnownPerson): Promise<void> {
    await mail.verifyAddress(work.em, await letterWithLink(work, 'verify-email', person));
  }

  async function letterWithLink(work: Work, purpose: LinkPurpose, { id, email, name }: KnownPerson) {
    const token = await issueToken(work.sql, work.ids, purpose, id, work.now);
    // Behind the # because browsers send that part to nobody, so that no server's log holds it.
    const link = `${publicUrl}/${purpose}#token=${token}`;
    return { email, name, link, token, validForHours: linkPurposes[purpose].validForHours };
  }

  /** A member of staff who chose a password of their own may use their roles. */
  async function passwordChanged(work: Work, person: KnownPerson, how: 'CHANGED' | 'RESET'): Promise<void> {
    const staff = await work.em.findOne(StaffMember, { userId: person.id });
    if (staff?.mustChangePassword) {
      staff.mustChangePassword = false;
      staff.updatedAt = work.now;
    }
    await mail.passwordChanged(work.em, { email: person.email, name: person.name });
    work.record({
      event: 'person.password_changed',
      payload: { personId: encodeId('person', person.id), how },
      subject: { kind: 'person', id: person.id },
      organizationId: null,
    });
  }

  return { signUp, resendVerification, verifyEmail, requestPasswordReset, resetPassword, changePassword };
}

export type AccountCommands = ReturnType<typeof accountCommands>;

async function known(tables: ReturnType<SignInLibrary['on']>, personId: string): Promise<KnownPerson> {
  const person = await tables.findById(personId);
  if (!person) throw new Error(`Person ${personId} has a link and no account.`);
  return person;
}

function recordPerson(work: Work, event: 'person.signed_up' | 'person.verified', personId: string): void {
  work.record({
    event,
    payload: { personId: encodeId('person', personId) },
    subject: { kind: 'person', id: personId },
    organizationId: null,
  });
}
