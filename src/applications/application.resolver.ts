import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { TimelineEventConnection } from '../audit/timeline.types.js';
import type { Database } from '../platform/database/database.js';
import { decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { Application, ApplicationConnection, ApplicationSortEnum, QueueSummary } from './application.types.js';
import { ApplicationFilterInput, ApplicationPayload, MarkApplicationViewedInput } from './application-inputs.types.js';
import { applicationById, applicationReads, readQueueSummaries } from './application-lists.queries.js';
import type { ApplicationSort } from './application-sort.queries.js';
import { rememberViewed } from './recently-viewed.js';

@Resolver(() => Application)
export class ApplicationResolver {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  @Query(() => Application, {
    nullable: true,
    description: 'An application; null when there is none that you may see.',
  })
  application(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(applicationReads.application, info);
  }

  @Query(() => ApplicationConnection, {
    description:
      'The applications you may see, newest first unless another order is asked for: your organizations’, or for staff all that were submitted.',
  })
  applications(
    @Arg('filter', () => ApplicationFilterInput, { nullable: true, description: 'Which of them.' })
    _filter: ApplicationFilterInput | null | undefined,
    @Arg('search', () => String, {
      nullable: true,
      description:
        'Only those in which all of these words are, whole, wherever they are: in the reference, the organization’s name, answers, questions, reasons, messages; for staff also in notes and in the name of who started it. A star after a word finds what begins with it. At most 10 words in 200 characters.',
    })
    _search: string | null | undefined,
    @Arg('sort', () => ApplicationSortEnum, { nullable: true, description: 'In which order.' })
    _sort: ApplicationSort | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(applicationReads.applications, info);
  }

  @FieldResolver(() => TimelineEventConnection, { description: 'What happened to it, latest first.' })
  timeline(
    @Root() application: Application,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(application, { ...page }, request, info);
  }

  @Query(() => ApplicationConnection, {
    description: 'What waits for staff in a queue, due first first. Staff only; empty for everybody else.',
  })
  queue(
    @Arg('name', () => String, { description: 'The queue.' }) _name: string,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(applicationReads.queue, info);
  }

  @Query(() => [QueueSummary], {
    description: 'How much waits in each queue. Staff only; empty for everybody else.',
  })
  queues(@Ctx() { reading }: Request) {
    return readQueueSummaries(this.#database, reading.viewer);
  }

  @Query(() => ApplicationConnection, {
    description: 'What you have in hand and waits for staff, due first first. Staff only; empty for everybody else.',
  })
  myWork(
    @Arg('alsoForMyRoles', () => Boolean, {
      nullable: true,
      description: 'Also what nobody has in hand and somebody in one of your roles can take further.',
    })
    _alsoForMyRoles: boolean | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(applicationReads.myWork, info);
  }

  @Query(() => ApplicationConnection, {
    description: 'The up to 50 applications that you opened last, the last one first. Staff only; empty for others.',
  })
  recentlyViewed(@Args(() => PageArgs) _page: PageArgs, @Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(applicationReads.recentlyViewed, info);
  }

  @Mutation(() => ApplicationPayload, {
    description: 'Remembers that you opened an application, for `recentlyViewed`; nothing else changes. For staff.',
  })
  markApplicationViewed(
    @Arg('input', () => MarkApplicationViewedInput, { description: 'The application.' })
    input: MarkApplicationViewedInput,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      reading.check(applicationById, info, 'application');
      const applicationId = decodeId('application', input.applicationId, ['applicationId']);
      await rememberViewed(this.#database.kysely(), reading.viewer, applicationId);
      return { application: await reading.object(applicationById, applicationId, info, 'application') };
    });
  }
}
