import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { look } from '../journeys/story.js';
import { RoutingDesk, routedBy, rule } from './routing-desk.js';

const query = `query ($id: ID!, $stage: String!, $workflow: WorkflowInput) {
  routingPreview(applicationId: $id, stage: $stage, workflow: $workflow) {
    queue rule explanation flags rules { key outcome clauses { asked found holds } }
    candidates { name isFallback isChosen against inHand } } }`;

describe('a dry run of the routing', () => {
  let desk: RoutingDesk;
  let applicationId: string;
  let auditor: PortalClient;
  let first: PortalClient;
  let second: PortalClient;

  const preview = async (stage: string, workflow?: object) =>
    valueAt(await auditor.ask(query, { id: applicationId, stage, workflow }), 'routingPreview');

  beforeAll(async () => {
    desk = await RoutingDesk.open();
    auditor = await desk.story.staff('AUDITOR');
    first = await desk.story.staff('REVIEWER', 1);
    second = await desk.story.staff('REVIEWER', 2);
    await desk.defineFlag('sensitive');
    await desk.publish(rule('published', { at: ['screening'], queue: 'published' }));
    applicationId = await desk.submitted();
  }, 120_000);
  afterAll(() => desk.story.close());

  it('shows where an application would go by the rules it is under', async () => {
    expect(await preview('screening')).toEqual({
      queue: 'published',
      rule: 'published',
      explanation: 'It goes to the queue “published”, by the rule “The rule published”. The rule gives it to nobody.',
      flags: [],
      rules: [{ key: 'published', outcome: 'CHOSEN', clauses: [] }],
      candidates: [],
    });
    expect(await preview('intake')).toMatchObject({
      queue: 'intake',
      rule: null,
      explanation: 'It goes to the queue “intake”, which is the stage’s own: no rule says otherwise.',
      rules: [{ outcome: 'ELSEWHERE' }],
    });
  });

  it('shows of a draft each rule, clause by clause, and whom it would give it to and why not others', async () => {
    const [firstId, secondId] = [await desk.staffId(first), await desk.staffId(second)];
    await desk.isAway(first);
    const draft = routedBy(
      rule('dams', { when: [{ sectorIn: ['DAMS', 'ENERGY'] }], queue: 'dams' }),
      rule('flags-it', { raiseFlags: [{ flag: 'sensitive', on: 'APPLICATION' }] }),
      rule('the-one', {
        at: ['screening'],
        when: [{ flaggedWith: ['sensitive'] }, { answer: { path: ['seats'], greaterThan: 5 } }],
        reviewerIds: [firstId],
        fallbackIds: [secondId],
      }),
      rule('late', { when: [{ countryIn: ['NL'] }], queue: 'late' }),
    );
    const before = await look(auditor, applicationId, 'version flags { id } queue');
    expect(await preview('screening', draft)).toEqual({
      queue: 'screening',
      rule: 'the-one',
      explanation: expect.stringMatching(
        /^It goes to the queue “screening”, by the rule “The rule the-one”\. It is given to Staff reviewer \d+, who steps in because nobody else can take it, with 0 in hand besides\.$/,
      ),
      flags: ['sensitive'],
      rules: [
        {
          key: 'dams',
          outcome: 'NOT_MATCHED',
          clauses: [{ asked: 'The sector is DAMS or ENERGY.', found: 'WATER_AND_WASTEWATER', holds: false }],
        },
        { key: 'flags-it', outcome: 'FLAGGED', clauses: [] },
        {
          key: 'the-one',
          outcome: 'CHOSEN',
          clauses: [
            { asked: 'It is flagged with sensitive.', found: 'These flags are up: sensitive.', holds: true },
            { asked: 'The answer to seats is greater than 5.', found: '12', holds: true },
          ],
        },
        { key: 'late', outcome: 'TOO_LATE', clauses: [{ asked: 'The country is NL.', found: 'NL', holds: true }] },
      ],
      candidates: [
        {
          name: expect.any(String),
          isFallback: false,
          isChosen: false,
          against: expect.stringMatching(/is away until/),
          inHand: 0,
        },
        { name: expect.any(String), isFallback: true, isChosen: true, against: null, inHand: 0 },
      ],
    });
    expect(await look(auditor, applicationId, 'version flags { id } queue')).toEqual(before);
  });

  it('is refused for a stage that there is not, and for a workflow that could not be published', async () => {
    const problems = async (stage: string, workflow?: object) => {
      const { errors } = await auditor.request(query, { id: applicationId, stage, workflow });
      return errors.map(({ message, extensions }) => `${extensions?.code}: ${message}`);
    };
    expect(await problems('nowhere')).toEqual([
      'INVALID: There is no stage "nowhere": it is one of intake, screening, technical-review, decision.',
    ]);
    expect(await problems('screening', routedBy(rule('idle')))).toEqual([
      expect.stringMatching(/^INVALID: This rule does nothing/),
    ]);
  });

  it('is not for partners, strangers, or staff who belong to the organization', async () => {
    const partner = await desk.partner();
    const own = await desk.story.submitted(partner);
    const asked = { id: own, stage: 'screening' };
    expect(await partner.owner.ask(query, asked)).toEqual({ routingPreview: null });
    expect((await desk.story.desk.stranger.request(query, asked)).errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const admin = await desk.story.staff('ADMIN');
    await admin.must('addStaff', { email: partner.email, name: 'Rita', roles: ['REVIEWER', 'PROGRAM_MANAGER'] });
    const insider = await desk.story.signInAgain(partner.email);
    expect(await insider.ask(query, asked)).toEqual({ routingPreview: null });
    expect(await auditor.ask(query, asked)).not.toEqual({ routingPreview: null });
  });
});
