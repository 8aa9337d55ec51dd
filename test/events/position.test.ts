import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newestKnownTo, positionStatement } from '../../src/events/position.js';
import { createApiKey } from '../../src/identity/api-key.commands.js';
import { type Actor, anonymous } from '../../src/lifecycle/actor.js';
import { by, goodPassword, type Lobby, openLobby } from '../identity/lobby.js';

/** A copy of the database may answer a reader when it has every change that the reader knows of. */
describe('the newest change that somebody knows of', () => {
  let lobby: Lobby;
  let organizationId: string;
  const actors = new Map<string, Actor>();

  beforeAll(async () => {
    lobby = await openLobby();
    const owner = await lobby.registered('owner@example.org');
    const colleague = await lobby.registered('colleague@example.org');
    organizationId = await lobby.organization({ [idOf(owner.actor)]: 'OWNER', [idOf(colleague.actor)]: 'VIEWER' });
    actors.set('owner', await lobby.actor(owner.token));
    actors.set('colleague', await lobby.actor(colleague.token));
    actors.set('outsider', (await lobby.registered('outsider@example.org')).actor);
    actors.set('staff', (await lobby.employed('stef@operator.example', ['ADMIN'])).actor);
    actors.set('partner machine', await lobby.actor(await keyOf('owner', organizationId)));
    actors.set('operator machine', await lobby.actor(await keyOf('staff', null)));
    actors.set('stranger', anonymous);
  });
  afterAll(() => lobby.close());

  const idOf = (actor: Actor) => (actor.kind === 'PERSON' ? actor.personId : '');

  async function keyOf(name: string, organization: string | null): Promise<string> {
    const input = { organizationId: organization, name: 'Key', scopes: ['READ' as const], expiresAt: null };
    return (await lobby.doorway.execute(createApiKey, input, by(actors.get(name)))).key;
  }

  const position = async () => Number((await lobby.rows<{ sequence: string }>(positionStatement))[0]?.sequence);

  /** Whom a change concerns: those who are told its number when they ask with the number before it. */
  async function concerned(change: () => Promise<unknown>): Promise<string[]> {
    const before = await position();
    await change();
    const after = await position();
    expect(after).toBeGreaterThan(before);
    const names: string[] = [];
    for (const [name, actor] of actors) {
      const newest = await newestKnownTo(actor, before, lobby.database);
      expect([null, after]).toContain(newest);
      if (newest !== null) names.push(name);
      expect(await newestKnownTo(actor, after, lobby.database)).toBeNull();
    }
    return names;
  }

  it('is what they did, and what was done in their organization; the operator’s machines know of everything', async () => {
    expect(await concerned(() => keyOf('owner', organizationId))).toEqual([
      'owner',
      'colleague',
      'partner machine',
      'operator machine',
    ]);
    expect(await concerned(() => keyOf('staff', null))).toEqual(['staff', 'operator machine']);
  });

  it('is what happened to their account, which they did while nobody knew who they were', async () => {
    const reset = async () => {
      await lobby.accounts.requestPasswordReset('outsider@example.org', by());
      const token = lobby.tokenFrom('resetPassword', 'outsider@example.org');
      await lobby.accounts.resetPassword({ token, password: `${goodPassword} two` }, by());
    };
    expect(await concerned(reset)).toEqual(['outsider', 'operator machine']);
  });
});
