import { type GraphQLSchema, isObjectType } from 'graphql';
import { buildSchemaSync, getMetadataStorage } from 'type-graphql';
import { NodeResolver } from './api/node.resolver.js';
import { ApplicationResolver } from './applications/application.resolver.js';
import { ApplicationCommandResolver } from './applications/application-commands.resolver.js';
import { AuditResolver } from './audit/audit.resolver.js';
import { DocumentResolver } from './documents/document.resolver.js';
import { GrantResolver } from './grants/grant.resolver.js';
import { AccountResolver } from './identity/account.resolver.js';
import { ApiKeyResolver } from './identity/api-key.resolver.js';
import { StaffResolver } from './identity/staff.resolver.js';
import { OrganizationResolver } from './organizations/organization.resolver.js';
import { ProgramResolver } from './programs/program.resolver.js';
import { ReviewResolver } from './reviews/review.resolver.js';
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
  ApplicationCommandResolver,
  DocumentResolver,
  ReviewResolver,
  GrantResolver,
  WebhookResolver,
  AuditResolver,
] as const;

/** Finds the instance of a resolver class that answers; asked for when a field is resolved. */
export type ResolverInstances = (resolver: unknown) => object;

/** The schema of the API. Without instances it can be printed and compared, but not asked anything. */
export function buildPortalSchema(instanceOf: ResolverInstances = noInstance): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [...resolvers],
    container: { get: (resolver) => instanceOf(resolver) },
    validate: false,
  });
  leavePlainFieldsToExecutor(schema);
  return schema;
}

/**
 * type-graphql gives every field a resolver that takes the property of the field's name. Objects here are rows of a
 * reading, where a field with an alias is kept under that, so plain fields are left to the executor's default
 * resolver, which knows; and which is quicker.
 */
function leavePlainFieldsToExecutor(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  const resolved = new Set(getMetadataStorage().fieldResolvers.map(({ methodName }) => methodName));
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || roots.includes(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (!resolved.has(field.name)) delete field.resolve;
    }
  }
}

function noInstance(): never {
  throw new Error('This schema was built without resolvers, to be looked at and not to be asked.');
}
