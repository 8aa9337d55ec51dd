import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { by, goodPassword, type Lobby, openLobby, refusalOf } from './lobby.js';

let lobby: Lobby;
beforeAll(async () => {
  lobby = await openLobby();
});
afterAll(() => lobby.close());

const system = () => by({ kind: 'SYSTEM', name: 'cli.staff' });
const add = (email: string, roles: readonly StaffRole[]) =>
  lobby.staff.add({ email, name: 'Stef Staff', roles }, system());

describe('a new member of staff', () => {
  it('signs in with the one-time password, and holds no role until it was changed', async () => {
    const { staffId, oneTimePassword } = await add('new@operator.example', ['REVIEWER', 'INTAKE']);
    const { token } = await lobby.signIn('new@operator.example', oneTimePassword ?? '');
    const first = await lobby.actor(token);
    expect(first).toMatchObject({ kind: 'PERSON', staffId, staffRoles: [], mustChangePassword: true });
    const change = { currentPassword: oneTimePassword ?? '', newPassword: oneTimePassword ?? '' };
    expect(await refusalOf(lobby.accounts.changePassword(change, token, by(first)))).toBe('INVALID newPassword');
    await lobby.accounts.changePassword({ ...change, newPassword: goodPassword }, token, by(first));
    expect(await lobby.actor(token)).toMatchObject({ staffRoles: ['INTAKE', 'REVIEWER'], mustChangePassword: false });
    expect(await refusalOf(lobby.signIn('new@operator.example', oneTimePassword ?? ''))).toBe('UNAUTHENTICATED');
  });

  it('may choose a password by the link of a reset instead', async () => {
    await add('reset@operator.example', ['DECIDER']);
    await lobby.accounts.requestPasswordReset('reset@operator.example', by());
    const token = lobby.tokenFrom('resetPassword', 'reset@operator.example');
    await lobby.accounts.resetPassword({ token, password: goodPassword }, by());
    const session = await lobby.signIn('reset@operator.example');
    expect(await lobby.actor(session.token)).toMatchObject({ staffRoles: ['DECIDER'] });
  });

  it('who has an account keeps its password, and the roles hold at once', async () => {
    const { token } = await lobby.registered('partner@example.org');
    const added = await add('Partner@Example.org', ['AUDITOR']);
    expect(added.oneTimePassword).toBeNull();
    expect(await lobby.actor(token)).toMatchObject({ staffRoles: ['AUDITOR'], name: 'Ann Example' });
    expect(lobby.letter('addedToStaff', 'partner@example.org')).toBeDefined();
  });

  it('is not whoever signed up with the address before and never showed that it is theirs', async () => {
    const email = 'squatted@operator.example';
    await lobby.accounts.signUp({ name: 'Mallory', email, password: 'a stranger chose this' }, by());
    const { oneTimePassword } = await add(email, ['ADMIN']);
    expect(oneTimePassword).not.toBeNull();
    expect(await refusalOf(lobby.signIn(email, 'a stranger chose this'))).toBe('UNAUTHENTICATED');
    const link = lobby.tokenFrom('verifyAddress', email);
    expect(await refusalOf(lobby.accounts.verifyEmail(link, by()))).toBe('EXPIRED token');
    const { token } = await lobby.signIn(email, oneTimePassword ?? '');
    expect(await lobby.actor(token)).toMatchObject({ name: 'Stef Staff' });
  });

  it('is told the same one-time password when the request is repeated, and kept only as a hash', async () => {
    const context = { ...system(), idempotencyKey: 'repeat-1' };
    const input = { email: 'again@operator.example', name: 'Stef Staff', roles: ['INTAKE'] as const };
    const first = await lobby.staff.add(input, context);
    expect(await lobby.staff.add(input, context)).toEqual(first);
    const kept = JSON.stringify([
      await lobby.rows('select * from auth_account'),
      await lobby.rows('select * from idempotency_key'),
      await lobby.rows('select * from audit_record'),
    ]);
    expect(kept).not.toContain(first.oneTimePassword);
  });

  it('is added once, with at least one role, by an administrator', async () => {
    const { actor } = await lobby.employed('intake@operator.example', ['INTAKE']);
    const input = { email: 'intake@operator.example', name: 'Stef Staff', roles: ['INTAKE'] as const };
    expect(await refusalOf(lobby.staff.add(input, system()))).toBe('ALREADY_EXISTS email');
    expect(await refusalOf(lobby.staff.add({ ...input, roles: [] }, system()))).toBe('REQUIRED roles');
    expect(await refusalOf(lobby.staff.add({ ...input, email: 'x' }, system()))).toBe('INVALID email');
    expect(await refusalOf(lobby.staff.add(input, by(actor)))).toBe('FORBIDDEN');
    expect(await refusalOf(lobby.staff.add(input, by()))).toBe('UNAUTHENTICATED');
  });
});

