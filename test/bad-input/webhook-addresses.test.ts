import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/demo/portal-client.js';
import { eventually, listAt, numberAt, type Partner, Story } from '../journeys/story.js';
import { Receiver } from '../webhooks/receiver.js';
import { complaint, refused } from './bad-input-desk.js';

const notPublic = /not on the public internet \(private, loopback, link-local or reserved\)/;

describe('a webhook address that nobody outside could mean', () => {
  let story: Story;
  let partner: Partner;
  let receiver: Receiver;
  let hidden: Receiver;
  const names = new Map<string, string>();

  beforeAll(async () => {
    [receiver, hidden] = await Promise.all([Receiver.listening(), Receiver.listening()]);
    story = await Story.open({
      environment: { WEBHOOK_ALLOWED_HOSTS: receiver.host },
      portal: {
        resolveHost: async (name) => {
          const address = names.get(name);
          if (!address) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
          return address.split(' ').map((one) => ({ address: one, family: one.includes(':') ? 6 : 4 }));
        },
        webhookRetries: [],
      },
    });
    partner = await story.partner('Wim Webhook', 'Webhook Utilities');
  });
  afterAll(async () => {
    await story.close();
    await Promise.all([receiver.close(), hidden.close()]);
  });

  const create = (url: string) =>
    refused(story.desk, partner.owner, 'createWebhookEndpoint', { organizationId: partner.organizationId, url });

  it.each([
    ['loopback', 'https://127.0.0.1/'],
    ['loopback as one number', 'https://2130706433/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['private', 'https://10.0.0.8/hooks'],
    ['private, too', 'https://192.168.1.1:8443/'],
    ['link-local, where clouds keep credentials', 'https://169.254.169.254/latest/meta-data/'],
    ['IPv6 loopback', 'https://[::1]/'],
    ['IPv6 link-local', 'https://[fe80::1]/'],
    ['unique local IPv6', 'https://[fd00::1]/'],
    ['IPv4 mapped into IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['IPv4 mapped into IPv6 in hexadecimal', 'https://[::ffff:a9fe:a9fe]/'],
    ['IPv4 behind NAT64', 'https://[64:ff9b::a00:1]/'],
    ['everything', 'https://0.0.0.0/'],
  ])('is refused when it is %s', async (_what, url) => {
    expect(await create(url)).toEqual([complaint('ADDRESS_REFUSED', 'url', notPublic)]);
  });

  it.each([
    ['private', '10.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['link-local', '169.254.169.254'],
    ['IPv6 loopback', '::1'],
    ['mapped', '::ffff:10.0.0.1'],
    ['public and private', '93.184.215.14 10.0.0.1'],
  ])('is refused when it is a name that resolves to what is %s', async (_what, address) => {
    names.set('hooks.example.org', address);
    expect(await create('https://hooks.example.org/')).toEqual([complaint('ADDRESS_REFUSED', 'url', notPublic)]);
  });

  it.each([
    ['plain http', 'http://hooks.example.org/', /begins with https:\/\//],
    ['no URL', 'hooks.example.org', /not a URL/],
    ['an empty text', '', /not a URL/],
    ['another scheme', 'javascript:alert(1)', /begins with https/],
    ['a file', 'file:///etc/passwd', /begins with https/],
    ['with a password', 'https://user:password@hooks.example.org/', /no user name or password/],
    ['on another port', 'https://hooks.example.org:6379/', /port 443 or 8443, not 6379/],
    ['of 2,001 characters', `https://hooks.example.org/${'x'.repeat(1975)}`, /at most 2000 characters/],
    ['a name that resolves to nothing', 'https://nowhere.example.org/', /nowhere\.example\.org cannot be resolved/],
  ])('is refused when it is %s', async (_what, url, gist) => {
    expect(await create(url)).toEqual([complaint('ADDRESS_REFUSED', 'url', gist)]);
  });

  it('is refused as a change of an endpoint, which keeps the address it has', async () => {
    names.set('good.example.org', '93.184.215.14');
    const created = await partner.owner.must(
      'createWebhookEndpoint',
      { organizationId: partner.organizationId, url: 'https://good.example.org/' },
      'webhookEndpoint { id }',
    );
    const endpointId = textAt(created, 'webhookEndpoint', 'id');
    for (const url of ['https://127.0.0.1/', 'http://good.example.org/', '']) {
      expect(await refused(story.desk, partner.owner, 'updateWebhookEndpoint', { endpointId, url })).toMatchObject([
        { code: 'ADDRESS_REFUSED', path: 'url' },
      ]);
    }
    await partner.owner.must('removeWebhookEndpoint', { endpointId });
  });

  it.each([
    ['an event type that is none', { eventTypes: ['application.eaten'] }, 'INVALID', 'eventTypes.0', /no event type/],
    ['an event for staff', { eventTypes: ['application.recommended'] }, 'INVALID', 'eventTypes.0', /operator's own/],
    ['an event that is never sent', { eventTypes: ['api_key.created'] }, 'INVALID', 'eventTypes.0', /audit log/],
    ['a description of 201 characters', { description: 'x'.repeat(201) }, 'INVALID', 'description', /at most 200/],
  ])('is refused with %s', async (_what, changes, code, path, gist) => {
    names.set('good.example.org', '93.184.215.14');
    const input = { organizationId: partner.organizationId, url: 'https://good.example.org/', ...changes };
    expect(await refused(story.desk, partner.owner, 'createWebhookEndpoint', input)).toEqual([
      complaint(code, path, gist),
    ]);
  });

  /** What became of the trial message to an endpoint at this address. */
  async function attemptTo(url: string, after: () => void) {
    const { owner, organizationId } = partner;
    const created = await owner.must('createWebhookEndpoint', { organizationId, url }, 'webhookEndpoint { id }');
    const endpointId = textAt(created, 'webhookEndpoint', 'id');
    after();
    await owner.must('pingWebhookEndpoint', { endpointId });
    return eventually(async () => {
      const asked = await owner.ask(
        `query ($id: ID!) { webhookEndpoints(organizationId: $id) { id deliveries {
          nodes { status attemptCount attempts { statusCode failure } } } } }`,
        { id: organizationId },
      );
      const found = listAt(asked, 'webhookEndpoints').find((one) => textAt(one, 'id') === endpointId);
      const [delivery] = listAt(found, 'deliveries', 'nodes');
      expect(numberAt(delivery, 'attemptCount')).toBe(1);
      return delivery;
    });
  }

  it('is not followed to, when an endpoint redirects there', async () => {
    for (const status of [301, 307, 308]) {
      receiver.willAnswer(status, '', { location: hidden.url });
      expect(await attemptTo(receiver.url, () => {})).toMatchObject({
        status: 'FAILED',
        attempts: [{ statusCode: status, failure: expect.stringMatching(/a redirect\. Redirects are not followed/) }],
      });
    }
    expect(hidden.messages).toEqual([]);
  });

  it('is not connected to, when a name that was public resolves to it later', async () => {
    names.set('turncoat.example.org', '93.184.215.14');
    const attempt = await attemptTo('https://turncoat.example.org:8443/', () => {
      names.set('turncoat.example.org', '127.0.0.1');
    });
    expect(attempt).toMatchObject({
      status: 'FAILED',
      attempts: [{ statusCode: null, failure: expect.stringMatching(notPublic) }],
    });
    expect(hidden.messages).toEqual([]);
  });
});
