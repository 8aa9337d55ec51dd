import type { ActorStanding, PartnerRole, Role, StaffRole } from './roles.js';

/** A signed-in person with a verified address. One person may be staff and a member of organizations. */
export interface PersonActor {
  readonly kind: 'PERSON';
  readonly personId: string;
  readonly name: string;
  readonly email: string;
  /** The staff record's id; null for people who do not work for the operator. */
  readonly staffId: string | null;
  /** Empty until a generated one-time password has been changed. */
  readonly staffRoles: readonly StaffRole[];
  readonly mustChangePassword: boolean;
  readonly memberships: readonly { readonly organizationId: string; readonly role: PartnerRole }[];
}

/** A machine with an API key: of an organization, or of the operator when `organizationId` is null. */
export interface MachineActor {
  readonly kind: 'MACHINE';
  readonly keyId: string;
  readonly name: string;
  readonly organizationId: string | null;
  readonly scopes: readonly ('READ' | 'GRANTS_PROVISION')[];
}

/** The portal itself: jobs on time, and the command line. */
export interface SystemActor {
  readonly kind: 'SYSTEM';
  /** What runs, e.g. `grants.expire`. */
  readonly name: string;
}

export interface AnonymousActor {
  readonly kind: 'ANONYMOUS';
}

/** Whoever asks or commands. */
export type Actor = PersonActor | MachineActor | SystemActor | AnonymousActor;

export const anonymous: AnonymousActor = { kind: 'ANONYMOUS' };

/** What an actor is in relation to an organization; pass null for what belongs to no organization. */
export function standingOf(actor: Actor, organizationId: string | null): ActorStanding {
  switch (actor.kind) {
    case 'PERSON': {
      const membership = actor.memberships.find((held) => held.organizationId === organizationId);
      const roles: Role[] = membership ? [...actor.staffRoles, membership.role] : [...actor.staffRoles];
      return { personId: actor.personId, roles, belongsToOrganization: membership !== undefined };
    }
    case 'MACHINE': {
      const roles: Role[] = [];
      const operator = actor.organizationId === null;
      if (isProvisioner(actor)) roles.push('PROVISIONER');
      if (actor.scopes.includes('READ')) {
        if (operator) roles.push('AUDITOR');
        else if (actor.organizationId === organizationId) roles.push('VIEWER');
      }
      return { personId: null, roles, belongsToOrganization: !operator && actor.organizationId === organizationId };
    }
    case 'SYSTEM':
      return { personId: null, roles: ['SYSTEM'], belongsToOrganization: false };
    case 'ANONYMOUS':
      return { personId: null, roles: [], belongsToOrganization: false };
  }
}

/** Staff in any role, and machines of the operator that may read: they see what all organizations submitted. */
export function seesEveryOrganization(actor: Actor): boolean {
  if (actor.kind === 'SYSTEM') return true;
  if (actor.kind === 'PERSON') return actor.staffRoles.length > 0;
  return actor.kind === 'MACHINE' && actor.organizationId === null && actor.scopes.includes('READ');
}

/** Those, and the machines that open and close access: they see the grants of all organizations and nothing else. */
export function seesEveryGrant(actor: Actor): boolean {
  return seesEveryOrganization(actor) || isProvisioner(actor);
}

function isProvisioner(actor: Actor): boolean {
  return actor.kind === 'MACHINE' && actor.organizationId === null && actor.scopes.includes('GRANTS_PROVISION');
}

/** The organizations whose own view of things the actor has. */
export function organizationsOf(actor: Actor): readonly string[] {
  if (actor.kind === 'PERSON') return actor.memberships.map((membership) => membership.organizationId);
  if (actor.kind === 'MACHINE' && actor.organizationId !== null && actor.scopes.includes('READ'))
    return [actor.organizationId];
  return [];
}

/** The person who acts; null for machines, the portal itself and whoever is not signed in. */
export function personOf(actor: Actor): string | null {
  return actor.kind === 'PERSON' ? actor.personId : null;
}

/** How an actor is named in the audit log: the roles that could have allowed the command. */
export function roleLabel(actor: Actor, organizationId: string | null): string {
  const roles = standingOf(actor, organizationId).roles;
  return roles.length > 0 ? roles.join('+') : 'PERSON';
}
