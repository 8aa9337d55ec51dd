import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import type { Request } from '../api/request.js';
import { TimelineEventConnection } from '../audit/timeline.types.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { selectionOf } from '../platform/reading/selection.js';
import { Application, ApplicationConnection, QueueSummary } from './application.types.js';
import { ApplicationFilterInput } from './application-inputs.types.js';
import {
  readApplication,
  readApplications,
  readMyWork,
  readQueue,
  readQueueSummaries,
} from './application-lists.queries.js';

@Resolver(() => Application)
export class ApplicationResolver {
  @Query(() => Application, {
    nullable: true,
    description: 'An application; null when there is none that you may see.',
  })
  application(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readApplication(request.reading, selectionOf(info), decodeId('application', id, ['id']));
  }

  @Query(() => ApplicationConnection, {
    description:
      'The applications you may see, newest first: your organizations’, or for staff all that were submitted.',
  })
  applications(
    @Arg('filter', () => ApplicationFilterInput, { nullable: true, description: 'Which of them.' })
    filter: ApplicationFilterInput | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { statuses, organizationId, programId, reference } = filter ?? {};
    const wanted = {
      statuses: statuses ?? null,
      organizationId: decodeGivenId('organization', organizationId, ['filter', 'organizationId']),
      programId: decodeGivenId('program', programId, ['filter', 'programId']),
      reference: reference ?? null,
    };
    return readApplications(request.reading, selectionOf(info), wanted, page);
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
    @Arg('name', () => String, { description: 'The queue.' }) name: string,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readQueue(request.reading, selectionOf(info), name, page);
  }

  @Query(() => [QueueSummary], {
    description: 'How much waits in each queue. Staff only; empty for everybody else.',
  })
  queues(@Ctx() request: Request) {
    return readQueueSummaries(request.reading);
  }

  @Query(() => ApplicationConnection, { description: 'What you have in hand, due first first. Staff only.' })
  myWork(@Args(() => PageArgs) page: PageArgs, @Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    return readMyWork(request.reading, selectionOf(info), page);
  }
}
