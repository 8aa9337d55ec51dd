import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';

/** A message on its way out. */
export interface OutgoingMail {
  /** Stable over repetitions, so that a mail server or reader can recognise a message that was sent twice. */
  readonly messageId: string;
  readonly from: string;
  readonly recipient: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Where letters like it are turned off by one request (RFC 8058); null when they cannot be. */
  readonly turnOff: string | null;
  readonly writtenAt: Date;
}

/** The way messages leave. */
export interface MailTransport {
  /** @throws Error when the message was not taken; its text holds nothing of the message */
  send(mail: OutgoingMail): Promise<void>;
  close(): void;
}

/** How long each part of sending may take, in milliseconds. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 5_000 };

/** Sends by SMTP, over a few connections that are kept. */
export function smtpTransport(url: string): MailTransport {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 3,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...timeouts,
  });
  return {
    async send(mail) {
      await transport.sendMail(mailOptions(mail)).catch((error: unknown) => {
        throw new Error(`The mail server did not take the message (${reasonOf(error)}).`);
      });
    },
    close: () => transport.close(),
  };
}

/** Writes each message as a file instead: for trials, and for development. */
export function mailFolder(folder: string): MailTransport {
  const composer = createTransport({
    streamTransport: true,
    buffer: true,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      const { message } = await composer.sendMail(mailOptions(mail));
      await writeAtOnce(folder, fileName(mail), message).catch((error: unknown) => {
        throw new Error(`The message could not be written (${reasonOf(error)}).`);
      });
    },
    close: () => composer.close(),
  };
}

/** The file is there whole or not at all. */
async function writeAtOnce(folder: string, name: string, content: Buffer | Readable): Promise<void> {
  const file = join(folder, name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.part`, content, { mode: 0o600 });
  await rename(`${file}.part`, file);
}

function mailOptions(mail: OutgoingMail): SendMailOptions {
  const { messageId, from, recipient, subject, text, html, turnOff, writtenAt } = mail;
  const oneClick =
    turnOff === null
      ? {}
      : { 'List-Unsubscribe': `<${turnOff}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' };
  return {
    messageId,
    from,
    to: { name: '', address: recipient },
    subject,
    text,
    html,
    date: writtenAt,
    headers: { 'Auto-Submitted': 'auto-generated', ...oneClick },
  };
}

/** Sorts by time and shows the recipient; the same message written twice is one file. */
function fileName({ writtenAt, recipient, messageId }: OutgoingMail): string {
  const time = writtenAt.toISOString().replaceAll(':', '-').replace('.', '-');
  const to = recipient.replaceAll(/[^A-Za-z0-9@._+-]/g, '_').slice(0, 100);
  const unique = messageId
    .replaceAll(/[^0-9a-f]/g, '')
    .slice(0, 32)
    .slice(-8);
  return `${time} ${to} ${unique}.eml`;
}

/** The kind of trouble in codes, because a mail server's own words may repeat addresses. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'no reason given';
  const parts = ['code', 'responseCode', 'command'].map((name) => Reflect.get(error, name));
  const known = parts.filter((part) => typeof part === 'string' || typeof part === 'number');
  return known.length > 0 ? known.join(' ') : 'no reason given';
}
