import type { GraphQLFieldResolver } from 'graphql';
import { rowKey } from './selection.js';

/** Answers a field from its parent: first as a reading keeps it (an aliased field under its own key), then by name. */
export const defaultFieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, _args, _context, info) => {
  if (typeof source !== 'object' || source === null) return undefined;
  const key = rowKey(info.fieldName, String(info.path.key));
  return Reflect.get(source, key in source ? key : info.fieldName);
};
