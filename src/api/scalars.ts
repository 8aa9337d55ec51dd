import { GraphQLDateTimeISO, GraphQLJSONObject } from 'graphql-scalars';

/** A moment, RFC 3339 in UTC. */
export const DateTime = GraphQLDateTimeISO;

/** A JSON object of any shape, such as the answers to a questionnaire. */
export const JsonObject = GraphQLJSONObject;
