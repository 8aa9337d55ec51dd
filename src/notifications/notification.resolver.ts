import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { Change, ChangeInbox } from '../api/change-inbox.js';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { requirePerson } from '../doorway/requirements.js';
import type { RawSql } from '../platform/database/database.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import { inboxById, inboxReads, notificationArrived } from './notification.queries.js';
import {
  ChooseNotificationsInput,
  Inbox,
  InboxPayload,
  MarkAllNotificationsReadInput,
  MarkNotificationsReadInput,
  NotificationArrival,
  NotificationConnection,
} from './notification.types.js';
import { chooseNotifications } from './notification-settings.commands.js';
import { markAllRead, markRead } from './reading-marks.js';

@Resolver(() => Inbox)
export class NotificationResolver {
  readonly #doorway: Doorway;
  readonly #database: RawSql;

  constructor(doorway: Doorway, database: RawSql) {
    this.#doorway = doorway;
    this.#database = database;
  }

  @Query(() => Inbox, {
    nullable: true,
    description: 'What you were told, and how you hear of things; null for whoever is no person.',
  })
  inbox(@Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(inboxReads.inbox, info);
  }

  @FieldResolver(() => NotificationConnection, {
    description: 'Your notifications, newest first. What you may not see any more is not among them.',
  })
  notifications(
    @Root() inbox: Inbox,
    @Arg('unread', () => Boolean, { nullable: true, description: 'Only those you have not read.' })
    unread: boolean | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return defaultFieldResolver(inbox, { unread, ...page }, request, info);
  }

  @Mutation(() => InboxPayload, {
    description: 'Chooses how you hear of things by e-mail, and when your daily e-mail comes.',
  })
  chooseNotifications(
    @Arg('input', () => ChooseNotificationsInput, { description: 'What to choose.' }) input: ChooseNotificationsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(inboxById, info, 'inbox');
      const { choices, digestHour = null, timeZone = null } = input;
      const given = (choices ?? []).map(({ kind, choice }) => ({ kind, choice }));
      const command = { choices: given, digestHour, timeZone };
      const { personId } = await this.#doorway.execute(chooseNotifications, command, request.command);
      return { inbox: await read(request, info, personId) };
    });
  }

  @Mutation(() => InboxPayload, { description: 'Marks notifications as read.' })
  markNotificationsRead(
    @Arg('input', () => MarkNotificationsReadInput, { description: 'Which.' }) input: MarkNotificationsReadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(inboxById, info, 'inbox');
      const ids = input.notificationIds.map((id, position) =>
        decodeId('notification', id, ['notificationIds', String(position)]),
      );
      const personId = await markRead(this.#database, request.reading.viewer, ids);
      return { inbox: await read(request, info, personId) };
    });
  }

  @Mutation(() => InboxPayload, { description: 'Marks all your notifications as read, or those up to one of them.' })
  markAllNotificationsRead(
    @Arg('input', () => MarkAllNotificationsReadInput, { description: 'Up to where.' })
    input: MarkAllNotificationsReadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(inboxById, info, 'inbox');
      const upTo = decodeGivenId('notification', input.upTo, ['upTo']);
      const personId = await markAllRead(this.#database, request.reading.viewer, upTo);
      return { inbox: await read(request, info, personId) };
    });
  }

  @Subscription(() => NotificationArrival, {
    nullable: true,
    subscribe: listen,
    description: 'Tells you of each notification of yours as it arrives.',
  })
  notificationArrived(@Root() arrival: Change, @Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.given(notificationArrived, { ...arrival }, info);
  }
}

async function listen({ context }: { readonly context: Request }): Promise<ChangeInbox> {
  return context.arrivals.listen(requirePerson(context.actor).personId);
}

function read(request: Request, info: GraphQLResolveInfo, personId: string) {
  return request.reading.object(inboxById, personId, info, 'inbox');
}
