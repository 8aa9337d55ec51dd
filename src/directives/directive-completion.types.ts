import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from '../api/scalars.js';

@ObjectType({
  description:
    'The certificate of completion of a directive: of each grant that it shut, whether access was closed in the product. Grants whose access was closed before are not counted. For staff.',
})
export class DirectiveCompletion {
  @Field(() => Boolean, {
    description:
      'Whether nothing is left: every grant is marked, access is closed, and seen to be where a system looks.',
  })
  isComplete!: boolean;

  @Field(() => Int, {
    description:
      'Grants of its products that are shut already, by whatever directive, and not marked as suspended yet.',
  })
  toBeMarked!: number;

  @Field(() => Int, { description: 'Grants whose access was to be closed because of it.' })
  hit!: number;

  @Field(() => Int, { description: 'Those whose access is not closed yet.' })
  open!: number;

  @Field(() => Int, { description: 'Those of them whose access should be closed by now.' })
  overdue!: number;

  @Field(() => Int, { description: 'Those whose access a system says it has closed.' })
  closed!: number;

  @Field(() => Int, { description: 'Those of them where another system is still to see that it is so.' })
  awaitingReadBack!: number;

  @Field(() => Int, { description: 'Those of them where another system has seen that it is so.' })
  verified!: number;

  @Field(() => Int, { description: 'Those that were let in again before access was closed.' })
  letInAgain!: number;

  @Field(() => DateTime, { nullable: true, description: 'When the first grant was marked as suspended.' })
  firstMarkedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the last one was.' })
  lastMarkedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When access was first closed.' })
  firstClosedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When access was last closed.' })
  lastClosedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When that was last seen by another system.' })
  lastVerifiedAt!: Date | null;
}
