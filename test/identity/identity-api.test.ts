import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphQLNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { sql } from 'kysely';
import { personById } from '../../src/identity/identity.queries.js';
import { type Actor, anonymous } from '../../src/lifecycle/actor.js';
import { encodeId } from '../../src/platform/ids.js';
import { FieldArguments } from '../../src/platform/reading/arguments.js';
import { nothing } from '../../src/platform/reading/selection.js';
import { readingFor } from '../support/reading.js';
import { goodPassword, type Lobby, openLobby } from './lobby.js';

let lobby: Lobby;
beforeAll(async () => {
  lobby = await openLobby();
});
afterAll(() => lobby.close());

const personOf = (actor: Actor) => (actor.kind === 'PERSON' ? actor.personId : '');

describe('the account mutations', () => {
  it('take a stranger from signing up to signing out', async () => {
    const input = { name: 'Ann Example', email: 'ann@example.org', password: goodPassword };
    const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { sentTo errors { code path } } }';
    expect(await lobby.ask(signUp, { input })).toMatchObject({
      data: { signUp: { sentTo: 'ann@example.org', errors: [] } },
    });
    const token = lobby.tokenFrom('verifyAddress', 'ann@example.org');
    const verify = 'mutation ($token: String!) { verifyEmail(input: { token: $token }) { email errors { code } } }';
    expect((await lobby.ask(verify, { token })).data).toEqual({
      verifyEmail: { email: 'ann@example.org', errors: [] },
    });
    expect((await lobby.ask(verify, { token })).data).toEqual({
      verifyEmail: { email: null, errors: [{ code: 'EXPIRED' }] },
    });

    const signIn = `mutation { signIn(input: { email: "ann@example.org", password: "${goodPassword}" })
      { token expiresAt viewer { kind person { name email } memberships { role } } errors { code } } }`;
    const signedIn = await lobby.ask(signIn);
    expect(signedIn.data.signIn).toMatchObject({
      viewer: { kind: 'PERSON', person: { name: 'Ann Example', email: 'ann@example.org' }, memberships: [] },
      errors: [],
    });
    const [session] = signedIn.cookies;
    expect(signedIn.data.signIn).toMatchObject({ token: session });

    const viewer = await lobby.ask('{ viewer { kind person { id } } }', {}, session);
    expect(viewer.data).toEqual({
      viewer: { kind: 'PERSON', person: { id: encodeId('person', personOf(await lobby.actor(session ?? ''))) } },
    });
    const signOut = await lobby.ask('mutation { signOut { signedOut errors { code } } }', {}, session);
    expect(signOut).toMatchObject({ data: { signOut: { signedOut: true } }, cookies: [null] });
    await expect(lobby.actor(session ?? '')).rejects.toThrow('Sign in again');
  });

  it('answer problems that one can act on in the payload, and others as errors', async () => {
    const signUp = `mutation { signUp(input: { name: "", email: "b@example.org", password: "x" }) { errors { code path } } }`;
    expect((await lobby.ask(signUp)).data).toEqual({ signUp: { errors: [{ code: 'INVALID', path: ['name'] }] } });
    const signIn = `mutation { signIn(input: { email: "b@example.org", password: "x" }) { token } }`;
    expect((await lobby.ask(signIn)).code).toBe('UNAUTHENTICATED');
    const change = `mutation { changePassword(input: { currentPassword: "x", newPassword: "y" }) { errors { code } } }`;
    expect((await lobby.ask(change)).code).toBe('UNAUTHENTICATED');
  });

  it('give the same whole answer for known and unknown addresses', async () => {
    await lobby.register('known@example.org');
    const answers = async (email: string) => {
      const signUp = `mutation { signUp(input: { name: "Ann", email: "${email}", password: "${goodPassword}" })
        { __typename sentTo errors { code } } }`;
      const resend = `mutation { resendVerification(input: { email: "${email}" }) { __typename sentTo errors { code } } }`;
      const reset = `mutation { requestPasswordReset(input: { email: "${email}" }) { __typename sentTo errors { code } } }`;
      const given = [await lobby.ask(signUp), await lobby.ask(resend), await lobby.ask(reset)];
      return JSON.stringify(given).replaceAll(email, 'somebody');
    };
    expect(await answers('known@example.org')).toBe(await answers('novel@example.org'));
  });
});

