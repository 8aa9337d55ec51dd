import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { Receiver, verified } from '../webhooks/receiver.js';
import { eventually, type Partner, refusal, Story, timelineOf } from './story.js';

/** What happens to an organization before it applies, and is told nowhere on an application's timeline. */
const staffOnly =
  /^application\.(assigned|recommended|recused|decision_proposed|countersignature_declined)$|^program\./;

describe('webhooks', () => {
  let story: Story;
  let partner: Partner;
  let other: Partner;
  const receivers = new Map<string, Receiver>();
  const secrets = new Map<string, string>();

  beforeAll(async () => {
    for (const name of ['partner', 'other', 'operator', 'picky']) receivers.set(name, await Receiver.listening());
    const hosts = [...receivers.values()].map((receiver) => receiver.host).join(',');
    story = await Story.open({ environment: { WEBHOOK_ALLOWED_HOSTS: hosts } });
    partner = await story.partner('Wanda Webhook', 'Webhook Utilities');
    other = await story.partner('Olaf Other', 'Other Utilities');
    const admin = await story.staff('ADMIN');
    await register('partner', partner.owner, { organizationId: partner.organizationId });
    await register('picky', partner.owner, {
      organizationId: partner.organizationId,
      eventTypes: ['grant.created', 'grant.activated'],
    });
    await register('other', other.owner, { organizationId: other.organizationId });
    await register('operator', admin, {});
  });
  afterAll(async () => {
    await story.close();
    for (const receiver of receivers.values()) await receiver.close();
  });

  async function register(name: string, client: Partner['owner'], input: object): Promise<void> {
    const created = await client.must('createWebhookEndpoint', { ...input, url: receiver(name).url }, 'secret');
    secrets.set(name, textAt(created, 'secret'));
  }
  function receiver(name: string): Receiver {
    const found = receivers.get(name);
    if (!found) throw new Error(`There is no receiver ${name}.`);
    return found;
  }
  /** Everything a receiver got, each message verified with its own secret, in the order in which it happened. Letters are left out, which are written when they are written. */
  function heard(name: string) {
    const messages = receiver(name).messages.map((message) => verified(message, secrets.get(name) ?? ''));
    const unique = new Map(messages.map((message) => [textAt(message, 'id'), message]));
    const inOrder = [...unique.values()].sort((one, two) => (textAt(one, 'id') < textAt(two, 'id') ? -1 : 1));
    return inOrder.filter((message) => textAt(message, 'type') !== 'document.letter_written');
  }
  const typesHeard = (name: string) => heard(name).map((message) => textAt(message, 'type'));

  it('tell an organization exactly its own events that partners may hear of, signed', async () => {
    const grantId = await story.granted(partner);
    await story.decided(other, refusal);
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });

    const grant = await partner.owner.ask('query ($id: ID!) { grant(id: $id) { applicationId } }', { id: grantId });
    const applicationId = textAt(grant, 'grant', 'applicationId');
    const told = await timelineOf(partner.owner, applicationId);
    const drafted = ['application.started', 'document.added', 'document.added', 'application.terms_accepted'];
    await eventually(() => expect(typesHeard('partner')).toEqual([...drafted, ...told]));
    for (const message of heard('partner')) {
      expect(valueAt(message, 'organization', 'id')).toBe(partner.organizationId);
      expect(message).not.toHaveProperty('sequence');
    }
    expect(JSON.stringify(heard('partner'))).not.toMatch(/DECISION_PROPOSED|recommend|recus|Staff/i);
    const events = await partner.owner.ask(
      'query ($id: ID!) { application(id: $id) { timeline(first: 100) { nodes { id type data } } } }',
      { id: applicationId },
    );
    const approved = heard('partner').find((message) => textAt(message, 'type') === 'application.approved');
    expect(valueAt(events, 'application', 'timeline', 'nodes')).toContainEqual({
      id: textAt(approved, 'id'),
      type: 'application.approved',
      data: valueAt(approved, 'data'),
    });
  });

  it('tell another organization its own, and nothing of the first', async () => {
    await eventually(() => expect(typesHeard('other').at(-1)).toBe('application.refused'));
    expect(JSON.stringify(heard('other'))).not.toContain(partner.organizationId);
    expect(heard('other').at(-1)).toMatchObject({ data: { status: 'REFUSED', reasons: refusal.reasons } });
  });

  it('tell an endpoint only the events it asks for', async () => {
    await eventually(() => expect(typesHeard('picky')).toEqual(['grant.created', 'grant.activated']));
  });

  it('tell the operator everything, in order, what only staff may know included', async () => {
    await eventually(() => {
      const everything = new Set(typesHeard('operator'));
      for (const type of [...typesHeard('partner'), ...typesHeard('other')]) expect(everything).toContain(type);
      expect([...everything].filter((type) => staffOnly.test(type)).sort()).toEqual([
        'application.decision_proposed',
        'application.recommended',
      ]);
    });
    await eventually(() => {
      const ids = heard('operator').map((message) => textAt(message, 'id'));
      for (const name of ['partner', 'other']) {
        for (const message of heard(name)) expect(ids).toContain(textAt(message, 'id'));
      }
    });
    const sequences = heard('operator').map((message) => Number(valueAt(message, 'sequence')));
    expect([...sequences].sort((one, two) => one - two)).toEqual(sequences);
  });

  it('are signed with a secret of each endpoint’s own', async () => {
    const [message] = receiver('partner').messages;
    expect(() => verified(message, secrets.get('other') ?? '')).toThrow(/signature/i);
    if (!message) throw new Error('No message was received.');
    const altered = {
      ...message,
      body: message.body.replace('PARTNER', 'partner').replace('"version":1', '"version":2'),
    };
    expect(() => verified(altered, secrets.get('partner') ?? '')).toThrow(/signature/i);
  });

  it('are sent again when a receiver was down, the same message under the same id, and each attempt is on record', async () => {
    const count = receiver('partner').messages.length;
    receiver('partner').willAnswer(503, 'Come back later.');
    const draft = await story.draft(other);
    await other.owner.must('withdrawApplication', { applicationId: draft });
    const mine = await story.draft(partner);
    await eventually(() => expect(receiver('partner').messages.length).toBeGreaterThanOrEqual(count + 2));
    const [first, second] = receiver('partner').messages.slice(count);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(verified(second, secrets.get('partner') ?? '')).toMatchObject({
      type: 'application.started',
      data: { applicationId: mine },
    });
    await eventually(async () => {
      const asked = await partner.owner.ask(
        `query ($id: ID!) { webhookEndpoints(organizationId: $id) { eventTypes deliveries(first: 1) {
          nodes { event status attempts { number statusCode failure responseExcerpt } } } } }`,
        { id: partner.organizationId },
      );
      expect(valueAt(asked, 'webhookEndpoints')).toContainEqual({
        eventTypes: [],
        deliveries: {
          nodes: [
            {
              event: 'application.started',
              status: 'DELIVERED',
              attempts: [
                {
                  number: 1,
                  statusCode: 503,
                  failure: expect.stringMatching(/503/),
                  responseExcerpt: 'Come back later.',
                },
                { number: 2, statusCode: 204, failure: null, responseExcerpt: null },
              ],
            },
          ],
        },
      });
    });
  });

  it('show their deliveries to the owner alone', async () => {
    const applicant = await story.colleague(partner, 'Ann Applicant', 'APPLICANT');
    const query = 'query ($id: ID!) { webhookEndpoints(organizationId: $id) { url deliveries { nodes { body } } } }';
    for (const client of [applicant, other.owner, await story.staff('REVIEWER')]) {
      expect(await client.ask(query, { id: partner.organizationId })).toEqual({ webhookEndpoints: [] });
    }
    const forAuditor = await (await story.staff('AUDITOR')).ask(query, { id: partner.organizationId });
    expect(valueAt(forAuditor, 'webhookEndpoints', 1, 'url')).toBeTruthy();
  });
});
