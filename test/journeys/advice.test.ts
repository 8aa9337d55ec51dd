import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, listAt, look, type Partner, Story } from './story.js';

const { workflow } = sampleProgram.version;
const [screening, review, decision] = workflow.stages;
const criteria = [
  { key: 'safeguards', title: 'Safeguards', weight: 3, scale: 5 },
  { key: 'track-record', title: 'Track record', weight: 1, scale: 10 },
];
/** What the inputs leave out is what the portal takes for granted. */
const unsaid = { criteria: undefined, blind: undefined };
const scored = {
  ...workflow,
  stages: [{ ...screening, ...unsaid }, { ...review, ...unsaid, criteria }, decision],
};

const scores = (safeguards: number, record: number) => [
  { criterion: 'safeguards', score: safeguards },
  { criterion: 'track-record', score: record },
];

const advice =
  'stageAdvice { stageKey stageName isOpen isHidden given isQuorumMet quorum { role required given } tally { approve approveWithConditions refuse noOpinion } isConflicting meanScore }';
const recommendations = 'recommendations { id kind comment score supersededAt reviewer { name } }';

describe('advice at a blind stage with a scorecard', () => {
  let story: Story;
  let manager: PortalClient;
  let partner: Partner;
  let before: string;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    manager = await story.staff('PROGRAM_MANAGER');
    before = await story.inTechnicalReview(await story.partner('Bea Before', 'Before Utilities'));
    await manager.must('publishProgramWorkflow', { programId: story.programId, workflow: scored });
    partner = await story.partner('Ada Advised', 'Advised Utilities');
    applicationId = await story.inTechnicalReview(partner);
  });
  afterAll(() => story.close());

  const adviceFor = async (client: PortalClient) =>
    valueAt(await look(client, applicationId, advice), 'stageAdvice', 0);
  const seenBy = async (client: PortalClient) =>
    listAt(await look(client, applicationId, recommendations), 'recommendations').map((one) => textAt(one, 'comment'));
  const give = (client: PortalClient, input: Fields) =>
    client.must('giveRecommendation', { applicationId, comment: 'Sound.', ...input });

  it('is blind, and without a scorecard, unless its workflow says otherwise', async () => {
    const stages = await manager.ask(
      `query ($id: ID!) { program(id: $id) { currentVersion { workflow { stages { key blind criteria { key title weight scale } } } } } }`,
      { id: story.programId },
    );
    expect(listAt(stages, 'program', 'currentVersion', 'workflow', 'stages')).toEqual([
      { key: 'screening', blind: true, criteria: [] },
      { key: 'technical-review', blind: true, criteria },
      { key: 'decision', blind: true, criteria: [] },
    ]);
  });

  it('takes no scorecard that could not be filled', async () => {
    const dubious = [
      { key: 'Safe Guards', title: '', weight: 0, scale: 101 },
      { key: 'need', title: 'Need', weight: 1, scale: 5 },
      { key: 'need', title: 'Need', weight: 1, scale: 5 },
    ];
    const { errors } = await manager.command('publishProgramWorkflow', {
      programId: story.programId,
      workflow: { ...scored, stages: [{ ...screening, criteria }, { ...review, criteria: dubious }, decision] },
      dryRun: true,
    });
    expect(errors.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'INVALID workflow.stages.0.criteria',
      'INVALID workflow.stages.1.criteria.0.key',
      'INVALID workflow.stages.1.criteria.0.title',
      'INVALID workflow.stages.1.criteria.0.weight',
      'INVALID workflow.stages.1.criteria.0.scale',
      'INVALID workflow.stages.1.criteria.2.key',
    ]);
  });

  it('is refused without a score for each criterion, or with one where nothing is scored', async () => {
    const reviewer = await story.staff('REVIEWER');
    const approval = { kind: 'APPROVE', comment: 'Sound.' };
    const refusedWith = async (input: Fields) =>
      (await reviewer.command('giveRecommendation', { applicationId, ...approval, ...input })).errors;
    expect(await refusedWith({})).toMatchObject([
      {
        code: 'REQUIRED',
        path: ['scores'],
        message: expect.stringContaining('“Safeguards” (safeguards), from 0 to 5'),
      },
      { code: 'REQUIRED', path: ['scores'], message: expect.stringContaining('“Track record”') },
    ]);
    expect(await refusedWith({ scores: scores(6, 5) })).toMatchObject([
      { code: 'INVALID', path: ['scores', '0', 'score'], message: expect.stringContaining('from 0 to 5') },
    ]);
    expect(
      await codesOf(reviewer, 'giveRecommendation', { applicationId: before, ...approval, scores: scores(1, 1) }),
    ).toEqual(['INVALID', 'INVALID']);
    expect(await seenBy(manager)).toEqual([]);
    await reviewer.must('giveRecommendation', { applicationId: before, ...approval });
  });

  it('is scored by weight, out of 100', async () => {
    const first = await story.staff('REVIEWER');
    await give(first, { kind: 'APPROVE', comment: 'Well guarded.', scores: scores(4, 5) });
    const seen = await look(
      first,
      applicationId,
      'recommendations { score scores { criterion title weight scale score } }',
    );
    expect(seen?.recommendations).toEqual([
      {
        score: 72.5,
        scores: [
          { criterion: 'safeguards', title: 'Safeguards', weight: 3, scale: 5, score: 4 },
          { criterion: 'track-record', title: 'Track record', weight: 1, scale: 10, score: 5 },
        ],
      },
    ]);
  });

  it('is kept from reviewers whose own is not in: that it is there is all they are told', async () => {
    const [second, both] = [await story.staff('REVIEWER', 2), await story.desk.staff('REVIEWER', 'AUDITOR', 'DECIDER')];
    const id = textAt(await look(manager, applicationId, 'recommendations { id }'), 'recommendations', 0, 'id');
    for (const reviewer of [second, both]) {
      expect(await seenBy(reviewer)).toEqual([]);
      expect(await reviewer.ask('query ($id: ID!) { node(id: $id) { id } }', { id })).toEqual({ node: null });
      expect(await adviceFor(reviewer)).toEqual({
        stageKey: 'technical-review',
        stageName: 'Technical review',
        isOpen: true,
        isHidden: true,
        given: 1,
        isQuorumMet: false,
        quorum: [{ role: 'REVIEWER', required: 2, given: 1 }],
        tally: null,
        isConflicting: null,
        meanScore: null,
      });
      const all = await look(
        reviewer,
        applicationId,
        'timeline(first: 100) { nodes { type actor data } } stageProblems { message }',
      );
      expect(JSON.stringify(all)).toContain('application.recommended');
      expect(JSON.stringify(all)).not.toMatch(/Well guarded|72\.5|APPROVE/);
    }
    const log = await both.ask(
      'query ($id: ID!) { auditLog(filter: { applicationId: $id }, first: 100) { nodes { event payload } } }',
      { id: applicationId },
    );
    expect(JSON.stringify(log)).toContain('application.recommended');
    expect(JSON.stringify(log)).not.toMatch(/Well guarded|72\.5|APPROVE/);
  });

  it('is shown to staff who are not asked for any, and to no partner', async () => {
    for (const role of ['INTAKE', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'] as const) {
      expect([role, await seenBy(await story.staff(role))]).toEqual([role, ['Well guarded.']]);
    }
    expect(await adviceFor(manager)).toMatchObject({ isHidden: false, tally: { approve: 1 }, meanScore: 72.5 });
    expect(await look(partner.owner, applicationId, `${advice} ${recommendations}`)).toEqual({
      stageAdvice: [],
      recommendations: [],
    });
  });

  it('is shown once one’s own is in, with what conflicts', async () => {
    const second = await story.staff('REVIEWER', 2);
    await give(second, { kind: 'REFUSE', comment: 'Poorly guarded.', scores: scores(1, 2) });
    for (const reviewer of [await story.staff('REVIEWER'), second]) {
      expect(await seenBy(reviewer)).toEqual(['Well guarded.', 'Poorly guarded.']);
      expect(await adviceFor(reviewer)).toMatchObject({
        isHidden: false,
        given: 2,
        isQuorumMet: true,
        quorum: [{ role: 'REVIEWER', required: 2, given: 2 }],
        tally: { approve: 1, approveWithConditions: 0, refuse: 1, noOpinion: 0 },
        isConflicting: true,
        meanScore: 46.3,
      });
    }
  });

  it('can be changed until the stage is left, and each version is kept', async () => {
    const second = await story.staff('REVIEWER', 2);
    await give(second, {
      kind: 'APPROVE_WITH_CONDITIONS',
      conditions: ['Yearly tests.'],
      comment: 'Good enough.',
      scores: scores(3, 2),
    });
    const seen = listAt(await look(second, applicationId, recommendations), 'recommendations');
    expect(
      seen.map((one) => [textAt(one, 'comment'), valueAt(one, 'score'), valueAt(one, 'supersededAt') === null]),
    ).toEqual([
      ['Well guarded.', 72.5, true],
      ['Poorly guarded.', 20, false],
      ['Good enough.', 50, true],
    ]);
    expect(await adviceFor(second)).toMatchObject({
      given: 2,
      tally: { approve: 1, approveWithConditions: 1, refuse: 0 },
      isConflicting: false,
      meanScore: 61.3,
    });
  });

  it('needs no scores of whoever has no opinion, which counts for the quorum and not for the mean', async () => {
    const third = await story.staff('REVIEWER', 3);
    expect(await seenBy(third)).toEqual([]);
    await give(third, { kind: 'NO_OPINION', comment: 'Not my field.' });
    expect(await adviceFor(third)).toMatchObject({ given: 3, tally: { noOpinion: 1 }, meanScore: 61.3 });
  });

  it('is shown to every reviewer when the stage is over, and changes no more', async () => {
    const late = await story.staff('REVIEWER', 4);
    expect(await seenBy(late)).toEqual([]);
    await (await story.staff('REVIEWER')).must('advanceStage', { applicationId });
    expect(await seenBy(late)).toHaveLength(4);
    expect(await adviceFor(late)).toMatchObject({ isOpen: false, isHidden: false, given: 3 });
    const first = await story.staff('REVIEWER');
    expect(
      await codesOf(first, 'giveRecommendation', { applicationId, kind: 'REFUSE', comment: 'x', scores: scores(0, 0) }),
    ).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('begins anew with a corrected revision', async () => {
    const returned = await story.inTechnicalReview(await story.partner('Rae Returned', 'Returned Utilities'));
    const [first, second] = [await story.staff('REVIEWER'), await story.staff('REVIEWER', 2)];
    await first.must('giveRecommendation', {
      applicationId: returned,
      kind: 'REFUSE',
      comment: 'No.',
      scores: scores(0, 0),
    });
    await first.must('returnForCorrection', { applicationId: returned, reason: 'Sign it.' });
    expect(listAt(await look(second, returned, recommendations), 'recommendations')).toHaveLength(1);
    expect(valueAt(await look(second, returned, advice), 'stageAdvice', 0)).toMatchObject({ given: 1, isOpen: false });
  });

  it('is open among reviewers from the beginning where the stage is not blind', async () => {
    const open = { ...scored, stages: [screening, { ...review, blind: false }, decision] };
    await manager.must('publishProgramWorkflow', { programId: story.programId, workflow: open });
    const other = await story.inTechnicalReview(await story.partner('Otis Open', 'Open Utilities'));
    const [first, second] = [await story.staff('REVIEWER'), await story.staff('REVIEWER', 2)];
    await first.must('giveRecommendation', { applicationId: other, kind: 'REFUSE', comment: 'No.' });
    expect(listAt(await look(second, other, recommendations), 'recommendations')).toMatchObject([{ comment: 'No.' }]);
    expect(valueAt(await look(second, other, advice), 'stageAdvice', 0)).toMatchObject({ isHidden: false, given: 1 });
  });
});
