import { Field, ID, InterfaceType } from 'type-graphql';

/** Relay's global object identification (https://relay.dev/graphql/objectidentification.htm). */
@InterfaceType({
  description: 'An object with an id of its own, which `node(id:)` finds again.',
  resolveType: (value: { readonly __typename?: string }) => value.__typename,
})
export abstract class Node {
  @Field(() => ID, { description: 'The id: the kind of object, an underscore, and 26 characters.' })
  id!: string;
}
