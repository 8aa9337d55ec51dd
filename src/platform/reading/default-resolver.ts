import type { GraphQLFieldResolver } from 'graphql';

/**
 * Answers a field from its parent. A row of a reading is plain JSON that has each field under the name the answer calls
 * it by; whatever else resolvers answer is an object of a class and has it under its own name.
 */
export const defaultFieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, _args, _context, info) => {
  if (typeof source !== 'object' || source === null) return undefined;
  const isRow = Object.getPrototypeOf(source) === Object.prototype;
  return Reflect.get(source, isRow ? String(info.path.key) : info.fieldName);
};
