import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, eventually, listAt, lookAtGrant, type Partner } from '../journeys/story.js';
import { ScreeningDesk } from '../screening/screening-desk.js';

/** What would tell a partner that somebody was found, or looked for. */
const tellsOfScreening = /screen|list(ed|ing)\b|denied|sanction|match|hit\b|adjudicat|complian/i;

describe('named users of a grant', () => {
  let desk: ScreeningDesk;
  let partner: Partner;
  let grantId: string;
  let number = 0;

  beforeAll(async () => {
    desk = await ScreeningDesk.open();
    partner = await desk.story.partner('Nora Names', 'Names Utilities');
    grantId = await desk.story.granted(partner);
  }, 120_000);
  afterAll(() => desk.close());

  const user = (more: object = {}) => {
    number += 1;
    return {
      grantId,
      displayName: `Ulla User ${number}`,
      email: `ulla${number}@names.example`,
      exportStatus: 'UNRESTRICTED',
      ...more,
    };
  };
  const add = async (more: object = {}, client = partner.owner) =>
    textAt(await client.must('addNamedUser', user(more), 'namedUser { id }'), 'namedUser', 'id');
  const remove = (namedUserId: string) => partner.owner.must('removeNamedUser', { namedUserId });
  const seats = () => lookAtGrant(partner.owner, grantId, 'seats seatsUsed');
  async function users(client: PortalClient, fields = 'id', which = ''): Promise<readonly unknown[]> {
    const found = await lookAtGrant(client, grantId, `namedUsers(first: 100${which}) { nodes { ${fields} } }`);
    return found === null ? [] : listAt(found, 'namedUsers', 'nodes');
  }
  async function userAs(client: PortalClient, id: string, fields: string): Promise<unknown> {
    const found = await client.ask(`query ($id: ID!) { node(id: $id) { ... on NamedUser { ${fields} } } }`, { id });
    return valueAt(found, 'node');
  }
  async function told(event: string) {
    const auditor = await desk.story.staff('AUDITOR');
    const log = await auditor.ask(
      `{ auditLog(filter: { event: "${event}" }, first: 50) { nodes { subjectId payload } } }`,
    );
    return listAt(log, 'auditLog', 'nodes');
  }

  it('have as many seats as the application asked for, and are named, attested and removed by its partner', async () => {
    expect(await seats()).toEqual({ seats: 12, seatsUsed: 0 });
    const applicant = await desk.story.colleague(partner, 'Abel Applies', 'APPLICANT');
    const id = await add({ displayName: 'Berta Bright', email: 'Berta@Names.example' }, applicant);
    const fields = 'displayName email exportStatus isBlocked blocks { code } attestedBy { name } removedAt screenedAt';
    const shown = {
      displayName: 'Berta Bright',
      email: 'berta@names.example',
      exportStatus: 'UNRESTRICTED',
      isBlocked: false,
      blocks: [],
      attestedBy: { name: 'Abel Applies' },
      removedAt: null,
      screenedAt: null,
    };
    expect(await userAs(partner.owner, id, fields)).toEqual(shown);
    expect(await userAs(await desk.story.staff('INTAKE'), id, fields)).toEqual(shown);
    expect(await seats()).toEqual({ seats: 12, seatsUsed: 1 });
    await partner.owner.must('attestNamedUserStatus', { namedUserId: id, exportStatus: 'LICENSED' });
    expect(await userAs(partner.owner, id, 'exportStatus attestedBy { name }')).toEqual({
      exportStatus: 'LICENSED',
      attestedBy: { name: 'Nora Names' },
    });
    await remove(id);
    expect(await seats()).toEqual({ seats: 12, seatsUsed: 0 });
    expect(await users(partner.owner)).toEqual([]);
    expect(await users(partner.owner, 'id isBlocked blocks { code }', ', removed: true')).toEqual([
      { id, isBlocked: true, blocks: [{ code: 'REMOVED' }] },
    ]);
    expect(await codesOf(partner.owner, 'removeNamedUser', { namedUserId: id })).toEqual(['NOT_ALLOWED_NOW']);
    for (const [event, particulars] of [
      ['named_user.added', { exportStatus: 'UNRESTRICTED', seats: 12, seatsUsed: 1 }],
      ['named_user.status_attested', { before: 'UNRESTRICTED', exportStatus: 'LICENSED' }],
      ['named_user.removed', { seats: 12, seatsUsed: 0 }],
    ] as const) {
      const [record] = await told(event);
      expect(record).toEqual({
        subjectId: id,
        payload: expect.objectContaining({ grantId, namedUserId: id, ...particulars }),
      });
      expect(JSON.stringify(record)).not.toMatch(/berta/i);
    }
  });

  it('are nobody else’s: strangers know of none, and viewers, staff and machines name none', async () => {
    const id = await add();
    const viewer = await desk.story.colleague(partner, 'Vera Views', 'VIEWER');
    const stranger = await desk.story.partner('Sam Strange', 'Strange Utilities');
    const machine = await desk.story.provisioner();
    expect(await userAs(viewer, id, 'email')).toEqual({ email: expect.stringContaining('@') });
    expect(await userAs(machine, id, 'email')).toEqual({ email: expect.stringContaining('@') });
    expect(await userAs(stranger.owner, id, 'email')).toBeNull();
    const commands = [
      ['addNamedUser', user()],
      ['removeNamedUser', { namedUserId: id }],
      ['attestNamedUserStatus', { namedUserId: id, exportStatus: 'FOREIGN' }],
    ] as const;
    for (const [command, input] of commands) {
      expect(await codesOf(stranger.owner, command, input)).toEqual(['NOT_FOUND']);
      expect(await codesOf(desk.story.desk.stranger, command, input)).toEqual(['UNAUTHENTICATED']);
      for (const client of [viewer, machine, await desk.story.staff('PROGRAM_MANAGER')])
        expect(await codesOf(client, command, input)).toEqual(['FORBIDDEN']);
    }
    const outcome = await partner.owner.command('attestNamedUserStatus', {
      namedUserId: id,
      exportStatus: 'FOREIGN',
      expectedVersion: 7,
    });
    expect(outcome.errors).toMatchObject([{ code: 'CONFLICT', path: ['expectedVersion'] }]);
    await remove(id);
  });

  it('are refused with a name or an address that is none, and with one that is named already', async () => {
    const problems = async (more: object) => (await partner.owner.command('addNamedUser', user(more))).errors;
    expect(await problems({ displayName: ' ' })).toMatchObject([{ code: 'INVALID', path: ['displayName'] }]);
    expect(await problems({ email: 'ulla' })).toMatchObject([{ code: 'INVALID', path: ['email'] }]);
    const id = await add({ email: 'twice@names.example' });
    const again = { email: 'Twice@names.example' };
    expect(await problems(again)).toMatchObject([{ code: 'ALREADY_EXISTS', path: ['email'] }]);
    await remove(id);
    await remove(await add(again));
  });

  it('are never more than there are seats, however many are named at the same moment', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 16 }, () => codesOf(partner.owner, 'addNamedUser', user())),
    );
    expect(outcomes.filter((codes) => codes.length === 0)).toHaveLength(12);
    expect(outcomes.filter((codes) => codes.length > 0)).toEqual(Array(4).fill(['LIMIT_REACHED']));
    expect(await seats()).toEqual({ seats: 12, seatsUsed: 12 });
    const all = await users(partner.owner);
    await remove(textAt(all[0], 'id'));
    await add();
    expect(await codesOf(partner.owner, 'addNamedUser', user())).toEqual(['LIMIT_REACHED']);
    for (const one of await users(partner.owner)) await remove(textAt(one, 'id'));
  });

  it('are kept out one by one while their names are reviewed; the grant and the others go on', async () => {
    await desk.list([{ id: 'v', kind: 'PERSON', name: 'Viktor Vandermeer' }], 'list-users');
    await desk.caughtUp();
    const viktor = await add({ displayName: 'Viktor Vandermeer' });
    const other = await add({ displayName: 'Ottilie Quimby' });
    const of = (client: PortalClient, id: string) => userAs(client, id, 'isBlocked blocks { code message }');
    await eventually(async () => expect(await of(partner.owner, other)).toEqual({ isBlocked: false, blocks: [] }));
    await eventually(async () => expect(await desk.hits(partner)).toHaveLength(1));
    const held = await of(partner.owner, viktor);
    expect(held).toEqual({ isBlocked: true, blocks: [{ code: 'UNDER_REVIEW', message: expect.any(String) }] });
    expect(JSON.stringify(held)).not.toMatch(tellsOfScreening);
    expect(await desk.standing(partner)).toBe('CLEAR');
    expect(await desk.hits(partner, 'subjectKind person { id } namedUser { id displayName }')).toEqual([
      { subjectKind: 'NAMED_USER', person: null, namedUser: { id: viktor, displayName: 'Viktor Vandermeer' } },
    ]);
    expect(await told('screening.grant_affected')).toEqual([]);
    await desk.judge(await desk.onlyHit(partner), 'FALSE_POSITIVE');
    expect(await of(partner.owner, viktor)).toEqual({ isBlocked: false, blocks: [] });
    const standings = (await told('named_user.screened')).filter((record) => valueAt(record, 'subjectId') === viktor);
    expect(standings.map((record) => valueAt(record, 'payload', 'standing'))).toEqual(['CLEAR', 'HELD']);
    const seen = await partner.owner.ask('query ($id: ID!) { grant(id: $id) { applicationId } }', { id: grantId });
    const timeline = await partner.owner.ask(
      'query ($id: ID!) { application(id: $id) { timeline(first: 100) { nodes { type data } } } }',
      { id: textAt(seen, 'grant', 'applicationId') },
    );
    expect(JSON.stringify(timeline)).toContain('named_user.added');
    expect(JSON.stringify(timeline)).not.toMatch(/screened|viktor/i);
  });

  it('who are foreign persons are kept out as the directive says, and the others are not', async () => {
    const recorder = await desk.story.staff('PROGRAM_MANAGER');
    const made = await recorder.must('registerAuthority', { name: 'Bureau', jurisdiction: 'US' }, 'authority { id }');
    const now = desk.story.desk.clock.now().toISOString();
    const directive = await recorder.must(
      'recordDirective',
      {
        authorityId: textAt(made, 'authority', 'id'),
        reference: 'B-1',
        summary: 'As the letter says.',
        issuedAt: now,
        receivedAt: now,
        effectiveAt: now,
        kind: 'AUTHORIZE',
        terms: { products: ['mythos-5'], sectors: ['WATER_AND_WASTEWATER'], foreignPersons: 'LICENCE_EACH' },
      },
      'directive { id }',
    );
    const foreign = await add({ displayName: 'Fiona Frost', exportStatus: 'FOREIGN' });
    const unknown = await add({ displayName: 'Uwe Unger', exportStatus: 'UNDETERMINED' });
    const codes = async (id: string) => valueAt(await userAs(partner.owner, id, 'blocks { code }'), 'blocks');
    await eventually(async () => expect([await codes(foreign), await codes(unknown)]).toEqual([[], []]));
    await (await desk.story.staff('PROGRAM_MANAGER', 2)).must('putDirectiveInForce', {
      directiveId: textAt(directive, 'directive', 'id'),
    });
    expect(await codes(foreign)).toEqual([{ code: 'LICENCE_NEEDED' }]);
    expect(await codes(unknown)).toEqual([{ code: 'EXPORT_STATUS_UNDETERMINED' }]);
    await partner.owner.must('attestNamedUserStatus', { namedUserId: foreign, exportStatus: 'LICENSED' });
    await partner.owner.must('attestNamedUserStatus', { namedUserId: unknown, exportStatus: 'UNRESTRICTED' });
    expect([await codes(foreign), await codes(unknown)]).toEqual([[], []]);
  });

  it('are named no more once the grant has ended', async () => {
    const id = await add();
    await partner.owner.must('surrenderGrant', { grantId });
    expect(await codesOf(partner.owner, 'addNamedUser', user())).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(partner.owner, 'removeNamedUser', { namedUserId: id })).toEqual(['NOT_ALLOWED_NOW']);
  });
});
