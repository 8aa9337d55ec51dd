import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { statementRoutes } from './access/statement.routes.js';
import type { ArrivalFeed } from './api/arrival-feed.js';
import type { ChangeFeed } from './api/change-feed.js';
import { type Eyes, sight, type Viewer } from './api/eyes.js';
import type { Request } from './api/request.js';
import { applicationReads, readQueueSummaries } from './applications/application-lists.queries.js';
import { savedViewReads } from './applications/saved-view.queries.js';
import { bulkReads } from './bulk/bulk.queries.js';
import { documentRoutes } from './documents/document.routes.js';
import { checkIdempotencyKey } from './doorway/idempotency.js';
import { newestKnownTo } from './events/position.js';
import { grantReads } from './grants/grant.queries.js';
import { readCredential, sessionCookie } from './identity/actor.js';
import type { Actors } from './identity/actors.js';
import { exportLimit, unsubscribeLimit } from './identity/rate-limits.js';
import { knownOfViewer } from './identity/viewer.queries.js';
import type { Actor } from './lifecycle/actor.js';
import { inboxReads } from './notifications/notification.queries.js';
import { unsubscribeRoutes } from './notifications/unsubscribe.routes.js';
import { organizationReads } from './organizations/organization.queries.js';
import type { Clock } from './platform/clock.js';
import { messageOf } from './platform/database/database.js';
import type { Database } from './platform/database/open.js';
import type { Replica } from './platform/database/replica.js';
import { createExecutor } from './platform/graphql/executor.js';
import { readTrustedFolder } from './platform/graphql/trusted-folder.js';
import { TrustedDocuments } from './platform/graphql/trusted-requests.js';
import type { ReadinessCheck } from './platform/http/health.js';
import { createHttpServer, type HttpServer } from './platform/http/server.js';
import type { Metrics } from './platform/metrics.js';
import { defaultFieldResolver } from './platform/reading/default-resolver.js';
import { Reader } from './platform/reading/reader.js';
import { Readings } from './platform/reading/readings.js';
import type { Storage } from './platform/storage/storage.js';
import type { PortalParts } from './portal-parts.js';
import { instancesOf, resolversOf } from './portal-resolvers.js';
import { programReads } from './programs/program.queries.js';
import { provisioningReads } from './provisioning/provisioning.queries.js';
import { reportRoutes } from './reports/report.routes.js';
import { buildPortalSchema } from './schema.js';
import { screeningReads } from './screening/screening.queries.js';

/** What only processes that answer requests have, and of these not all. */
export interface ApiParts {
  readonly metrics: Metrics | null;
  readonly replica: Replica | null;
}

/**
 * The HTTP server of the API, with every resolver.
 * @throws Refusal INVALID when a trusted document is wrong
 */
