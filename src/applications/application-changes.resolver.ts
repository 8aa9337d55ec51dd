import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, ID, Info, Resolver, Root, Subscription } from 'type-graphql';
import type { Change, ChangeInbox } from '../api/change-inbox.js';
import type { Request } from '../api/request.js';
import { seesEveryOrganization } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { decodeId } from '../platform/ids.js';
import { applicationChangeReads } from './application-changes.queries.js';
import { ApplicationChange, QueueChange } from './application-changes.types.js';
import { applicationById } from './application-lists.queries.js';

interface Subscribing<Args> {
  readonly args: Args;
  readonly context: Request;
  readonly info: GraphQLResolveInfo;
}

/** What is told while it happens. What is told is read anew for each subscriber, with their own eyes, each time. */
@Resolver()
export class ApplicationChangesResolver {
  @Subscription(() => ApplicationChange, {
    nullable: true,
    subscribe: listenToApplication,
    description: 'Tells of each change to an application, for as long as you may see it.',
  })
  applicationChanged(
    @Arg('id', () => ID, { description: 'The application.' }) _id: string,
    @Root() change: Change,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.given(applicationChangeReads.applicationChanged, { ...change }, info);
  }

  @Subscription(() => QueueChange, {
    nullable: true,
    subscribe: listenToQueue,
    description:
      'Tells of changes to applications that wait in a queue or may have left it: those of programs that use the queue. Staff only.',
  })
  queueChanged(
    @Arg('name', () => String, { description: 'The queue.' }) queue: string,
    @Root() change: Change,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.given(applicationChangeReads.queueChanged, { ...change, queue }, info);
  }
}

/** Nobody is told whether there is an application they may not see. */
async function listenToApplication({ args, context, info }: Subscribing<{ id: string }>): Promise<ChangeInbox> {
  const applicationId = decodeId('application', args.id, ['id']);
  const found = await context.reading.object(applicationById, applicationId, info, 'application');
  if (found === null) throw Refusal.notFound('application', ['id']);
  return context.changes.listen({ applicationId });
}

async function listenToQueue({ args, context }: Subscribing<{ name: string }>): Promise<ChangeInbox> {
  if (!seesEveryOrganization(context.actor)) throw Refusal.of('FORBIDDEN', 'Queues are for staff.');
  return context.changes.listen({ queue: args.name });
}
