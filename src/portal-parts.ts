import { join } from 'node:path';
import { Statements } from './access/statements.js';
import { ArrivalFeed } from './api/arrival-feed.js';
import { ChangeFeed } from './api/change-feed.js';
import { changeLogOf } from './applications/application-changes.queries.js';
import type { Config } from './config.js';
import { DocumentLinks } from './documents/document-links.js';
import { Doorway } from './doorway/doorway.js';
import { Accounts } from './identity/accounts.js';
import { Actors } from './identity/actors.js';
import { Passwords } from './identity/passwords.js';
import { RateLimits } from './identity/rate-limits.js';
import { SignInLibrary } from './identity/sign-in-library.js';
import { Staff } from './identity/staff.js';
import { StaffPasswords } from './identity/staff-passwords.js';
import { AccountLetters } from './notifications/account-letters.js';
import { arrivalLogOf } from './notifications/arrivals.queries.js';
import { mailFolder, smtpTransport } from './notifications/mail-transport.js';
import { Notifications } from './notifications/notifications.js';
import { UnsubscribeLinks } from './notifications/unsubscribe-links.js';
import { openDatabase } from './open-database.js';
import { type Clock, systemClock } from './platform/clock.js';
import type { Database } from './platform/database/open.js';
import { type Ids, randomIds } from './platform/ids.js';
import { JobQueue } from './platform/job-queue.js';
import type { Log } from './platform/logging.js';
import { deriveKey } from './platform/secrets.js';
import { LocalStorage } from './platform/storage/local-storage.js';
import { Screener } from './screening/screener.js';
import { productVersion } from './version.js';
import { AddressGuard, type Resolve } from './webhooks/address-guard.js';
import { type RetrySchedule, retrySchedule } from './webhooks/retry-schedule.js';
import { WebhookSender } from './webhooks/webhook-sender.js';
import { Webhooks } from './webhooks/webhooks.js';

/** What tests and the demo set themselves; everything else comes from the configuration. */
export interface PortalOptions {
  readonly log: Log;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** An open database, which the portal then does not close. */
  readonly database?: Database;
  readonly webhookRetries?: RetrySchedule;
  /** How soon whoever asks about an address is answered, at the soonest; see `AccountParts`. */
  readonly answerAfterMs?: number;
  /** False where jobs that come by the clock are to come when they are called for. */
  readonly schedules?: boolean;
  readonly resolveHost?: Resolve;
}

/** What a portal consists of, whether it answers requests, works jobs, or both. */
export type PortalParts = Awaited<ReturnType<typeof assembleParts>>;

/** Builds every part from the configuration; nothing runs yet. */
export async function assembleParts(config: Config, options: PortalOptions) {
  const { log, clock = systemClock, ids = randomIds } = options;
  const database = options.database ?? (await openDatabase(config, log));
  const storage = await LocalStorage.open(join(config.dataDir, 'documents'));
  const jobs = new JobQueue({ database, log, clock, schedules: options.schedules });
  const key = (purpose: string) => deriveKey(config.secretKey, purpose);
  const { publicUrl } = config;

  const actors = new Actors(database);
  const changes = new ChangeFeed({ changes: changeLogOf(database), log });
  const arrivals = new ArrivalFeed({ arrivals: arrivalLogOf(database), log });
  const doorway = new Doorway({
    database,
    jobs,
    clock,
    ids,
    sealingKey: key('idempotency'),
    committed: (events) => {
      actors.forgetAfter(events);
      changes.look();
    },
  });
  const notifications = new Notifications({ jobs, clock, ids, sealingKey: key('mail') });
  const unsubscribeLinks = new UnsubscribeLinks({ key: key('unsubscribe links'), publicUrl });
  const letters = new AccountLetters({ notifications, publicUrl });
  const library = new SignInLibrary({ ids, publicUrl, secret: key('sign-in') });
  const passwords = new Passwords();
  const limits = new RateLimits(database, clock);
  const signIn = { passwords, limits, library, actors };
  const accounts = new Accounts({
    database,
    doorway,
    clock,
    ...signIn,
    mail: letters,
    publicUrl,
    answerAfterMs: options.answerAfterMs,
  });
  const staff = new Staff({ doorway, library, passwords, mail: letters });
  const staffPasswords = new StaffPasswords({ doorway, library, passwords, mail: letters });
  const links = new DocumentLinks({ key: key('document links'), publicUrl: () => publicUrl });
  const guard = new AddressGuard(config.webhookAllowedHosts, options.resolveHost);
  const webhooks = new Webhooks({ doorway, guard, sealingKey: key('webhooks') });
  const statements = new Statements({
    doorway,
    database,
    clock,
    ids,
    sealingKey: key('statements'),
    issuer: publicUrl,
  });
  const screener = new Screener({ database, doorway, clock });
  const sender = new WebhookSender({ guard, version: productVersion });
  const transport = config.smtpUrl ? smtpTransport(config.smtpUrl) : mailFolder(join(config.dataDir, 'mail'));

  return {
    config,
    log,
    clock,
    ids,
    key,
    database,
    storage,
    jobs,
    doorway,
    actors,
    changes,
    arrivals,
    notifications,
    unsubscribeLinks,
    letters,
    accounts,
    limits,
    staff,
    staffPasswords,
    links,
    webhooks,
    statements,
    screener,
    sender,
    transport,
    webhookRetries: options.webhookRetries ?? retrySchedule,
  };
}