export async function createApi(parts: PortalParts, { metrics, replica }: ApiParts): Promise<HttpServer> {
  const { config, log, clock, ids, database, storage, links } = parts;
  const { publicUrl, maxDocumentBytes } = config;
  const schema = buildPortalSchema(instancesOf(resolversOf(parts)));
  const trustedDocuments = trustedOnes(parts, schema);
  const readings = new Readings(database, sight);
  const secureCookies = publicUrl.startsWith('https:');
  const readRequest = requestReader({ ...parts, replica, readings, secureCookies });
  return createHttpServer<Request>({
    schema,
    executor: createExecutor<Request, Eyes, Viewer>({
      schema,
      fieldResolver: defaultFieldResolver,
      reads: {
        ...applicationReads,
        ...savedViewReads,
        ...grantReads,
        ...provisioningReads,
        ...organizationReads,
        ...programReads,
        ...screeningReads,
        ...bulkReads,
        ...inboxReads,
      },
      plain: { viewer: knownOfViewer, queues: (viewer) => readQueueSummaries(database, viewer) },
      readerOf: (request) => request.reading,
    }),
    contextOf: (request, reply) => readRequest(request, reply),
    actorKindOf: (request) => request.actor.kind,
    streams: {
      fieldResolver: defaultFieldResolver,
      holderOf: ({ actor }) => holderOf(actor),
      renewedContextOf: (request, reply) => readRequest(request, reply, false),
    },
    routes: [
      async (app) => {
        await app.register(documentRoutes, { database, storage, links, clock, maxDocumentBytes });
      },
      async (app) => {
        const admit = (id: string) => parts.limits.take([{ limit: exportLimit, of: [id] }]);
        await app.register(reportRoutes, {
          database,
          doorway: parts.doorway,
          log,
          requestOf: (request, reply) => readRequest(request, reply),
          admit,
        });
      },
      async (app) => {
        const admit = (personId: string) => parts.limits.take([{ limit: unsubscribeLimit, of: [personId] }]);
        const { doorway, unsubscribeLinks } = parts;
        await app.register(unsubscribeRoutes, { doorway, links: unsubscribeLinks, admit });
      },
      async (app) => {
        await app.register(statementRoutes, { statements: parts.statements });
      },
    ],
    ready: () => checks({ database, storage, replica }),
    log,
    ...(metrics ? { metrics } : {}),
    ids,
    publicUrl,
    allowedOrigins: config.allowedOrigins,
    trustedProxies: config.trustedProxies,
    introspection: config.introspection,
    trustedDocuments,
    // The page asks for the schema and whatever is typed into it.
    page: config.environment !== 'production' && !config.trustedDocumentsOnly,
  });
}

function trustedOnes({ config, log }: PortalParts, schema: GraphQLSchema): TrustedDocuments | undefined {
  const { trustedDocuments, trustedDocumentsOnly: only } = config;
  if (trustedDocuments === null) return undefined;
  const documents = readTrustedFolder(trustedDocuments, schema);
  log.info({ documents: documents.length, only }, 'Trusted documents read');
  return new TrustedDocuments(documents, { only });
}

/** Whose stream it is: one person’s or one key’s, in whatever session. */
function holderOf(actor: Actor): string | null {
  if (actor.kind === 'PERSON') return `person ${actor.personId}`;
  return actor.kind === 'MACHINE' ? `key ${actor.keyId}` : null;
}

/** Who asks, and what resolvers are given about it. */
function requestReader(parts: {
  readonly actors: Actors;
  readonly changes: ChangeFeed;
  readonly arrivals: ArrivalFeed;
  readonly database: Database;
  readonly replica: Replica | null;
  readonly readings: Readings<Eyes, Viewer>;
  readonly clock: Clock;
  readonly secureCookies: boolean;
}) {
  const { actors, changes, arrivals, database, replica, readings, clock, secureCookies } = parts;
  return async (request: FastifyRequest, reply: FastifyReply, believed = true): Promise<Request> => {
    const credential = readCredential({
      authorization: request.headers.authorization,
      cookie: request.cookies[sessionCookie],
    });
    const now = clock.now();
    const actor = await actors.of(credential, now, believed);
    const idempotencyKey = request.headers['idempotency-key'];
    return {
      actor,
      reading: new Reader(
        readings,
        { actor, now },
        replica?.for((after) => newestKnownTo(actor, after, database)),
      ),
      command: {
        actor,
        requestId: request.id,
        ipAddress: request.ip,
        idempotencyKey: typeof idempotencyKey === 'string' ? checkIdempotencyKey(idempotencyKey) : null,
      },
      changes,
      arrivals,
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

/** How long the database may take to say that it is there, for /readyz. */
const pingWithinMs = 2_000;

async function checks(parts: {
  readonly database: Database;
  readonly storage: Storage;
  readonly replica: Replica | null;
}): Promise<ReadinessCheck[]> {
  const { database, storage, replica } = parts;
  const check = async (name: string, probe: Promise<void>): Promise<ReadinessCheck> => ({
    name,
    problem: await probe.then(() => null, messageOf),
  });
  const needed = await Promise.all([
    check('database', database.ping(pingWithinMs)),
    check('documents', storage.probe()),
  ]);
  return replica ? [...needed, { name: 'replica', problem: replica.problem, isDispensable: true }] : needed;
}
