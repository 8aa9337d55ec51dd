import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NodeResolver } from './api/node.resolver.js';
import type { Request } from './api/request.js';
import { viewing } from './api/request.js';
import { ApplicationResolver } from './applications/application.resolver.js';
import { ApplicationCommandResolver } from './applications/application-commands.resolver.js';
import { readApplication } from './applications/application-lists.queries.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { readAuditRecord } from './audit/audit-record.queries.js';
import { auditCheckpoints } from './audit/checkpoint.jobs.js';
import { checkpointKey } from './audit/checkpoint.js';
import { checkpointFileName } from './audit/checkpoint-file.js';
import type { Config } from './config.js';
import { readDocument } from './documents/document.queries.js';
import { DocumentResolver } from './documents/document.resolver.js';
import { documentRoutes } from './documents/document.routes.js';
import { documentSweep } from './documents/document.sweep.js';
import { DocumentLinks } from './documents/document-links.js';
import { Doorway } from './doorway/doorway.js';
import { housekeeping } from './doorway/housekeeping.jobs.js';
import { checkIdempotencyKey } from './doorway/idempotency.js';
import { entities, tablesWithoutEntity } from './entities.js';
import { eventDispatch } from './events/dispatch.js';
import { grantExpiry } from './grants/grant.jobs.js';
import { readGrant } from './grants/grant.queries.js';
import { GrantResolver } from './grants/grant.resolver.js';
import { AccountResolver } from './identity/account.resolver.js';
import { accountSweep } from './identity/account.sweep.js';
import { Accounts } from './identity/accounts.js';
import { actorOf, readCredential, sessionCookie } from './identity/actor.js';
import { ApiKeyResolver } from './identity/api-key.resolver.js';
import { readApiKey, readPerson, readStaffMember } from './identity/identity.queries.js';
import { Passwords } from './identity/passwords.js';
import { RateLimits } from './identity/rate-limits.js';
import { SignInLibrary } from './identity/sign-in-library.js';
import { Staff } from './identity/staff.js';
import { StaffResolver } from './identity/staff.resolver.js';
import { StaffPasswords } from './identity/staff-passwords.js';
import { AccountLetters } from './notifications/account-letters.js';
import { mailFolder, smtpTransport } from './notifications/mail-transport.js';
import { notificationSending } from './notifications/notification.jobs.js';
import { NotificationSubscriber } from './notifications/notification-subscriber.js';
import { Notifications } from './notifications/notifications.js';
import { readOrganization } from './organizations/organization.queries.js';
import { OrganizationResolver } from './organizations/organization.resolver.js';
import { type Clock, systemClock } from './platform/clock.js';
import { messageOf } from './platform/database/database.js';
import { type Database, openEmbeddedDatabase, openPostgresDatabase } from './platform/database/open.js';
import type { ReadinessCheck } from './platform/http/health.js';
import { createHttpServer } from './platform/http/server.js';
import { type Ids, randomIds } from './platform/ids.js';
import { JobQueue } from './platform/job-queue.js';
import type { Log } from './platform/logging.js';
import { createMetrics, serveMetrics } from './platform/metrics.js';
import { defaultFieldResolver } from './platform/reading/default-resolver.js';
import { deriveKey } from './platform/secrets.js';
import { LocalStorage } from './platform/storage/local-storage.js';
import type { Storage } from './platform/storage/storage.js';
import { readProgram } from './programs/program.queries.js';
import { ProgramResolver } from './programs/program.resolver.js';
import { ReviewResolver } from './reviews/review.resolver.js';
import { buildPortalSchema } from './schema.js';
import { productVersion } from './version.js';
import { AddressGuard, type Resolve } from './webhooks/address-guard.js';
import { Deliveries } from './webhooks/delivery.js';
import { type RetrySchedule, retrySchedule } from './webhooks/retry-schedule.js';
import { webhookDelivery, webhookSweep } from './webhooks/webhook.jobs.js';
import { readWebhookDelivery, readWebhookEndpoint } from './webhooks/webhook.queries.js';
import { WebhookResolver } from './webhooks/webhook.resolver.js';
import { WebhookSender } from './webhooks/webhook-sender.js';
import { WebhookSubscriber } from './webhooks/webhook-subscriber.js';
import { Webhooks } from './webhooks/webhooks.js';

/** What tests and the demo set themselves; everything else comes from the configuration. */
export interface PortalOptions {
  readonly log: Log;
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** An open database, which the portal then does not close. */
  readonly database?: Database;
  readonly webhookRetries?: RetrySchedule;
  readonly resolveHost?: Resolve;
}

