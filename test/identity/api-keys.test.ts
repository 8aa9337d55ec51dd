import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CreateApiKeyInput, createApiKey, revokeApiKey } from '../../src/identity/api-key.commands.js';
import type { Actor } from '../../src/lifecycle/actor.js';
import { hashToken } from '../../src/platform/secrets.js';
import { by, type Lobby, openLobby, refusalOf } from './lobby.js';

let lobby: Lobby;
let organizationId: string;
let owner: Actor;
let viewer: Actor;
let stranger: Actor;
let admin: Actor;
let auditor: Actor;

beforeAll(async () => {
  lobby = await openLobby();
  const people = { owner: 'owner@example.org', viewer: 'viewer@example.org', stranger: 'stranger@example.org' };
  const first = await lobby.registered(people.owner);
  const second = await lobby.registered(people.viewer);
  stranger = (await lobby.registered(people.stranger)).actor;
  organizationId = await lobby.organization({ [idOf(first.actor)]: 'OWNER', [idOf(second.actor)]: 'VIEWER' });
  owner = await lobby.actor(first.token);
  viewer = await lobby.actor(second.token);
  admin = (await lobby.employed('admin@operator.example', ['ADMIN'])).actor;
  auditor = (await lobby.employed('auditor@operator.example', ['AUDITOR'])).actor;
});
afterAll(() => lobby.close());

const idOf = (actor: Actor) => (actor.kind === 'PERSON' ? actor.personId : '');
const create = (actor: Actor, input: Partial<CreateApiKeyInput> = {}) => {
  const whole: CreateApiKeyInput = {
    organizationId,
    name: 'Build machine',
    scopes: ['READ'],
    expiresAt: null,
    ...input,
  };
  return lobby.doorway.execute(createApiKey, whole, by(actor));
};
const revoke = (actor: Actor, apiKeyId: string) => lobby.doorway.execute(revokeApiKey, { apiKeyId }, by(actor));

describe('an API key', () => {
  it('lets a machine in as its organization, until it is revoked', async () => {
    const { apiKeyId, key } = await create(owner);
    expect(key).toMatch(/^sp_live_[\w-]{43}$/);
    expect(await lobby.actor(key)).toEqual({
      kind: 'MACHINE',
      keyId: apiKeyId,
      name: 'Build machine',
      organizationId,
      scopes: ['READ'],
    });
    await revoke(owner, apiKeyId);
    expect(await refusalOf(lobby.actor(key))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(revoke(owner, apiKeyId))).toBe('NOT_ALLOWED_NOW');
  });

  it('stops working when it expires', async () => {
    const expiresAt = new Date(lobby.clock.now().getTime() + 60_000);
    const { key } = await create(owner, { expiresAt });
    expect(await lobby.actor(key)).toMatchObject({ kind: 'MACHINE' });
    lobby.clock.pass({ minutes: 1 });
    expect(await refusalOf(lobby.actor(key))).toBe('UNAUTHENTICATED');
    expect(await refusalOf(create(owner, { expiresAt }))).toBe('INVALID expiresAt');
  });

  it('is kept only as a hash and its last four characters', async () => {
    const { key } = await create(owner);
    const kept = await lobby.rows<{ key_hint: string; key_hash: string }>('select * from api_key order by id desc');
    expect(kept[0]).toMatchObject({ key_hash: hashToken(key), key_hint: key.slice(-4) });
    const everywhere = JSON.stringify([kept, await lobby.rows('select * from audit_record')]);
    expect(everywhere).not.toContain(key);
    expect(await refusalOf(lobby.actor(`sp_live_${hashToken(key)}`))).toBe('UNAUTHENTICATED');
  });

  it('remembers to the minute when it was used', async () => {
    const { apiKeyId, key } = await create(owner);
    const lastUsed = async () => {
      const [row] = await lobby.rows<{ at: string | null }>(
        `select to_json(last_used_at) as at from api_key where id = '${apiKeyId}'`,
      );
      return row?.at ? new Date(row.at).getTime() : null;
    };
    expect(await lastUsed()).toBeNull();
    await lobby.actor(key);
    const first = lobby.clock.now().getTime();
    expect(await lastUsed()).toBe(first);
    lobby.clock.pass({ seconds: 59 });
    await Promise.all([lobby.actor(key), lobby.actor(key), lobby.actor(key)]);
    expect(await lastUsed()).toBe(first);
    lobby.clock.pass({ seconds: 1 });
    await lobby.actor(key);
    expect(await lastUsed()).toBe(first + 60_000);
  });

  it('of an organization is made and revoked by its owners; for others it is not there, or not theirs to make', async () => {
    const { apiKeyId } = await create(owner);
    expect(await refusalOf(create(viewer))).toBe('FORBIDDEN');
    expect(await refusalOf(create(admin))).toBe('FORBIDDEN');
    expect(await refusalOf(create(stranger))).toBe('NOT_FOUND organizationId');
    expect(await refusalOf(create(owner, { organizationId: randomUUID() }))).toBe('NOT_FOUND organizationId');
    expect(await refusalOf(revoke(viewer, apiKeyId))).toBe('FORBIDDEN');
    expect(await refusalOf(revoke(stranger, apiKeyId))).toBe('NOT_FOUND apiKeyId');
    expect(await refusalOf(revoke(owner, randomUUID()))).toBe('NOT_FOUND apiKeyId');
  });

  it('of the operator is made and revoked by administrators', async () => {
    const operators = { organizationId: null, scopes: ['GRANTS_PROVISION'] as const };
    const { apiKeyId, key } = await create(admin, operators);
    expect(await lobby.actor(key)).toMatchObject({ organizationId: null, scopes: ['GRANTS_PROVISION'] });
    for (const actor of [owner, auditor]) expect(await refusalOf(create(actor, operators))).toBe('FORBIDDEN');
    expect(await refusalOf(revoke(owner, apiKeyId))).toBe('NOT_FOUND apiKeyId');
    expect(await refusalOf(revoke(auditor, apiKeyId))).toBe('FORBIDDEN');
    expect(await refusalOf(revoke(admin, apiKeyId))).toBe('accepted');
  });

  it('of an organization never acknowledges provisioning', async () => {
    expect(await refusalOf(create(owner, { scopes: ['READ', 'GRANTS_PROVISION'] }))).toBe('INVALID scopes');
    expect(await refusalOf(create(owner, { scopes: [] }))).toBe('REQUIRED scopes');
  });

  it('makes no further keys: that takes a person', async () => {
    const { key } = await create(admin, { organizationId: null });
    const machine = await lobby.actor(key);
    expect(await refusalOf(create(machine, { organizationId: null }))).toBe('FORBIDDEN');
    expect(await refusalOf(create({ kind: 'ANONYMOUS' }))).toBe('UNAUTHENTICATED');
  });

  it('is one of at most fifty in use', async () => {
    const count = await lobby.count(
      `api_key where organization_id = '${organizationId}' and revoked_at is null
        and (expires_at is null or expires_at > '${lobby.clock.now().toISOString()}')`,
    );
    for (let made = count; made < 49; made += 1) await create(owner);
    const answers = await Promise.all([refusalOf(create(owner)), refusalOf(create(owner))]);
    expect(answers.sort()).toEqual(['LIMIT_REACHED', 'accepted']);
  });
});
