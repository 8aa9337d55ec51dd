import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { open } from '../platform/secrets.js';
import { inTransaction } from '../platform/transaction.js';
import { canBeTurnedOff, letterKind } from './letter-kinds.js';
import { html, plainText, readKept } from './mail-body.js';
import type { MailTransport } from './mail-transport.js';
import { Notification } from './notification.entity.js';
import { type SendJob, sendQueue } from './notifications.js';
import { digestKind, type UnsubscribeLinks } from './unsubscribe-links.js';

export interface NotificationJobParts {
  readonly database: Database;
  readonly transport: MailTransport;
  readonly clock: Clock;
  readonly sealingKey: Buffer;
  readonly links: UnsubscribeLinks;
  readonly from: string;
  /** Named in Message-IDs, e.g. the portal's host. */
  readonly domain: string;
  /** The pause after the first failure, in seconds; it doubles. */
  readonly retryDelaySeconds?: number;
}

/** After so many failures the message is given up. */
const mostTries = 5;

/** Sends a message. A crash between sending it and noting that repeats it, with the same Message-ID. */
export function notificationSending(parts: NotificationJobParts): Queue<SendJob> {
  return {
    name: sendQueue,
    // More than `mostTries`, which counts only what the mail server refused: the rest is for trouble of our own.
    retryLimit: mostTries + 5,
    retryDelaySeconds: parts.retryDelaySeconds ?? 30,
    expireInSeconds: 120,
    concurrency: 3,
    async handle({ notificationId }) {
      const notification = await parts.database.orm.em.fork().findOne(Notification, { id: notificationId });
      if (notification?.status !== 'PENDING') return;
      const failure = await send(notification, parts);
      const status = await note(notificationId, failure, parts);
      if (status === 'PENDING') throw new Error(failure ?? 'The message was not sent.');
    },
  };
}

/** @returns why it was not sent, or null when it was */
async function send(notification: Notification, parts: NotificationJobParts): Promise<string | null> {
  const { id, recipient, subject, createdAt, sealedBody } = notification;
  const sections = readKept(open(parts.sealingKey, sealedBody ?? ''));
  const body = { subject, sections, turnOff: turnOff(notification, parts.links) };
  try {
    await parts.transport.send({
      messageId: `<${id}@${parts.domain}>`,
      from: parts.from,
      recipient,
      subject,
      text: plainText(body),
      html: html(body),
      turnOff: body.turnOff,
      writtenAt: createdAt,
    });
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'The message was not sent.';
  }
}

/** Where the recipient turns off what this is one of; null when that cannot be. */
function turnOff({ userId, kind }: Notification, links: UnsubscribeLinks): string | null {
  if (!userId || !kind) return null;
  if (kind === digestKind) return links.url({ personId: userId, kind });
  const letter = letterKind(kind);
  return letter && canBeTurnedOff(letter) ? links.url({ personId: userId, kind }) : null;
}

async function note(id: string, failure: string | null, { database, clock }: NotificationJobParts) {
  return inTransaction(database, async (em) => {
    const notification = await em.findOneOrFail(Notification, { id });
    if (failure === null) {
      notification.status = 'SENT';
      notification.sentAt = clock.now();
      notification.failure = null;
    } else {
      notification.tries += 1;
      notification.failure = failure;
      if (notification.tries >= mostTries) notification.status = 'FAILED';
    }
    await em.flush();
    return notification.status;
  });
}
