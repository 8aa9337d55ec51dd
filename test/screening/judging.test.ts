import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, eventually, listAt, look, type Partner } from '../journeys/story.js';
import { ScreeningDesk } from './screening-desk.js';

describe('screening', () => {
  let desk: ScreeningDesk;
  let count = 0;

  beforeAll(async () => {
    desk = await ScreeningDesk.open();
  });
  afterAll(() => desk.close());

  /** A partner whose name is on the list, which is otherwise the same for all tests. */
  const onList = async (): Promise<Partner> => {
    count += 1;
    const letter = String.fromCharCode(96 + count);
    const name = `Quellmark ${letter.repeat(3)}vorsen Marine`;
    await desk.list(
      [{ id: `entry-${count}`, kind: 'ORGANIZATION', name: `${name} Ltd.`, countries: ['PA'] }],
      `list-${letter}`,
    );
    return desk.story.partner(`Owner ${letter}`, name);
  };

  it('finds the organization and its members by name, alias and country, and says why', async () => {
    await desk.list([
      {
        id: 'a',
        kind: 'ORGANIZATION',
        name: 'Halcyon Tarbek Shipping',
        aliases: ['Zerwick Holding'],
        countries: ['NL'],
      },
      { id: 'b', kind: 'PERSON', name: 'SCHERBINOV, Oleg', countries: ['RU'], remarks: 'Remarks of the list.' },
      { id: 'c', kind: 'OTHER', name: 'Zerwick' },
      { id: 'd', kind: 'PERSON', name: 'Somebody Else' },
    ]);
    const partner = await desk.story.partner('Oleg Shcherbinov', 'Zerwick');
    expect(await desk.screen(partner)).toMatchObject({
      trigger: 'MANUAL',
      threshold: 85,
      lists: expect.arrayContaining([{ code: 'denied', number: 1 }]),
      subjects: [
        { kind: 'ORGANIZATION', name: 'Zerwick' },
        { kind: 'PERSON', name: 'Oleg Shcherbinov' },
      ],
      opened: 2,
    });
    const hits = await desk.hits(
      partner,
      `subjectKind organizationName person { name } listCode status match { score subjectName entry { reference names isListed remarks }
        explanation { listedName role parts { ours listed likeness } factors { factor points } } }`,
    );
    expect(hits).toEqual([
      {
        subjectKind: 'ORGANIZATION',
        organizationName: 'Zerwick',
        person: null,
        listCode: 'denied',
        status: 'OPEN',
        match: {
          score: 90,
          subjectName: 'Zerwick',
          entry: { reference: 'a', names: ['Halcyon Tarbek Shipping', 'Zerwick Holding'], isListed: true, remarks: '' },
          explanation: {
            listedName: 'Zerwick Holding',
            role: 'ALIAS',
            parts: expect.arrayContaining([{ ours: 'zerwick', listed: 'zerwick', likeness: 'SAME' }]),
            factors: expect.arrayContaining([{ factor: 'SAME_COUNTRY', points: 1 }]),
          },
        },
      },
      expect.objectContaining({
        subjectKind: 'PERSON',
        person: { name: 'Oleg Shcherbinov' },
        match: expect.objectContaining({
          entry: expect.objectContaining({ reference: 'b', remarks: 'Remarks of the list.' }),
        }),
      }),
    ]);
  });

  it('happens by itself when an application is submitted and when somebody joins', async () => {
    const partner = await desk.story.partner('Submitting Owner', 'Submitters Guild');
    await desk.story.submitted(partner);
    await eventually(async () => expect(await triggersOf(partner)).toContain('SUBMISSION'));
    await desk.story.colleague(partner, 'Oleg Scherbinov', 'VIEWER');
    await eventually(async () => {
      expect(await triggersOf(partner)).toContain('NEW_MEMBER');
      expect(await desk.hits(partner, 'person { name }')).toEqual([{ person: { name: 'Oleg Scherbinov' } }]);
    });
  });

  async function triggersOf({ organizationId }: Partner): Promise<unknown[]> {
    const found = await (await desk.story.staff('AUDITOR')).ask(
      'query ($id: ID!) { organization(id: $id) { screening { lastScreenedAt runs { nodes { trigger } } } } }',
      { id: organizationId },
    );
    return listAt(found, 'organization', 'screening', 'runs', 'nodes').map((run) => valueAt(run, 'trigger'));
  }

  it('is judged by two people: one proposes, another confirms, each with a reason', async () => {
    const partner = await onList();
    await desk.screen(partner);
    const hitId = await desk.onlyHit(partner);
    const [first, second] = [await desk.story.staff('INTAKE', 1), await desk.story.staff('REVIEWER', 2)];
    expect(await codesOf(first, 'proposeAdjudication', { hitId, verdict: 'FALSE_POSITIVE', reason: ' ' })).toEqual([
      'REQUIRED',
    ]);
    const adjudicationId = await desk.propose(hitId, 'FALSE_POSITIVE');
    expect(await desk.standing(partner)).toBe('HITS_OPEN');
    expect(await desk.hits(partner, 'status availableCommands')).toEqual([{ status: 'OPEN', availableCommands: [] }]);
    expect(await codesOf(first, 'confirmAdjudication', { hitId, adjudicationId })).toEqual(['FOUR_EYES']);
    expect(await codesOf(first, 'declineAdjudication', { hitId, adjudicationId, reason: 'x' })).toEqual(['FOUR_EYES']);
    expect(await codesOf(second, 'proposeAdjudication', { hitId, verdict: 'TRUE_MATCH', reason: 'x' })).toEqual([
      'ALREADY_EXISTS',
    ]);
    expect(await codesOf(await desk.story.staff('DECIDER'), 'confirmAdjudication', { hitId, adjudicationId })).toEqual([
      'FORBIDDEN',
    ]);

    const declined = await second.must(
      'declineAdjudication',
      { hitId, adjudicationId, reason: 'Look at the address.' },
      'hit { status adjudications { status declinedReason } }',
    );
    expect(valueAt(declined, 'hit')).toEqual({
      status: 'OPEN',
      adjudications: [{ status: 'DECLINED', declinedReason: 'Look at the address.' }],
    });
    expect(await codesOf(second, 'confirmAdjudication', { hitId, adjudicationId })).toEqual(['NOT_ALLOWED_NOW']);

    await desk.judge(hitId, 'FALSE_POSITIVE');
    expect(
      await desk.hits(partner, 'status adjudications { verdict status proposedBy { name } decidedBy { name } }'),
    ).toEqual([
      {
        status: 'FALSE_POSITIVE',
        adjudications: [
          expect.objectContaining({ status: 'DECLINED' }),
          {
            verdict: 'FALSE_POSITIVE',
            status: 'CONFIRMED',
            proposedBy: { name: expect.stringMatching(/intake/) },
            decidedBy: { name: expect.stringMatching(/reviewer/) },
          },
        ],
      },
    ]);
    expect(await desk.standing(partner)).toBe('CLEAR');
  });

  it('is judged by nobody who belongs to the organization or is recused from it', async () => {
    const partner = await onList();
    await desk.screen(partner);
    const hitId = await desk.onlyHit(partner);
    const applicationId = await desk.story.submitted(partner);
    const recused = await desk.story.staff('REVIEWER', 3);
    await recused.must('declareRecusal', { applicationId, reason: 'A former employer.' });
    const proposal = { hitId, verdict: 'FALSE_POSITIVE', reason: 'x' };
    expect(await codesOf(recused, 'proposeAdjudication', proposal)).toEqual(['FOUR_EYES']);
    const adjudicationId = await desk.propose(hitId, 'FALSE_POSITIVE');
    expect(await codesOf(recused, 'confirmAdjudication', { hitId, adjudicationId })).toEqual(['FOUR_EYES']);

    const insider = await desk.story.colleague(partner, 'Ines Insider', 'VIEWER');
    const admin = await desk.story.staff('ADMIN');
    const email = textAt(await insider.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    await admin.must('addStaff', { email, name: 'Insider', roles: ['INTAKE', 'REVIEWER'] });
    expect(await codesOf(insider, 'confirmAdjudication', { hitId, adjudicationId })).toEqual(['NOT_FOUND']);
    expect(await codesOf(insider, 'screenOrganization', { organizationId: partner.organizationId })).toEqual([
      'FOUR_EYES',
    ]);
    const seen = await insider.ask(
      'query ($id: ID!, $hit: ID!) { organization(id: $id) { screening { standing } } screeningHit(id: $hit) { id } node(id: $hit) { id } screeningHits(filter: { organizationId: $id }) { totalCount } }',
      { id: partner.organizationId, hit: hitId },
    );
    expect(seen).toEqual({
      organization: { screening: null },
      screeningHit: null,
      node: null,
      screeningHits: { totalCount: 0 },
    });
  });

  it('keeps an application from being approved while there is a hit, and from nothing else', async () => {
    const partner = await onList();
    await desk.screen(partner);
    const applicationId = await desk.story.atDecision(partner);
    const [first, second] = [await desk.story.staff('DECIDER', 1), await desk.story.staff('DECIDER', 2)];
    expect(await first.command('proposeDecision', { applicationId, outcome: 'APPROVE' })).toMatchObject({
      errors: [{ code: 'INCOMPLETE', message: expect.stringContaining('screening hits') }],
    });
    expect(await look(first, applicationId, 'availableCommands')).toMatchObject({
      availableCommands: expect.arrayContaining(['proposeDecision']),
    });

    const hitId = await desk.onlyHit(partner);
    await desk.judge(hitId, 'FALSE_POSITIVE');
    const decisionId = await desk.story.propose(applicationId, { outcome: 'APPROVE' });
    await desk.judge(hitId, 'INCONCLUSIVE');
    expect(await codesOf(second, 'countersignDecision', { applicationId, decisionId })).toEqual(['INCOMPLETE']);
    expect(await look(second, applicationId, 'availableCommands')).toEqual({
      availableCommands: [
        'assign',
        'moveToQueue',
        'claim',
        'declineToCountersign',
        'recuse',
        'sendMessage',
        'leaveUnanswered',
        'writeNote',
      ],
    });
    await desk.judge(hitId, 'TRUE_MATCH');
    expect(await codesOf(second, 'countersignDecision', { applicationId, decisionId })).toEqual(['NOT_ALLOWED_NOW']);
    await second.must('declineToCountersign', { applicationId, decisionId, reason: 'A true match.' });

    const refusalId = await desk.story.propose(applicationId, {
      outcome: 'REFUSE',
      reasons: ['It cannot be approved.'],
    });
    await second.must('countersignDecision', { applicationId, decisionId: refusalId });
  });

  it('keeps an application from being approved before its organization was screened against every list', async () => {
    const partner = await desk.story.partner('Unscreened Owner', 'Unscreened Works');
    const applicationId = await desk.story.atDecision(partner);
    await eventually(async () => expect(await desk.standing(partner)).toBe('CLEAR'));
    const decisionId = await desk.story.propose(applicationId, { outcome: 'APPROVE' });
    const organization = desk.databaseId(partner);
    await desk.forgetScreening(organization);
    const countersigner = await desk.story.staff('DECIDER', 2);
    expect(await countersigner.command('countersignDecision', { applicationId, decisionId })).toMatchObject({
      errors: [{ code: 'INCOMPLETE', message: expect.stringContaining('not screened yet') }],
    });
    await desk.screen(partner);
    await countersigner.must('countersignDecision', { applicationId, decisionId });
  });

  it('is on record, for staff and not on the partner’s timeline', async () => {
    const partner = await onList();
    await desk.screen(partner);
    const hitId = await desk.onlyHit(partner);
    await desk.judge(hitId, 'FALSE_POSITIVE');
    const log = await (await desk.story.staff('AUDITOR')).ask(
      'query ($id: ID!) { auditLog(filter: { organizationId: $id }, first: 20) { nodes { event audience command } } }',
      { id: partner.organizationId },
    );
    const records = listAt(log, 'auditLog', 'nodes');
    expect(records).toEqual(
      expect.arrayContaining([
        { event: 'screening.hit_opened', audience: 'STAFF', command: 'screening.screen' },
        { event: 'screening.completed', audience: 'STAFF', command: 'screening.screen' },
        { event: 'screening.adjudication_proposed', audience: 'STAFF', command: 'screening.proposeAdjudication' },
        { event: 'screening.adjudication_confirmed', audience: 'STAFF', command: 'screening.confirmAdjudication' },
      ]),
    );
  });
});
