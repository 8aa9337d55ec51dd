import { Field, Int, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { type EventName, eventDefinition } from '../events/catalogue.js';
import { deliveredEvents } from './event-types.js';

const audiences = registeredEnum('EventAudience', 'Who hears of an event.', {
  PARTNER: 'The organization concerned and the operator.',
  STAFF: 'The operator only.',
});

const fieldTypes = registeredEnum('EventFieldType', 'What a field of an event’s data holds.', {
  STRING: 'A text: an id, a status, a time, or words.',
  INTEGER: 'A whole number.',
  BOOLEAN: 'True or false.',
  STRINGS: 'A list of texts.',
});

@ObjectType({ description: 'A field of an event’s data.' })
export class EventField {
  @Field(() => String, { description: 'Its name in the message’s `data`.' })
  name!: string;

  @Field(() => fieldTypes, { description: 'What it holds.' })
  type!: keyof typeof fieldTypes;

  @Field(() => Boolean, { description: 'Whether it can be null.' })
  nullable!: boolean;

  @Field(() => String, { description: 'What it means.' })
  description!: string;
}

@ObjectType({ description: 'A kind of event that endpoints can be sent.' })
export class EventType {
  @Field(() => String, { description: 'Its name, as in `eventTypes` and in a message’s `type`.' })
  name!: string;

  @Field(() => Int, { description: 'The version of its data. Fields are added within a version, never taken away.' })
  version!: number;

  @Field(() => audiences, { description: 'Who hears of it.' })
  audience!: keyof typeof audiences;

  @Field(() => String, { description: 'When it happens.' })
  description!: string;

  @Field(() => [EventField], { description: 'The fields of its data.' })
  payload!: readonly EventField[];
}

/** Every event type that endpoints can be sent, as the API shows it. */
export function eventTypes(): EventType[] {
  return deliveredEvents.map(eventType);
}

function eventType(name: EventName): EventType {
  const { version, audience, happens, payload } = eventDefinition(name);
  const fields = Object.entries(payload).map(([field, { type, nullable, description }]) => ({
    name: field,
    type: ({ string: 'STRING', integer: 'INTEGER', boolean: 'BOOLEAN', strings: 'STRINGS' } as const)[type],
    nullable: nullable === true,
    description,
  }));
  return { name, version, audience, description: happens, payload: fields };
}
