import { Field, ObjectType } from 'type-graphql';
import { TimelineEvent } from '../audit/timeline.types.js';
import { Application } from './application.types.js';

const eventsDescription =
  'What happened since you were last told of it, oldest first: more than one when several things happened at once or you were slow to read.';

@ObjectType({ description: 'A change to an application, as you may see it.' })
export class ApplicationChange {
  @Field(() => Application, { description: 'The application as it is now.' })
  application!: Application;

  @Field(() => [TimelineEvent], { description: eventsDescription })
  events!: TimelineEvent[];
}

@ObjectType({ description: 'A change to an application that waits in a queue, or may have left it.' })
export class QueueChange {
  @Field(() => Application, { description: 'The application as it is now.' })
  application!: Application;

  @Field(() => Boolean, { description: 'Does it wait in the queue now?' })
  isWaiting!: boolean;

  @Field(() => [TimelineEvent], { description: eventsDescription })
  events!: TimelineEvent[];
}
