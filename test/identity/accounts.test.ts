import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Accounts } from '../../src/identity/accounts.js';
import { hashToken } from '../../src/platform/secrets.js';
import { by, goodPassword, type Lobby, openLobby, refusalOf } from './lobby.js';

let lobby: Lobby;
beforeAll(async () => {
  lobby = await openLobby();
});
afterAll(() => lobby.close());

const signUp = (email: string, password = goodPassword, name = 'Ann Example') =>
  lobby.accounts.signUp({ name, email, password }, by());

describe('signing up', () => {
  it('lets a person in once the link in the letter was followed, and not before', async () => {
    await signUp('Ann@Example.ORG');
    expect(await refusalOf(lobby.signIn('ann@example.org'))).toBe('UNAUTHENTICATED');
    expect(await lobby.accounts.verifyEmail(lobby.tokenFrom('verifyAddress', 'ann@example.org'), by())).toEqual({
      email: 'ann@example.org',
    });
    const { token } = await lobby.signIn('ANN@example.org');
    expect(await lobby.actor(token)).toMatchObject({ kind: 'PERSON', email: 'ann@example.org', name: 'Ann Example' });
  });

  it('answers the same for an address that has an account, and tells its holder by letter', async () => {
    const unknown = await signUp('first@example.org');
    await lobby.accounts.verifyEmail(lobby.tokenFrom('verifyAddress', 'first@example.org'), by());
    const known = await signUp('first@example.org', 'another good password');
    expect(known).toEqual(unknown);
    expect(lobby.letters.at(-1)).toEqual({
      kind: 'addressAlreadyKnown',
      email: 'first@example.org',
      name: 'Ann Example',
    });
    expect(await refusalOf(lobby.signIn('first@example.org', 'another good password'))).toBe('UNAUTHENTICATED');
    expect(await lobby.signIn('first@example.org')).toBeDefined();
  });

  it('does not tell by signing in whether a sign-up was for a new address', async () => {
    await lobby.register('taken@example.org');
    await signUp('taken@example.org', 'my own good password');
    await signUp('free@example.org', 'my own good password');
    const [taken, free] = await Promise.all(
      ['taken@example.org', 'free@example.org'].map((email) =>
        lobby.signIn(email, 'my own good password').catch((error: Error) => error.message),
      ),
    );
    expect(free).toBe(taken);
  });

  it('gives one address one account, however many sign up at the same moment', async () => {
    await Promise.all(Array.from({ length: 5 }, () => signUp('rush@example.org')));
    expect(await lobby.count(`auth_user where email = 'rush@example.org'`)).toBe(1);
    expect(
      await lobby.count(`auth_account a join auth_user u on u.id = a.user_id where u.email = 'rush@example.org'`),
    ).toBe(1);
  });

  it('confirms with a link the sign-up it was sent for, and no earlier one', async () => {
    await signUp('twice@example.org', 'a stranger chose this');
    const earlier = lobby.tokenFrom('verifyAddress', 'twice@example.org');
    await signUp('twice@example.org', goodPassword, 'Real Holder');
    expect(await refusalOf(lobby.accounts.verifyEmail(earlier, by()))).toBe('EXPIRED token');
    await lobby.accounts.verifyEmail(lobby.tokenFrom('verifyAddress', 'twice@example.org'), by());
    expect(await refusalOf(lobby.signIn('twice@example.org', 'a stranger chose this'))).toBe('UNAUTHENTICATED');
    const { token } = await lobby.signIn('twice@example.org');
    expect(await lobby.actor(token)).toMatchObject({ name: 'Real Holder' });
  });

  it('names what is wrong with an address, a name or a password', async () => {
    expect(await refusalOf(signUp('no address'))).toBe('INVALID email');
    expect(await refusalOf(signUp('a\0b@example.org'))).toBe('INVALID email');
    expect(await refusalOf(signUp('ok@example.org', goodPassword, 'Ann\r\nBcc: all@example.org'))).toBe('INVALID name');
    expect(await refusalOf(signUp('ok@example.org', goodPassword, '\u202Eevil'))).toBe('INVALID name');
    expect(await refusalOf(signUp('ok@example.org', 'short'))).toBe('INVALID password');
    expect(await lobby.count(`auth_user where email = 'ok@example.org'`)).toBe(0);
  });

  it('is told to the audit log without name, address or password', async () => {
    const [record] = await lobby.rows<{ payload: string }>(
      `select payload from audit_record where event = 'person.signed_up' order by sequence limit 1`,
    );
    expect(Object.keys(JSON.parse(record?.payload ?? '{}'))).toEqual(['personId']);
  });
});

