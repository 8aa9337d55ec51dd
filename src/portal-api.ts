import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { AccessCheckResolver } from './access/access-check.resolver.js';
import { statementRoutes } from './access/statement.routes.js';
import type { ArrivalFeed } from './api/arrival-feed.js';
import type { ChangeFeed } from './api/change-feed.js';
import { type Eyes, sight, type Viewer } from './api/eyes.js';
import { NodeResolver } from './api/node.resolver.js';
import type { Request } from './api/request.js';
import { ApplicationResolver } from './applications/application.resolver.js';
import { ApplicationChangesResolver } from './applications/application-changes.resolver.js';
import { ApplicationCommandResolver } from './applications/application-commands.resolver.js';
import { applicationById, applicationReads } from './applications/application-lists.queries.js';
import { ApplicationMovingResolver } from './applications/application-moving.resolver.js';
import { revisionById } from './applications/revision.queries.js';
import { RoutingResolver } from './applications/routing.resolver.js';
import { savedViewById, savedViewReads } from './applications/saved-view.queries.js';
import { SavedViewResolver } from './applications/saved-view.resolver.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { auditRecordById } from './audit/audit-record.queries.js';
import { bulkOperationById, bulkReads } from './bulk/bulk.queries.js';
import { BulkResolver } from './bulk/bulk.resolver.js';
import { messageById } from './correspondence/message.queries.js';
import { MessageResolver } from './correspondence/message.resolver.js';
import { noteById } from './correspondence/note.queries.js';
import { NoteResolver } from './correspondence/note.resolver.js';
import { decisionLetterById, letterTemplateById } from './decision-letters/decision-letter.queries.js';
import { DecisionLetterResolver } from './decision-letters/decision-letter.resolver.js';
import { authorityById, directiveById, entryById, letterById } from './directives/directive.queries.js';
import { DirectiveResolver } from './directives/directive.resolver.js';
import { DirectiveLetterResolver } from './directives/directive-letter.resolver.js';
import { documentById } from './documents/document.queries.js';
import { DocumentResolver } from './documents/document.resolver.js';
import { documentRoutes } from './documents/document.routes.js';
import { checkIdempotencyKey } from './doorway/idempotency.js';
import { newestKnownTo } from './events/position.js';
import { flagById, flagDefinitionById } from './flags/flag.queries.js';
import { FlagResolver } from './flags/flag.resolver.js';
import { DirectivePreviewResolver } from './grants/directive-preview.resolver.js';
import { grantById, grantReads } from './grants/grant.queries.js';
import { GrantResolver } from './grants/grant.resolver.js';
import { namedUserById } from './grants/named-user.queries.js';
import { NamedUserResolver } from './grants/named-user.resolver.js';
import { recertificationById } from './grants/recertification.queries.js';
import { RecertificationResolver } from './grants/recertification.resolver.js';
import { restorationById } from './grants/restoration.queries.js';
import { RestorationResolver } from './grants/restoration.resolver.js';
import { AccountResolver } from './identity/account.resolver.js';
import { readCredential, sessionCookie } from './identity/actor.js';
import type { Actors } from './identity/actors.js';
import { ApiKeyResolver } from './identity/api-key.resolver.js';
import { apiKeyById, awayPeriodById, personById, staffMemberById } from './identity/identity.queries.js';
import { exportLimit, statementLimit, unsubscribeLimit } from './identity/rate-limits.js';
import { StaffResolver } from './identity/staff.resolver.js';
import { knownOfViewer } from './identity/viewer.queries.js';
import type { Actor } from './lifecycle/actor.js';
import { inboxReads, notificationById } from './notifications/notification.queries.js';
import { NotificationResolver } from './notifications/notification.resolver.js';
import { unsubscribeRoutes } from './notifications/unsubscribe.routes.js';
import {
  invitationById,
  membershipById,
  organizationById,
  organizationReads,
} from './organizations/organization.queries.js';
import { OrganizationResolver } from './organizations/organization.resolver.js';
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
import { productById } from './products/product.queries.js';
import { ProductResolver } from './products/product.resolver.js';
import { programById, programReads, termsById } from './programs/program.queries.js';
import { ProgramResolver } from './programs/program.resolver.js';
import { provisioningReads, systemById, taskById } from './provisioning/provisioning.queries.js';
import { ProvisioningResolver } from './provisioning/provisioning.resolver.js';
import { informationRequestById } from './questions/information-request.queries.js';
import { InformationRequestResolver } from './questions/information-request.resolver.js';
import { ReportResolver } from './reports/report.resolver.js';
import { reportRoutes } from './reports/report.routes.js';
import { decisionById, intentToRefuseById } from './reviews/decision.queries.js';
import { reopeningById } from './reviews/reopening.queries.js';
import { ReopeningResolver } from './reviews/reopening.resolver.js';
import { checkResultById, recommendationById, recusalById } from './reviews/review.queries.js';
import { ReviewResolver } from './reviews/review.resolver.js';
import { buildPortalSchema } from './schema.js';
import { adjudicationById, screeningHitById, screeningReads, screeningRunById } from './screening/screening.queries.js';
import { ScreeningResolver } from './screening/screening.resolver.js';
import { screeningListById } from './screening/screening-list.queries.js';
import { standardTextById, standardTextVersionById } from './standard-texts/standard-text.queries.js';
import { StandardTextResolver } from './standard-texts/standard-text.resolver.js';
import { waveById } from './waves/wave.queries.js';
import { WaveResolver } from './waves/wave.resolver.js';
import { webhookDeliveryById, webhookEndpointById } from './webhooks/webhook.queries.js';
import { WebhookResolver } from './webhooks/webhook.resolver.js';

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
  const { config, log, clock, database, storage, links } = parts;
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
      known: { viewer: knownOfViewer },
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

