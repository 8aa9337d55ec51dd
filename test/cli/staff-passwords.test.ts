import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { firstSignIn, signIn } from '../../src/demo/people.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { Refusal } from '../../src/platform/errors.js';
import { decodeId, randomIds } from '../../src/platform/ids.js';
import { bySystem, openTestPortal, type TestPortal } from '../support/portal.js';

describe('a member of staff who forgot the password', () => {
  let desk: TestPortal;
  let reviewer: PortalClient;
  let staffId: string;
  const email = 'rita@operator.example.org';
  const lastPassword = 'some words that nobody guesses';

  beforeAll(async () => {
    desk = await openTestPortal();
    const { staff } = desk.portal;
    const added = await staff.add({ email, name: 'Rita Reviewer', roles: ['REVIEWER'] }, bySystem);
    staffId = added.staffId;
    reviewer = await firstSignIn(desk.stranger, email, String(added.oneTimePassword));
  });
  afterAll(() => desk.close());

  it('gets a one-time password; every session ends, and the roles hold again once it was changed', async () => {
    const { oneTimePassword } = await desk.portal.staffPasswords.reset(staffId, bySystem);
    const { errors } = await reviewer.request('{ viewer { kind } }');
    expect(errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    await expect(signIn(desk.stranger, email, 'correct horse battery staple 42')).rejects.toThrow(/not right/);

    const session = await signIn(desk.stranger, email, oneTimePassword);
    expect(await session.ask('{ viewer { staffRoles mustChangePassword } }')).toEqual({
      viewer: { staffRoles: [], mustChangePassword: true },
    });
    const newPassword = 'another four unrelated words';
    await session.must('changePassword', { currentPassword: oneTimePassword, newPassword });
    expect(await session.ask('{ viewer { staffRoles mustChangePassword } }')).toEqual({
      viewer: { staffRoles: ['REVIEWER'], mustChangePassword: false },
    });
    await expect(signIn(desk.stranger, email, oneTimePassword)).rejects.toThrow(/not right/);
  });

  it('is told by e-mail, and the log says that it was done and not what the password is', async () => {
    await desk.mail.next(email, /Your password was changed/);
    const { oneTimePassword } = await desk.portal.staffPasswords.reset(staffId, bySystem);
    const auditor = await desk.staff('AUDITOR');
    const records = await auditor.ask('{ auditLog(first: 100) { nodes { command event actorRole payload } } }');
    expect(valueAt(records, 'auditLog', 'nodes')).toContainEqual({
      command: 'staff.resetPassword',
      event: 'person.password_changed',
      actorRole: 'test',
      payload: { personId: expect.stringMatching(/^person_/), how: 'ONE_TIME' },
    });
    expect(JSON.stringify(records)).not.toContain(oneTimePassword);
    const session = await signIn(desk.stranger, email, oneTimePassword);
    await session.must('changePassword', { currentPassword: oneTimePassword, newPassword: lastPassword });
  });

  it('is not helped by somebody who is no administrator, nor when they left or never were', async () => {
    const id = textAt(await reviewerAgain(), 'viewer', 'person', 'id');
    const actor = {
      kind: 'PERSON' as const,
      personId: decodeId('person', id),
      name: 'Rita Reviewer',
      email,
      staffId,
      staffRoles: ['REVIEWER' as const],
      mustChangePassword: false,
      memberships: [],
    };
    const { staffPasswords, staff } = desk.portal;
    await expect(staffPasswords.reset(staffId, { ...bySystem, actor })).rejects.toThrow(Refusal);
    await expect(staffPasswords.reset(randomIds.next(), bySystem)).rejects.toThrow('There is no member of staff');
    await staff.deactivate({ staffId, expectedVersion: null }, bySystem);
    await expect(staffPasswords.reset(staffId, bySystem)).rejects.toThrow('does not work for the operator any more');
  });

  async function reviewerAgain() {
    const session = await signIn(desk.stranger, email, lastPassword);
    return session.ask('{ viewer { person { id } } }');
  }
});
