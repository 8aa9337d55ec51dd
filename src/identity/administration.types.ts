import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../api/payload.js';
import { StaffRoleEnum } from '../api/role-enums.js';
import { DateTime } from '../api/scalars.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { ApiKeyScope } from './api-key.entity.js';
import { ApiKey, ApiKeyScopeEnum, StaffMember } from './identity.types.js';

const expectedVersion = 'The version you decided on; refused with CONFLICT when it has changed since.';

@InputType({ description: 'A person to add to the staff.' })
export class AddStaffInput {
  @Field(() => String, { description: 'The person’s e-mail address.' })
  email!: string;

  @Field(() => String, { description: 'The person’s name; an account that exists already keeps its own.' })
  name!: string;

  @Field(() => [StaffRoleEnum], { description: 'What the person may do; at least one role.' })
  roles!: StaffRole[];
}

@InputType({ description: 'A member of staff and the roles to have.' })
export class SetStaffRolesInput {
  @Field(() => ID, { description: 'The member of staff.' })
  staffId!: string;

  @Field(() => [StaffRoleEnum], { description: 'Every role to have from now on; at least one.' })
  roles!: StaffRole[];

  @Field(() => Int, { nullable: true, description: expectedVersion })
  expectedVersion?: number | null;
}

@InputType({ description: 'A member of staff who leaves.' })
export class DeactivateStaffInput {
  @Field(() => ID, { description: 'The member of staff.' })
  staffId!: string;

  @Field(() => Int, { nullable: true, description: expectedVersion })
  expectedVersion?: number | null;
}

@InputType({ description: 'An API key to make.' })
export class CreateApiKeyInput {
  @Field(() => ID, { nullable: true, description: 'The organization it is for; left out for a key of the operator.' })
  organizationId?: string | null;

  @Field(() => String, { description: 'What to call it, such as the machine’s name; up to 100 characters.' })
  name!: string;

  @Field(() => [ApiKeyScopeEnum], { description: 'What it may be used for; at least one scope.' })
  scopes!: ApiKeyScope[];

  @Field(() => DateTime, { nullable: true, description: 'When it stops working; left out, it works until revoked.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'An API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The key’s id.' })
  apiKeyId!: string;
}

@ObjectType({ description: 'What came of adding a person to the staff.' })
export class AddStaffPayload extends Payload {
  @Field(() => StaffMember, { nullable: true, description: 'The member of staff.' })
  staffMember!: StaffMember | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The password to sign in with for the first time and then change. Told once, here; null for a person who has a password.',
  })
  oneTimePassword!: string | null;
}

@ObjectType({ description: 'What came of giving other roles.' })
export class SetStaffRolesPayload extends Payload {
  @Field(() => StaffMember, { nullable: true, description: 'The member of staff.' })
  staffMember!: StaffMember | null;
}

@ObjectType({ description: 'What came of ending access. Every session of the person has ended.' })
export class DeactivateStaffPayload extends Payload {
  @Field(() => StaffMember, { nullable: true, description: 'The former member of staff.' })
  staffMember!: StaffMember | null;
}

@ObjectType({ description: 'What came of making an API key.' })
export class CreateApiKeyPayload extends Payload {
  @Field(() => ApiKey, { nullable: true, description: 'The key’s record.' })
  apiKey!: ApiKey | null;

  @Field(() => String, {
    nullable: true,
    description: 'The key itself, for `Authorization: Bearer …`. Told once, here: keep it safe.',
  })
  key!: string | null;
}

@ObjectType({ description: 'What came of revoking an API key.' })
export class RevokeApiKeyPayload extends Payload {
  @Field(() => ApiKey, { nullable: true, description: 'The key’s record.' })
  apiKey!: ApiKey | null;
}
