import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { defaultPageSize, largestPageSize, type PageArguments } from '../platform/reading/pagination.js';

@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many items, from the beginning or after a cursor: at most ${largestPageSize}, ${defaultPageSize} when not given.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Begin after the item with this cursor. Goes with `first`.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many items, from the end or before a cursor: at most ${largestPageSize}.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'End before the item with this cursor. Goes with `last`.' })
  before?: string | null;
}

@ObjectType({ description: 'Where a page lies in the whole list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Are there items after this page?' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Are there items before this page?' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first item; null on an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last item; null on an empty page.' })
  endCursor!: string | null;
}

/** The connection and edge types of a node type, by the Relay specification, with `nodes` as a short cut. */
export function connectionOf<Node extends object>(NodeType: ClassType<Node>, name: string, plural: string) {
  @ObjectType(`${name}Edge`, { description: `One of the ${plural} in a list, with its place there.` })
  class EdgeType {
    @Field(() => String, { description: 'The item’s place in the list.' })
    cursor!: string;

    @Field(() => NodeType, { description: 'The item.' })
    node!: Node;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The items of the page with their cursors.' })
    edges!: EdgeType[];

    @Field(() => [NodeType], { description: 'The items of the page.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where the page lies in the whole list.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many there are in the whole list. Counting costs time on long lists.' })
    totalCount!: number;
  }
  return ConnectionType;
}
