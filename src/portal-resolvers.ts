import { AccessCheckResolver } from './access/access-check.resolver.js';
import { NodeResolver } from './api/node.resolver.js';
import { ApplicationResolver } from './applications/application.resolver.js';
import { ApplicationChangesResolver } from './applications/application-changes.resolver.js';
import { ApplicationCommandResolver } from './applications/application-commands.resolver.js';
import { applicationById } from './applications/application-lists.queries.js';
import { ApplicationMovingResolver } from './applications/application-moving.resolver.js';
import { revisionById } from './applications/revision.queries.js';
import { RoutingResolver } from './applications/routing.resolver.js';
import { savedViewById } from './applications/saved-view.queries.js';
import { SavedViewResolver } from './applications/saved-view.resolver.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { auditRecordById } from './audit/audit-record.queries.js';
import { bulkOperationById } from './bulk/bulk.queries.js';
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
import { flagById, flagDefinitionById } from './flags/flag.queries.js';
import { FlagResolver } from './flags/flag.resolver.js';
import { DirectivePreviewResolver } from './grants/directive-preview.resolver.js';
import { grantById } from './grants/grant.queries.js';
import { GrantResolver } from './grants/grant.resolver.js';
import { namedUserById } from './grants/named-user.queries.js';
import { NamedUserResolver } from './grants/named-user.resolver.js';
import { recertificationById } from './grants/recertification.queries.js';
import { RecertificationResolver } from './grants/recertification.resolver.js';
import { restorationById } from './grants/restoration.queries.js';
import { RestorationResolver } from './grants/restoration.resolver.js';
import { AccountResolver } from './identity/account.resolver.js';
import { ApiKeyResolver } from './identity/api-key.resolver.js';
import { apiKeyById, awayPeriodById, personById, staffMemberById } from './identity/identity.queries.js';
import { statementLimit } from './identity/rate-limits.js';
import { StaffResolver } from './identity/staff.resolver.js';
import { notificationById } from './notifications/notification.queries.js';
import { NotificationResolver } from './notifications/notification.resolver.js';
import { invitationById, membershipById, organizationById } from './organizations/organization.queries.js';
import { OrganizationResolver } from './organizations/organization.resolver.js';
import type { PortalParts } from './portal-parts.js';
import { productById } from './products/product.queries.js';
import { ProductResolver } from './products/product.resolver.js';
import { programById, termsById } from './programs/program.queries.js';
import { ProgramResolver } from './programs/program.resolver.js';
import { systemById, taskById } from './provisioning/provisioning.queries.js';
import { ProvisioningResolver } from './provisioning/provisioning.resolver.js';
import { informationRequestById } from './questions/information-request.queries.js';
import { InformationRequestResolver } from './questions/information-request.resolver.js';
import { ReportResolver } from './reports/report.resolver.js';
import { decisionById, intentToRefuseById } from './reviews/decision.queries.js';
import { reopeningById } from './reviews/reopening.queries.js';
import { ReopeningResolver } from './reviews/reopening.resolver.js';
import { checkResultById, recommendationById, recusalById } from './reviews/review.queries.js';
import { ReviewResolver } from './reviews/review.resolver.js';
import { adjudicationById, screeningHitById, screeningRunById } from './screening/screening.queries.js';
import { ScreeningResolver } from './screening/screening.resolver.js';
import { screeningListById } from './screening/screening-list.queries.js';
import { standardTextById, standardTextVersionById } from './standard-texts/standard-text.queries.js';
import { StandardTextResolver } from './standard-texts/standard-text.resolver.js';
import { waveById } from './waves/wave.queries.js';
import { WaveResolver } from './waves/wave.resolver.js';
import { webhookDeliveryById, webhookEndpointById } from './webhooks/webhook.queries.js';
import { WebhookResolver } from './webhooks/webhook.resolver.js';

/** Every resolver of the API, made with what it needs. */
export function resolversOf(parts: PortalParts): readonly object[] {
  const { config, database, storage, doorway, links } = parts;
  return [
    nodes(),
    new AccountResolver(parts.accounts),
    new StaffResolver(parts.staff),
    new ApiKeyResolver(doorway),
    new OrganizationResolver(doorway, parts.letters),
    new ProgramResolver(doorway),
    new ApplicationResolver(database),
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

/** What `node` finds, by the kind of its id. */
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

/** How the schema finds the resolver that was made of a class. */
export function instancesOf(resolvers: readonly object[]): (resolver: unknown) => object {
  const instances = new Map<unknown, object>(resolvers.map((instance) => [instance.constructor, instance]));
  return (resolver) => {
    const instance = instances.get(resolver);
    if (!instance) throw new Error(`The portal did not make a ${String(resolver)}.`);
    return instance;
  };
}