function resolversOf(parts: PortalParts): readonly object[] {
  const { config, database, storage, doorway, links } = parts;
  return [
    nodes(),
    new AccountResolver(parts.accounts),
    new StaffResolver(parts.staff),
    new ApiKeyResolver(doorway),
    new OrganizationResolver(doorway, parts.letters),
    new ProgramResolver(doorway),
    new ApplicationResolver(database.kysely()),
    new ApplicationChangesResolver(),
    new ApplicationCommandResolver(doorway),
    new ApplicationMovingResolver(doorway),
    new SavedViewResolver(doorway),
    new RoutingResolver(database.kysely()),
    new DocumentResolver({ doorway, storage, links, maxDocumentBytes: config.maxDocumentBytes }),
    new MessageResolver(doorway),
    new NoteResolver(doorway),
    new DecisionLetterResolver(doorway, database.kysely()),
    new ReviewResolver(doorway),
    new ReopeningResolver(doorway),
    new InformationRequestResolver(doorway),
    new FlagResolver(doorway),
    new StandardTextResolver(doorway),
    new ProductResolver(doorway),
    new DirectiveResolver(doorway),
    new DirectiveLetterResolver({ doorway, storage, links, maxDocumentBytes: config.maxDocumentBytes }),
    new DirectivePreviewResolver(database.kysely()),
    new WaveResolver(doorway),
    new RestorationResolver(doorway),
    new GrantResolver(doorway),
    new AccessCheckResolver({
      database: database.kysely(),
      statements: parts.statements,
      admit: (id) => parts.limits.take([{ limit: statementLimit, of: [id] }]),
    }),
    new NamedUserResolver(doorway),
    new RecertificationResolver(doorway),
    new ProvisioningResolver(doorway),
    new ScreeningResolver(doorway, parts.screener),
    new BulkResolver(doorway),
    new WebhookResolver(parts.webhooks),
    new AuditResolver(),
    new ReportResolver(database.kysely()),
    new NotificationResolver(doorway, database.kysely()),
  ];
}

function nodes(): NodeResolver {
  return new NodeResolver({
    adjudication: adjudicationById,
    apikey: apiKeyById,
    application: applicationById,
    bulkoperation: bulkOperationById,
    away: awayPeriodById,
    check: checkResultById,
    decision: decisionById,
    delivery: webhookDeliveryById,
    document: documentById,
    endpoint: webhookEndpointById,
    event: auditRecordById,
    flag: flagById,
    product: productById,
    authority: authorityById,
    directive: directiveById,
    directiveentry: entryById,
    directiveletter: letterById,
    wave: waveById,
    restoration: restorationById,
    flagdefinition: flagDefinitionById,
    grant: grantById,
    nameduser: namedUserById,
    recertification: recertificationById,
    inforequest: informationRequestById,
    intent: intentToRefuseById,
    invitation: invitationById,
    letter: decisionLetterById,
    lettertemplate: letterTemplateById,
    membership: membershipById,
    message: messageById,
    note: noteById,
    notification: notificationById,
    organization: organizationById,
    person: personById,
    program: programById,
    provisioningsystem: systemById,
    provisioningtask: taskById,
    recommendation: recommendationById,
    recusal: recusalById,
    reopening: reopeningById,
    revision: revisionById,
    savedview: savedViewById,
    screeninghit: screeningHitById,
    screeninglist: screeningListById,
    screeningrun: screeningRunById,
    staff: staffMemberById,
    standardtext: standardTextById,
    standardtextversion: standardTextVersionById,
    terms: termsById,
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
