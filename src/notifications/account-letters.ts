import type { AccountMail, Addressee, LinkLetter, StaffLetter } from '../identity/account-mail.js';
import { partnerRoles, staffRoles } from '../lifecycle/roles.js';
import type { InvitationMail } from '../organizations/member.commands.js';
import type { Em } from '../platform/database/database.js';
import { type AccountKindName, accountKinds } from './account-kinds.js';
import type { Wording } from './letters.js';
import type { Notifications } from './notifications.js';

/** Letters about accounts and invitations, which the command concerned enqueues itself. */
export class AccountLetters implements AccountMail, InvitationMail {
  readonly #notifications: Notifications;
  readonly #publicUrl: string;

  constructor(parts: { readonly notifications: Notifications; readonly publicUrl: string }) {
    this.#notifications = parts.notifications;
    this.#publicUrl = parts.publicUrl;
  }

  async verifyAddress(em: Em, letter: LinkLetter): Promise<void> {
    await this.#send(em, 'account.address_to_confirm', letter, letter.link, {
      subject: 'Confirm your e-mail address',
      happened: 'Somebody signed up to the access portal with this address.',
      next: `If it was you, confirm the address within ${hours(letter)} with the link below, or by its token:\n\n${letter.token}\n\nIf it was not you, do nothing.`,
    });
  }

  async addressAlreadyKnown(em: Em, letter: Addressee): Promise<void> {
    await this.#send(em, 'account.address_known', letter, `${this.#publicUrl}/`, {
      subject: 'You have an account already',
      happened: 'Somebody tried to sign up to the access portal with this address, which has an account already.',
      next: 'If it was you, sign in; if you forgot your password, ask for a new one. If it was not you, do nothing.',
    });
  }

  async resetPassword(em: Em, letter: LinkLetter): Promise<void> {
    await this.#send(em, 'account.password_reset_asked', letter, letter.link, {
      subject: 'Choose a new password',
      happened: 'Somebody asked for a new password for your account.',
      next: `If it was you, choose one within ${hours(letter)} with the link below, or by its token:\n\n${letter.token}\n\nIf it was not you, do nothing: your password stays as it is.`,
    });
  }

  async passwordChanged(em: Em, letter: Addressee): Promise<void> {
    await this.#send(em, 'account.password_changed', letter, `${this.#publicUrl}/`, {
      subject: 'Your password was changed',
      happened: 'The password of your account was changed.',
      next: 'If it was not you, ask for a new password at once.',
    });
  }

  async addedToStaff(em: Em, letter: StaffLetter): Promise<void> {
    const roles = letter.roles.map((role) => `- ${role}: ${staffRoles[role]}`).join('\n');
    await this.#send(em, 'account.added_to_staff', letter, `${this.#publicUrl}/`, {
      subject: 'You were added to the staff',
      happened: `You were added to the staff of the access portal, with these roles:\n\n${roles}`,
      next: letter.hasOneTimePassword
        ? 'Sign in with the one-time password that you are given in person, and choose your own.'
        : 'Sign in with the password that you have.',
    });
  }

  async inviteMember(
    work: { readonly em: Em },
    invitation: Parameters<InvitationMail['inviteMember']>[1],
  ): Promise<void> {
    const { recipient, organizationName, invitedBy, role, token, expiresAt } = invitation;
    await this.#send(
      work.em,
      'account.invited',
      { email: recipient },
      `${this.#publicUrl}/accept-invitation#token=${token}`,
      {
        subject: `Join ${organizationName} on the access portal`,
        happened: `${invitedBy} invites you to join ${organizationName} on the access portal, as ${role}: ${partnerRoles[role]}`,
        next: `Sign up or sign in with this address, then accept by ${expiresAt.toISOString().slice(0, 10)} with the link below, or by its token:\n\n${token}`,
      },
    );
  }

  /** The portal shows what happened, and not what to do next: that may hold a token, which is for the mailbox alone. */
  #send(em: Em, kind: AccountKindName, { email, name }: To, link: string, wording: Wording): Promise<string> {
    const { subject, happened, next } = wording;
    const shown = { body: happened, capacity: 'SELF', roles: [], organizationId: null, applicationId: null } as const;
    const greeting = name === undefined ? '' : `Hello ${name},\n\n`;
    return this.#notifications.enqueue(em, {
      kind,
      recipient: email,
      personId: null,
      subject,
      sections: [{ heading: null, text: `${greeting}${happened}\n\n${next}`, link }],
      shown: accountKinds[kind].inPortal ? shown : null,
      eventId: null,
      byMail: 'AT_ONCE',
    });
  }
}

/** To whom; an address that may have no account has no name. */
type To = Pick<Addressee, 'email'> & Partial<Pick<Addressee, 'name'>>;

function hours({ validForHours }: LinkLetter): string {
  return validForHours === 1 ? 'an hour' : `${validForHours} hours`;
}
