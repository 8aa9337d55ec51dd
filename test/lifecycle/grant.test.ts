import { describe, expect, it } from '@jest/globals';
import {
  allGrantCommands,
  availableGrantCommands,
  type GrantCommand,
  type GrantFacts,
  ruleOnGrant,
} from '../../src/lifecycle/grant.js';
import type { ActorStanding } from '../../src/lifecycle/roles.js';
import { daysFrom, grantFacts, member, now, staff } from './situations.js';

function objections(command: GrantCommand, changes: Partial<GrantFacts>, actor: ActorStanding): string[] {
  return ruleOnGrant(command, grantFacts(changes), actor, now).map(({ code }) => code);
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
    const suspended = { status: 'SUSPENDED' } as const;
    expect(objections('reinstate', { ...suspended, suspendedBy: 'another' }, manager)).toEqual(accepted);
    expect(objections('reinstate', { ...suspended, suspendedBy: null }, manager)).toEqual(accepted);
    expect(objections('reinstate', { ...suspended, suspendedBy: 'somebody' }, manager)).toEqual(['FOUR_EYES']);
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
