import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { raiseFlag } from '../../src/flags/flag.commands.js';
import { decodeId } from '../../src/platform/ids.js';
import { codesOf, day, eventually, listAt, look, minute, type Partner, Story } from '../journeys/story.js';

const seen = 'definition { key label colour } reason rule raisedBy { name } expiresAt';

describe('flags', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;
  let reviewer: PortalClient;
  let manager: PortalClient;

  const flagsOf = async (client: PortalClient, id = applicationId) =>
    look(client, id, `flags { ${seen} } organization { flags { ${seen} } }`);
  const raised = async (input: Fields) => textAt(await reviewer.must('raiseFlag', input, 'flag { id }'), 'flag', 'id');
  const define = (key: string, input: Fields = {}) =>
    manager.must('createFlagDefinition', {
      key,
      label: `Flag ${key}`,
      colour: 'RED',
      description: 'See why.',
      ...input,
    });
  const events = async (event: string) => {
    const found = await sql<{ payload: string; audience: string; actor_kind: string }>`
      select payload, audience, actor_kind from audit_record where event = ${event} order by sequence`.execute(
      story.desk.database.kysely(),
    );
    return found.rows;
  };

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Fay Flagged', 'Flagged Utilities');
    applicationId = await story.submitted(partner);
    reviewer = await story.staff('REVIEWER');
    manager = await story.staff('PROGRAM_MANAGER');
    await define('sensitive-site', { colour: 'ORANGE' });
    await define('owned-abroad');
  }, 120_000);
  afterAll(() => story.close());

  it('are raised on an application and on an organization, and staff see them there', async () => {
    const { organizationId } = partner;
    await raised({ applicationId, flag: 'sensitive-site', reason: 'It is a dam.' });
    await raised({ organizationId, flag: 'owned-abroad', reason: 'By a holding.' });
    const name = expect.stringMatching(/^Staff reviewer/);
    expect(await flagsOf(manager)).toEqual({
      flags: [
        {
          definition: { key: 'sensitive-site', label: 'Flag sensitive-site', colour: 'ORANGE' },
          reason: 'It is a dam.',
          rule: null,
          raisedBy: { name },
          expiresAt: null,
        },
      ],
      organization: { flags: [expect.objectContaining({ reason: 'By a holding.', raisedBy: { name } })] },
    });
  });

  it('are nothing that a partner sees: neither the flags nor that anything happened', async () => {
    const { owner } = partner;
    expect(await flagsOf(owner)).toEqual({ flags: [], organization: { flags: [] } });
    expect(await owner.ask('{ flagDefinitions { key } }')).toEqual({ flagDefinitions: null });
    const types = async (client: PortalClient) =>
      listAt(await look(client, applicationId, 'timeline(first: 50) { nodes { type } }'), 'timeline', 'nodes').map(
        (event) => textAt(event, 'type'),
      );
    expect(await types(reviewer)).toContain('flag.raised');
    expect((await types(owner)).filter((type) => type.startsWith('flag'))).toEqual([]);
    expect((await events('flag.raised')).map(({ audience }) => audience)).toEqual(['STAFF', 'STAFF']);
    const before = await look(owner, applicationId, 'version updatedAt');
    await raised({ applicationId, flag: 'owned-abroad', reason: 'By a holding.' });
    expect(await look(owner, applicationId, 'version updatedAt')).toEqual(before);
  });

  it('are raised once in a place, also by two at the same moment', async () => {
    const input = { applicationId, flag: 'sensitive-site', reason: 'Again.' };
    expect(await codesOf(reviewer, 'raiseFlag', input)).toEqual(['ALREADY_EXISTS']);
    await define('urgent');
    const both = [1, 2].map(() => codesOf(reviewer, 'raiseFlag', { ...input, flag: 'urgent' }));
    expect((await Promise.all(both)).flat()).toEqual(['ALREADY_EXISTS']);
  });

  it('are lowered by whoever may raise them, with a reason, once', async () => {
    await define('passing');
    const flagId = await raised({ applicationId, flag: 'passing', reason: 'For now.' });
    expect(await codesOf(await story.staff('AUDITOR'), 'lowerFlag', { flagId, reason: 'No.' })).toEqual(['FORBIDDEN']);
    expect(await codesOf(partner.owner, 'lowerFlag', { flagId, reason: 'No.' })).toEqual(['NOT_FOUND']);
    expect(await codesOf(manager, 'lowerFlag', { flagId, reason: ' ' })).toEqual(['REQUIRED']);
    const lowered = await manager.must(
      'lowerFlag',
      { flagId, reason: 'It is over.' },
      'flag { loweredReason loweredBy { name } }',
    );
    expect(valueAt(lowered, 'flag')).toMatchObject({ loweredReason: 'It is over.' });
    expect(JSON.stringify(await flagsOf(reviewer))).not.toContain('passing');
    expect(await codesOf(manager, 'lowerFlag', { flagId, reason: 'Again.' })).toEqual(['NOT_ALLOWED_NOW']);
    await raised({ applicationId, flag: 'passing', reason: 'It is back.' });
  });

  it('that expire are shown to nobody from that moment on, and are lowered by the portal soon after', async () => {
    await define('short-lived');
    const expiresAt = new Date(story.desk.clock.now().getTime() + 10 * minute).toISOString();
    const input = { applicationId, flag: 'short-lived', reason: 'For ten minutes.', expiresAt };
    const flagId = await raised(input);
    expect(JSON.stringify(await flagsOf(reviewer))).toContain(expiresAt);
    story.desk.clock.advance(10 * minute);
    expect(JSON.stringify(await flagsOf(reviewer))).not.toContain('short-lived');
    // Raised anew before the portal came by.
    const later = new Date(story.desk.clock.now().getTime() + 10 * minute).toISOString();
    const anew = await raised({ ...input, expiresAt: later });
    expect(anew).not.toBe(flagId);
    story.desk.clock.advance(10 * minute);
    await story.run('flags.expire');
    await eventually(async () => {
      const expired = (await events('flag.expired')).map(({ payload, actor_kind }) => [payload, actor_kind]);
      expect(expired).toEqual([
        [expect.stringContaining(flagId), 'PERSON'],
        [expect.stringContaining(anew), 'SYSTEM'],
      ]);
    });
    expect(await codesOf(reviewer, 'lowerFlag', { flagId: anew, reason: 'Late.' })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('are refused with what would be right', async () => {
    const refused = async (input: Fields) => {
      const { errors } = await reviewer.command('raiseFlag', { reason: 'A hunch.', flag: 'urgent', ...input });
      return errors.map(({ code, path }) => `${code} ${path.join('.')}`);
    };
    const { organizationId } = partner;
    expect(await refused({})).toEqual(['INVALID applicationId']);
    expect(await refused({ organizationId, applicationId })).toEqual(['INVALID applicationId']);
    expect(await refused({ organizationId, flag: 'unheard-of' })).toEqual(['NOT_FOUND flag']);
    const past = new Date(story.desk.clock.now().getTime() - day).toISOString();
    expect(await refused({ organizationId, expiresAt: past })).toEqual(['INVALID expiresAt']);
    const draft = await story.draft(await story.partner('Dora Draft', 'Draft Utilities'));
    expect(await refused({ applicationId: draft })).toEqual(['NOT_FOUND applicationId']);
    expect(await codesOf(manager, 'createFlagDefinition', definition({ key: 'Not A Key' }))).toEqual(['INVALID']);
    expect(await codesOf(manager, 'createFlagDefinition', definition({ key: 'urgent' }))).toEqual(['ALREADY_EXISTS']);
  });

  it('are raised no more once they are retired, and stay where they are up', async () => {
    await define('old-worry');
    await raised({ applicationId, flag: 'old-worry', reason: 'It was one.' });
    const found = await manager.ask('{ flagDefinitions { id key version } }');
    const old = listAt(found, 'flagDefinitions').find((one) => valueAt(one, 'key') === 'old-worry');
    const flagDefinitionId = textAt(old, 'id');
    const { key: _key, ...meaning } = definition({ label: 'No worry any more' });
    const change = { ...meaning, flagDefinitionId, retired: true };
    expect(await codesOf(manager, 'updateFlagDefinition', { ...change, expectedVersion: 9 })).toEqual(['CONFLICT']);
    await manager.must('updateFlagDefinition', { ...change, expectedVersion: 1 });
    const { organizationId } = partner;
    const again = { organizationId, flag: 'old-worry', reason: 'Still.' };
    expect(await codesOf(reviewer, 'raiseFlag', again)).toEqual(['NOT_ALLOWED_NOW']);
    expect(JSON.stringify(await flagsOf(reviewer))).toContain('No worry any more');
  });

  it('are not the business of whoever is recused, nor of machines', async () => {
    const recused = await story.staff('REVIEWER', 2);
    await recused.must('declareRecusal', { applicationId, reason: 'A former employer.' });
    const input = { applicationId, flag: 'urgent', reason: 'A hunch.' };
    expect(await codesOf(recused, 'raiseFlag', input)).toEqual(['FOUR_EYES']);
    const actor = { kind: 'SYSTEM', name: 'test' } as const;
    const context = { actor, requestId: 'test', ipAddress: null, idempotencyKey: null };
    const command = { ...input, applicationId: decodeId('application', applicationId), organizationId: null };
    await expect(
      story.desk.portal.doorway.execute(raiseFlag, { ...command, expiresAt: null }, context),
    ).rejects.toThrow('Only a person');
  });
});

function definition(changes: Fields): Fields {
  return { key: 'a-key', label: 'A label', colour: 'GREY', description: 'What it means.', ...changes };
}
