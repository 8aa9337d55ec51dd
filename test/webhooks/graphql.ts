import { type ExecutionResult, type GraphQLSchema, graphql, isObjectType } from 'graphql';
import { buildSchema } from 'type-graphql';
import type { Request } from '../../src/api/request.js';
import { type Actor, anonymous } from '../../src/lifecycle/actor.js';
import { defaultFieldResolver } from '../../src/platform/reading/default-resolver.js';
import { WebhookResolver } from '../../src/webhooks/webhook.resolver.js';
import { nobodyListens, readingFor } from '../support/reading.js';
import type { WebhookDesk } from './webhook-desk.js';

/** The part of the API that is about webhooks. */
export async function webhookApi(desk: WebhookDesk) {
  const resolver = new WebhookResolver(desk.webhooks);
  const schema = await buildSchema({
    resolvers: [WebhookResolver],
    container: { get: () => resolver },
    validate: false,
  });
  readFromRows(schema);

  return async (
    actor: Actor,
    source: string,
    variableValues: Record<string, unknown> = {},
  ): Promise<ExecutionResult> => {
    const contextValue: Request = {
      actor,
      reading: readingFor(desk.database, actor, desk.time.now),
      command: desk.as(actor),
      changes: nobodyListens,
      arrivals: nobodyListens,
      userAgent: null,
      sessionToken: null,
      setSessionCookie: () => {},
    };
    return graphql({ schema, source, variableValues, contextValue, fieldResolver: defaultFieldResolver });
  };
}

export type WebhookApi = Awaited<ReturnType<typeof webhookApi>>;

/** What a query or mutation answered. @throws when it answered nothing */
export function answered<Answer>(result: ExecutionResult, field: string): Answer {
  const answer = result.data?.[field];
  if (answer == null) throw new Error(`There is no ${field}: ${JSON.stringify(result.errors)}`);
  return answer as Answer;
}

export { anonymous };

/** Objects are answered from the rows of a reading, aliases included. */
function readFromRows(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || roots.includes(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) if (field.args.length === 0) delete field.resolve;
  }
}
