import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Application } from '../applications/application.types.js';
import { Organization } from '../organizations/organization.types.js';
import { type Choice, choices } from './letter-kinds.js';

const ChoiceEnum = registeredEnum('NotificationChoice', 'How somebody hears of something by e-mail.', choices);

@ObjectType({
  implements: Node,
  description: 'Something that you are told, however you chose to hear of it by e-mail. Yours alone.',
})
export class Notification extends Node {
  @Field(() => String, { description: 'What kind it is, as in `NotificationKind.name`: most are named like an event.' })
  kind!: string;

  @Field(() => String, { description: 'What it is about, in a line.' })
  title!: string;

  @Field(() => String, {
    description: 'What happened and what you can do now: plain text, with an empty line between paragraphs.',
  })
  body!: string;

  @Field(() => Application, { nullable: true, description: 'The application it is about; null when it is about none.' })
  application!: Application | null;

  @Field(() => Organization, {
    nullable: true,
    description: 'The organization it is about; null when it is about none, or none that you may see any more.',
  })
  organization!: Organization | null;

  @Field(() => DateTime, { description: 'When you were told.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When you marked it as read; null when you have not.' })
  readAt!: Date | null;
}

export const NotificationConnection = connectionOf(Notification, 'Notification', 'notifications');

@ObjectType({ description: 'What is told by e-mail when something happens, and how you hear of it.' })
export class NotificationKind {
  @Field(() => String, { description: 'Its name, as in `Notification.kind`.' })
  name!: string;

  @Field(() => String, { description: 'What happens.' })
  description!: string;

  @Field(() => ChoiceEnum, { description: 'How people hear of it who have not chosen.' })
  default!: Choice;

  @Field(() => ChoiceEnum, { description: 'How you hear of it.' })
  choice!: Choice;

  @Field(() => [ChoiceEnum], { description: 'What you can choose.' })
  choices!: readonly Choice[];

  @Field(() => Boolean, { description: 'Can it be turned off? Then NEVER is among the choices.' })
  canBeTurnedOff!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it cannot be turned off; null when it can.' })
  mandatoryBecause!: string | null;
}

@ObjectType({ description: 'How you hear of things by e-mail.' })
export class NotificationSettings {
  @Field(() => Int, {
    description: 'The hour, from 0 to 23, at which your daily e-mail comes when something waits for it.',
  })
  digestHour!: number;

  @Field(() => String, { description: 'The time zone of that hour: an IANA name, such as `Europe/Amsterdam`.' })
  timeZone!: string;

  @Field(() => [NotificationKind], { description: 'Everything that you can be told of, and how you hear of it.' })
  kinds!: readonly NotificationKind[];
}

@ObjectType({ description: 'What you were told, and how you hear of things.' })
export class Inbox {
  @Field(() => Int, { description: 'How many notifications you have not read; 1000 when there are more.' })
  unreadCount!: number;

  @Field(() => NotificationSettings, { description: 'How you hear of things by e-mail.' })
  settings!: NotificationSettings;
}

@ObjectType({ description: 'Notifications that have just arrived.' })
export class NotificationArrival {
  @Field(() => [Notification], {
    description:
      'What arrived since you were last told, oldest first: more than one when several did at once or you were slow to read, and at most 200.',
  })
  notifications!: Notification[];

  @Field(() => Int, { description: 'How many you have not read by now; 1000 when there are more.' })
  unreadCount!: number;
}

@InputType({ description: 'How to hear of one kind of thing.' })
export class NotificationChoiceInput {
  @Field(() => String, { description: 'The name of the kind, as in `NotificationKind.name`.' })
  kind!: string;

  @Field(() => ChoiceEnum, { description: 'How to hear of it: one of the kind’s `choices`.' })
  choice!: Choice;
}

@InputType({ description: 'How to hear of things; what is not given stays as it is.' })
export class ChooseNotificationsInput {
  @Field(() => [NotificationChoiceInput], { nullable: true, description: 'At most 200 kinds, each once.' })
  choices?: readonly NotificationChoiceInput[] | null;

  @Field(() => Int, { nullable: true, description: 'The hour of your daily e-mail, from 0 to 23.' })
  digestHour?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The time zone of that hour: an IANA name, such as `Europe/Amsterdam`.',
  })
  timeZone?: string | null;
}

@InputType({ description: 'Notifications that were read.' })
export class MarkNotificationsReadInput {
  @Field(() => [ID], { description: 'The notifications: at most 100.' })
  notificationIds!: readonly string[];
}

@InputType({ description: 'Up to where notifications were read.' })
export class MarkAllNotificationsReadInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The newest one that was read, so that none is marked which arrived since; all when not given.',
  })
  upTo?: string | null;
}

@ObjectType({ description: 'What came of it.' })
export class InboxPayload extends Payload {
  @Field(() => Inbox, { nullable: true, description: 'Your notifications, as they are now.' })
  inbox!: Inbox | null;
}
