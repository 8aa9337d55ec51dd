import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountSweep } from '../../src/identity/account.sweep.js';
import { readCredential } from '../../src/identity/actor.js';
import { Actors } from '../../src/identity/actors.js';
import { networkOf } from '../../src/identity/rate-limits.js';
import { hashToken } from '../../src/platform/secrets.js';
import { by, goodPassword, type Lobby, openLobby, refusalOf } from './lobby.js';

let lobby: Lobby;
beforeAll(async () => {
  lobby = await openLobby();
});
afterAll(() => lobby.close());

describe('a session', () => {
  it('lasts eight hours, however much it is used', async () => {
    await lobby.register('day@example.org');
    const { token, expiresAt } = await lobby.signIn('day@example.org');
    expect(expiresAt.getTime() - lobby.clock.now().getTime()).toBe(8 * 60 * 60 * 1000);
    lobby.clock.pass({ hours: 7, minutes: 59 });
    expect(await lobby.actor(token)).toMatchObject({ kind: 'PERSON' });
    lobby.clock.pass({ minutes: 1 });
    expect(await refusalOf(lobby.actor(token))).toBe('UNAUTHENTICATED');
  });

  it('is kept only as the hash of its token', async () => {
    await lobby.register('hash@example.org');
    const { token } = await lobby.signIn('hash@example.org');
    const kept = JSON.stringify(await lobby.rows('select * from auth_session'));
    expect(kept).toContain(hashToken(token));
    expect(kept).not.toContain(token);
    expect(await refusalOf(lobby.actor(hashToken(token)))).toBe('UNAUTHENTICATED');
  });

  it('ends at once when its person signs out; others of the person go on', async () => {
    await lobby.register('leaver@example.org');
    const [here, there] = [await lobby.signIn('leaver@example.org'), await lobby.signIn('leaver@example.org')];
    await lobby.accounts.signOut(here.token);
    await lobby.accounts.signOut(here.token);
    expect(await refusalOf(lobby.actor(here.token))).toBe('UNAUTHENTICATED');
    expect(await lobby.actor(there.token)).toMatchObject({ email: 'leaver@example.org' });
  });

  it('does not outlive a password that changes while it begins', async () => {
    const email = 'racing@example.org';
    await lobby.register(email);
    await lobby.accounts.requestPasswordReset(email, by());
    const token = lobby.tokenFrom('resetPassword', email);
    const begun = Array.from({ length: 6 }, () => lobby.signIn(email).catch(() => null));
    await lobby.accounts.resetPassword({ token, password: 'a brand new password' }, by());
    for (const session of await Promise.all(begun)) {
      if (session) expect(await refusalOf(lobby.actor(session.token))).toBe('UNAUTHENTICATED');
    }
  });

  it('knows the organizations of its person at each request anew', async () => {
    const { token, actor } = await lobby.registered('member@example.org');
    if (actor.kind !== 'PERSON') throw new Error('not a person');
    expect(actor).toMatchObject({ staffId: null, staffRoles: [], mustChangePassword: false, memberships: [] });
    const organizationId = await lobby.organization({ [actor.personId]: 'OWNER' });
    expect(await lobby.actor(token)).toMatchObject({ memberships: [{ organizationId, role: 'OWNER' }] });
    await lobby.rows(`delete from membership where organization_id = '${organizationId}'`);
    expect(await lobby.actor(token)).toMatchObject({ memberships: [] });
  });

  it('is forgotten once it is over, and what goes on is not', async () => {
    await lobby.register('swept@example.org');
    await lobby.signIn('swept@example.org');
    lobby.clock.pass({ hours: 8 });
    const { token } = await lobby.signIn('swept@example.org');
    await accountSweep(lobby.accounts).handle({}, new AbortController().signal);
    expect(await lobby.count('auth_session')).toBe(1);
    expect(await lobby.count(`rate_limit where expire <= ${lobby.clock.now().getTime()}`)).toBe(0);
    expect(await lobby.actor(token)).toMatchObject({ kind: 'PERSON' });
  });
});

const read = (authorization: string | null, cookie: string | null = null) => readCredential({ authorization, cookie });

