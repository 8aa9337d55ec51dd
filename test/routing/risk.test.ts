import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { codesOf, type Partner } from '../journeys/story.js';
import { RoutingDesk, routedBy, rule } from './routing-desk.js';

const query = `query ($id: ID!) { organization(id: $id) { version updatedAt risk { rating reason ratedBy { name } ratedAt } } }`;

describe('how risky an organization is', () => {
  let desk: RoutingDesk;
  let partner: Partner;
  let reviewer: PortalClient;

  beforeAll(async () => {
    desk = await RoutingDesk.open();
    partner = await desk.partner();
    reviewer = await desk.story.staff('REVIEWER', 1);
  }, 120_000);
  afterAll(() => desk.story.close());

  const seenBy = async (client: PortalClient) =>
    valueAt(await client.ask(query, { id: partner.organizationId }), 'organization');
  const rate = (rating: string, reason = 'Sanctioned neighbours.', of = partner) =>
    reviewer.must('setOrganizationRisk', { organizationId: of.organizationId, rating, reason });

  it('is not known at first, is rated by staff with a reason, and every rating is on record', async () => {
    expect(await seenBy(reviewer)).toMatchObject({
      risk: { rating: 'UNRATED', reason: null, ratedBy: null, ratedAt: null },
    });
    await rate('HIGH');
    await rate('MEDIUM', 'They moved away.');
    expect(await seenBy(await desk.story.staff('AUDITOR'))).toMatchObject({
      risk: {
        rating: 'MEDIUM',
        reason: 'They moved away.',
        ratedBy: { name: expect.stringMatching(/^Staff reviewer/) },
        ratedAt: expect.any(String),
      },
    });
    const records = await sql<{ audience: string; payload: string }>`select audience, payload from audit_record
      where event = 'organization.risk_rated' order by sequence`.execute(desk.story.desk.database.kysely());
    const told = records.rows.map(({ audience, payload }) => ({ audience, ...JSON.parse(payload) }));
    expect(told).toMatchObject([
      { audience: 'STAFF', before: 'UNRATED', rating: 'HIGH', reason: 'Sanctioned neighbours.' },
      { audience: 'STAFF', before: 'HIGH', rating: 'MEDIUM', reason: 'They moved away.' },
    ]);
  });

  it('is nothing that its members notice, whatever else they are', async () => {
    const before = await seenBy(partner.owner);
    expect(before).toMatchObject({ risk: null });
    await rate('LOW');
    expect(await seenBy(partner.owner)).toEqual(before);
    const admin = await desk.story.staff('ADMIN');
    await admin.must('addStaff', { email: partner.email, name: 'Rita', roles: ['REVIEWER'] });
    const insider = await desk.story.signInAgain(partner.email);
    expect(await seenBy(insider)).toEqual(before);
    const { organizationId } = partner;
    const input = { organizationId, rating: 'LOW', reason: 'We are fine.' };
    expect(await codesOf(insider, 'setOrganizationRisk', input)).toEqual(['FOUR_EYES']);
    const other = await desk.partner();
    expect(await codesOf(other.owner, 'setOrganizationRisk', input)).toEqual(['NOT_FOUND']);
    expect(
      await codesOf(other.owner, 'setOrganizationRisk', { ...input, organizationId: other.organizationId }),
    ).toEqual(['FORBIDDEN']);
    expect(await codesOf(reviewer, 'setOrganizationRisk', { ...input, reason: ' ' })).toEqual(['REQUIRED']);
    expect(await codesOf(reviewer, 'setOrganizationRisk', { ...input, reason: 'x'.repeat(4001) })).toEqual(['INVALID']);
    const events = await sql<{ events: number }>`select count(*)::int as events from audit_record
      where organization_id = ${decodeId('organization', organizationId)} and event = 'organization.risk_rated'
        and audience <> 'STAFF'`.execute(desk.story.desk.database.kysely());
    expect(events.rows).toEqual([{ events: 0 }]);
  });

  it('decides, as the product does, where an application goes, and the dry run says so', async () => {
    const rules = [
      rule('elsewhere', { when: [{ productIn: ['another'] }], queue: 'elsewhere' }),
      rule('risky', { when: [{ riskIn: ['HIGH', 'MEDIUM'] }, { productIn: ['mythos-5'] }], queue: 'risky' }),
    ];
    await desk.publish(...rules);
    const careful = await desk.partner();
    await rate('HIGH', 'Its owner.', careful);
    const risky = await desk.story.submitted(careful);
    expect(await desk.whereIs(risky)).toMatchObject({ queue: 'risky' });
    const usual = await desk.submitted();
    expect(await desk.whereIs(usual)).toMatchObject({ queue: 'intake' });

    const preview = `query ($id: ID!, $workflow: WorkflowInput) { routingPreview(applicationId: $id, stage: "screening",
      workflow: $workflow) { queue rules { key clauses { asked found holds } } } }`;
    expect(await reviewer.ask(preview, { id: usual, workflow: routedBy(...rules) })).toEqual({
      routingPreview: {
        queue: 'screening',
        rules: [
          { key: 'elsewhere', clauses: [{ asked: 'The product is another.', found: 'mythos-5', holds: false }] },
          {
            key: 'risky',
            clauses: [
              { asked: 'The risk is HIGH or MEDIUM.', found: 'UNRATED', holds: false },
              { asked: 'The product is mythos-5.', found: 'mythos-5', holds: true },
            ],
          },
        ],
      },
    });
  });

  it('is no condition with what no product or rating is called', async () => {
    const products = await desk.complaints({ ...rule('wrong'), when: [{ productIn: ['Mythos 5'] }], queue: 'q' });
    expect(products).toMatchObject([{ at: 'INVALID workflow.routing.0.when.0.productIn.0' }]);
    const two = await desk.complaints({
      ...rule('two'),
      when: [{ productIn: ['mythos-5'], riskIn: ['HIGH'] }],
      queue: 'q',
    });
    expect(two).toMatchObject([{ message: expect.stringContaining('and this says 2') }]);
  });
});
