import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Document } from '../documents/document.types.js';
import { Person } from '../identity/identity.types.js';
import { longestMessage, type MessageSide, messageSides, mostDocuments } from '../lifecycle/correspondence.js';

const sides = registeredEnum('MessageSide', 'Who wrote a message.', messageSides);

@ObjectType({
  implements: Node,
  description: 'A message about an application, between its partner and staff. Both read it, and nobody changes it.',
})
export class Message extends Node {
  @Field(() => sides, { description: 'Who wrote it.' })
  from!: MessageSide;

  @Field(() => Person, {
    nullable: true,
    description: 'Which person wrote it. Partners are not told who of staff did; null for them.',
  })
  author!: Person | null;

  @Field(() => String, { description: 'What it says.' })
  text!: string;

  @Field(() => [Document], { description: 'The documents of the application that it points to.' })
  documents!: readonly Document[];

  @Field(() => DateTime, { description: 'When it was sent.' })
  sentAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When the other side read it; null while it did not.' })
  readAt!: Date | null;
}

export const MessageConnection = connectionOf(Message, 'Message', 'messages');

@InputType({ description: 'A message to the other side.' })
export class SendMessageInput {
  @Field(() => ID, { description: 'The application that it is about.' })
  applicationId!: string;

  @Field(() => String, { description: `What it says, at most ${longestMessage.toLocaleString('en')} characters.` })
  text!: string;

  @Field(() => [ID], {
    nullable: true,
    description: `Documents of the application that it points to, at most ${mostDocuments}.`,
  })
  documentIds?: string[] | null;
}

@InputType({ description: 'Messages of the other side that were read.' })
export class MarkMessagesReadInput {
  @Field(() => ID, { description: 'The application that they are about.' })
  applicationId!: string;

  @Field(() => ID, { description: 'The newest message that was read; those before it count as read, too.' })
  throughId!: string;
}

@InputType({ description: 'An application whose partner needs no answer.' })
export class LeaveMessagesUnansweredInput {
  @Field(() => ID, { description: 'The application.' })
  applicationId!: string;
}
