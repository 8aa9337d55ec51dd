import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { completeDraft, registerOrganization, startApplication } from '../../src/demo/applying.js';
import { signIn, tokenIn } from '../../src/demo/people.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { UnsubscribeLinks } from '../../src/notifications/unsubscribe-links.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { deriveKey } from '../../src/platform/secrets.js';
import { eventually, listAt } from '../journeys/story.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { MailServer, type ReceivedMail } from './mail-server.js';

const email = 'una@partner.example.org';
const password = 'correct horse battery staple 42';

/** What mail programs send by themselves (RFC 8058). */
const oneClick = {
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'List-Unsubscribe=One-Click',
};

describe('turning letters off by the link in them', () => {
  const server = new MailServer();
  let desk: TestPortal;
  let owner: PortalClient;
  let organizationId: string;
  let programId: string;
  let links: UnsubscribeLinks;
  let personId: string;
  /** A program takes one application at a time. */
  let open: string | null = null;

  beforeAll(async () => {
    await server.start();
    desk = await openTestPortal({ environment: { SMTP_URL: server.url } });
    programId = encodeId('program', await desk.program());
    await desk.stranger.must('signUp', { name: 'Una', email, password }, 'sentTo');
    const asked = await letter(/Confirm your e-mail address/);
    await desk.stranger.must('verifyEmail', { token: tokenIn(asked.email.text ?? '') });
    owner = await signIn(desk.stranger, email, password);
    personId = decodeId('person', textAt(await owner.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id'));
    organizationId = await registerOrganization(owner, 'Quiet Utilities', 'NL-1');
    links = new UnsubscribeLinks({ key: deriveKey(desk.config.secretKey, 'unsubscribe links'), publicUrl: desk.url });
  }, 60_000);
  afterAll(async () => {
    await desk.close();
    await server.stop();
  });

  /** The newest letter with such a subject, once it is there. */
  const letter = (subject: RegExp) =>
    eventually((): ReceivedMail => {
      const found = server.mails.findLast((mail) => subject.test(mail.email.subject ?? ''));
      if (!found) throw new Error(`No letter is called ${subject}.`);
      return found;
    });
  const header = ({ email: { headers } }: ReceivedMail, name: string) =>
    headers.find(({ key }) => key === name)?.value ?? null;
  async function submit(): Promise<void> {
    if (open) await owner.must('withdrawApplication', { applicationId: open });
    const applicationId = await startApplication(owner, organizationId, programId);
    open = applicationId;
    await completeDraft(owner, applicationId);
    await owner.must('submitApplication', { applicationId });
  }
  async function choiceOf(kind: string): Promise<unknown> {
    const found = await owner.ask('{ inbox { settings { kinds { name choice } } } }');
    const kinds = listAt(found, 'inbox', 'settings', 'kinds');
    return valueAt(
      kinds.find((one) => valueAt(one, 'name') === kind),
      'choice',
    );
  }
  const told = async () =>
    listAt(await owner.ask('{ inbox { notifications { nodes { kind } } } }'), 'inbox', 'notifications', 'nodes');

  it('is offered where that can be, in the way of RFC 8058, and not for what must be read', async () => {
    await submit();
    const received = await letter(/application received/);
    const link = links.url({ personId, kind: 'application.submitted' });
    expect(header(received, 'list-unsubscribe')).toBe(`<${link}>`);
    expect(header(received, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(received.email.text).toContain(link);
    expect(received.email.html).toContain(`<a href="${link}">`);
    const mandatory = await letter(/Confirm your e-mail address/);
    expect(header(mandatory, 'list-unsubscribe')).toBeNull();
    expect(mandatory.email.html).toContain('/verify-email#token=');
  }, 60_000);

  it('is asked about by a page, which turns nothing off, because scanners of mail follow links', async () => {
    const page = await fetch(links.url({ personId, kind: 'application.submitted' }));
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/);
    const text = await page.text();
    expect(text).toContain('<form method="post">');
    expect(text).toContain('The application, or a corrected revision, was submitted.');
    expect(text).not.toContain(email);
    expect(await choiceOf('application.submitted')).toBe('AT_ONCE');
  });

  it('is done by one request of a mail program, as often as it likes, and is on record once', async () => {
    const link = links.url({ personId, kind: 'application.submitted' });
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    for (const request of [oneClick, oneClick, { method: 'POST', body: form }]) {
      const done = await fetch(link, request);
      expect(done.status).toBe(200);
      expect(await done.text()).toContain('These e-mails are turned off');
    }
    expect(await choiceOf('application.submitted')).toBe('NEVER');
    const { rows } = await sql<{ actor_kind: string; actor_role: string; payload: string }>`
      select actor_kind, actor_role, payload from audit_record where event = 'person.notifications_chosen'`.execute(
      desk.database.kysely(),
    );
    expect(rows).toMatchObject([{ actor_kind: 'SYSTEM', actor_role: 'unsubscribe link' }]);
    expect(rows[0]?.payload).toContain('application.submitted: NEVER');

    const [letters, shown] = [server.mails.length, (await told()).length];
    await submit();
    await eventually(async () => expect(await told()).toHaveLength(shown + 1));
    expect(server.mails).toHaveLength(letters);
  }, 60_000);

  it('turns off everything in the daily e-mail that can be, by the link in that', async () => {
    const choices = ['application.withdrawn', 'application.refused'].map((kind) => ({ kind, choice: 'DAILY_DIGEST' }));
    await owner.must('chooseNotifications', { choices });
    expect((await fetch(links.url({ personId, kind: 'digest' }), oneClick)).status).toBe(200);
    expect(await choiceOf('application.withdrawn')).toBe('NEVER');
    expect(await choiceOf('application.refused')).toBe('DAILY_DIGEST');
  });

  it('is refused for what must be read, and what is no link of the portal’s', async () => {
    const mandatory = await fetch(links.url({ personId, kind: 'application.refused' }), oneClick);
    expect([mandatory.status, await mandatory.text()]).toEqual([409, expect.stringContaining('cannot be turned off')]);
    const link = links.url({ personId, kind: 'grant.activated' });
    const other = new UnsubscribeLinks({ key: deriveKey(desk.config.secretKey, 'mail'), publicUrl: desk.url });
    for (const wrong of [
      link.slice(0, -1),
      link.replace('grant.activated', 'grant.created'),
      link.replace(encodeId('person', personId), encodeId('person', randomIds.next())),
      `${desk.url}/unsubscribe/x`,
      other.url({ personId, kind: 'grant.activated' }),
    ]) {
      expect((await fetch(wrong)).status).toBe(404);
      expect((await fetch(wrong, oneClick)).status).toBe(404);
    }
    expect(await choiceOf('grant.activated')).toBe('AT_ONCE');
    const nobody = links.url({ personId: randomIds.next(), kind: 'grant.activated' });
    expect((await fetch(nobody, oneClick)).status).toBe(404);
    const large = await fetch(link, { ...oneClick, body: 'x'.repeat(5000) });
    expect(large.status).toBe(413);
  });

  it('is slowed down for a person whose links are used over and over', async () => {
    const link = links.url({ personId, kind: 'grant.deprovisioned' });
    const statuses: number[] = [];
    for (let number = 0; number < 62; number += 1) statuses.push((await fetch(link, oneClick)).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
  }, 60_000);
});