describe('links', () => {
  it('work once, even when followed twice at the same moment', async () => {
    await signUp('once@example.org');
    const token = lobby.tokenFrom('verifyAddress', 'once@example.org');
    const follow = () => refusalOf(lobby.accounts.verifyEmail(token, by()));
    expect((await Promise.all([follow(), follow(), follow()])).sort()).toEqual([
      'EXPIRED token',
      'EXPIRED token',
      'accepted',
    ]);
    expect(await follow()).toBe('EXPIRED token');
  });

  it('to verify an address work for 24 hours; another can be sent', async () => {
    await signUp('slow@example.org');
    const token = lobby.tokenFrom('verifyAddress', 'slow@example.org');
    lobby.clock.pass({ hours: 24 });
    expect(await refusalOf(lobby.accounts.verifyEmail(token, by()))).toBe('EXPIRED token');
    await lobby.accounts.resendVerification('slow@example.org', by());
    const next = lobby.tokenFrom('verifyAddress', 'slow@example.org');
    expect(await refusalOf(lobby.accounts.verifyEmail(next, by()))).toBe('accepted');
  });

  it('are asked for with the same answer whether or not there is an account', async () => {
    await lobby.register('here@example.org');
    const before = lobby.letters.length;
    expect(await lobby.accounts.resendVerification('nobody@example.org', by())).toEqual({
      sentTo: 'nobody@example.org',
    });
    expect(await lobby.accounts.resendVerification('here@example.org', by())).toEqual({ sentTo: 'here@example.org' });
    expect(await lobby.accounts.requestPasswordReset('nobody@example.org', by())).toEqual({
      sentTo: 'nobody@example.org',
    });
    expect(lobby.letters).toHaveLength(before);
    expect(await lobby.accounts.requestPasswordReset('here@example.org', by())).toEqual({ sentTo: 'here@example.org' });
    expect(lobby.letters).toHaveLength(before + 1);
  });

  it('for one purpose do not serve the other', async () => {
    await signUp('mixed@example.org');
    const token = lobby.tokenFrom('verifyAddress', 'mixed@example.org');
    expect(await refusalOf(lobby.accounts.resetPassword({ token, password: goodPassword }, by()))).toBe(
      'EXPIRED token',
    );
    expect(await refusalOf(lobby.accounts.verifyEmail(token, by()))).toBe('accepted');
  });

  it('are kept only as hashes', async () => {
    await signUp('hashed@example.org');
    const { token = '', link } = lobby.letter('verifyAddress', 'hashed@example.org');
    expect(link).toBe(`https://portal.example/verify-email#token=${token}`);
    const kept = JSON.stringify(await lobby.rows('select * from auth_verification'));
    expect(kept).toContain(hashToken(token));
    expect(kept).not.toContain(token);
  });
});