/** Everything of a running process, put together. */
export interface Portal {
  readonly database: Database;
  readonly doorway: Doorway;
  readonly staff: Staff;
  readonly staffPasswords: StaffPasswords;
  readonly accounts: Accounts;
  readonly webhooks: Webhooks;
  readonly jobs: JobQueue;
  /** Begins to answer requests and to work jobs, as the configuration says. */
  start(): Promise<{ readonly url: string | null; readonly metricsUrl: string | null }>;
  /** Takes no more work, finishes what is under way, and lets go of everything, within the time given. */
  stop(timeoutMs: number): Promise<void>;
}

/** Of the time to stop, what requests get; jobs get the same, and the rest is for closing. */
const shareOfStopping = 0.4;

/** How long the database may take to say that it is there, for /readyz. */
const pingWithinMs = 2_000;

/**
 * Puts the portal together. It does not migrate: the database must have the schema of this version.
 * @throws Refusal UNAVAILABLE or CONFLICT when the database cannot be used
 */
export async function createPortal(config: Config, options: PortalOptions): Promise<Portal> {
  const { log, clock = systemClock, ids = randomIds } = options;
  const database = options.database ?? (await openDatabase(config, log));
  const storage = await LocalStorage.open(join(config.dataDir, 'documents'));
  const jobs = new JobQueue({ database, log, clock });
  const key = (purpose: string) => deriveKey(config.secretKey, purpose);
  const { publicUrl } = config;

  const doorway = new Doorway({ database, jobs, clock, ids, sealingKey: key('idempotency') });
  const notifications = new Notifications({ jobs, clock, ids, sealingKey: key('mail') });
  const letters = new AccountLetters({ notifications, publicUrl });
  const library = new SignInLibrary({ ids, publicUrl, secret: key('sign-in') });
  const passwords = new Passwords();
  const limits = new RateLimits(database, clock);
  const accounts = new Accounts({ database, doorway, clock, passwords, limits, library, mail: letters, publicUrl });
  const staff = new Staff({ doorway, library, passwords, mail: letters });
  const staffPasswords = new StaffPasswords({ doorway, library, passwords, mail: letters });
  const links = new DocumentLinks({ key: key('document links'), publicUrl: () => publicUrl });
  const guard = new AddressGuard(config.webhookAllowedHosts, options.resolveHost);
  const webhookKey = key('webhooks');
  const webhooks = new Webhooks({ doorway, guard, sealingKey: webhookKey });
  const sender = new WebhookSender({ guard, version: productVersion });
  const transport = config.smtpUrl ? smtpTransport(config.smtpUrl) : mailFolder(join(config.dataDir, 'mail'));

  const deliveries = new Deliveries({ database, jobs, clock, ids, schedule: options.webhookRetries ?? retrySchedule });
  const told = new WebhookSubscriber({ jobs, ids });
  const written = new NotificationSubscriber({ notifications, publicUrl });
  jobs.register(eventDispatch({ database, jobs, clock, subscribers: [told, written] }));
  jobs.register(webhookDelivery({ deliveries, sender, doorway, clock, sealingKey: webhookKey }));
  jobs.register(webhookSweep(deliveries));
  jobs.register(
    notificationSending({
      database,
      transport,
      clock,
      sealingKey: key('mail'),
      from: config.mailFrom,
      domain: new URL(publicUrl).hostname,
    }),
  );
  jobs.register(documentSweep({ doorway, database, storage, clock, ids }));
  jobs.register(grantExpiry({ doorway, database, clock, ids }));
  jobs.register(accountSweep(accounts));
  jobs.register(housekeeping({ database, clock }));
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

  const metrics = config.metricsPort === null ? null : createMetrics();
  const http = config.run.includes('api')
    ? await createHttpServer<Request>({
        schema: buildPortalSchema(
          instancesOf([
            nodes(),
            new AccountResolver(accounts),
            new StaffResolver(staff),
            new ApiKeyResolver(doorway),
            new OrganizationResolver(doorway, letters),
            new ProgramResolver(doorway),
            new ApplicationResolver(),
            new ApplicationCommandResolver(doorway),
            new DocumentResolver({ doorway, storage, links, maxDocumentBytes: config.maxDocumentBytes }),
            new ReviewResolver(doorway),
            new GrantResolver(doorway),
            new WebhookResolver(webhooks),
            new AuditResolver(),
          ]),
        ),
        fieldResolver: defaultFieldResolver,
        contextOf: requestReader({ database, clock, secureCookies: publicUrl.startsWith('https:') }),
        actorKindOf: (request) => request.actor.kind,
        routes: [
          async (app) => {
            const { maxDocumentBytes } = config;
            await app.register(documentRoutes, { database, storage, links, clock, maxDocumentBytes });
          },
        ],
        ready: () => checks({ database, storage }),
        log,
        ...(metrics ? { metrics } : {}),
        ids,
        publicUrl,
        allowedOrigins: config.allowedOrigins,
        trustedProxies: config.trustedProxies,
        introspection: config.introspection,
        page: config.environment !== 'production',
      })
    : null;

  let metricsServer: Awaited<ReturnType<typeof serveMetrics>> | null = null;
  return {
    database,
    doorway,
    staff,
    staffPasswords,
    accounts,
    webhooks,
    jobs,
    async start() {
      await jobs.start({ work: config.run.includes('worker') });
      if (metrics && config.metricsPort !== null) metricsServer = await serveMetrics(metrics, config.metricsPort);
      const listening = await http?.listen({ host: config.host, port: config.port });
      return { url: listening?.url ?? null, metricsUrl: metricsServer?.url ?? null };
    },
    async stop(timeoutMs) {
      http?.drain();
      await http?.close(timeoutMs * shareOfStopping);
      await jobs.stop(timeoutMs * shareOfStopping);
      await sender.close();
      transport.close();
      await metricsServer?.close();
      if (!options.database) await database.close();
    },
  };
}

