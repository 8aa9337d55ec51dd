import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { PartnerRoleEnum } from '../api/role-enums.js';
import { DateTime } from '../api/scalars.js';
import { Attestation } from '../attestations/attestation.types.js';
import { Flag } from '../flags/flag.types.js';
import { Person } from '../identity/identity.types.js';
import type { PartnerRole } from '../lifecycle/roles.js';
import { OrganizationScreening } from '../screening/screening-run.types.js';
import type { OrganizationSector } from './organization.entity.js';
import { OrganizationRisk } from './organization-risk.types.js';
import { SectorEnum } from './sector.types.js';

@ObjectType({ implements: Node, description: 'A person’s place in an organization.' })
export class Membership extends Node {
  @Field(() => PartnerRoleEnum, { description: 'What the person may do for the organization.' })
  role!: PartnerRole;

  @Field(() => Person, { nullable: true, description: 'The person.' })
  person!: Person | null;

  @Field(() => Organization, { nullable: true, description: 'The organization.' })
  organization!: Organization | null;

  @Field(() => DateTime, { description: 'When the person joined.' })
  joinedAt!: Date;
}

@ObjectType({ implements: Node, description: 'An invitation to join an organization, good for one e-mail address.' })
export class Invitation extends Node {
  @Field(() => String, { description: 'The address it is good for.' })
  email!: string;

  @Field(() => PartnerRoleEnum, { description: 'The role offered.' })
  role!: PartnerRole;

  @Field(() => Person, { nullable: true, description: 'Who invited.' })
  invitedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was sent.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Until when it can be accepted.' })
  expiresAt!: Date;
}

@ObjectType({ implements: Node, description: 'A partner organization.' })
export class Organization extends Node {
  @Field(() => String, { description: 'Its name in the register.' })
  legalName!: string;

  @Field(() => String, { description: 'Where it is registered: two letters of ISO 3166-1.' })
  country!: string;

  @Field(() => SectorEnum, { description: 'What it does.' })
  sector!: OrganizationSector;

  @Field(() => String, { description: 'Its website.' })
  website!: string;

  @Field(() => String, { description: 'Its number in the register of its country.' })
  registrationNumber!: string;

  @Field(() => Boolean, {
    description: 'Whether it is the operator’s own. Directives can have rules of their own for the operator’s staff.',
  })
  isOperator!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description: 'What somebody proposed that `isOperator` shall be, which waits for a second person. For staff.',
  })
  operatorProposed!: boolean | null;

  @Field(() => [Membership], { description: 'Its members, who joined first first.' })
  members!: readonly Membership[];

  @Field(() => [Invitation], { description: 'Invitations that can still be accepted.' })
  openInvitations!: readonly Invitation[];

  @Field(() => [Attestation], {
    description:
      'The terms that it was asked to accept again, the newest first, and whether it did: here, or with an application.',
  })
  attestations!: readonly Attestation[];

  @Field(() => OrganizationScreening, {
    nullable: true,
    description: 'How it stands with the screening lists. Staff only; null for partners.',
  })
  screening!: OrganizationScreening | null;

  @Field(() => OrganizationRisk, {
    nullable: true,
    description: 'How risky staff think that it is. Staff only; null for partners.',
  })
  risk!: OrganizationRisk | null;

  @Field(() => [Flag], { description: 'The flags that are up on it, oldest first. Staff only; empty for partners.' })
  flags!: readonly Flag[];

  @Field(() => DateTime, { description: 'When it was registered here.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes.' })
  version!: number;
}

export const OrganizationConnection = connectionOf(Organization, 'Organization', 'organizations');

@InputType({ description: 'A partner organization to register.' })
export class CreateOrganizationInput {
  @Field(() => String, { description: 'Its name in the register.' })
  legalName!: string;

  @Field(() => String, { description: 'Where it is registered: two letters of ISO 3166-1, such as NL or US.' })
  country!: string;

  @Field(() => SectorEnum, { description: 'What it does.' })
  sector!: OrganizationSector;

  @Field(() => String, { description: 'Its website, e.g. https://www.example.org.' })
  website!: string;

  @Field(() => String, { description: 'Its number in the register of its country.' })
  registrationNumber!: string;
}

@InputType({ description: 'An organization, and whether it shall be the operator’s own.' })
export class ProposeOperatorOrganizationInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => Boolean, { description: 'Shall it be the operator’s own, or be so no more?' })
  isOperator!: boolean;
}

@InputType({ description: 'An organization about which something is proposed.' })
export class OperatorOrganizationInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;
}

@InputType({ description: 'A colleague to invite.' })
export class InviteMemberInput {
  @Field(() => ID, { description: 'The organization to join.' })
  organizationId!: string;

  @Field(() => String, { description: 'The colleague’s e-mail address.' })
  email!: string;

  @Field(() => PartnerRoleEnum, { description: 'What the colleague may do.' })
  role!: PartnerRole;
}

@InputType({ description: 'An invitation to take back.' })
export class RevokeInvitationInput {
  @Field(() => ID, { description: 'The invitation.' })
  invitationId!: string;
}

@InputType({ description: 'An invitation to accept.' })
export class AcceptInvitationInput {
  @Field(() => String, { description: 'The token from the link in the invitation’s e-mail.' })
  token!: string;
}

@InputType({ description: 'A member and the role to have.' })
export class ChangeMemberRoleInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The member.' })
  personId!: string;

  @Field(() => PartnerRoleEnum, { description: 'The role to have from now on.' })
  role!: PartnerRole;
}

@InputType({ description: 'A member to remove.' })
export class RemoveMemberInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => ID, { description: 'The member.' })
  personId!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class OrganizationPayload extends Payload {
  @Field(() => Organization, {
    nullable: true,
    description: 'The organization as it is now; null when nothing was changed, or when you have left it.',
  })
  organization?: Organization | null;
}

@ObjectType({ description: 'What came of the command.' })
export class InvitationPayload extends Payload {
  @Field(() => Invitation, { nullable: true, description: 'The invitation; null when nobody was invited.' })
  invitation?: Invitation | null;
}
