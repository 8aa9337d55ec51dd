import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { listAt, type Partner } from '../journeys/story.js';
import type { WrittenEntry } from './list-files.js';
import { ScreeningDesk } from './screening-desk.js';

const filler: readonly WrittenEntry[] = ['Umberfall', 'Norwhistle', 'Pellandine'].map((name, place) => ({
  id: `filler-${place}`,
  kind: 'ORGANIZATION',
  name: `${name} Freight`,
}));

describe('a new version of a list', () => {
  let desk: ScreeningDesk;
  let count = 0;

  beforeAll(async () => {
    desk = await ScreeningDesk.open();
  });
  afterAll(() => desk.close());

  /** A partner with a hit, on a list of its own, that was judged. */
  async function judged(
    verdict: string,
  ): Promise<{ partner: Partner; code: string; entry: WrittenEntry; hitId: string }> {
    count += 1;
    const letters = String.fromCharCode(96 + count).repeat(4);
    const [name, code] = [`Harrowgate ${letters} Marine`, `list-${letters}`];
    const entry: WrittenEntry = {
      id: 'the-entry',
      kind: 'ORGANIZATION',
      name,
      countries: ['NL'],
      remarks: 'As before.',
    };
    await desk.list([entry, ...filler], code);
    const partner = await desk.story.partner(`Owner ${letters}`, name);
    await desk.screen(partner);
    const hitId = await desk.onlyHit(partner);
    if (verdict !== 'OPEN') await desk.judge(hitId, verdict);
    return { partner, code, entry, hitId };
  }

  it('has everybody screened again, and leaves judged what has not changed', async () => {
    const { partner, code, entry } = await judged('FALSE_POSITIVE');
    const result = await desk.list([{ ...entry, remarks: 'Other remarks.' }, ...filler.slice(1)], code);
    expect(result).toEqual({ number: 2, counts: { entries: 3, added: 0, changed: 1, removed: 1 } });
    await desk.caughtUp();
    expect(await desk.hits(partner, 'status matches { score }')).toEqual([
      { status: 'FALSE_POSITIVE', matches: [{ score: expect.any(Number) }] },
    ]);
    expect(await desk.standing(partner)).toBe('CLEAR');
    expect(await lastRunOf(partner)).toMatchObject({ trigger: 'CATCH_UP', opened: 0, reopened: 0 });
  });

  it.each(['FALSE_POSITIVE', 'INCONCLUSIVE'])(
    'reopens what was judged %s when names, aliases or countries of the entry changed',
    async (verdict) => {
      const { partner, code, entry, hitId } = await judged(verdict);
      await desk.list([{ ...entry, aliases: ['Harrowgate Chartering'] }, ...filler], code);
      await desk.caughtUp();
      expect(
        await desk.hits(partner, 'id status matches { entry { names isListed } } adjudications { verdict status }'),
      ).toEqual([
        {
          id: hitId,
          status: 'OPEN',
          matches: [
            { entry: { names: [entry.name], isListed: false } },
            { entry: { names: [entry.name, 'Harrowgate Chartering'], isListed: true } },
          ],
          adjudications: [{ verdict, status: 'CONFIRMED' }],
        },
      ]);
      expect(await lastRunOf(partner)).toMatchObject({ reopened: 1 });
    },
  );

  it('leaves a true match one, whatever the list says, until two people say otherwise', async () => {
    const { partner, code, hitId } = await judged('TRUE_MATCH');
    await desk.list(filler, code);
    await desk.caughtUp();
    expect(await desk.hits(partner, 'status match { entry { isListed } }')).toEqual([
      { status: 'TRUE_MATCH', match: { entry: { isListed: false } } },
    ]);
    await desk.judge(hitId, 'FALSE_POSITIVE');
    expect(await desk.standing(partner)).toBe('CLEAR');
  });

  it('closes by itself a hit that nobody has judged and that it no longer bears out, and opens it when it does again', async () => {
    const { partner, code, entry, hitId } = await judged('OPEN');
    const adjudicationId = await desk.propose(hitId, 'TRUE_MATCH');
    await desk.list([{ ...entry, name: 'Something Else Entirely' }, ...filler], code);
    await desk.caughtUp();
    expect(await desk.hits(partner, 'status adjudications { id status }')).toEqual([
      { status: 'LAPSED', adjudications: [{ id: adjudicationId, status: 'LAPSED' }] },
    ]);
    expect(await desk.standing(partner)).toBe('CLEAR');
    await desk.list([entry, ...filler], code);
    await desk.caughtUp();
    expect(await desk.hits(partner, 'id status')).toEqual([{ id: hitId, status: 'OPEN' }]);
  });

  it('that names somebody new opens a hit, and no second one when they are screened again', async () => {
    const { partner, code, entry } = await judged('FALSE_POSITIVE');
    await desk.list([entry, { ...entry, id: 'another-entry' }, ...filler], code);
    await desk.caughtUp();
    await desk.screen(partner);
    await desk.screen(partner);
    expect(await desk.hits(partner, 'status match { entry { reference } }')).toEqual([
      { status: 'FALSE_POSITIVE', match: { entry: { reference: 'the-entry' } } },
      { status: 'OPEN', match: { entry: { reference: 'another-entry' } } },
    ]);
  });

  it('does not change what a run says that it was against', async () => {
    const { partner, code, entry } = await judged('FALSE_POSITIVE');
    await desk.list([entry, ...filler.slice(1)], code);
    await desk.caughtUp();
    const versions = (await runsOf(partner)).map((run) =>
      listAt(run, 'lists').find((list) => valueAt(list, 'code') === code),
    );
    expect(versions).toEqual(
      expect.arrayContaining([
        { code, number: 2 },
        { code, number: 1 },
      ]),
    );
  });

  it('comes to nothing when it is the file that is in force already', async () => {
    const { code, entry } = await judged('FALSE_POSITIVE');
    expect(await desk.list([entry, ...filler], code)).toEqual({ number: 1, counts: null });
  });

  it('is shown to staff with its file, and to nobody else', async () => {
    const { code, partner } = await judged('FALSE_POSITIVE');
    const query =
      '{ screeningLists { code format currentVersion { number status entries sha256 fileName } versions { number status } } }';
    const seen = listAt(await (await desk.story.staff('DECIDER')).ask(query), 'screeningLists');
    expect(seen).toContainEqual({
      code,
      format: 'CSL',
      currentVersion: {
        number: 1,
        status: 'IN_FORCE',
        entries: 4,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        fileName: 'list.csv',
      },
      versions: [{ number: 1, status: 'IN_FORCE' }],
    });
    expect(await partner.owner.ask(query)).toEqual({ screeningLists: [] });
    expect(await desk.story.desk.stranger.ask(query)).toEqual({ screeningLists: [] });
  });

  async function runsOf({ organizationId }: Partner): Promise<readonly unknown[]> {
    const found = await (await desk.story.staff('AUDITOR')).ask(
      'query ($id: ID!) { organization(id: $id) { screening { runs { nodes { trigger opened reopened lapsed lists { code number } } } } } }',
      { id: organizationId },
    );
    return listAt(found, 'organization', 'screening', 'runs', 'nodes');
  }

  async function lastRunOf(partner: Partner): Promise<unknown> {
    return (await runsOf(partner))[0];
  }
});

