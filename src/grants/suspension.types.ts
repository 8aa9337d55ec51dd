import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { describedEnum } from '../api/described-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type SuspensionCause, suspensionCauses } from '../lifecycle/suspension.js';

const causes = describedEnum('SuspensionCause', 'Why a grant is suspended.', suspensionCauses);
registerEnumType(causes.values, causes.config);
export const SuspensionCauseEnum = causes.values;

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
