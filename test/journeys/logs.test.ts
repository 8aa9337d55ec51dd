import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeDraft, registerOrganization, startApplication } from '../../src/demo/applying.js';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { WebhookReceiver } from '../../src/demo/receiver.js';
import { encodeId } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/logging.js';
import { bySystem, openTestPortal, type TestPortal } from '../support/portal.js';

describe('the log', () => {
  const lines: string[] = [];
  let desk: TestPortal;
  let receiver: WebhookReceiver;
  let owner: PortalClient;
  let requestId: string;
  const secrets = new Map<string, string>();

  beforeAll(async () => {
    receiver = await WebhookReceiver.open();
    const log = createLog({ level: 'trace', format: 'json' }, { write: (line) => lines.push(line) });
    desk = await openTestPortal({ environment: { WEBHOOK_ALLOWED_HOSTS: receiver.host }, portal: { log } });
    await playStory();
  });
  afterAll(async () => {
    await desk.close();
    await receiver.close();
  });

  /** A story in which every kind of secret is used, and some things go wrong. */
  async function playStory(): Promise<void> {
    owner = await desk.person('Olga Owner');
    const organizationId = await registerOrganization(owner, 'Tidewater Utilities', 'NL-1');
    const endpoint = await owner.must(
      'createWebhookEndpoint',
      { organizationId, url: receiver.url, description: '', eventTypes: [] },
      'secret',
    );
    secrets.set('webhook secret', textAt(endpoint, 'secret'));
    receiver.trust(textAt(endpoint, 'secret'));
    const key = await owner.must('createApiKey', { organizationId, name: 'Reader', scopes: ['READ'] }, 'key');
    secrets.set('API key', textAt(key, 'key'));
    await desk.stranger.as(textAt(key, 'key')).ask('{ viewer { kind } }');
    await owner.must('inviteMember', { organizationId, email: 'anton@partner.example.org', role: 'VIEWER' });
    const invitation = await desk.mail.next('anton@partner.example.org', /invite/i);
    secrets.set('invitation token', /#token=([\w-]{43})/.exec(invitation)?.[1] ?? 'missing');
    const added = await desk.portal.staff.add(
      { email: 'imogen@operator.example.org', name: 'Imogen Vale', roles: ['INTAKE'] },
      bySystem,
    );
    secrets.set('one-time password', String(added.oneTimePassword));
    const session = await desk.stranger.must(
      'signIn',
      { email: 'imogen@operator.example.org', password: String(added.oneTimePassword) },
      'token',
    );
    secrets.set('session token', textAt(session, 'token'));
    await desk.stranger.request('mutation ($input: SignInInput!) { signIn(input: $input) { errors { code } } }', {
      input: { email: 'imogen@operator.example.org', password: 'a wrong guess of mine' },
    });
    secrets.set('wrong password', 'a wrong guess of mine');
    const applicationId = await startApplication(owner, organizationId, encodeId('program', await desk.program()));
    await completeDraft(owner, applicationId);
    await owner.must('saveDraft', { applicationId, answers: { safeguards: 'Our vault stands in room 4711.' } });
    secrets.set('answer', 'room 4711');
    secrets.set('document content', '/Type/Catalog');
    secrets.set('password', 'correct horse battery staple');
    const submitted = await owner.request(
      'mutation Submit ($input: ApplicationCommandInput!) { submitApplication(input: $input) { errors { code } } }',
      { input: { applicationId } },
    );
    requestId = submitted.headers.get('x-request-id') ?? '';
    await owner.request('{ not even GraphQL');
    await receiver.hasHeard(['application.submitted']);
  }

  it('holds no password, token, secret, answer or document content, even at its most talkative', () => {
    const everything = lines.join('');
    for (const [kind, secret] of secrets)
      expect({ kind, found: everything.includes(secret) }).toEqual({ kind, found: false });
    expect(everything).not.toMatch(/whsec_|sp_live_|Bearer /);
  });

  it('tells of every request in one JSON line, with the id that its answer carried', () => {
    const told = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.operation === 'Submit');
    expect(told).toEqual([expect.objectContaining({ requestId, service: 'sallyport', time: expect.any(String) })]);
  });
});
