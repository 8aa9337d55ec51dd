import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { mailFolder, smtpTransport } from '../../src/notifications/mail-transport.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { type MailDesk, openMailDesk } from './mail-desk.js';
import { MailServer } from './mail-server.js';

describe('sending by SMTP', () => {
  const server = new MailServer();
  let desk: MailDesk;

  beforeAll(async () => {
    await server.start();
    desk = await openMailDesk(smtpTransport(server.url));
  });

  afterEach(async () => {
    server.mails.length = 0;
    await desk.forget();
  });

  afterAll(async () => {
    await desk.close();
    await server.stop();
  });

  it('sends a message once, in plain text, and notes it', async () => {
    await desk.write('anna@example.org', 'Grüße\r\nBcc: x@example.org', 'Ein Link:\n\nhttps://example.org/ä\n.\nfin\n');
    await desk.jobs.drain();
    await desk.jobs.drain();
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toMatchObject({
      recipients: ['anna@example.org'],
      email: {
        subject: 'Grüße Bcc: x@example.org',
        to: [{ address: 'anna@example.org' }],
        text: 'Ein Link:\n\nhttps://example.org/ä\n.\nfin\n\n',
      },
    });
    expect(await desk.kept()).toMatchObject([{ status: 'SENT', sentAt: desk.time.now, tries: 0, failure: null }]);
  });

  it('keeps the text sealed', async () => {
    await desk.write('anna@example.org', 'Your link', 'token-0123456789');
    const [kept] = await desk.kept();
    expect(JSON.stringify(kept)).not.toContain('token-0123456789');
  });

  it('sends nothing of a transaction that was undone', async () => {
    const undone = inTransaction(desk.database, async (em) => {
      await desk.letters.passwordChanged(em, { email: 'a@example.org', name: 'Anna' });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await desk.jobs.drain()).toBe(0);
    expect(await desk.kept()).toEqual([]);
  });

  it('sends what waited once the mail server is back', async () => {
    await server.stop();
    await desk.write('anna@example.org', 'Late', 'Better than never.');
    await desk.jobs.drain();
    desk.pass(31);
    await desk.jobs.drain();
    expect(await desk.kept()).toMatchObject([
      {
        status: 'PENDING',
        tries: 2,
        failure: expect.stringMatching(/^The mail server did not take the message \(ESOCKET/),
      },
    ]);
    expect(server.mails).toHaveLength(0);

    await server.start();
    desk.pass(61);
    await desk.jobs.drain();
    expect(server.letters).toEqual(['anna@example.org: Late']);
    expect(await desk.kept()).toMatchObject([{ status: 'SENT', failure: null }]);
  });

  it('gives up after five refusals, with a reason that repeats nothing of the message', async () => {
    server.unknown.add('nobody@example.org');
    await desk.write('nobody@example.org', 'A subject', 'A text');
    for (let round = 0; round < 8; round += 1) {
      await desk.jobs.drain();
      desk.pass(3600);
    }
    const [kept] = await desk.kept();
    expect(kept).toMatchObject({ status: 'FAILED', tries: 5, sentAt: null });
    expect(kept?.failure).toContain('550');
    expect(kept?.failure).not.toMatch(/nobody|subject|text/);
    expect(await desk.jobs.waiting('notifications.send')).toBe(0);
  });
});

describe('writing mail as files', () => {
  let desk: MailDesk;
  let folder: string;

  beforeAll(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'sallyport-mail-')), 'mail');
    desk = await openMailDesk(mailFolder(folder));
  });

  afterAll(async () => {
    await desk.close();
    await rm(join(folder, '..'), { recursive: true });
  });

  it('writes a whole message a file, named by time and recipient', async () => {
    await desk.write('zoe@example.org', 'First', 'One.');
    await desk.jobs.drain();
    desk.pass(60);
    await desk.write('../../anna/o\u202e@example.org', 'Second', 'Two.');
    await desk.jobs.drain();

    const files = (await readdir(folder)).sort();
    expect(files).toEqual([
      expect.stringMatching(/^2026-11-24T10-15-30-123Z zoe@example\.org [0-9a-f]{8}\.eml$/),
      expect.stringMatching(/^2026-11-24T10-16-30-123Z \.\._\.\._anna_o_@example\.org [0-9a-f]{8}\.eml$/),
    ]);
    const email = await PostalMime.parse(await readFile(join(folder, files[0] ?? '')));
    expect(email).toMatchObject({ subject: 'First', text: 'One.\n\n', to: [{ address: 'zoe@example.org' }] });
    expect(new Date(email.date ?? '').toISOString()).toBe('2026-11-24T10:15:30.000Z');
  });
});
