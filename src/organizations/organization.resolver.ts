import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { acceptOrganizationTerms } from '../attestations/attestation.commands.js';
import { AcceptOrganizationTermsInput } from '../attestations/attestation.types.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Actor } from '../lifecycle/actor.js';
import type { PartnerRole } from '../lifecycle/roles.js';
import { decodeId } from '../platform/ids.js';
import {
  acceptInvitation,
  changeMemberRole,
  type InvitationMail,
  inviteMember,
  removeMember,
  revokeInvitation,
} from './member.commands.js';
import {
  confirmOperatorOrganization,
  declineOperatorOrganization,
  proposeOperatorOrganization,
} from './operator.commands.js';
import { createOrganization } from './organization.commands.js';
import { invitationById, organizationById, organizationReads } from './organization.queries.js';
import {
  AcceptInvitationInput,
  ChangeMemberRoleInput,
  CreateOrganizationInput,
  InvitationPayload,
  InviteMemberInput,
  Membership,
  OperatorOrganizationInput,
  Organization,
  OrganizationConnection,
  OrganizationPayload,
  ProposeOperatorOrganizationInput,
  RemoveMemberInput,
  RevokeInvitationInput,
} from './organization.types.js';
import { setOrganizationRisk } from './organization-risk.commands.js';
import { SetOrganizationRiskInput } from './organization-risk.types.js';

interface JoinedOrganization {
  readonly organizationId: string;
  readonly role: PartnerRole;
}

@Resolver()
export class OrganizationResolver {
  readonly #doorway: Doorway;
  readonly #inviteMember: ReturnType<typeof inviteMember>;

  constructor(doorway: Doorway, mail: InvitationMail) {
    this.#doorway = doorway;
    this.#inviteMember = inviteMember(mail);
  }

  @Query(() => Organization, {
    nullable: true,
    description: 'An organization; null when there is none that you may see.',
  })
  organization(
    @Arg('id', () => ID, { description: 'Its id.' }) _id: string,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(organizationReads.organization, info);
  }

  @Query(() => OrganizationConnection, {
    description: 'The organizations you may see, newest first: your own, or all of them for staff.',
  })
  organizations(@Args(() => PageArgs) _page: PageArgs, @Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(organizationReads.organizations, info);
  }

  @Query(() => [Membership], { description: 'Your own places in organizations.' })
  myMemberships(@Ctx() { reading }: Request, @Info() info: GraphQLResolveInfo) {
    return reading.field(organizationReads.myMemberships, info);
  }

  @Mutation(() => OrganizationPayload, {
    description: 'Registers a partner organization and makes you its owner. For every signed-in person.',
  })
  createOrganization(
    @Arg('input', () => CreateOrganizationInput, { description: 'The organization.' }) input: CreateOrganizationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answerJoined(request, info, async () => {
      const { organizationId } = await this.#doorway.execute(createOrganization, input, request.command);
      return { organizationId, role: 'OWNER' };
    });
  }

