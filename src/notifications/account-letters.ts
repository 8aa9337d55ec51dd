import type { AccountMail, Addressee, LinkLetter, StaffLetter } from '../identity/account-mail.js';
import { partnerRoles, staffRoles } from '../lifecycle/roles.js';
import type { InvitationMail } from '../organizations/member.commands.js';
import type { Em } from '../platform/database/database.js';
import { composed, type Wording } from './letters.js';
import type { Notifications } from './notifications.js';

/** Letters about accounts and invitations, which the command concerned enqueues itself. */
export class AccountLetters implements AccountMail, InvitationMail {
  readonly #notifications: Notifications;
  readonly #publicUrl: string;

  constructor(parts: { readonly notifications: Notifications; readonly publicUrl: string }) {
    this.#notifications = parts.notifications;
    this.#publicUrl = parts.publicUrl;
  }

  verifyAddress(em: Em, letter: LinkLetter): Promise<void> {
    return this.#send(em, letter.email, letter.link, {
      subject: 'Confirm your e-mail address',
      happened: `Hello ${letter.name},\n\nsomebody signed up to the access portal with this address.`,
      next: `If it was you, confirm the address within ${hours(letter)} with the link below, or by its token:\n\n${letter.token}\n\nIf it was not you, do nothing.`,
    });
  }

  addressAlreadyKnown(em: Em, letter: Addressee): Promise<void> {
    return this.#send(em, letter.email, `${this.#publicUrl}/`, {
      subject: 'You have an account already',
      happened: `Hello ${letter.name},\n\nsomebody tried to sign up to the access portal with this address, which has an account already.`,
      next: 'If it was you, sign in; if you forgot your password, ask for a new one. If it was not you, do nothing.',
    });
  }

  resetPassword(em: Em, letter: LinkLetter): Promise<void> {
    return this.#send(em, letter.email, letter.link, {
      subject: 'Choose a new password',
      happened: `Hello ${letter.name},\n\nsomebody asked for a new password for your account.`,
      next: `If it was you, choose one within ${hours(letter)} with the link below, or by its token:\n\n${letter.token}\n\nIf it was not you, do nothing: your password stays as it is.`,
    });
  }

  passwordChanged(em: Em, letter: Addressee): Promise<void> {
    return this.#send(em, letter.email, `${this.#publicUrl}/`, {
      subject: 'Your password was changed',
      happened: `Hello ${letter.name},\n\nthe password of your account was changed.`,
      next: 'If it was not you, ask for a new password at once.',
    });
  }

  addedToStaff(em: Em, letter: StaffLetter): Promise<void> {
    const roles = letter.roles.map((role) => `- ${role}: ${staffRoles[role]}`).join('\n');
    return this.#send(em, letter.email, `${this.#publicUrl}/`, {
      subject: 'You were added to the staff',
      happened: `Hello ${letter.name},\n\nyou were added to the staff of the access portal, with these roles:\n\n${roles}`,
      next: letter.hasOneTimePassword
        ? 'Sign in with the one-time password that you are given in person, and choose your own.'
        : 'Sign in with the password that you have.',
    });
  }

  inviteMember(work: { readonly em: Em }, invitation: Parameters<InvitationMail['inviteMember']>[1]): Promise<void> {
    const { recipient, organizationName, invitedBy, role, token, expiresAt } = invitation;
    return this.#send(work.em, recipient, `${this.#publicUrl}/accept-invitation#token=${token}`, {
      subject: `Join ${organizationName} on the access portal`,
      happened: `${invitedBy} invites you to join ${organizationName} on the access portal, as ${role}: ${partnerRoles[role]}`,
      next: `Sign up or sign in with this address, then accept by ${expiresAt.toISOString().slice(0, 10)} with the link below, or by its token:\n\n${token}`,
    });
  }

  #send(em: Em, recipient: string, link: string, { subject, ...rest }: Wording): Promise<void> {
    return this.#notifications.enqueue(em, { recipient, subject, text: composed(rest, link), eventId: null });
  }
}

function hours({ validForHours }: LinkLetter): string {
  return validForHours === 1 ? 'an hour' : `${validForHours} hours`;
}
