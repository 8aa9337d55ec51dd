import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { eventually, type Partner } from '../journeys/story.js';
import { everythingOf, queriesForEverything } from '../properties/whole-view.js';
import { ScreeningDesk } from './screening-desk.js';

const nobodyListens = '127.0.0.1:9';

describe('a partner', () => {
  let desk: ScreeningDesk;
  let partner: Partner;
  let applicationId: string;
  let hitId: string;
  const onlookers = new Map<string, PortalClient>();
  let before: Map<string, string>;

  beforeAll(async () => {
    desk = await ScreeningDesk.open({ environment: { WEBHOOK_ALLOWED_HOSTS: nobodyListens } });
    const { story } = desk;
    partner = await story.partner('Olive Onlooker', 'Sorrelby Pipelines');
    const { owner, organizationId } = partner;
    const admin = await story.staff('ADMIN');
    onlookers.set('owner', owner);
    onlookers.set('applicant', await story.colleague(partner, 'Anton Applicant', 'APPLICANT'));
    onlookers.set('viewer', await story.colleague(partner, 'Viola Viewer', 'VIEWER'));
    const insider = await story.colleague(partner, 'Ines Insider', 'OWNER');
    const email = textAt(await insider.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    await admin.must('addStaff', {
      email,
      name: 'Ines Insider',
      roles: ['INTAKE', 'REVIEWER', 'DECIDER', 'AUDITOR', 'PROGRAM_MANAGER'],
    });
    onlookers.set('staff who belong to the organization', insider);
    const key = await owner.must('createApiKey', { organizationId, name: 'A machine', scopes: ['READ'] }, 'key');
    onlookers.set('machine', story.desk.stranger.as(textAt(key, 'key')));
    const endpoint = { url: `http://${nobodyListens}/`, description: '', eventTypes: [] };
    await owner.must('createWebhookEndpoint', { ...endpoint, organizationId });
    await admin.must('createWebhookEndpoint', endpoint);

    await story.granted(partner);
    applicationId = await story.atDecision(partner);
    await story.propose(applicationId, { outcome: 'APPROVE' });
    const filler = { id: 'f', kind: 'ORGANIZATION', name: 'Umberfall Freight' } as const;
    await desk.list([filler]);
    before = await everythingSeen();
    await desk.list([filler, { id: 'x', kind: 'ORGANIZATION', name: 'Sorrelby Pipelines Ltd' }]);
    await desk.screen(partner);
    hitId = await desk.onlyHit(partner);
  }, 180_000);
  afterAll(() => desk.close());

  /** All that there is to know about the application and around it, as each of them is told. */
  async function everythingSeen(): Promise<Map<string, string>> {
    const queries = await queriesForEverything(await desk.story.staff('REVIEWER'));
    const around = `{ viewer { person { id } } myMemberships { role }
      organizations { totalCount nodes { legalName updatedAt version screening { standing } } }
      applications { totalCount nodes { status updatedAt version availableCommands } }
      grants { totalCount nodes { status updatedAt version availableCommands isUsable statusReason } }
      screeningHits { totalCount } screeningLists { code } }`;
    const seen = new Map<string, string>();
    for (const [name, client] of onlookers) {
      const answers = [await everythingOf(client, queries, applicationId), await client.ask(around)];
      // Links to documents are made anew each time.
      seen.set(name, JSON.stringify(answers).replaceAll(/"downloadUrl":"[^"]*"|"\w+Seconds":\d+/g, ''));
    }
    return seen;
  }

  it.each(['OPEN', 'INCONCLUSIVE', 'TRUE_MATCH', 'FALSE_POSITIVE'])(
    'is told the same as before, to the letter, while there is a hit that stands %s',
    async (status) => {
      if (status !== 'OPEN') await desk.judge(hitId, status);
      const after = await everythingSeen();
      const differences = [...after].map(([name, answer]) => [name, differenceOf(before.get(name) ?? '', answer)]);
      expect(differences.filter(([, difference]) => difference !== null)).toEqual([]);
    },
  );

  it('finds no hit by any id, and is refused in the same words as for one that there is not', async () => {
    const absent = encodeId('screeninghit', randomIds.next());
    const query = 'query ($id: ID!) { screeningHit(id: $id) { id } node(id: $id) { id } }';
    for (const client of onlookers.values()) {
      expect(await client.ask(query, { id: hitId })).toEqual({ screeningHit: null, node: null });
      const refused = async (id: string) =>
        client.request(
          'mutation ($input: ProposeAdjudicationInput!) { proposeAdjudication(input: $input) { errors { code message path } } }',
          { input: { hitId: id, verdict: 'FALSE_POSITIVE', reason: 'x' } },
        );
      const [there, notThere] = [await refused(hitId), await refused(absent)];
      expect(there.data).toEqual(notThere.data);
      expect(there.errors).toEqual(notThere.errors);
    }
  });

  it('hears of it neither by webhook nor by letter, and the operator does', async () => {
    const partnersOwn = decodeId('organization', partner.organizationId);
    await eventually(async () => {
      const told = await sql<{ own: number; operators: number }>`select
          (count(*) filter (where e.organization_id = ${partnersOwn}))::int as own,
          (count(*) filter (where e.organization_id is null))::int as operators
        from webhook_delivery as d join webhook_endpoint as e on e.id = d.endpoint_id where d.event like 'screening.%'`.execute(
        desk.story.desk.database.kysely(),
      );
      expect(told.rows[0]?.operators).toBeGreaterThan(0);
      expect(told.rows[0]?.own).toBe(0);
    });
    const letters = await sql<{ recipient: string }>`select n.recipient from notification as n
      join audit_record as r on r.id = n.event_id where r.event like 'screening.%'`.execute(
      desk.story.desk.database.kysely(),
    );
    expect(letters.rows.length).toBeGreaterThan(0);
    for (const { recipient } of letters.rows) expect(recipient).toMatch(/@operator\.example\.org$/);
  });
});

/** Where two long texts first differ, with a little of what is around; null when they do not. */
function differenceOf(one: string, other: string): readonly string[] | null {
  if (one === other) return null;
  const at = [...one].findIndex((letter, place) => letter !== other[place]);
  return [one, other].map((text) => text.slice(Math.max(0, at - 80), at + 80));
}