  @Mutation(() => OrganizationPayload, {
    description: 'Rates how risky an organization is, for staff. For intake, reviewers, deciders and program managers.',
  })
  setOrganizationRisk(
    @Arg('input', () => SetOrganizationRiskInput, { description: 'The rating, and why.' })
    input: SetOrganizationRiskInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      return this.#doorway.execute(setOrganizationRisk, { ...input, organizationId }, request.command);
    });
  }

  @Mutation(() => OrganizationPayload, {
    description:
      'Accepts terms that a program asks of whoever holds a grant. Grants that were suspended for want of it can be used again. For owners and applicants.',
  })
  acceptOrganizationTerms(
    @Arg('input', () => AcceptOrganizationTermsInput, { description: 'The organization and the terms.' })
    input: AcceptOrganizationTermsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      const termsId = decodeId('terms', input.termsId, ['termsId']);
      return this.#doorway.execute(acceptOrganizationTerms, { organizationId, termsId }, request.command);
    });
  }

  @Mutation(() => InvitationPayload, { description: 'Invites a colleague by e-mail. For owners.' })
  inviteMember(
    @Arg('input', () => InviteMemberInput, { description: 'Whom to invite to what.' }) input: InviteMemberInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(invitationById, info, 'invitation');
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      const command = { ...input, organizationId };
      const { invitationId } = await this.#doorway.execute(this.#inviteMember, command, request.command);
      return { invitation: await request.reading.object(invitationById, invitationId, info, 'invitation') };
    });
  }

  @Mutation(() => OrganizationPayload, {
    description: 'Proposes that an organization is the operator’s own, or is so no more. For administrators.',
  })
  proposeOperatorOrganization(
    @Arg('input', () => ProposeOperatorOrganizationInput, { description: 'The organization, and what it shall be.' })
    input: ProposeOperatorOrganizationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(proposeOperatorOrganization, input, request, info);
  }

  @Mutation(() => OrganizationPayload, {
    description:
      'Makes an organization the operator’s own, or no more, as another administrator proposed. For administrators who do not belong to it.',
  })
  confirmOperatorOrganization(
    @Arg('input', () => OperatorOrganizationInput, { description: 'The organization.' })
    input: OperatorOrganizationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(confirmOperatorOrganization, input, request, info);
  }

  @Mutation(() => OrganizationPayload, { description: 'Drops that proposal. For administrators.' })
  declineOperatorOrganization(
    @Arg('input', () => OperatorOrganizationInput, { description: 'The organization.' })
    input: OperatorOrganizationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#give(declineOperatorOrganization, input, request, info);
  }

  @Mutation(() => OrganizationPayload, { description: 'Takes an invitation back. For owners.' })
  revokeInvitation(
    @Arg('input', () => RevokeInvitationInput, { description: 'The invitation.' }) input: RevokeInvitationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const invitationId = decodeId('invitation', input.invitationId, ['invitationId']);
      return this.#doorway.execute(revokeInvitation, { invitationId }, request.command);
    });
  }

  @Mutation(() => OrganizationPayload, {
    description: 'Joins an organization by an invitation that was sent to your own e-mail address.',
  })
  acceptInvitation(
    @Arg('input', () => AcceptInvitationInput, { description: 'The invitation.' }) input: AcceptInvitationInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answerJoined(request, info, () => this.#doorway.execute(acceptInvitation, input, request.command));
  }

  @Mutation(() => OrganizationPayload, { description: 'Gives a member another role. For owners.' })
  changeMemberRole(
    @Arg('input', () => ChangeMemberRoleInput, { description: 'Who gets which role.' }) input: ChangeMemberRoleInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      const personId = decodeId('person', input.personId, ['personId']);
      return this.#doorway.execute(changeMemberRole, { organizationId, personId, role: input.role }, request.command);
    });
  }

  @Mutation(() => OrganizationPayload, {
    description: 'Removes a member, who loses sight of the organization at once. For owners.',
  })
  removeMember(
    @Arg('input', () => RemoveMemberInput, { description: 'Who, and from where.' }) input: RemoveMemberInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      const personId = decodeId('person', input.personId, ['personId']);
      return this.#doorway.execute(removeMember, { organizationId, personId }, request.command);
    });
  }

  #give<Input extends { readonly organizationId: string }>(
    command: Command<Input, { readonly organizationId: string }>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const organizationId = decodeId('organization', input.organizationId, ['organizationId']);
      return this.#doorway.execute(command, { ...input, organizationId }, request.command);
    });
  }

  /** Whoever has just joined sees the organization in the very answer, although the request began before. */
  #answerJoined(request: Request, info: GraphQLResolveInfo, command: () => Promise<JoinedOrganization>) {
    return answer(async () => {
      request.reading.check(organizationById, info, 'organization');
      const joined = await command();
      const { viewer } = request.reading;
      const reading = request.reading.as({ ...viewer, actor: withMembership(viewer.actor, joined) });
      return { organization: await reading.object(organizationById, joined.organizationId, info, 'organization') };
    });
  }

  #answer(request: Request, info: GraphQLResolveInfo, command: () => Promise<{ organizationId: string }>) {
    return answer(async () => {
      request.reading.check(organizationById, info, 'organization');
      const { organizationId } = await command();
      return { organization: await request.reading.object(organizationById, organizationId, info, 'organization') };
    });
  }
}

function withMembership(actor: Actor, membership: JoinedOrganization): Actor {
  return actor.kind === 'PERSON' ? { ...actor, memberships: [...actor.memberships, membership] } : actor;
}
