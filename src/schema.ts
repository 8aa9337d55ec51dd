import {
  assertValidSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
} from 'graphql';
import { buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { AccessCheckResolver } from './access/access-check.resolver.js';
import { NodeResolver } from './api/node.resolver.js';
import { ApplicationResolver } from './applications/application.resolver.js';
import { ApplicationChangesResolver } from './applications/application-changes.resolver.js';
import { ApplicationCommandResolver } from './applications/application-commands.resolver.js';
import { ApplicationMovingResolver } from './applications/application-moving.resolver.js';
import { RoutingResolver } from './applications/routing.resolver.js';
import { SavedViewResolver } from './applications/saved-view.resolver.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { BulkResolver } from './bulk/bulk.resolver.js';
import { MessageResolver } from './correspondence/message.resolver.js';
import { NoteResolver } from './correspondence/note.resolver.js';
import { DecisionLetterResolver } from './decision-letters/decision-letter.resolver.js';
import { DirectiveResolver } from './directives/directive.resolver.js';
import { DirectiveLetterResolver } from './directives/directive-letter.resolver.js';
import { DocumentResolver } from './documents/document.resolver.js';
import { FlagResolver } from './flags/flag.resolver.js';
import { DirectivePreviewResolver } from './grants/directive-preview.resolver.js';
import { GrantResolver } from './grants/grant.resolver.js';
import { NamedUserResolver } from './grants/named-user.resolver.js';
import { RecertificationResolver } from './grants/recertification.resolver.js';
import { RestorationResolver } from './grants/restoration.resolver.js';
import { AccountResolver } from './identity/account.resolver.js';
import { ApiKeyResolver } from './identity/api-key.resolver.js';
import { StaffResolver } from './identity/staff.resolver.js';
import { NotificationResolver } from './notifications/notification.resolver.js';
import { OrganizationResolver } from './organizations/organization.resolver.js';
import { ProductResolver } from './products/product.resolver.js';
import { ProgramResolver } from './programs/program.resolver.js';
import { ProvisioningResolver } from './provisioning/provisioning.resolver.js';
import { InformationRequestResolver } from './questions/information-request.resolver.js';
import { ReportResolver } from './reports/report.resolver.js';
import { ReopeningResolver } from './reviews/reopening.resolver.js';
import { ReviewResolver } from './reviews/review.resolver.js';
import { ScreeningResolver } from './screening/screening.resolver.js';
import { StandardTextResolver } from './standard-texts/standard-text.resolver.js';
import { WaveResolver } from './waves/wave.resolver.js';
import { WebhookResolver } from './webhooks/webhook.resolver.js';

/** Every resolver of the API. */
const resolvers = [
  NodeResolver,
  AccountResolver,
  StaffResolver,
  ApiKeyResolver,
  OrganizationResolver,
  ProgramResolver,
  ApplicationResolver,
  ApplicationChangesResolver,
  ApplicationCommandResolver,
  ApplicationMovingResolver,
  SavedViewResolver,
  RoutingResolver,
  DocumentResolver,
  MessageResolver,
  NoteResolver,
  DecisionLetterResolver,
  ReviewResolver,
  ReopeningResolver,
  InformationRequestResolver,
  FlagResolver,
  StandardTextResolver,
  ProductResolver,
  DirectiveResolver,
  DirectiveLetterResolver,
  DirectivePreviewResolver,
  WaveResolver,
  RestorationResolver,
  GrantResolver,
  AccessCheckResolver,
  NamedUserResolver,
  RecertificationResolver,
  ProvisioningResolver,
  ScreeningResolver,
  BulkResolver,
  WebhookResolver,
  AuditResolver,
  ReportResolver,
  NotificationResolver,
] as const;

export type ResolverClasses = NonNullable<Parameters<typeof buildSchemaSync>[0]['resolvers']>;

/** Finds the instance of a resolver class that answers; asked for when a field is resolved. */
export type ResolverInstances = (resolver: unknown) => object;

/** The schema of the API. Without instances it can be printed and compared, but not asked anything. */
export function buildPortalSchema(instanceOf: ResolverInstances = noInstance): GraphQLSchema {
  return buildSchemaOf(resolvers, instanceOf);
}

/** The schema of some resolvers only. */
export function buildSchemaOf(classes: ResolverClasses, instanceOf: ResolverInstances): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [...classes],
    container: { get: (resolver) => instanceOf(resolver) },
    validate: false,
    pubSub: noTopics,
    // It would be checked by being asked for all that it says of itself, which takes longer than to build it.
    skipCheck: true,
  });
  assertValidSchema(schema);
  leaveReadFieldsToExecutor(schema);
  return schema;
}

/**
 * type-graphql gives every field a resolver that takes the property of the field's name. The objects of a reading have
 * each field under the name the answer calls it by, so theirs are left to the executor's default resolver, which knows;
 * and which is quicker.
 */
function leaveReadFieldsToExecutor(schema: GraphQLSchema): void {
  const resolved = new Set(getMetadataStorage().fieldResolvers.map(({ methodName }) => methodName));
  for (const type of readTypes(schema)) {
    for (const field of Object.values(type.getFields())) {
      if (!resolved.has(field.name)) delete field.resolve;
    }
  }
}

/** The types whose objects are read: those with ids, pages of them, what subscriptions tell, and whatever is within these. */
function readTypes(schema: GraphQLSchema): ReadonlySet<GraphQLObjectType> {
  const found = new Set<GraphQLObjectType>();
  const add = (type: GraphQLNamedType | undefined): void => {
    if (!isObjectType(type) || found.has(type)) return;
    found.add(type);
    for (const field of Object.values(type.getFields())) add(getNamedType(field.type));
  };
  for (const type of Object.values(schema.getTypeMap())) {
    const hasId = isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node');
    if (hasId || type.name.endsWith('Connection')) add(type);
  }
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) add(getNamedType(field.type));
  return found;
}

/** type-graphql wants one where there are subscriptions; those of the portal listen for themselves. */
const noTopics = { publish: noInstance, subscribe: noInstance };

function noInstance(): never {
  throw new Error('This schema was built without resolvers, to be looked at and not to be asked.');
}
