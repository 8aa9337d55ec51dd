import { join } from 'node:path';
import { deadlineWatch } from './applications/deadline.jobs.js';
import { stageHistoryRefresh } from './applications/stage-history.jobs.js';
import { askingForTerms, remindingOfTerms, suspendingForTerms } from './attestations/attestation.jobs.js';
import { auditRetention } from './audit/audit-retention.jobs.js';
import { auditCheckpoints } from './audit/checkpoint.jobs.js';
import { checkpointKey } from './audit/checkpoint.js';
import { checkpointFileName } from './audit/checkpoint-file.js';
import { bulkWork } from './bulk/bulk.jobs.js';
import { letterWriting } from './decision-letters/decision-letter.jobs.js';
import { DecisionLetterSubscriber } from './decision-letters/decision-letter-subscriber.js';
import { ratificationEscalation, reviewReminders } from './directives/directive.jobs.js';
import { documentSweep } from './documents/document.sweep.js';
import { housekeeping } from './doorway/housekeeping.jobs.js';
import { eventDispatch } from './events/dispatch.js';
import { flagExpiry } from './flags/flag.jobs.js';
import { expiryNotices, grantExpiry } from './grants/grant.jobs.js';
import { waveTurn } from './grants/place.jobs.js';
import { recertificationOpening, recertificationWatch } from './grants/recertification.jobs.js';
import { releaseApplication } from './grants/release.jobs.js';
import { restorationWork } from './grants/restoration.jobs.js';
import { accountSweep } from './identity/account.sweep.js';
import { digestsDue, digestWriting } from './notifications/digest.jobs.js';
import { letterRetention } from './notifications/letter-retention.jobs.js';
import { notificationSending } from './notifications/notification.jobs.js';
import { NotificationSubscriber } from './notifications/notification-subscriber.js';
import { monthsAhead } from './platform/months.js';
import type { PortalParts } from './portal-parts.js';
import { applyReleaseQueue } from './products/release-job.js';
import { tellingOfReleases } from './products/telling.jobs.js';
import { provisioningEscalation } from './provisioning/provisioning.jobs.js';
import { requestNotices } from './questions/request-notice.jobs.js';
import { intentExpiry } from './reviews/intent.jobs.js';
import { screeningCatchUp, screeningOfGrants, screeningOfOrganization } from './screening/screening.jobs.js';
import { ScreeningSubscriber } from './screening/screening-subscriber.js';
import { Deliveries } from './webhooks/delivery.js';
import { deliveryRetention } from './webhooks/delivery-retention.jobs.js';
import { webhookDelivery, webhookSweep } from './webhooks/webhook.jobs.js';
import { WebhookSubscriber } from './webhooks/webhook-subscriber.js';

/** Declares every queue. Every process does, whether it works them or not. */
export function registerQueues(parts: PortalParts): void {
  const { config, log, clock, ids, key, database, storage, jobs, doorway, accounts, sender, transport } = parts;
  const { publicUrl } = config;
  const deliveries = new Deliveries({ database, jobs, clock, schedule: parts.webhookRetries });
  const told = new WebhookSubscriber({ jobs });
  const screens = new ScreeningSubscriber(jobs);
  const letters = new DecisionLetterSubscriber(jobs);
  const written = new NotificationSubscriber({ notifications: parts.notifications, publicUrl });
  jobs.register(eventDispatch({ database, clock, subscribers: [told, written, screens, letters] }));
  // What a halt of very many grants has to tell is written down first, all of it.
  const yieldsTo = [applyReleaseQueue];
  const delivery = webhookDelivery({ deliveries, sender, doorway, clock, sealingKey: key('webhooks') });
  jobs.register({ ...delivery, yieldsTo });
  jobs.register(webhookSweep(deliveries));
  const sending = notificationSending({
    database,
    transport,
    clock,
    sealingKey: key('mail'),
    links: parts.unsubscribeLinks,
    from: config.mailFrom,
    domain: new URL(publicUrl).hostname,
  });
  jobs.register({ ...sending, yieldsTo });
  const digests = { database, jobs, clock, notifications: parts.notifications, publicUrl };
  jobs.register(digestsDue(digests));
  jobs.register(digestWriting(digests));
  jobs.register(documentSweep({ doorway, database, storage, clock, ids }));
  jobs.register(letterWriting({ doorway, database, storage, clock, ids }));
  jobs.register(deadlineWatch({ doorway, database, clock, ids }));
  jobs.register(requestNotices({ doorway, database, clock, ids }));
  jobs.register(stageHistoryRefresh({ database, clock }));
  jobs.register(grantExpiry({ doorway, database, clock, ids }));
  jobs.register(expiryNotices({ doorway, database, clock, ids }));
  jobs.register(recertificationOpening({ doorway, database, clock, ids }));
  jobs.register(recertificationWatch({ doorway, database, clock, ids }));
  jobs.register(flagExpiry({ doorway, database, clock, ids }));
  jobs.register(intentExpiry({ doorway, database, clock, ids }));
  jobs.register(releaseApplication({ doorway, database, clock, ids }));
  jobs.register(tellingOfReleases({ doorway, database, clock, ids }));
  jobs.register(waveTurn({ doorway, database, clock, ids }));
  jobs.register(restorationWork({ doorway, database, clock, ids }));
  jobs.register(askingForTerms({ doorway, database, clock, ids }));
  jobs.register(remindingOfTerms({ doorway, database, clock, ids }));
  jobs.register(suspendingForTerms({ doorway, database, clock, ids }));
  jobs.register(ratificationEscalation({ doorway, database, clock, ids }));
  jobs.register(provisioningEscalation({ doorway, database, clock, ids }));
  jobs.register(reviewReminders({ doorway, database, clock, ids }));
  const screening = { screener: parts.screener, doorway, database, ids };
  jobs.register(screeningOfOrganization(screening));
  jobs.register(screeningOfGrants(screening));
  jobs.register(screeningCatchUp(screening));
  jobs.register(bulkWork({ doorway, database, clock, ids }));
  jobs.register(accountSweep(accounts));
  jobs.register(housekeeping({ database, clock }));
  registerMonths(parts);
  jobs.register(
    auditCheckpoints({
      database,
      clock,
      log: publicUrl,
      privateKey: checkpointKey(config.secretKey),
      file: join(config.dataDir, checkpointFileName),
      teller: log,
    }),
  );
}

/** What begins the months of tables that are kept in months, and drops what is older than it is kept. */
function registerMonths({ config, log, clock, ids, database, jobs, doorway }: PortalParts): void {
  const months = config.deliveryRetentionMonths;
  jobs.register(monthsAhead({ database, clock }));
  jobs.register(deliveryRetention({ database, clock, months, teller: log }));
  jobs.register(letterRetention({ database, clock, months }));
  jobs.register(
    auditRetention({
      database,
      doorway,
      clock,
      ids,
      log: config.publicUrl,
      privateKey: checkpointKey(config.secretKey),
      months: config.auditRetentionMonths,
      teller: log,
    }),
  );
}