describe('what was found of a person', () => {
  let desk: ScreeningDesk;

  beforeAll(async () => {
    desk = await ScreeningDesk.open();
    await desk.list([{ id: 'p', kind: 'PERSON', name: 'Paula Quellenhofer' }, ...filler]);
  });
  afterAll(() => desk.close());

  it('to be of no concern in one organization holds in the next, until it is judged otherwise', async () => {
    const first = await desk.story.partner('Paula Quellenhofer', 'First Guild');
    await desk.screen(first);
    const hitId = await desk.onlyHit(first);
    await desk.judge(hitId, 'FALSE_POSITIVE');

    const created = await first.owner.must(
      'createOrganization',
      {
        legalName: 'Second Guild',
        country: 'NL',
        sector: 'ENERGY',
        website: 'https://www.example.org',
        registrationNumber: 'NL-2',
      },
      'organization { id }',
    );
    const second = { ...first, organizationId: textAt(created, 'organization', 'id') };
    expect(await desk.screen(second)).toMatchObject({ opened: 0, carriedOver: 1 });
    expect(await desk.hits(second, 'status carriedFromHitId')).toEqual([
      { status: 'FALSE_POSITIVE', carriedFromHitId: hitId },
    ]);

    await desk.judge(hitId, 'TRUE_MATCH');
    expect(await desk.hits(second, 'status carriedFromHitId')).toEqual([{ status: 'OPEN', carriedFromHitId: null }]);
  });

  it('stays to be judged when the person is removed, because nothing that a partner does judges a hit', async () => {
    const partner = await desk.story.partner('Third Owner', 'Third Guild');
    const paula = await desk.story.colleague(partner, 'Paola Quellenhofer', 'VIEWER');
    await desk.screen(partner);
    const personId = textAt(await paula.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
    const { organizationId } = partner;
    await partner.owner.must('removeMember', { organizationId, personId });
    expect(await desk.screen(partner)).toMatchObject({ lapsed: 0 });
    expect(await desk.hits(partner, 'status')).toEqual([{ status: 'OPEN' }]);
  });
});
