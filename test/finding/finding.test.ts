import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { day, look, type Partner, Story } from '../journeys/story.js';
import { idsFound, refusalOf } from './finding-desk.js';

/** A word of notes that partners must find nothing by. */
const secret = 'xylophone';

describe('applications are found', () => {
  let story: Story;
  let tide: Partner;
  let peak: Partner;
  let intake: PortalClient;
  let reviewer: PortalClient;
  let inReview: string;
  let submitted: string;
  let draft: string;
  let asked: string;

  beforeAll(async () => {
    story = await Story.open();
    tide = await story.partner('Tilda Tide', 'Tidewater Utilities');
    peak = await story.partner('Pablo Peak', 'Peak Énergie');
    intake = await story.staff('INTAKE');
    reviewer = await story.staff('REVIEWER');
    inReview = await story.inTechnicalReview(tide);
    submitted = await story.submitted(peak);
    const other = await story.partner('Dora Draft', 'Drafting Works');
    draft = await story.draft(other);
    await other.owner.must('saveDraft', { applicationId: draft, answers: { endUse: 'Zeppelin defence.' } });
    asked = await story.submitted(await story.partner('Quinn Query', 'Query Rail'));
    await intake.must('requestInformation', {
      applicationId: asked,
      questions: [{ text: 'Which turbines are meant?' }],
    });
    await reviewer.must('giveRecommendation', {
      applicationId: inReview,
      kind: 'APPROVE_WITH_CONDITIONS',
      comment: `The ${secret} is sound.`,
      conditions: ['Only with glockenspiel.'],
    });
  }, 180_000);
  afterAll(() => story.close());

  const search = (client: PortalClient, text: string) => idsFound(client, { search: text });

  describe('by words', () => {
    it.each([
      ['in the organization’s name, in any case', 'TIDEWATER', () => [inReview]],
      ['without accents', 'energie', () => [submitted]],
      ['with accents', 'Énergie peak', () => [submitted]],
      ['in answers', 'isolated copy rules', () => [asked, submitted, inReview]],
      ['of which all must be there', 'isolated tidewater', () => [inReview]],
      ['of which one is nowhere', 'tidewater peak', () => []],
      ['that are not whole', 'tidewat', () => []],
      ['by their beginning, with a star', 'tidewat*', () => [inReview]],
      ['in questions', 'turbines', () => [asked]],
      ['in the name of who started it', 'Pablo', () => [submitted]],
      ['in notes', secret, () => [inReview]],
      ['in conditions that are recommended', 'glockenspiel', () => [inReview]],
      ['of drafts never', 'zeppelin', () => []],
      ['with signs that mean something to PostgreSQL', `tidewater' & !(utilities) | "x\\`, () => []],
    ])('%s', async (_what, text, expected) => {
      expect(await search(reviewer, text)).toEqual(expected());
    });

    it('in a reference, or in the number of it', async () => {
      const reference = textAt(await look(intake, inReview, 'reference'), 'reference');
      expect(await search(intake, reference)).toEqual([inReview]);
      expect(await search(intake, reference.slice(-6))).toEqual([inReview]);
    });

    it('as they are now: what was answered before a correction is not found any more', async () => {
      const partner = await story.partner('Carla Correct', 'Correcting Ports');
      const applicationId = await story.submitted(partner);
      await intake.must('returnForCorrection', { applicationId, reason: 'Say more of the seawall.' });
      await partner.owner.must('saveDraft', {
        applicationId,
        answers: { endUse: 'Lighthouse alarms and nothing else.' },
      });
      expect(await search(intake, 'lighthouse')).toEqual([applicationId]);
      expect(await search(intake, 'seawall')).toEqual([applicationId]);
      expect(await search(intake, 'correcting isolated')).toEqual([]);
    });
  });

  describe('by partners', () => {
    it('only their own, drafts among them', async () => {
      expect(await search(tide.owner, 'isolated')).toEqual([inReview]);
      expect(await search(tide.owner, 'peak')).toEqual([]);
      expect(await search(story.desk.stranger, 'isolated')).toEqual([]);
      const dora = await story.signInAgain('dora.draft@partner.example.org');
      expect(await search(dora, 'zeppelin')).toEqual([draft]);
    });

    it('never by what staff write for each other, nor by a decision that is not final', async () => {
      expect(await search(tide.owner, secret)).toEqual([]);
      expect(await search(tide.owner, 'glockenspiel')).toEqual([]);
      const partner = await story.partner('Dina Decide', 'Deciding Mills');
      const applicationId = await story.atDecision(partner);
      const ruling = { outcome: 'REFUSE', reasons: ['Because of marzipan.'], internalNote: 'Nougat.' } as const;
      const decisionId = await story.propose(applicationId, ruling);
      expect(await search(reviewer, 'marzipan nougat')).toEqual([applicationId]);
      expect(await search(partner.owner, 'marzipan')).toEqual([]);
      await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
      expect(await search(partner.owner, 'marzipan')).toEqual([applicationId]);
      expect(await search(partner.owner, 'nougat')).toEqual([]);
    });

    it('not by what only staff know: where it waits, for whom, and until when', async () => {
      for (const filter of [
        { queues: ['technical-review'] },
        { isAssigned: false },
        { dueBefore: '2999-01-01T00:00:00Z' },
        { isOverdue: false },
      ]) {
        expect([filter, await idsFound(tide.owner, { filter })]).toEqual([filter, []]);
      }
      expect(await idsFound(tide.owner, { sort: 'DUE_FIRST' })).toEqual([]);
    });

    it('who are staff too, of their own organization as partners and of others as staff', async () => {
      const email = 'sally.staff@partner.example.org';
      const partner = await story.partner('Sally Staff', 'Sally Works');
      const applicationId = await story.inTechnicalReview(partner);
      await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: `One more ${secret}.` });
      await (await story.staff('ADMIN')).must('addStaff', { email, name: 'Sally Staff', roles: ['REVIEWER'] });
      expect(await search(reviewer, secret)).toEqual([applicationId, inReview]);
      expect(await search(partner.owner, secret)).toEqual([inReview]);
      expect(await search(partner.owner, 'sally works')).toEqual([applicationId]);
      expect(
        await idsFound(partner.owner, { filter: { organizationId: partner.organizationId, isAssigned: false } }),
      ).toEqual([]);
    });
  });

  describe('by a filter', () => {
    it.each([
      ['stages', () => ({ stageKeys: ['technical-review'], organizationId: tide.organizationId })],
      ['queues', () => ({ queues: ['technical-review'], organizationId: tide.organizationId })],
      [
        'statuses and a program',
        () => ({ statuses: ['IN_REVIEW'], programId: story.programId, organizationId: tide.organizationId }),
      ],
      [
        'when it was submitted',
        () => ({
          submittedFrom: '2020-01-01T00:00:00Z',
          submittedBefore: '2999-01-01T00:00:00Z',
          organizationId: tide.organizationId,
        }),
      ],
      [
        'when it is due',
        () => ({
          dueFrom: '2020-01-01T00:00:00Z',
          dueBefore: '2999-01-01T00:00:00Z',
          organizationId: tide.organizationId,
        }),
      ],
      ['when it changed', () => ({ updatedFrom: '2020-01-01T00:00:00Z', organizationId: tide.organizationId })],
      [
        'sector and country',
        () => ({ sectors: ['WATER_AND_WASTEWATER'], countries: ['NL'], organizationId: tide.organizationId }),
      ],
    ])('of %s', async (_what, filter) => {
      expect(await idsFound(intake, { filter: filter() })).toEqual([inReview]);
    });

    it.each([
      ['stages', { stageKeys: ['decision, "x'] }],
      ['queues', { queues: ['nowhere'] }],
      ['sectors', { sectors: ['DAMS'] }],
      ['countries', { countries: ['US'] }],
      ['when it was submitted', { submittedBefore: '2020-01-01T00:00:00Z' }],
      ['when it was decided', { decidedBefore: '2020-01-01T00:00:00Z' }],
      ['when it is due', { dueFrom: '2999-01-01T00:00:00Z' }],
      ['what is overdue', { isOverdue: true }],
    ])('of %s that there are none of', async (_what, filter) => {
      expect(await idsFound(intake, { filter })).toEqual([]);
    });

    it('of who has it in hand, of what nobody has, and of what is overdue', async () => {
      const staff = await reviewer.ask('{ viewer { person { id } } staff { id person { id } } }');
      const { viewer, staff: colleagues } = staff as {
        viewer: { person: { id: string } };
        staff: { id: string; person: { id: string } }[];
      };
      const assigneeId = colleagues.find(({ person }) => person.id === viewer.person.id)?.id ?? '';
      await intake.must('assignApplication', { applicationId: inReview, staffId: assigneeId });
      expect(await idsFound(intake, { filter: { assigneeId } })).toEqual([inReview]);
      expect(await idsFound(intake, { filter: { isAssigned: true } })).toEqual([inReview]);
      expect(await idsFound(intake, { filter: { isAssigned: false } })).not.toContain(inReview);
      expect(await idsFound(intake, { filter: { assigneeId }, search: 'tidewater' })).toEqual([inReview]);
      story.pass(60 * day);
      const later = await story.staff('INTAKE');
      expect(await idsFound(later, { filter: { isOverdue: true, assigneeId } })).toEqual([inReview]);
      expect(await idsFound(later, { filter: { isOverdue: false } })).toEqual([]);
    });
  });

  it.each([
    [{ search: ' . ' }, 'INVALID', ['search']],
    [{ search: 'ab*' }, 'INVALID', ['search']],
    [{ search: '*' }, 'INVALID', ['search']],
    [{ search: 'x'.repeat(201) }, 'INVALID', ['search']],
    [{ search: 'a b c d e f g h i j k' }, 'INVALID', ['search']],
    [{ filter: { queues: Array(51).fill('x') } }, 'LIMIT_REACHED', ['filter', 'queues']],
    [{ filter: { queues: ['x'.repeat(101)] } }, 'INVALID', ['filter', 'queues', '0']],
    [{ filter: { assigneeId: 'person_01m86bkds2ez9tvm1ywxcxst6b' } }, 'INVALID_ID', ['filter', 'assigneeId']],
  ])('not by %j, which is refused with where it is wrong', async (args, code, path) => {
    expect(await refusalOf(await story.staff('INTAKE'), args)).toEqual([[code, path]]);
  });
});
