import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { DateTime, JsonObject } from '../api/scalars.js';

@ObjectType({ description: 'Something that happened to an application.' })
export class TimelineEvent {
  @Field(() => ID, { description: 'The event; webhook messages about it carry the same id.' })
  id!: string;

  @Field(() => String, { description: 'What happened: the name of an entry of the event catalogue.' })
  type!: string;

  @Field(() => DateTime, { description: 'When it happened.' })
  occurredAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'Who did it, by name. Partners see “Staff” where staff did it, and systems of the operator unnamed.',
  })
  actor!: string | null;

  @Field(() => JsonObject, { description: 'What the event says, as the event catalogue describes it.' })
  data!: object;
}

export const TimelineEventConnection = connectionOf(TimelineEvent, 'TimelineEvent', 'events');