describe('a credential', () => {
  it('is a bearer token or key, else the cookie, else none', () => {
    expect(read('Bearer abc-_1')).toEqual({ kind: 'SESSION', secret: 'abc-_1', from: 'HEADER' });
    expect(read('bearer sp_live_abc', 'x')).toEqual({ kind: 'API_KEY', secret: 'sp_live_abc', from: 'HEADER' });
    expect(read(null, 'x')).toEqual({ kind: 'SESSION', secret: 'x', from: 'COOKIE' });
    expect(read(null)).toBeNull();
  });

  it('of another form is refused rather than overlooked', async () => {
    for (const header of ['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'Bearer "x"']) {
      expect(() => read(header)).toThrow('must be `Bearer`');
    }
  });

  it('that is a stale cookie makes a stranger, who can sign in again; in a header it is refused', async () => {
    const now = lobby.clock.now();
    const actors = new Actors(lobby.database);
    expect(await actors.of(read(null, 'stale'), now)).toEqual({ kind: 'ANONYMOUS' });
    expect(await actors.of(null, now)).toEqual({ kind: 'ANONYMOUS' });
    expect(await refusalOf(actors.of(read('Bearer stale'), now))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(actors.of(read('Bearer sp_live_stale'), now))).toBe('UNAUTHENTICATED');
  });
});

describe('requests that arrive together', () => {
  it('are each from whoever they are from, and the database is asked once', async () => {
    const people = await Promise.all(['one@example.org', 'two@example.org'].map((email) => lobby.registered(email)));
    let questions = 0;
    const actors = new Actors({
      answer: (statement, values) => {
        questions += 1;
        return lobby.database.answer(statement, values);
      },
    });
    const now = lobby.clock.now();
    const tokens = [...people, ...people].map(({ token }) => token);
    const found = await Promise.allSettled(
      [...tokens, 'stale'].map((token) => actors.of(read(`Bearer ${token}`), now)),
    );
    const [one, two] = people.map(({ actor }) => ({ status: 'fulfilled', value: actor }));
    expect(found).toMatchObject([one, two, one, two, { status: 'rejected', reason: { code: 'UNAUTHENTICATED' } }]);
    expect(questions).toBe(1);
  });
});

describe('guessing a password', () => {
  const guess = (email: string, ipAddress: string) => refusalOf(lobby.signIn(email, 'a wild guess here', ipAddress));

  it('ends for one place and account after ten wrong ones, even if the eleventh is right', async () => {
    await lobby.register('guessed@example.org');
    await lobby.register('neighbour@example.org');
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await guess('guessed@example.org', '198.51.100.7')).toBe('UNAUTHENTICATED');
    }
    expect(await refusalOf(lobby.signIn('guessed@example.org', goodPassword, '198.51.100.7'))).toBe('RATE_LIMITED');
    expect(await refusalOf(lobby.signIn('GUESSED@example.org ', goodPassword, '::ffff:198.51.100.7'))).toBe(
      'RATE_LIMITED',
    );
    expect(await refusalOf(lobby.signIn('neighbour@example.org', goodPassword, '198.51.100.7'))).toBe('accepted');
    expect(await refusalOf(lobby.signIn('guessed@example.org', goodPassword, '198.51.100.8'))).toBe('accepted');
    lobby.clock.pass({ minutes: 15 });
    expect(await refusalOf(lobby.signIn('guessed@example.org', goodPassword, '198.51.100.7'))).toBe('accepted');
  });

  it('cannot slip through by many attempts at the same moment', async () => {
    await lobby.register('burst@example.org');
    const answers = await Promise.all(Array.from({ length: 25 }, () => guess('burst@example.org', '198.51.100.9')));
    expect(answers.filter((answer) => answer === 'UNAUTHENTICATED')).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'RATE_LIMITED')).toHaveLength(15);
  });

  it('from one place alone does not lock an account for others', async () => {
    await lobby.register('target@example.org');
    for (let attempt = 0; attempt < 120; attempt += 1) await guess('target@example.org', '198.51.100.10');
    expect(await refusalOf(lobby.signIn('target@example.org', goodPassword, '198.51.100.11'))).toBe('accepted');
  });

  it('from many places ends after a hundred wrong ones, for that account only', async () => {
    await lobby.register('spread@example.org');
    await lobby.register('calm@example.org');
    for (let place = 0; place < 10; place += 1) {
      for (let attempt = 0; attempt < 10; attempt += 1) await guess('spread@example.org', `203.0.113.${place}`);
    }
    expect(await guess('spread@example.org', '203.0.113.50')).toBe('RATE_LIMITED');
    expect(await refusalOf(lobby.signIn('calm@example.org', goodPassword, '203.0.113.50'))).toBe('accepted');
  });

  it('on many accounts ends for one place after a hundred wrong ones', async () => {
    const answers = [];
    for (let account = 0; account < 101; account += 1) {
      answers.push(await guess(`unknown${account}@example.org`, `2001:db8:0:7::${account}`));
    }
    expect(answers.slice(0, 100)).toEqual(Array(100).fill('UNAUTHENTICATED'));
    expect(answers[100]).toBe('RATE_LIMITED');
  });

  it('is not held against those who get it right', async () => {
    await lobby.register('busy@example.org');
    for (let attempt = 0; attempt < 15; attempt += 1) {
      expect(await refusalOf(lobby.signIn('busy@example.org', goodPassword, '198.51.100.20'))).toBe('accepted');
    }
  });

  it('leaves neither names nor addresses in the table of attempts', async () => {
    const kept = JSON.stringify(await lobby.rows('select * from rate_limit'));
    expect(kept).not.toContain('@');
    expect(kept).not.toContain('198.51.100');
  });

  it('does the same hard work for an unknown address as for a known one', async () => {
    await lobby.register('timed@example.org');
    const time = async (email: string) => {
      const start = performance.now();
      await refusalOf(lobby.signIn(email, 'a wild guess here', null));
      return performance.now() - start;
    };
    // The shortest of several, taken in turn, so that a busy machine does not decide.
    const [known, unknown]: [number[], number[]] = [[], []];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      known.push(await time('timed@example.org'));
      unknown.push(await time('nobody@example.org'));
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) / 2);
  });

  it('with something absurd is a wrong guess and no failure', async () => {
    await lobby.register('absurd@example.org');
    for (const password of ['', '\0', '\uD800', 'x'.repeat(100_000)]) {
      expect(await refusalOf(lobby.signIn('absurd@example.org', password, null))).toBe('UNAUTHENTICATED');
    }
    expect(await refusalOf(lobby.signIn('\0', goodPassword, null))).toBe('UNAUTHENTICATED');
  });
});

describe('the place of a request', () => {
  it('is an IPv4 address, or the first half of an IPv6 address, which is what a subscriber gets', () => {
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::');
    expect(networkOf('2001:db8:1:2::9')).toBe('2001:db8:1:2::');
    expect(networkOf('unix socket')).toBe('unix socket');
  });
});
