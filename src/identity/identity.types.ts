import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { PartnerRoleEnum, StaffRoleEnum } from '../api/role-enums.js';
import { DateTime } from '../api/scalars.js';
import type { PartnerRole, StaffRole } from '../lifecycle/roles.js';
import { type ApiKeyScope, apiKeyScopes } from './api-key.entity.js';

export const ApiKeyScopeEnum = registeredEnum('ApiKeyScope', 'What an API key may be used for.', apiKeyScopes);

const viewerKinds = {
  PERSON: 'A signed-in person.',
  MACHINE: 'A machine with an API key.',
  ANONYMOUS: 'A stranger: nothing was shown that says who it is.',
} as const;
export type ViewerKind = keyof typeof viewerKinds;
const kinds = registeredEnum('ViewerKind', 'What kind of caller a request comes from.', viewerKinds);

@ObjectType({ implements: Node, description: 'A person with an account.' })
export class Person extends Node {
  @Field(() => String, { description: 'The name, as the person gave it.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'The e-mail address: for staff, and for the person alone.' })
  email!: string | null;
}

@ObjectType({
  implements: Node,
  description: 'A time during which a member of staff is given no work. For staff only.',
})
export class AwayPeriod extends Node {
  @Field(() => DateTime, { description: 'From when.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'Until when.' })
  endsAt!: Date;

  @Field(() => String, { nullable: true, description: 'A note for colleagues.' })
  note!: string | null;

  @Field(() => Person, { nullable: true, description: 'Who said so.' })
  setBy!: Person | null;
}

@ObjectType({ implements: Node, description: 'A person who works for the operator, or did. For staff only.' })
export class StaffMember extends Node {
  @Field(() => Person, { nullable: true, description: 'The person.' })
  person!: Person | null;

  @Field(() => [StaffRoleEnum], { description: 'What the person may do, while active.' })
  roles!: readonly StaffRole[];

  @Field(() => Boolean, { description: 'Whether the person works for the operator now.' })
  active!: boolean;

  @Field(() => Boolean, { description: 'Whether the person is active and not away now, and so can be given work.' })
  onDuty!: boolean;

  @Field(() => [AwayPeriod], { description: 'When the person is away, now and in future, first first.' })
  awayPeriods!: readonly AwayPeriod[];

  @Field(() => Boolean, {
    description: 'Whether the one-time password is still to be changed; until then no role holds.',
  })
  mustChangePassword!: boolean;

  @Field(() => DateTime, { description: 'When the person was added.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When this last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion` to be refused when it is stale.' })
  version!: number;
}

@ObjectType({
  implements: Node,
  description: 'A machine’s credential. The key itself was told once, when it was made.',
})
export class ApiKey extends Node {
  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => String, { description: 'The last four characters of the key, to tell keys apart.' })
  hint!: string;

  @Field(() => [ApiKeyScopeEnum], { description: 'What it may be used for.' })
  scopes!: readonly ApiKeyScope[];

  @Field(() => Person, { nullable: true, description: 'Who made it; null when that is somebody you may not see.' })
  createdBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it stops working; null when it does not by itself.' })
  expiresAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was revoked; null when it was not.' })
  revokedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to the minute; null when never.' })
  lastUsedAt!: Date | null;
}

@ObjectType({ description: 'The viewer’s place in an organization.' })
export class ViewerMembership {
  @Field(() => ID, { description: 'The organization’s id.' })
  organizationId!: string;

  @Field(() => PartnerRoleEnum, { description: 'What the viewer may do for it.' })
  role!: PartnerRole;
}

@ObjectType({ description: 'Whoever asks: what the portal knows of them and lets them be.' })
export class Viewer {
  @Field(() => kinds, { description: 'What kind of caller it is.' })
  kind!: ViewerKind;

  @Field(() => Person, { nullable: true, description: 'The signed-in person; null for machines and strangers.' })
  person!: Person | null;

  @Field(() => [StaffRoleEnum], {
    description: 'The staff roles that hold now. None for partners, and none until a one-time password was changed.',
  })
  staffRoles!: readonly StaffRole[];

  @Field(() => Boolean, { description: 'Whether a one-time password is to be changed with `changePassword`.' })
  mustChangePassword!: boolean;

  @Field(() => [ViewerMembership], { description: 'The organizations that the person belongs to.' })
  memberships!: readonly ViewerMembership[];

  @Field(() => ApiKey, { nullable: true, description: 'The key that a machine called with; null for people.' })
  apiKey!: ApiKey | null;
}