describe('the viewer', () => {
  it('may be a stranger', async () => {
    const query = '{ viewer { kind person { id } staffRoles mustChangePassword memberships { role } apiKey { id } } }';
    expect((await lobby.ask(query)).data.viewer).toEqual({
      kind: 'ANONYMOUS',
      person: null,
      staffRoles: [],
      mustChangePassword: false,
      memberships: [],
      apiKey: null,
    });
  });

  it('that has a one-time password is told to change it, and has the roles from then on', async () => {
    const admin = await lobby.employed('root@operator.example', ['ADMIN']);
    const add = `mutation { addStaff(input: { email: "rev@operator.example", name: "Rev", roles: [REVIEWER] })
      { oneTimePassword staffMember { id active mustChangePassword roles person { name email } version } errors { code } } }`;
    const added = (await lobby.ask(add, {}, admin.token)).data.addStaff;
    expect(added).toMatchObject({
      staffMember: {
        active: true,
        mustChangePassword: true,
        roles: ['REVIEWER'],
        person: { name: 'Rev', email: 'rev@operator.example' },
      },
    });
    const { oneTimePassword } = added as { oneTimePassword: string };
    const { token } = await lobby.signIn('rev@operator.example', oneTimePassword);
    const query = '{ viewer { staffRoles mustChangePassword } staff { id } }';
    expect((await lobby.ask(query, {}, token)).data).toEqual({
      viewer: { staffRoles: [], mustChangePassword: true },
      staff: null,
    });
    const change = `mutation ($current: String!) { changePassword(input: { currentPassword: $current,
      newPassword: "${goodPassword}" }) { viewer { staffRoles mustChangePassword } errors { message } } }`;
    expect((await lobby.ask(change, { current: oneTimePassword }, token)).data).toEqual({
      changePassword: { viewer: { staffRoles: ['REVIEWER'], mustChangePassword: false }, errors: [] },
    });
  });

  it('that is a machine knows its key, and its organization’s id and not its secrets', async () => {
    const { actor, token } = await lobby.registered('machines@example.org');
    const organizationId = await lobby.organization({ [personOf(actor)]: 'OWNER' });
    const create = `mutation ($organizationId: ID!) { createApiKey(input: { organizationId: $organizationId,
      name: "Robot", scopes: [READ] }) { key apiKey { id hint } errors { code } } }`;
    const variables = { organizationId: encodeId('organization', organizationId) };
    const made = (await lobby.ask(create, variables, token)).data.createApiKey;
    const { key, apiKey } = made as { key: string; apiKey: { id: string; hint: string } };
    expect(apiKey.hint).toBe(key.slice(-4));
    const viewer = await lobby.ask('{ viewer { kind person { id } apiKey { id name scopes } } }', {}, key);
    expect(viewer.data.viewer).toEqual({
      kind: 'MACHINE',
      person: null,
      apiKey: { id: apiKey.id, name: 'Robot', scopes: ['READ'] },
    });
    const revoke = `mutation ($id: ID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { revokedAt } errors { code } } }`;
    const revoked = await lobby.ask(revoke, { id: apiKey.id }, token);
    expect(revoked.data.revokeApiKey).toEqual({
      apiKey: { revokedAt: lobby.clock.now().toISOString() },
      errors: [],
    });
  });
});

describe('staff', () => {
  it('are listed, given roles and let go by an administrator, and are not there for partners', async () => {
    const admin = await lobby.employed('chief@operator.example', ['ADMIN']);
    const other = await lobby.employed('other@operator.example', ['INTAKE']);
    const partner = await lobby.registered('partner@example.org');
    const staffId = encodeId('staff', other.staffId);
    const list = '{ staff { id person { email } } }';
    expect((await lobby.ask(list, {}, other.token)).data.staff).toContainEqual({
      id: staffId,
      person: { email: 'other@operator.example' },
    });
    expect((await lobby.ask(list, {}, partner.token)).data).toEqual({ staff: null });
    expect((await lobby.ask(list)).code).toBe('UNAUTHENTICATED');

    const set = `mutation ($id: ID!) { setStaffRoles(input: { staffId: $id, roles: [DECIDER] })
      { staffMember { roles } errors { code } } }`;
    expect((await lobby.ask(set, { id: staffId }, other.token)).code).toBe('FORBIDDEN');
    expect((await lobby.ask(set, { id: staffId }, admin.token)).data.setStaffRoles).toMatchObject({
      staffMember: { roles: ['DECIDER'] },
    });
    expect((await lobby.ask(set, { id: 'person_x' }, admin.token)).data.setStaffRoles).toMatchObject({
      errors: [{ code: 'INVALID_ID' }],
    });
    const leave = `mutation ($id: ID!) { deactivateStaff(input: { staffId: $id }) { staffMember { active } } }`;
    expect((await lobby.ask(leave, { id: staffId }, admin.token)).data.deactivateStaff).toEqual({
      staffMember: { active: false },
    });
  });
});

