import {
  type GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  Kind,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** The variable that a coercion error is about; null when the error is another one. */
export function variableOf(error: GraphQLError): VariableDefinitionNode | null {
  const node = error.nodes?.length === 1 ? error.nodes[0] : undefined;
  return node?.kind === Kind.VARIABLE_DEFINITION ? node : null;
}

/** What the reasons of graphql-js say that name only types and fields. Others quote the value. */
const harmlessReasons = [
  /^Field "\w+" of required type "[\w![\]]+" was not provided\.$/,
  /^Field "\w+" is not defined by type "\w+"\./,
  /^Expected non-nullable type "[\w![\]]+" not to be null\.$/,
  /^Expected type "\w+" to be an object\.$/,
  /^Exactly one key must be specified for OneOf type "\w+"\.$/,
];

/**
 * The message of a variable that does not fit its type, without the value: it may be a password, and it is longer than
 * the rest of the answer when it is the whole input.
 */
export function coercionMessage(error: GraphQLError, variable: VariableDefinitionNode, schema: GraphQLSchema): string {
  const name = variable.variable.name.value;
  const start = `Variable "$${name}"`;
  if (!error.message.startsWith(`${start} got invalid value `)) return error.message;

  const reason = error.originalError?.message ?? '';
  const prefix = error.message.endsWith(`; ${reason}`) ? error.message.slice(0, -reason.length - 2) : '';
  const place = / at "([\w.[\]]+)"$/.exec(prefix)?.[1] ?? name;
  const known = harmlessReasons.map((pattern) => pattern.exec(reason)?.[0]).find((text) => text !== undefined);
  const type = typeAt(place, variable, schema);
  return `${start} does not fit at "${place}": ${known ?? `a value of type ${type} is wanted.`}`;
}

function typeAt(place: string, variable: VariableDefinitionNode, schema: GraphQLSchema): string {
  const declared = typeFromAST(schema, variable.type);
  let type: GraphQLInputType | undefined = isInputType(declared) ? declared : undefined;
  for (const [name = ''] of place.matchAll(/(?<=\.)\w+/g)) {
    const holder = type && getNamedType(type);
    type = isInputObjectType(holder) ? holder.getFields()[name]?.type : undefined;
  }
  return type ? String(getNamedType(type)) : 'another kind';
}
