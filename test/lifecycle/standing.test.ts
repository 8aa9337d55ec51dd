import { describe, expect, it } from '@jest/globals';
import {
  type Actor,
  anonymous,
  type MachineActor,
  organizationsOf,
  type PersonActor,
  roleLabel,
  seesEveryGrant,
  seesEveryOrganization,
  standingOf,
} from '../../src/lifecycle/actor.js';
import { type PlainCommand, plainCommands, ruleOnPlainCommand } from '../../src/lifecycle/permissions.js';
import { allRoles } from '../../src/lifecycle/roles.js';
import { member, staff } from './situations.js';

const person: PersonActor = {
  kind: 'PERSON',
  personId: 'Pia',
  name: 'Pia',
  email: 'pia@example.org',
  staffId: null,
  staffRoles: [],
  mustChangePassword: false,
  memberships: [],
};
const machine: MachineActor = { kind: 'MACHINE', keyId: 'key', name: 'Machine', organizationId: null, scopes: [] };
const system: Actor = { kind: 'SYSTEM', name: 'grants.expire' };

const owner: Actor = { ...person, memberships: [{ organizationId: 'ours', role: 'OWNER' }] };
const reviewer: Actor = { ...person, staffId: 'staff', staffRoles: ['REVIEWER', 'INTAKE'] };
const both: Actor = { ...reviewer, memberships: [{ organizationId: 'ours', role: 'VIEWER' }] };
const partnerKey: Actor = { ...machine, organizationId: 'ours', scopes: ['READ'] };
const readingKey: Actor = { ...machine, scopes: ['READ'] };
const provisioningKey: Actor = { ...machine, scopes: ['GRANTS_PROVISION'] };

describe('what an actor is to an organization', () => {
  it('follows from membership there and from roles of staff everywhere', () => {
    expect(standingOf(owner, 'ours')).toMatchObject({ roles: ['OWNER'], belongsToOrganization: true });
    expect(standingOf(owner, 'theirs')).toMatchObject({ roles: [], belongsToOrganization: false });
    expect(standingOf(reviewer, 'ours')).toMatchObject({ roles: ['REVIEWER', 'INTAKE'], belongsToOrganization: false });
    expect(standingOf(both, 'ours')).toMatchObject({
      roles: ['REVIEWER', 'INTAKE', 'VIEWER'],
      belongsToOrganization: true,
    });
    expect(standingOf(both, null)).toMatchObject({ roles: ['REVIEWER', 'INTAKE'], belongsToOrganization: false });
  });

  it('follows for machines from their scopes, and never is more than reading or provisioning', () => {
    expect(standingOf(partnerKey, 'ours')).toEqual({ personId: null, roles: ['VIEWER'], belongsToOrganization: true });
    expect(standingOf(partnerKey, 'theirs')).toEqual({ personId: null, roles: [], belongsToOrganization: false });
    expect(standingOf(partnerKey, null)).toEqual({ personId: null, roles: [], belongsToOrganization: false });
    expect(standingOf(readingKey, 'ours').roles).toEqual(['AUDITOR']);
    expect(standingOf(provisioningKey, 'ours').roles).toEqual(['PROVISIONER']);
    const overreaching: Actor = { ...machine, organizationId: 'ours', scopes: ['GRANTS_PROVISION'] };
    expect(standingOf(overreaching, 'ours').roles).toEqual([]);
  });

  it('is nothing for strangers', () => {
    expect(standingOf(anonymous, 'ours')).toEqual({ personId: null, roles: [], belongsToOrganization: false });
  });

  it('is written into the audit log as the roles that could have allowed the command', () => {
    expect(roleLabel(both, 'ours')).toBe('REVIEWER+INTAKE+VIEWER');
    expect(roleLabel(person, 'ours')).toBe('PERSON');
  });
});

describe('who sees what', () => {
  it.each([
    ['an owner', owner, false, false, ['ours']],
    ['staff', reviewer, true, true, []],
    ['staff who belong to an organization', both, true, true, ['ours']],
    ['a partner’s machine', partnerKey, false, false, ['ours']],
    ['a machine of the operator that reads', readingKey, true, true, []],
    ['a provisioning system', provisioningKey, false, true, []],
    ['a person without any role', person, false, false, []],
    ['a partner’s machine without a scope', { ...machine, organizationId: 'ours' } as const, false, false, []],
    ['the portal itself', system, true, true, []],
    ['a stranger', anonymous, false, false, []],
  ])('%s', (_who, actor, organizations, grants, own) => {
    expect(seesEveryOrganization(actor)).toBe(organizations);
    expect(seesEveryGrant(actor)).toBe(grants);
    expect(organizationsOf(actor)).toEqual(own);
  });

  it('is nothing of staff’s until a one-time password was changed', () => {
    const newcomer: Actor = { ...reviewer, staffRoles: [], mustChangePassword: true };
    expect(seesEveryOrganization(newcomer)).toBe(false);
    expect(standingOf(newcomer, 'ours').roles).toEqual([]);
  });
});

describe('a command that has no status', () => {
  const commands = Object.keys(plainCommands) as PlainCommand[];

  it.each(commands)('%s is given by the roles of the table and by no other', (command) => {
    const by: readonly string[] = plainCommands[command].by;
    for (const role of allRoles) {
      const allowed = by.includes(role) || by.includes('ANYONE_SIGNED_IN');
      expect({ role, codes: ruleOnPlainCommand(command, staff(role)).map(({ code }) => code) }).toEqual({
        role,
        codes: allowed ? [] : ['FORBIDDEN'],
      });
    }
  });

  it.each(commands)('%s is not given by machines unless a role of theirs allows it', (command) => {
    const by: readonly string[] = plainCommands[command].by;
    for (const key of [partnerKey, readingKey, provisioningKey, machine]) {
      const standing = standingOf(key, 'ours');
      const allowed = standing.roles.some((role) => by.includes(role));
      expect(ruleOnPlainCommand(command, standing).length === 0).toBe(allowed);
    }
    expect(ruleOnPlainCommand(command, standingOf(anonymous, null))).toHaveLength(1);
  });

  it('names who may', () => {
    expect(ruleOnPlainCommand('inviteMember', member('VIEWER'))[0]?.message).toContain('It takes OWNER.');
    expect(ruleOnPlainCommand('createOrganization', standingOf(readingKey, null))[0]?.message).toContain(
      'a signed-in person',
    );
  });
});
