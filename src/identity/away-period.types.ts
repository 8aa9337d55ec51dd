import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../api/payload.js';
import { DateTime } from '../api/scalars.js';
import { StaffMember } from './identity.types.js';

@InputType({ description: 'When a member of staff is away.' })
export class AddAwayPeriodInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Who is away; you, when not said. For others only administrators can say.',
  })
  staffId?: string | null;

  @Field(() => DateTime, { description: 'From when.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'Until when, in the future and at most 366 days after it starts.' })
  endsAt!: Date;

  @Field(() => String, { nullable: true, description: 'A note for colleagues, in one line.' })
  note?: string | null;
}

@InputType({ description: 'A period to take back.' })
export class RemoveAwayPeriodInput {
  @Field(() => ID, { description: 'The period.' })
  awayPeriodId!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class AwayPeriodPayload extends Payload {
  @Field(() => StaffMember, {
    nullable: true,
    description: 'The member of staff as they are now; null when nothing was changed.',
  })
  staffMember?: StaffMember | null;
}
