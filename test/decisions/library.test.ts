import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { codesOf, eventually, listAt, look, type Partner, Story } from '../journeys/story.js';
import { countersign, Pattern, programThat } from './deciding.js';

describe('the library of conditions and reasons for refusal', () => {
  let story: Story;
  let manager: PortalClient;
  let pattern: Pattern;
  let who: Partner;

  beforeAll(async () => {
    story = await Story.open();
    manager = await story.staff('PROGRAM_MANAGER');
    who = await story.partner('Lea Library', 'Library Works');
    pattern = await Pattern.of(story, who, story.programId);
  }, 300_000);
  afterAll(() => story.close());

  async function write(kind: 'CONDITION' | 'REFUSAL_REASON', code: string, text: string, programId?: string) {
    const input = { kind, code, title: `On ${code}`, text, ...(programId ? { programId } : {}) };
    return textAt(await manager.must('createStandardText', input, 'standardText { id }'), 'standardText', 'id');
  }

  /** Reports count by program, and copies have a program each. */
  async function toSameProgram(applicationId: string, first: string): Promise<void> {
    const [id, other] = [decodeId('application', applicationId), decodeId('application', first)];
    await sql`update application set program_id = (select program_id from application where id = ${other})
      where id = ${id}`.execute(story.desk.database.kysely());
  }

  const statements = '{ code title version text }';

  it('gives refusals their reasons in the words that held when they were proposed, own words beside them', async () => {
    const standardTextId = await write('REFUSAL_REASON', 'end-use', 'The end use is not described.');
    const own = 'Nor who will have access.';
    const applicationId = await pattern.proposed({ outcome: 'REFUSE', reasonCodes: ['end-use'], reasons: [own] });
    const reworded = { standardTextId, title: 'End use', text: 'It is not clear what the product is for.' };
    await manager.must('publishStandardTextVersion', reworded);
    await countersign(story, applicationId);

    const said = ['The end use is not described.', own];
    const written = { code: null, title: null, version: null, text: own };
    expect(await look(who.owner, applicationId, `decisions { reasons statedReasons ${statements} }`)).toEqual({
      decisions: [
        {
          reasons: said,
          statedReasons: [{ code: 'end-use', title: 'On end-use', version: 1, text: said[0] }, written],
        },
      ],
    });
    const told = await look(who.owner, applicationId, 'timeline(first: 2) { nodes { type data } }');
    // Its letter may have been written meanwhile.
    expect(listAt(told, 'timeline', 'nodes')).toContainEqual({
      type: 'application.refused',
      data: expect.objectContaining({ reasons: said, reasonCodes: ['end-use'] }),
    });
    const letter = await story.desk.mail.next(who.email, /refused/);
    expect(letter).toContain(said[0]);
    expect(letter).toContain(said[1]);

    const later = await pattern.decided({ outcome: 'REFUSE', reasonCodes: ['end-use'] });
    const seen = await look(await story.staff('AUDITOR'), later, `decisions { statedReasons ${statements} }`);
    expect(seen).toMatchObject({ decisions: [{ statedReasons: [{ version: 2, text: reworded.text }] }] });
  });

  it('gives approvals conditions, and the grant has them', async () => {
    await write('CONDITION', 'own-systems', 'The product is used on own systems only.');
    const ruling = {
      outcome: 'APPROVE_WITH_CONDITIONS',
      conditionCodes: ['own-systems'],
      conditions: ['Twelve seats.'],
    } as const;
    const applicationId = await pattern.decided(ruling);
    const conditions = ['The product is used on own systems only.', 'Twelve seats.'];
    const seen = await look(
      who.owner,
      applicationId,
      `status grant { conditions } decisions { statedConditions ${statements} }`,
    );
    expect(seen).toMatchObject({
      status: 'APPROVED_WITH_CONDITIONS',
      grant: { conditions },
      decisions: [
        {
          statedConditions: [
            { code: 'own-systems', version: 1 },
            { code: null, text: 'Twelve seats.' },
          ],
        },
      ],
    });
    const event = await look(who.owner, applicationId, 'timeline(first: 3) { nodes { type data } }');
    expect(listAt(event, 'timeline', 'nodes')).toContainEqual({
      type: 'application.approved',
      data: expect.objectContaining({ conditions, conditionCodes: ['own-systems'] }),
    });
  });

  it('refuses codes that are unknown, retired, of another program or for something else, each where it stands', async () => {
    const other = await programThat(story, 'another', {});
    await write('REFUSAL_REASON', 'of-another', 'No.', other);
    const retired = await write('REFUSAL_REASON', 'retired', 'No.');
    await write('CONDITION', 'a-condition', 'Seats.');
    await manager.must('setStandardTextInUse', { standardTextId: retired, inUse: false });
    const applicationId = await pattern.atDecision();
    const decider = await story.staff('DECIDER');
    const reasonCodes = ['nothing', 'of-another', 'retired', 'a-condition'];
    const { errors } = await decider.command('proposeDecision', { applicationId, outcome: 'REFUSE', reasonCodes });
    expect(errors.map(({ code, path, message }) => [code, path.join('.'), message])).toEqual([
      ['INVALID', 'reasonCodes.0', 'The library has no refusal reason "nothing".'],
      ['INVALID', 'reasonCodes.1', 'The refusal reason "of-another" belongs to another program.'],
      ['INVALID', 'reasonCodes.2', 'The refusal reason "retired" was retired and is not used any more.'],
      ['INVALID', 'reasonCodes.3', '"a-condition" is a condition, and a refusal reason is wanted here.'],
    ]);
    const propose = (input: object) => codesOf(decider, 'proposeDecision', { applicationId, ...input });
    expect(await propose({ outcome: 'REFUSE' })).toEqual(['REQUIRED']);
    expect(await propose({ outcome: 'APPROVE', conditionCodes: ['a-condition'] })).toEqual(['INVALID']);
    const many = Array.from({ length: 51 }, (_none, which) => `code-${which}`);
    expect(await propose({ outcome: 'REFUSE', reasonCodes: many })).toEqual(['LIMIT_REACHED']);

    await manager.must('setStandardTextInUse', { standardTextId: retired, inUse: true });
    expect(await propose({ outcome: 'APPROVE', reasonCodes: ['retired'] })).toEqual(['INVALID']);
    expect(await propose({ outcome: 'REFUSE', reasonCodes: ['retired'] })).toEqual([]);
  });

  it('is kept by program managers: each code once, each change seen first, each version for ever', async () => {
    const standardTextId = await write('CONDITION', 'kept', 'First.');
    const again = { kind: 'REFUSAL_REASON', code: 'kept', title: 'Again', text: 'Again.' };
    expect(await codesOf(manager, 'createStandardText', again)).toEqual(['ALREADY_EXISTS']);
    expect(await codesOf(manager, 'createStandardText', { ...again, code: 'Not A Code' })).toEqual(['INVALID']);
    expect(await codesOf(manager, 'createStandardText', { ...again, code: 'other', text: ' ' })).toEqual(['REQUIRED']);
    expect(await codesOf(manager, 'createStandardText', { ...again, code: 'other', text: 'x'.repeat(1001) })).toEqual([
      'INVALID',
    ]);
    const change = { standardTextId, title: 'On kept', text: 'Second.' };
    expect(await codesOf(manager, 'publishStandardTextVersion', { ...change, text: 'First.' })).toEqual(['INVALID']);
    expect(await codesOf(manager, 'publishStandardTextVersion', { ...change, expectedVersion: 7 })).toEqual([
      'CONFLICT',
    ]);
    await manager.must('publishStandardTextVersion', { ...change, expectedVersion: 1 });
    const retire = { standardTextId, inUse: false };
    await manager.must('setStandardTextInUse', retire);
    expect(await codesOf(manager, 'setStandardTextInUse', retire)).toEqual(['NOT_ALLOWED_NOW']);

    const fields = `code program { code } retiredAt current { number text publishedBy { name } } versions { number text }`;
    const find = (args: string) => `{ standardTexts(first: 50, kind: CONDITION${args}) { nodes { ${fields} } } }`;
    const auditor = await story.staff('AUDITOR');
    const inUse = listAt(await auditor.ask(find('')), 'standardTexts', 'nodes');
    expect(inUse.filter((text) => textAt(text, 'code') === 'kept')).toEqual([]);
    const all = listAt(await auditor.ask(find(', withRetired: true')), 'standardTexts', 'nodes');
    expect(all.find((text) => textAt(text, 'code') === 'kept')).toEqual({
      code: 'kept',
      program: null,
      retiredAt: expect.any(String),
      current: { number: 2, text: 'Second.', publishedBy: { name: expect.stringContaining('program manager') } },
      versions: [
        { number: 2, text: 'Second.' },
        { number: 1, text: 'First.' },
      ],
    });
  });

  it('shows staff what a program can take, and partners nothing but what they were given', async () => {
    const mine = await programThat(story, 'mine', {});
    const others = await programThat(story, 'others', {});
    await write('REFUSAL_REASON', 'mine', 'Mine.', mine);
    await write('REFUSAL_REASON', 'theirs', 'Theirs.', others);
    await write('REFUSAL_REASON', 'for-all', 'All.');
    const query = `query ($id: ID) { standardTexts(first: 50, programId: $id) { nodes { code } } }`;
    const listed = async (client: PortalClient) =>
      listAt(await client.ask(query, { id: mine }), 'standardTexts', 'nodes').map((text) => textAt(text, 'code'));
    const seen = await listed(await story.staff('DECIDER'));
    expect(seen).toEqual(expect.arrayContaining(['mine', 'for-all']));
    expect(seen).not.toContain('theirs');
    expect(await listed(who.owner)).toEqual([]);
  });

  it('is what reports count by, whatever the words were', async () => {
    const standardTextId = await write('REFUSAL_REASON', 'counted', 'In these words.');
    const first = await pattern.decided({ outcome: 'REFUSE', reasonCodes: ['counted'] });
    await manager.must('publishStandardTextVersion', { standardTextId, title: 'Counted', text: 'In other words.' });
    const ruling = { outcome: 'REFUSE', reasonCodes: ['counted'], reasons: ['In these words.'] } as const;
    await toSameProgram(await pattern.decided(ruling), first);
    const period = `period: { from: "2024-01-01T00:00:00Z", to: "2028-01-01T00:00:00Z" }`;
    const found = await manager.ask(`{ reports { refusalReasons(${period}) { code title reason refusals } } }`);
    const rows = listAt(found, 'reports', 'refusalReasons').filter((row) => /words/.test(textAt(row, 'reason')));
    expect(rows).toEqual([
      { code: 'counted', title: 'Counted', reason: 'In other words.', refusals: 2 },
      { code: null, title: null, reason: 'In these words.', refusals: 1 },
    ]);
  });

  it('is used for many applications at once, and one that cannot take a text stays as it was', async () => {
    const own = await programThat(story, 'bulky', {});
    await write('REFUSAL_REASON', 'bulky', 'Not for this.', own);
    const [able, unable] = [await story.atDecision(who, own), await pattern.atDecision()];
    const decider = await story.staff('DECIDER');
    const input = { applicationIds: [able, unable], outcome: 'REFUSE', reasonCodes: ['bulky'] };
    const started = await decider.must('proposeDecisions', input, 'operation { id }');
    const query =
      'query ($id: ID!) { bulkOperation(id: $id) { status items(first: 5) { nodes { outcome problems { path } } } } }';
    await eventually(async () => {
      const seen = await decider.ask(query, { id: textAt(started, 'operation', 'id') });
      expect(seen).toMatchObject({
        bulkOperation: {
          status: 'FINISHED',
          items: { nodes: [{ outcome: 'DONE' }, { outcome: 'REFUSED', problems: [{ path: ['reasonCodes', '0'] }] }] },
        },
      });
    });
    expect(await look(decider, unable, 'status')).toEqual({ status: 'IN_REVIEW' });
  });
});
