import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { z } from 'zod';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePermission, requirePerson } from '../doorway/requirements.js';
import { type Actor, organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { PartnerRole } from '../lifecycle/roles.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { hashToken, newToken } from '../platform/secrets.js';
import { Invitation } from './invitation.entity.js';
import { Membership } from './membership.entity.js';
import { Organization } from './organization.entity.js';

/** How long an invitation can be accepted. */
const invitationDays = 14;
const dayMs = 24 * 60 * 60 * 1000;
/** Members and open invitations of one organization. */
const mostMembers = 200;

/** How an invited colleague is told; the token stands nowhere else. */
export interface InvitationMail {
  inviteMember(
    work: Work,
    invitation: {
      readonly recipient: string;
      readonly organizationName: string;
      readonly invitedBy: string;
      readonly role: PartnerRole;
      readonly token: string;
      readonly expiresAt: Date;
    },
  ): Promise<void>;
}

export interface InviteMemberInput {
  readonly organizationId: string;
  readonly email: string;
  readonly role: PartnerRole;
}

/** The addresses that people can sign up with, RFC 5321 as to their length: an invitation to another is for nobody. */
const emailForm = z.email().max(254);

/** Invites a colleague by e-mail; the invitation is good for that address only. */
export function inviteMember(mail: InvitationMail): Command<InviteMemberInput, { invitationId: string }> {
  return {
    name: 'organization.inviteMember',
    duplicates: { invitation_open_unique: 'This address has an open invitation already; take that one back first.' },
    async run(work, { organizationId, email, role }) {
      const organization = await lockOrganization(work, organizationId);
      requirePermission('inviteMember', work.actor, organizationId);
      const person = requirePerson(work.actor);
      const recipient = email.trim().toLowerCase();
      if (!emailForm.safeParse(recipient).success) {
        throw Refusal.of('INVALID', 'This is not an e-mail address.', ['email']);
      }
      await refuseMember(work, organizationId, recipient);
      const invited = await work.em.find(Invitation, { organizationId, acceptedAt: null, revokedAt: null });
      const lapsed = invited.filter((invitation) => invitation.expiresAt <= work.now && invitation.email === recipient);
      for (const invitation of lapsed) invitation.revokedAt = work.now;
      if (lapsed.length > 0) await work.em.flush();
      if ((await work.em.count(Membership, { organizationId })) + invited.length >= mostMembers) {
        throw Refusal.of('LIMIT_REACHED', `An organization has at most ${mostMembers} members and open invitations.`);
      }
      const token = newToken();
      const invitation = work.em.create(Invitation, {
        id: work.ids.next(),
        organizationId,
        email: recipient,
        role,
        tokenHash: hashToken(token),
        invitedBy: person.personId,
        createdAt: work.now,
        expiresAt: new Date(work.now.getTime() + invitationDays * dayMs),
        acceptedAt: null,
        revokedAt: null,
      });
      const { expiresAt } = invitation;
      const organizationName = organization.legalName;
      await mail.inviteMember(work, { recipient, organizationName, invitedBy: person.name, role, token, expiresAt });
      const invitationId = encodeId('invitation', invitation.id);
      work.record({
        event: 'organization.member_invited',
        payload: { organizationId: encodeId('organization', organizationId), invitationId, role },
        ...about(organizationId),
      });
      return { invitationId: invitation.id };
    },
  };
}

/** Takes an invitation back. */
export const revokeInvitation: Command<{ readonly invitationId: string }, { organizationId: string }> = {
  name: 'organization.revokeInvitation',
  async run(work, { invitationId }) {
    requireIdentified(work.actor);
    const invitation = await work.em.findOne(
      Invitation,
      { id: invitationId },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!invitation || !isVisible(work.actor, invitation.organizationId)) {
      throw Refusal.notFound('invitation', ['invitationId']);
    }
    requirePermission('revokeInvitation', work.actor, invitation.organizationId);
    if (invitation.acceptedAt) throw Refusal.of('NOT_ALLOWED_NOW', 'This invitation was accepted already.');
    if (invitation.revokedAt) throw Refusal.of('NOT_ALLOWED_NOW', 'This invitation was taken back already.');
    invitation.revokedAt = work.now;
    const { organizationId } = invitation;
    const payload = {
      organizationId: encodeId('organization', organizationId),
      invitationId: encodeId('invitation', invitation.id),
    };
    work.record({ event: 'organization.invitation_revoked', payload, ...about(organizationId) });
    return { organizationId: invitation.organizationId };
  },
};

/** Joins an organization by the token of an invitation that was sent to one's own address. */
export const acceptInvitation: Command<{ readonly token: string }, { organizationId: string; role: PartnerRole }> = {
  name: 'organization.acceptInvitation',
  duplicates: { membership_organization_id_user_id_key: 'You belong to this organization already.' },
  async run(work, { token }) {
    const person = requirePerson(work.actor);
    requirePermission('acceptInvitation', work.actor, null);
    const tokenHash = hashToken(token);
    const invitation = await work.em.findOne(Invitation, { tokenHash }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    // One answer for every reason, so that a link that leaked tells nothing to whoever else has it.
    if (!invitation || invitation.email !== person.email || invitation.revokedAt) {
      throw Refusal.of('NOT_FOUND', 'There is no open invitation with this token for your e-mail address.', ['token']);
    }
    const { organizationId, role } = invitation;
    if (invitation.acceptedAt) throw Refusal.of('NOT_ALLOWED_NOW', 'You have accepted this invitation already.');
    if (invitation.expiresAt <= work.now) {
      throw Refusal.of('EXPIRED', 'This invitation has expired; ask for another one.', ['token']);
    }
    invitation.acceptedAt = work.now;
    work.em.create(Membership, {
      id: work.ids.next(),
      organizationId,
      userId: person.personId,
      role,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    // Who is recused by it is worked out now, and not while others wait for their place in the audit log.
    await work.em.flush();
    work.record({
      event: 'organization.member_joined',
      payload: {
        organizationId: encodeId('organization', organizationId),
        personId: encodeId('person', person.personId),
        role,
      },
      ...about(organizationId),
    });
    return { organizationId, role };
  },
};

interface MemberInput {
  readonly organizationId: string;
  readonly personId: string;
}

/** Gives a member another role. An organization always keeps an owner. */
export const changeMemberRole: Command<MemberInput & { readonly role: PartnerRole }, { organizationId: string }> = {
  name: 'organization.changeMemberRole',
  async run(work, { organizationId, personId, role }) {
    const membership = await loadMember(work, { organizationId, personId }, 'changeMemberRole');
    if (membership.role === 'OWNER' && role !== 'OWNER') await requireAnotherOwner(work, membership);
    membership.role = role;
    membership.updatedAt = work.now;
    work.record({
      event: 'organization.member_role_changed',
      payload: {
        organizationId: encodeId('organization', organizationId),
        personId: encodeId('person', personId),
        role,
      },
      ...about(organizationId),
    });
    return { organizationId };
  },
};

/** Removes a member, who loses sight of the organization at once. */
export const removeMember: Command<MemberInput, { organizationId: string }> = {
  name: 'organization.removeMember',
  async run(work, { organizationId, personId }) {
    const membership = await loadMember(work, { organizationId, personId }, 'removeMember');
    if (membership.role === 'OWNER') await requireAnotherOwner(work, membership);
    work.em.remove(membership);
    // Who is recused by it is worked out now, and not while others wait for their place in the audit log.
    await work.em.flush();
    work.record({
      event: 'organization.member_removed',
      payload: { organizationId: encodeId('organization', organizationId), personId: encodeId('person', personId) },
      ...about(organizationId),
    });
    return { organizationId };
  },
};

/** Locks the organization, so that two owners cannot remove each other at one moment. */
async function lockOrganization(work: Work, organizationId: string): Promise<Organization> {
  requireIdentified(work.actor);
  const organization = isVisible(work.actor, organizationId)
    ? await work.em.findOne(Organization, { id: organizationId }, { lockMode: LockMode.PESSIMISTIC_WRITE })
    : null;
  if (!organization) throw Refusal.notFound('organization', ['organizationId']);
  return organization;
}

function isVisible(actor: Actor, organizationId: string): boolean {
  return seesEveryOrganization(actor) || organizationsOf(actor).includes(organizationId);
}

async function loadMember(
  work: Work,
  { organizationId, personId }: MemberInput,
  command: 'changeMemberRole' | 'removeMember',
): Promise<Membership> {
  await lockOrganization(work, organizationId);
  requirePermission(command, work.actor, organizationId);
  const membership = await work.em.findOne(Membership, { organizationId, userId: personId });
  if (!membership) throw Refusal.notFound('member', ['personId']);
  return membership;
}

async function refuseMember(work: Work, organizationId: string, email: string): Promise<void> {
  const found = await sql`select 1 from membership as m join auth_user as u on u.id = m.user_id
    where m.organization_id = ${organizationId} and u.email = ${email}`.execute(work.sql);
  if (found.rows.length === 0) return;
  throw Refusal.of('ALREADY_EXISTS', 'Whoever has this address belongs to your organization already.', ['email']);
}

async function requireAnotherOwner(work: Work, membership: Membership): Promise<void> {
  const owners = await work.em.count(Membership, { organizationId: membership.organizationId, role: 'OWNER' });
  if (owners > 1) return;
  throw Refusal.of('INCOMPLETE', 'This is the only owner; make somebody else an owner first.', ['personId']);
}

/** What the event is about: the organization, whoever of it is concerned. */
function about(organizationId: string) {
  return { subject: { kind: 'organization', id: organizationId }, organizationId } as const;
}
