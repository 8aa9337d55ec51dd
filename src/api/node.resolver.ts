import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { Refusal } from '../platform/errors.js';
import { type IdKind, parseId } from '../platform/ids.js';
import type { Read } from './eyes.js';
import { Node } from './node.js';
import type { Request } from './request.js';

@Resolver()
export class NodeResolver {
  readonly #reads: Partial<Record<IdKind, Read>>;

  /** @param reads by kind of id, the read of one object by the id that is given */
  constructor(reads: Partial<Record<IdKind, Read>>) {
    this.#reads = reads;
  }

  @Query(() => Node, { nullable: true, description: 'Any object by its id; null when there is none that you may see.' })
  async node(
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const parsed = parseId(id);
    if (!parsed) throw Refusal.of('INVALID_ID', `"${id.slice(0, 60)}" is not an id.`, ['id']);
    const read = this.#reads[parsed.kind];
    if (!read) return null;
    const { type } = read.of();
    const found = await reading.objectOfType(read, parsed.uuid, info, type);
    return found && { ...found, __typename: type };
  }
}
