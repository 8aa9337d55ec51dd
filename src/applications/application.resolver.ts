import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import type { Request } from '../api/request.js';
import { TimelineEventConnection } from '../audit/timeline.types.js';
import type { RawSql } from '../platform/database/database.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { Application, ApplicationConnection, QueueSummary } from './application.types.js';
import { ApplicationFilterInput } from './application-inputs.types.js';
import { applicationReads, readQueueSummaries } from './application-lists.queries.js';

@Resolver(() => Application)
export class ApplicationResolver {
  readonly #database: RawSql;

  constructor(database: RawSql) {
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
      'The applications you may see, newest first: your organizations’, or for staff all that were submitted.',
  })
  applications(
    @Arg('filter', () => ApplicationFilterInput, { nullable: true, description: 'Which of them.' })
    _filter: ApplicationFilterInput | null | undefined,
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

  @Query(() => ApplicationConnection, { description: 'What you have in hand, due first first. Staff only.' })
  myWork(@Args(() => PageArgs) _page: PageArgs, @Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(applicationReads.myWork, info);
  }
}