/** Opens the database that the configuration names, embedded or served. */
export function openDatabase(config: Config, log: Log, statementTimeoutMs = 30_000): Promise<Database> {
  const shape = { entities, tablesWithoutEntity, log };
  if (config.databaseUrl === null) return openEmbeddedDatabase({ folder: config.dataDir, ...shape });
  const applicationName = `sallyport ${config.run.join('+')}`;
  const poolSize = config.databasePoolSize;
  return openPostgresDatabase({ url: config.databaseUrl, poolSize, statementTimeoutMs, applicationName, ...shape });
}

function nodes(): NodeResolver {
  return new NodeResolver({
    apikey: { type: 'ApiKey', read: readApiKey },
    application: { type: 'Application', read: readApplication },
    delivery: { type: 'WebhookDelivery', read: readWebhookDelivery },
    document: { type: 'Document', read: readDocument },
    event: { type: 'AuditRecord', read: readAuditRecord },
    endpoint: { type: 'WebhookEndpoint', read: readWebhookEndpoint },
    grant: { type: 'Grant', read: readGrant },
    organization: { type: 'Organization', read: readOrganization },
    person: { type: 'Person', read: readPerson },
    program: { type: 'Program', read: readProgram },
    staff: { type: 'StaffMember', read: readStaffMember },
  });
}

function instancesOf(resolvers: readonly object[]): (resolver: unknown) => object {
  const instances = new Map<unknown, object>(resolvers.map((instance) => [instance.constructor, instance]));
  return (resolver) => {
    const instance = instances.get(resolver);
    if (!instance) throw new Error(`The portal did not make a ${String(resolver)}.`);
    return instance;
  };
}

/** Who asks, and what resolvers are given about it. */
function requestReader(parts: { readonly database: Database; readonly clock: Clock; readonly secureCookies: boolean }) {
  const { database, clock, secureCookies } = parts;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<Request> => {
    const credential = readCredential({
      authorization: request.headers.authorization,
      cookie: request.cookies[sessionCookie],
    });
    const now = clock.now();
    const actor = await actorOf(database.kysely(), credential, now);
    const idempotencyKey = request.headers['idempotency-key'];
    return {
      actor,
      reading: viewing(database.kysely(), actor, now),
      command: {
        actor,
        requestId: request.id,
        ipAddress: request.ip,
        idempotencyKey: typeof idempotencyKey === 'string' ? checkIdempotencyKey(idempotencyKey) : null,
      },
      userAgent: request.headers['user-agent'] ?? null,
      sessionToken: credential?.kind === 'SESSION' ? credential.secret : null,
      setSessionCookie(token, expires) {
        const options = { path: '/', httpOnly: true, sameSite: 'lax', secure: secureCookies, expires } as const;
        if (token === null) reply.clearCookie(sessionCookie, options);
        else reply.setCookie(sessionCookie, token, options);
      },
    };
  };
}

async function checks({ database, storage }: { database: Database; storage: Storage }): Promise<ReadinessCheck[]> {
  const check = async (name: string, probe: Promise<void>): Promise<ReadinessCheck> => ({
    name,
    problem: await probe.then(() => null, messageOf),
  });
  return Promise.all([check('database', database.ping(pingWithinMs)), check('documents', storage.probe())]);
}
