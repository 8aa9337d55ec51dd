import { basename } from 'node:path';
import { accountLimits, exportLimit, unsubscribeLimit } from '../identity/rate-limits.js';
import { requestErrorCodes, userErrorCodes } from '../platform/errors.js';
import { queryLimits } from '../platform/graphql/limits.js';
import { objectCost } from '../platform/graphql/measures.js';
import type { TrustedDocument } from '../platform/graphql/trusted-documents.js';
import { requestLimits } from '../platform/http/server.js';
import { defaultPageSize, largestPageSize } from '../platform/reading/pagination.js';
import { longestList } from '../platform/reading/projection.js';
import { streamLimits } from '../platform/streams/places.js';
import { code, table } from './markdown.js';

type LimitName = keyof typeof queryLimits | keyof typeof requestLimits | keyof typeof streamLimits;

/** What each limit is on, in the words of somebody who runs into it. */
const limitSentences: Readonly<Record<LimitName, string>> = {
  bodyBytes: 'bytes of a request’s body (documents are uploaded elsewhere)',
  jsonDepth: 'levels of nesting in the body’s JSON',
  receiveWithinMs: 'milliseconds for the body to arrive',
  operationWithinMs: 'milliseconds for the answer',
  tokens: 'tokens of a document',
  selections: 'fields, fragments and uses of fragments written in a document',
  repeats: 'fields of a document that fall into one field of the answer',
  depth: 'levels of fields below one another',
  aliases: 'aliases in an operation',
  rootFields: 'fields at the top of a query',
  mutationRootFields: 'fields at the top of a mutation',
  directives: 'directives in an operation',
  directivesInOnePlace: 'directives in one place',
  cost: `cost of an operation: an object ${objectCost}, a value 1, times the sizes of the pages around it`,
  streams: 'streams open in a process',
  streamsOfOne: 'streams of one person or key open in a process',
};

/** The operations that come with the portal, with the ids that their texts have now. */
export function operationsTable(documents: readonly TrustedDocument[]): string {
  return table(
    ['operation', 'type', '`documentId`'],
    documents.map(({ name, operation, file, id }) => [
      `[${name}](../operations/${basename(file)})`,
      operation.operation,
      code(id),
    ]),
  );
}

/** The limits on requests, as they stand in the code. */
export function limitsTable(): string {
  const limits = Object.entries({ ...requestLimits, ...queryLimits, ...streamLimits }) as [LimitName, number][];
  return table(
    ['at most', 'of what'],
    limits.map(([name, limit]) => [limit.toLocaleString('en-US'), limitSentences[name]]),
    [
      [String(largestPageSize), `items of a page; ${defaultPageSize} when not said`],
      [String(longestList), 'items of a list without pages'],
    ],
  );
}

export function rateLimitsTable(): string {
  return table(
    ['attempts', 'of what', 'within'],
    [...Object.values(accountLimits), exportLimit, unsubscribeLimit].map(({ attempts, name, seconds }) => [
      String(attempts),
      name,
      `${seconds / 60} minutes`,
    ]),
  );
}

/** The codes that a mutation's `errors` hold. */
export function userErrorTable(): string {
  return table(
    ['code', 'meaning'],
    Object.entries(userErrorCodes).map(([name, meaning]) => [code(name), meaning]),
  );
}

/** The codes of refusals that are GraphQL errors wherever they are met. */
export function requestErrorTable(): string {
  return table(
    ['code', 'meaning'],
    Object.entries(requestErrorCodes).map(([name, meaning]) => [code(name), meaning]),
  );
}
