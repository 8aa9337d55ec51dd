import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountLetters } from '../../src/notifications/account-letters.js';
import { smtpTransport } from '../../src/notifications/mail-transport.js';
import type { Em } from '../../src/platform/database/database.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { type MailDesk, openMailDesk } from './mail-desk.js';
import { MailServer } from './mail-server.js';

describe('letters about accounts', () => {
  const server = new MailServer();
  const anna = { email: 'anna@example.org', name: 'Anna' };
  let desk: MailDesk;
  let letters: AccountLetters;

  beforeAll(async () => {
    await server.start();
    desk = await openMailDesk(smtpTransport(server.url));
    letters = new AccountLetters({ notifications: desk.notifications, publicUrl: 'https://access.example.org' });
  });

  afterAll(async () => {
    await desk.close();
    await server.stop();
  });

  async function letter(write: (em: Em) => Promise<void>) {
    server.mails.length = 0;
    await inTransaction(desk.database, write);
    await desk.jobs.drain();
    const [mail] = server.mails;
    if (!mail || server.mails.length > 1) throw new Error(`There are ${server.mails.length} letters, not 1.`);
    return { to: mail.recipients, subject: mail.email.subject, text: mail.email.text ?? '' };
  }

  it('ask to confirm an address, with a link and its token, and for how long they work', async () => {
    const link = 'https://access.example.org/verify-email#token=abc';
    const asked = { ...anna, link, token: 'abc', validForHours: 24 };
    const { to, subject, text } = await letter((em) => letters.verifyAddress(em, asked));
    expect(to).toEqual(['anna@example.org']);
    expect(subject).toBe('Confirm your e-mail address');
    expect(text).toContain('Hello Anna');
    expect(text).toContain(`\n${link}\n`);
    expect(text).toContain('\nabc\n');
    expect(text).toContain('24 hours');
  });

  it('offer a new password the same way', async () => {
    const link = 'https://access.example.org/reset-password#token=abc';
    const asked = { ...anna, link, token: 'abc', validForHours: 1 };
    const { text } = await letter((em) => letters.resetPassword(em, asked));
    expect(text).toContain(`\n${link}\n`);
    expect(text).toContain('an hour');
  });

  it('invite a colleague with a link that holds the token', async () => {
    const { to, subject, text } = await letter((em) =>
      letters.inviteMember(
        { em },
        {
          recipient: 'new@example.org',
          organizationName: 'Delta Grid B.V.',
          invitedBy: 'Anna',
          role: 'APPLICANT',
          token: 'abc',
          expiresAt: new Date('2026-12-08T10:00:00Z'),
        },
      ),
    );
    expect(to).toEqual(['new@example.org']);
    expect(subject).toBe('Join Delta Grid B.V. on the access portal');
    expect(text).toContain('https://access.example.org/accept-invitation#token=abc');
    expect(text).toContain('by 2026-12-08');
  });

  it('let the holder of an account notice what others try, and new staff know their roles', async () => {
    expect((await letter((em) => letters.addressAlreadyKnown(em, anna))).subject).toBe('You have an account already');
    expect((await letter((em) => letters.passwordChanged(em, anna))).subject).toBe('Your password was changed');
    const { text } = await letter((em) =>
      letters.addedToStaff(em, { ...anna, roles: ['INTAKE', 'DECIDER'], hasOneTimePassword: true }),
    );
    expect(text).toContain('- INTAKE: ');
    expect(text).toContain('- DECIDER: ');
  });
});
