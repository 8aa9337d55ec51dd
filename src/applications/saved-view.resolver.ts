import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { createSavedView, removeSavedView, updateSavedView } from './saved-view.commands.js';
import { savedViewById, savedViewReads } from './saved-view.queries.js';
import {
  CreateSavedViewInput,
  RemoveSavedViewInput,
  RemoveSavedViewPayload,
  SavedViewConnection,
  SavedViewPayload,
  UpdateSavedViewInput,
} from './saved-view.types.js';

@Resolver()
export class SavedViewResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => SavedViewConnection, {
    description:
      'Views of applications that you keep or colleagues share, newest first. Staff only; empty for everybody else.',
  })
  savedViews(
    @Arg('own', () => Boolean, { nullable: true, description: 'Only those you made.' })
    _own: boolean | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(savedViewReads.savedViews, info);
  }

  @Mutation(() => SavedViewPayload, {
    description:
      'Keeps a question about applications under a name, for you or for all staff: at most 100 a person. For staff.',
  })
  createSavedView(
    @Arg('input', () => CreateSavedViewInput, { description: 'The view.' }) input: CreateSavedViewInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(savedViewById, info, 'savedView');
      const { name, filter, search = null, sort, isShared } = input;
      const command = {
        name,
        filter: { ...filter },
        search,
        sort: sort ?? 'CREATED_LAST',
        isShared: isShared ?? false,
      };
      const { viewId } = await this.#doorway.execute(createSavedView, command, request.command);
      return { savedView: await read(request, info, viewId) };
    });
  }

  @Mutation(() => SavedViewPayload, { description: 'Changes a view of your own. For staff.' })
  updateSavedView(
    @Arg('input', () => UpdateSavedViewInput, { description: 'The view, and what to change.' })
    input: UpdateSavedViewInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(savedViewById, info, 'savedView');
      const viewId = decodeId('savedview', input.viewId, ['viewId']);
      const { name, filter, search, sort, isShared, expectedVersion = null } = input;
      const command = {
        viewId,
        expectedVersion,
        ...(name == null ? {} : { name }),
        ...(filter === undefined ? {} : { filter: { ...filter } }),
        ...(search === undefined ? {} : { search }),
        ...(sort == null ? {} : { sort }),
        ...(isShared == null ? {} : { isShared }),
      };
      await this.#doorway.execute(updateSavedView, command, request.command);
      return { savedView: await read(request, info, viewId) };
    });
  }

  @Mutation(() => RemoveSavedViewPayload, { description: 'Removes a view of your own. For staff.' })
  removeSavedView(
    @Arg('input', () => RemoveSavedViewInput, { description: 'The view.' }) input: RemoveSavedViewInput,
    @Ctx() request: Request,
  ) {
    return answer(async () => {
      const viewId = decodeId('savedview', input.viewId, ['viewId']);
      await this.#doorway.execute(removeSavedView, { viewId }, request.command);
      return { viewId: input.viewId };
    });
  }
}

function read(request: Request, info: GraphQLResolveInfo, viewId: string) {
  return request.reading.object(savedViewById, viewId, info, 'savedView');
}
