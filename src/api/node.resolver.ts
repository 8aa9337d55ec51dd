import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Refusal } from '../platform/errors.js';
import { type IdKind, parseId } from '../platform/ids.js';
import type { ReadingContext, ReadObject } from '../platform/reading/reader.js';
import { type Selection, selectionOfType } from '../platform/reading/selection.js';
import { Node } from './node.js';
import type { Request, Viewer } from './request.js';

/** How objects of one kind are found by id: the GraphQL type, and the read that applies its visibility. */
export interface NodeKind {
  readonly type: string;
  read(context: ReadingContext<Viewer>, selection: Selection, id: string): Promise<ReadObject | null>;
}

@Resolver()
export class NodeResolver {
  readonly #kinds: Partial<Record<IdKind, NodeKind>>;

  constructor(kinds: Partial<Record<IdKind, NodeKind>>) {
    this.#kinds = kinds;
  }

  @Query(() => Node, { nullable: true, description: 'Any object by its id; null when there is none that you may see.' })
  node(
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const parsed = parseId(id);
    if (!parsed) throw Refusal.of('INVALID_ID', `"${id.slice(0, 60)}" is not an id.`, ['id']);
    const kind = this.#kinds[parsed.kind];
    return kind ? kind.read(request.reading, selectionOfType(info, kind.type, 'Node'), parsed.uuid) : null;
  }
}