describe('a member of staff', () => {
  it('is given other roles, which hold from the next request on', async () => {
    const { staffId, token } = await lobby.employed('roles@operator.example', ['INTAKE']);
    await lobby.staff.setRoles({ staffId, roles: ['REVIEWER'], expectedVersion: null }, system());
    expect(await lobby.actor(token)).toMatchObject({ staffRoles: ['REVIEWER'] });
    const stale = { staffId, roles: ['DECIDER'] as const, expectedVersion: 1 };
    expect(await refusalOf(lobby.staff.setRoles(stale, system()))).toBe('CONFLICT expectedVersion');
    const unknown = { staffId: randomUUID(), roles: ['DECIDER'] as const, expectedVersion: null };
    expect(await refusalOf(lobby.staff.setRoles(unknown, system()))).toBe('NOT_FOUND staffId');
  });

  it('who leaves is out at once, and without roles on coming in again', async () => {
    const { staffId, token } = await lobby.employed('leaver@operator.example', ['DECIDER']);
    await lobby.staff.deactivate({ staffId, expectedVersion: null }, system());
    expect(await refusalOf(lobby.actor(token))).toBe('UNAUTHENTICATED');
    const again = await lobby.signIn('leaver@operator.example');
    expect(await lobby.actor(again.token)).toMatchObject({ staffId: null, staffRoles: [] });
    expect(await refusalOf(lobby.staff.deactivate({ staffId, expectedVersion: null }, system()))).toBe(
      'NOT_ALLOWED_NOW',
    );
  });

  it('who left can come back, with the roles given then', async () => {
    const { staffId } = await lobby.employed('returner@operator.example', ['DECIDER']);
    await lobby.staff.deactivate({ staffId, expectedVersion: null }, system());
    const back = await add('returner@operator.example', ['INTAKE']);
    expect(back).toEqual({ staffId, oneTimePassword: null });
    const { token } = await lobby.signIn('returner@operator.example');
    expect(await lobby.actor(token)).toMatchObject({ staffId, staffRoles: ['INTAKE'] });
  });

  it('who left before changing the one-time password still has to on coming back', async () => {
    const first = await add('never@operator.example', ['DECIDER']);
    await lobby.staff.deactivate({ staffId: first.staffId, expectedVersion: null }, system());
    await add('never@operator.example', ['DECIDER']);
    const { token } = await lobby.signIn('never@operator.example', first.oneTimePassword ?? '');
    expect(await lobby.actor(token)).toMatchObject({ staffRoles: [], mustChangePassword: true });
  });
});

describe('the last administrator', () => {
  it('cannot leave or give the role up, even when two remove each other at the same moment', async () => {
    await lobby.rows(`update staff_member set roles = array['INTAKE'] where 'ADMIN' = any(roles)`);
    const one = await lobby.employed('one@operator.example', ['ADMIN']);
    const only = { staffId: one.staffId, expectedVersion: null };
    expect(await refusalOf(lobby.staff.deactivate(only, by(one.actor)))).toBe('NOT_ALLOWED_NOW');
    expect(await refusalOf(lobby.staff.setRoles({ ...only, roles: ['INTAKE'] }, by(one.actor)))).toBe(
      'NOT_ALLOWED_NOW',
    );
    expect(await refusalOf(lobby.staff.setRoles({ ...only, roles: ['ADMIN', 'INTAKE'] }, by(one.actor)))).toBe(
      'accepted',
    );

    const two = await lobby.employed('two@operator.example', ['ADMIN']);
    const answers = await Promise.all([
      refusalOf(lobby.staff.deactivate({ staffId: two.staffId, expectedVersion: null }, by(one.actor))),
      refusalOf(lobby.staff.deactivate(only, by(two.actor))),
    ]);
    expect(answers.sort()).toEqual(['NOT_ALLOWED_NOW', 'accepted']);
    expect(await lobby.count(`staff_member where active and 'ADMIN' = any(roles)`)).toBe(1);
  });
});

describe('the audit log', () => {
  it('tells who joined, whose roles changed and who left', async () => {
    const events = await lobby.rows<{ event: string }>(
      `select distinct event from audit_record where event like 'staff.%' order by event`,
    );
    expect(events.map(({ event }) => event)).toEqual(['staff.added', 'staff.deactivated', 'staff.roles_changed']);
  });
});