describe('passwords', () => {
  it('are kept as argon2id with 19 MiB, two passes and one lane', async () => {
    await signUp('argon@example.org');
    const [account] = await lobby.rows<{ password: string }>(
      `select a.password from auth_account a join auth_user u on u.id = a.user_id where u.email = 'argon@example.org'`,
    );
    expect(account?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('are reset by a link that works for an hour and once; every session ends', async () => {
    const email = 'forgetful@example.org';
    const { token: session } = await lobby.registered(email);
    await lobby.accounts.requestPasswordReset(email, by());
    const stale = lobby.tokenFrom('resetPassword', email);
    lobby.clock.pass({ hours: 1 });
    const password = 'a brand new password';
    expect(await refusalOf(lobby.accounts.resetPassword({ token: stale, password }, by()))).toBe('EXPIRED token');
    await lobby.accounts.requestPasswordReset(email, by());
    const token = lobby.tokenFrom('resetPassword', email);
    expect(await refusalOf(lobby.accounts.resetPassword({ token, password: 'short' }, by()))).toBe('INVALID password');
    expect(await lobby.accounts.resetPassword({ token, password }, by())).toEqual({ email });
    expect(await refusalOf(lobby.accounts.resetPassword({ token, password }, by()))).toBe('EXPIRED token');
    expect(await refusalOf(lobby.actor(session))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(lobby.signIn(email))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(lobby.signIn(email, password))).toBe('accepted');
    expect(lobby.letter('passwordChanged', email)).toBeDefined();
  });

  it('set by the holder of the mailbox make an address verified that somebody else signed up with', async () => {
    const email = 'squatted@example.org';
    await signUp(email, 'a stranger chose this');
    const strangersLink = lobby.tokenFrom('verifyAddress', email);
    await lobby.accounts.requestPasswordReset(email, by());
    const token = lobby.tokenFrom('resetPassword', email);
    await lobby.accounts.resetPassword({ token, password: goodPassword }, by());
    expect(await refusalOf(lobby.signIn(email))).toBe('accepted');
    expect(await refusalOf(lobby.accounts.verifyEmail(strangersLink, by()))).toBe('EXPIRED token');
  });

  it('are changed with the present one; the other sessions end and this one goes on', async () => {
    const email = 'changer@example.org';
    const { token, actor } = await lobby.registered(email);
    const other = await lobby.signIn(email);
    await lobby.accounts.requestPasswordReset(email, by());
    const change = (currentPassword: string, newPassword: string) =>
      refusalOf(lobby.accounts.changePassword({ currentPassword, newPassword }, token, by(actor)));
    expect(await change('not my password', 'a brand new password')).toBe('INVALID currentPassword');
    expect(await change(goodPassword, goodPassword)).toBe('INVALID newPassword');
    expect(await change(goodPassword, email)).toBe('INVALID newPassword');
    expect(await change(goodPassword, 'a brand new password')).toBe('accepted');
    expect(await lobby.actor(token)).toMatchObject({ email });
    expect(await refusalOf(lobby.actor(other.token))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(lobby.signIn(email, 'a brand new password'))).toBe('accepted');
    const reset = { token: lobby.tokenFrom('resetPassword', email), password: 'yet another password' };
    expect(await refusalOf(lobby.accounts.resetPassword(reset, by()))).toBe('EXPIRED token');
  });

  it('cannot be guessed with a stolen session', async () => {
    const { token, actor } = await lobby.registered('stolen@example.org');
    const guess = () =>
      refusalOf(
        lobby.accounts.changePassword(
          { currentPassword: 'a wild guess here', newPassword: 'a brand new password' },
          token,
          by(actor),
        ),
      );
    const answers = [];
    for (let attempt = 0; attempt < 11; attempt += 1) answers.push(await guess());
    expect(answers.slice(0, 10)).toEqual(Array(10).fill('INVALID currentPassword'));
    expect(answers[10]).toBe('RATE_LIMITED');
  });
});

describe('the time of an answer', () => {
  it('about an address is no shorter than the work for any address takes', async () => {
    await lobby.register('measured@example.org');
    const accounts = new Accounts({ ...lobby.parts, answerAfterMs: 250 });
    const time = async (work: Promise<unknown>) => {
      const start = performance.now();
      await work;
      return performance.now() - start;
    };
    for (const email of ['measured@example.org', 'unmeasured@example.org', 'no address']) {
      const taken = await time(accounts.requestPasswordReset(email, by()).catch(() => null));
      if (email.includes('@')) expect(taken).toBeGreaterThan(240);
      else expect(taken).toBeLessThan(100);
    }
  });
});

describe('letters', () => {
  it('stop after five in an hour, to known and unknown addresses alike', async () => {
    await lobby.register('flooded@example.org');
    for (const [email, before] of [
      ['flooded@example.org', 1],
      ['unknown@example.org', 0],
    ] as const) {
      for (let sent = before; sent < 5; sent += 1) await lobby.accounts.requestPasswordReset(email, by());
      expect(await refusalOf(lobby.accounts.requestPasswordReset(email, by()))).toBe('RATE_LIMITED');
      expect(await refusalOf(signUp(email))).toBe('RATE_LIMITED');
    }
    lobby.clock.pass({ hours: 1 });
    expect(await refusalOf(signUp('unknown@example.org'))).toBe('accepted');
  });

  it('stop for a place that asks for too many accounts, and for no other', async () => {
    const from = (ipAddress: string, attempt: number) =>
      refusalOf(lobby.accounts.requestPasswordReset(`person${attempt}@example.org`, by(undefined, ipAddress)));
    const answers = [];
    for (let attempt = 0; attempt < 31; attempt += 1) answers.push(await from(`2001:db8:1:2::${attempt}`, attempt));
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(30);
    expect(answers.at(-1)).toBe('RATE_LIMITED');
    expect(await from('2001:db8:1:3::1', 32)).toBe('accepted');
  });
});
