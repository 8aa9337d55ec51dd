import { describe, expect, it } from '@jest/globals';
import {
  allGrantCommands,
  availableGrantCommands,
  type GrantCommand,
  type GrantFacts,
  ruleOnGrant,
} from '../../src/lifecycle/grant.js';
import type { ActorStanding } from '../../src/lifecycle/roles.js';
import type { SuspensionCause } from '../../src/lifecycle/suspension.js';
import { daysFrom, grantFacts, member, now, staff } from './situations.js';

function objections(
  command: GrantCommand,
  changes: Partial<GrantFacts>,
  actor: ActorStanding,
  cause: SuspensionCause | null = null,
): string[] {
  return ruleOnGrant(command, grantFacts(changes), actor, now, cause).map(({ code }) => code);
}

function suspendedFor(...causes: (readonly [SuspensionCause, string | null])[]): Partial<GrantFacts> {
  return { status: 'SUSPENDED', suspensions: causes.map(([cause, by]) => ({ cause, by })) };
}

const accepted: string[] = [];
const provisioner: ActorStanding = { personId: null, roles: ['PROVISIONER'], belongsToOrganization: false };
const system: ActorStanding = { personId: null, roles: ['SYSTEM'], belongsToOrganization: false };
const manager = staff('PROGRAM_MANAGER');

describe('a grant', () => {
  it('is looked at for the role first and for the status next', () => {
    expect(objections('suspend', { status: 'REVOKED' }, staff('AUDITOR'))).toEqual(['FORBIDDEN']);
    expect(objections('suspend', { status: 'REVOKED' }, manager)).toEqual(['NOT_ALLOWED_NOW']);
    expect(objections('suspend', { status: 'ACTIVE' }, manager)).toEqual(accepted);
  });

  it('is reinstated by another person than suspended it', () => {
    expect(objections('reinstate', suspendedFor(['STAFF', 'another']), manager)).toEqual(accepted);
    expect(objections('reinstate', suspendedFor(['REVIEW', null]), manager)).toEqual(accepted);
    expect(objections('reinstate', suspendedFor(['STAFF', 'somebody']), manager)).toEqual(['FOUR_EYES']);
  });

  it('is suspended once for each cause, whatever it is suspended for besides', () => {
    expect(objections('suspend', suspendedFor(['RELEASE', null]), manager)).toEqual(accepted);
    expect(objections('suspend', suspendedFor(['STAFF', 'another']), manager)).toEqual(['ALREADY_EXISTS']);
    expect(objections('suspend', suspendedFor(['STAFF', 'another']), system, 'REVIEW')).toEqual(accepted);
    expect(objections('suspend', suspendedFor(['REVIEW', null]), system, 'REVIEW')).toEqual(['ALREADY_EXISTS']);
  });

  it('has each cause of its suspension lifted by itself, or none when one of all cannot be', () => {
    const two = suspendedFor(['STAFF', 'somebody'], ['TERMS', null]);
    expect(objections('reinstate', two, manager, 'RELEASE')).toEqual(['NOT_ALLOWED_NOW']);
    expect(objections('reinstate', two, manager, 'STAFF')).toEqual(['FOUR_EYES']);
    expect(objections('reinstate', two, staff('ADMIN'))).toEqual(['FOUR_EYES']);
    const another = { ...manager, personId: 'another' };
    expect(objections('reinstate', two, another)).toEqual(['INCOMPLETE']);
    expect(objections('reinstate', two, another, 'TERMS')).toEqual(['INCOMPLETE']);
    expect(objections('reinstate', two, another, 'STAFF')).toEqual(accepted);
  });

  it('that is held by screening stays suspended, while other causes of it can be lifted', () => {
    const held = { ...suspendedFor(['STAFF', 'another'], ['REVIEW', null]), isHeldByScreening: true };
    expect(objections('reinstate', held, manager)).toEqual(['INCOMPLETE']);
    expect(objections('reinstate', held, manager, 'REVIEW')).toEqual(['INCOMPLETE']);
    expect(objections('reinstate', held, manager, 'STAFF')).toEqual(accepted);
    const notYet = { ...suspendedFor(['STAFF', 'another']), isHeldByScreening: true };
    expect(objections('reinstate', notYet, manager, 'STAFF')).toEqual(['INCOMPLETE']);
  });

  it('is suspended, reinstated and revoked by staff who do not belong to the organization', () => {
    for (const [command, status] of [
      ['suspend', 'ACTIVE'],
      ['reinstate', 'SUSPENDED'],
      ['revoke', 'ACTIVE'],
    ] as const) {
      expect(objections(command, { status }, manager)).toEqual(accepted);
      expect(objections(command, { status }, member('PROGRAM_MANAGER', 'VIEWER'))).toEqual(['FOUR_EYES']);
    }
    expect(objections('surrender', {}, member('OWNER', 'PROGRAM_MANAGER'))).toEqual(accepted);
  });

  it('is opened and reinstated before its end, not at it', () => {
    for (const [command, status, actor] of [
      ['acknowledge', 'PENDING_PROVISIONING', provisioner],
      ['reinstate', 'SUSPENDED', manager],
    ] as const) {
      expect(objections(command, { status, endsAt: new Date(now.getTime() + 1) }, actor)).toEqual(accepted);
      expect(objections(command, { status, endsAt: now }, actor)).toEqual(['EXPIRED']);
    }
  });

  it('expires at its end, not before', () => {
    expect(objections('expire', { endsAt: now }, system)).toEqual(accepted);
    expect(objections('expire', { endsAt: new Date(now.getTime() + 1) }, system)).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('can be stopped and ended although its end has passed and nobody noticed yet', () => {
    const over = { endsAt: daysFrom(now, -1) };
    expect(objections('suspend', over, manager)).toEqual(accepted);
    expect(objections('revoke', over, manager)).toEqual(accepted);
    expect(objections('surrender', over, member('OWNER'))).toEqual(accepted);
  });

  it('is acknowledged as closed once', () => {
    for (const status of ['SUSPENDED', 'EXPIRED', 'REVOKED', 'SURRENDERED'] as const) {
      expect(objections('acknowledgeDeprovisioning', { status }, provisioner)).toEqual(accepted);
      expect(objections('acknowledgeDeprovisioning', { status, deprovisionedAt: now }, provisioner)).toEqual([
        'ALREADY_EXISTS',
      ]);
    }
  });

  it('shows each viewer exactly what would be accepted', () => {
    const viewers = [provisioner, system, manager, staff('ADMIN'), staff('AUDITOR'), member('OWNER'), member('VIEWER')];
    for (const viewer of viewers) {
      expect(availableGrantCommands(grantFacts(), viewer, now)).toEqual(
        allGrantCommands.filter((command) => objections(command, {}, viewer).length === 0),
      );
    }
    expect(availableGrantCommands(grantFacts(), staff('ADMIN'), now)).toEqual(['suspend']);
    expect(availableGrantCommands(grantFacts(), member('OWNER'), now)).toEqual(['surrender']);
    expect(availableGrantCommands(grantFacts(), provisioner, now)).toEqual([]);
  });
});
