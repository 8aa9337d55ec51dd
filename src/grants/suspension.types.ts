import { Field, ObjectType } from 'type-graphql';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type SuspensionCause, suspensionCauses } from '../lifecycle/suspension.js';

export const SuspensionCauseEnum = registeredEnum('SuspensionCause', 'Why a grant is suspended.', suspensionCauses);

@ObjectType({ description: 'One cause for which a grant is, or was, suspended. To lift one leaves the others.' })
export class GrantSuspension {
  @Field(() => SuspensionCauseEnum, { description: 'The cause.' })
  cause!: SuspensionCause;

  @Field(() => String, { description: 'Why, in words.' })
  reason!: string;

  @Field(() => DateTime, { description: 'Since when.' })
  since!: Date;

  @Field(() => Person, { nullable: true, description: 'Who suspended it; null for the portal itself. For staff.' })
  suspendedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was lifted; null while it stands.' })
  liftedAt!: Date | null;

  @Field(() => Person, { nullable: true, description: 'Who lifted it. For staff.' })
  liftedBy!: Person | null;

  @Field(() => String, { nullable: true, description: 'Why it was lifted.' })
  liftedReason!: string | null;
}