describe('API keys', () => {
  it('are listed for owners, administrators and auditors, and for nobody else', async () => {
    const owner = await lobby.registered('keys.owner@example.org');
    const colleague = await lobby.registered('keys.colleague@example.org');
    const outsider = await lobby.registered('keys.outsider@example.org');
    const organizationId = await lobby.organization({
      [personOf(owner.actor)]: 'OWNER',
      [personOf(colleague.actor)]: 'APPLICANT',
    });
    const variables = { id: encodeId('organization', organizationId) };
    const create = `mutation ($id: ID!) { createApiKey(input: { organizationId: $id, name: "Robot", scopes: [READ] }) { key } }`;
    await lobby.ask(create, variables, owner.token);
    const list =
      '($id: ID) { apiKeys(organizationId: $id) { name createdBy { name } createdAt expiresAt lastUsedAt } }';
    const seen = async (token: string, of: Record<string, unknown> = variables) =>
      (await lobby.ask(`query ${list}`, of, token)).data.apiKeys;
    const auditor = await lobby.employed('keys.auditor@operator.example', ['AUDITOR']);
    const reviewer = await lobby.employed('keys.reviewer@operator.example', ['REVIEWER']);
    const robot = {
      name: 'Robot',
      createdBy: { name: 'Ann Example' },
      createdAt: lobby.clock.now().toISOString(),
      expiresAt: null,
      lastUsedAt: null,
    };
    expect(await seen(owner.token)).toEqual([robot]);
    expect(await seen(auditor.token)).toEqual([robot]);
    for (const { token } of [colleague, outsider, reviewer]) expect(await seen(token)).toBeNull();
    expect(await seen(owner.token, {})).toBeNull();
    expect(await seen(auditor.token, {})).toEqual([]);
  });
});

describe('a person', () => {
  const seen = async (actor: Actor, id: string) => {
    const reading = readingFor(lobby.database, actor, lobby.clock.now());
    const fields = ['name', 'email'].map((name) => ({
      name,
      key: name,
      args: FieldArguments.none,
      type: 'String',
      form: 'text' as const,
      selection: nothing,
    }));
    const object = { args: FieldArguments.none, type: 'Person', form: 'any' as const, selection: { fields } };
    const person = { name: 'person', key: 'person', ...object };
    const asked = { variables: {}, place: null, variable: () => undefined, name: '', select: () => person };
    return reading.readings.value(personById, reading.viewer, asked, { id });
  };

  it('is seen by colleagues without the address, by staff with it, and by nobody else', async () => {
    const [ann, bob, eve] = await Promise.all(
      ['p.ann@example.org', 'p.bob@example.org', 'p.eve@example.org'].map((email) => lobby.registered(email)),
    );
    if (!ann || !bob || !eve) throw new Error('not registered');
    const staff = await lobby.employed('p.staff@operator.example', ['INTAKE']);
    await lobby.organization({ [personOf(ann.actor)]: 'OWNER', [personOf(bob.actor)]: 'VIEWER' });
    await lobby.organization({ [personOf(eve.actor)]: 'OWNER' });
    const actors = {
      ann: await lobby.actor(ann.token),
      bob: await lobby.actor(bob.token),
      eve: await lobby.actor(eve.token),
    };
    const bobId = personOf(bob.actor);
    expect(await seen(actors.bob, bobId)).toEqual({ name: 'Ann Example', email: 'p.bob@example.org' });
    expect(await seen(actors.ann, bobId)).toEqual({ name: 'Ann Example', email: null });
    expect(await seen(staff.actor, bobId)).toEqual({ name: 'Ann Example', email: 'p.bob@example.org' });
    expect(await seen(actors.eve, bobId)).toBeNull();
    expect(await seen(anonymous, bobId)).toBeNull();
    expect(await seen(actors.ann, personOf(staff.actor))).toBeNull();

    await sql`delete from membership where user_id = ${bobId}`.execute(lobby.database.kysely());
    expect(await seen(actors.ann, bobId)).toBeNull();
  });
});

describe('the schema', () => {
  it('describes everything that partners meet', () => {
    const undescribed: string[] = [];
    const check = (name: string, thing: { description?: string | null }) => {
      if (!thing.description) undescribed.push(name);
    };
    const types: GraphQLNamedType[] = Object.values(lobby.schema.getTypeMap()).filter(
      ({ name }) => !name.startsWith('__') && !['Query', 'Mutation', 'String', 'Boolean', 'ID', 'Int'].includes(name),
    );
    for (const type of types) {
      check(type.name, type);
      if (isEnumType(type)) for (const value of type.getValues()) check(`${type.name}.${value.name}`, value);
      if (isInputObjectType(type) || isObjectType(type) || isInterfaceType(type)) {
        for (const field of Object.values(type.getFields())) check(`${type.name}.${field.name}`, field);
      }
    }
    for (const root of [lobby.schema.getQueryType(), lobby.schema.getMutationType()]) {
      for (const field of Object.values(root?.getFields() ?? {})) {
        check(field.name, field);
        for (const argument of field.args) check(`${field.name}(${argument.name}:)`, argument);
      }
    }
    expect(undescribed).toEqual([]);
  });
});
