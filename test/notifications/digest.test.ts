import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { digestWriting } from '../../src/notifications/digest.jobs.js';
import { smtpTransport } from '../../src/notifications/mail-transport.js';
import { Notifications } from '../../src/notifications/notifications.js';
import { randomIds } from '../../src/platform/ids.js';
import { type MailDesk, openMailDesk } from './mail-desk.js';
import { MailServer } from './mail-server.js';

const daily = { choices: { 'application.review_started': 'DAILY_DIGEST', 'application.withdrawn': 'DAILY_DIGEST' } };
const hour = 3600;

describe('the daily e-mail', () => {
  const server = new MailServer();
  let desk: MailDesk;
  let about: { applicationId: string; reference: string; status: string };

  beforeAll(async () => {
    await server.start();
    desk = await openMailDesk(smtpTransport(server.url));
    const { applicationId, reference, status } = desk.application;
    about = { applicationId, reference, status };
  });
  afterEach(async () => {
    server.mails.length = 0;
    await desk.forget();
    desk.time.now = new Date('2026-11-24T10:15:30.123Z');
  });
  afterAll(async () => {
    await desk.close();
    await server.stop();
  });

  const starts = () => desk.happens({ event: 'application.review_started', payload: { ...about, stage: 'first' } });
  const isWithdrawn = () =>
    desk.happens({ event: 'application.withdrawn', payload: { ...about, reason: null } }, desk.people.applicant);
  const toOwner = () => server.mails.filter(({ recipients }) => recipients.includes('owner@partner.example'));
  const statuses = async () => {
    const kept = await desk.kept();
    return kept.filter(({ recipient }) => recipient === 'owner@partner.example').map(({ status }) => status);
  };

  it('tells of everything that was chosen so since the last, in one letter, once, at the hour chosen', async () => {
    await desk.choose(desk.people.owner, { ...daily, hour: 8, timeZone: 'Europe/Amsterdam' });
    await starts();
    await isWithdrawn();
    expect(toOwner()).toEqual([]);
    desk.pass(20 * hour);
    await desk.digest();
    expect(toOwner()).toEqual([]);
    desk.pass(hour);
    await desk.digest();
    await desk.digest();
    expect(toOwner()).toHaveLength(1);
    const [letter] = toOwner();
    expect(letter?.email.subject).toBe('Today: 2 things that happened');
    const text = letter?.email.text ?? '';
    expect(text).toMatch(/APP-7: review started\n\nThe application APP-7 .*APP-7: withdrawn\n\n/s);
    expect(text).toContain(`https://access.example.org/?application=${about.applicationId}`);
    expect(letter?.email.html).toContain('APP-7: withdrawn</h2>');
    expect(await statuses()).toEqual(['DIGESTED', 'DIGESTED', 'SENT']);
    desk.pass(24 * hour);
    await desk.digest();
    expect(toOwner()).toHaveLength(1);
  });

  it('leaves out what somebody may not see any more or has turned off, and does not come when nothing is left', async () => {
    await desk.choose(desk.people.owner, daily);
    await desk.choose(desk.people.viewer, daily);
    await desk.choose(desk.people.reviewer, { choices: { 'application.withdrawn': 'DAILY_DIGEST' } });
    await isWithdrawn();
    await starts();
    await sql`delete from membership where user_id = ${desk.people.owner}`.execute(desk.database.kysely());
    await sql`insert into recusal (id, organization_id, application_id, user_id, reason, declared_at)
      values (${randomIds.next()}, ${desk.organizationId}, ${desk.application.id}, ${desk.people.reviewer}, 'kin',
        ${desk.time.now})`.execute(desk.database.kysely());
    await desk.choose(desk.people.viewer, {
      choices: { 'application.review_started': 'DAILY_DIGEST', 'application.withdrawn': 'NEVER' },
    });
    server.mails.length = 0;
    desk.pass(24 * hour);
    await desk.digest();
    expect(server.letters).toEqual(['viewer@partner.example: Today: APP-7: review started']);
    expect(await statuses()).toEqual(['LEFT_OUT', 'LEFT_OUT']);
    await sql`delete from recusal where user_id = ${desk.people.reviewer}`.execute(desk.database.kysely());
    await sql`insert into membership (id, organization_id, user_id, role, created_at, updated_at)
      values (${randomIds.next()}, ${desk.organizationId}, ${desk.people.owner}, 'OWNER', ${desk.time.now},
        ${desk.time.now})`.execute(desk.database.kysely());
  });

  it('is written again when it was cut off before it was written whole, and two at one moment write one', async () => {
    await desk.choose(desk.people.owner, daily);
    await starts();
    desk.pass(24 * hour);
    const { database, jobs } = desk;
    const clock = { now: () => desk.time.now };
    class Killed extends Notifications {
      override async enqueue(...given: Parameters<Notifications['enqueue']>): Promise<string> {
        await super.enqueue(...given);
        throw new Error('killed');
      }
    }
    const notifications = new Killed({ jobs, clock, ids: randomIds, sealingKey: Buffer.alloc(32) });
    const publicUrl = 'https://access.example.org';
    const job = { personId: desk.people.owner };
    const signal = new AbortController().signal;
    const cutOff = digestWriting({ database, jobs, clock, notifications, publicUrl });
    await expect(cutOff.handle(job, signal)).rejects.toThrow('killed');
    expect(await statuses()).toEqual(['WAITING']);
    const whole = digestWriting({ database, jobs, clock, notifications: desk.notifications, publicUrl });
    await Promise.all([whole.handle(job, signal), whole.handle(job, signal)]);
    await desk.jobs.drain();
    expect(toOwner().map(({ email }) => email.subject)).toEqual(['Today: APP-7: review started']);
  });

  it('is several letters when one would be too long, and loses nothing', async () => {
    await desk.choose(desk.people.owner, daily);
    const rows = Array.from({ length: 150 }, (_none, number) => ({ id: randomIds.next(), number: number + 1000 }));
    await sql`insert into notification (id, recipient, subject, status, tries, created_at, user_id, kind, number, capacity, roles,
        organization_id, body, digest_at)
      select id, 'owner@partner.example', 'Thing ' || number, 'WAITING', 0, ${desk.time.now}, ${desk.people.owner},
        'application.withdrawn', number, 'MEMBER', '{}', ${desk.organizationId}, 'It happened.', ${desk.time.now}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (id uuid, number bigint)`.execute(
      desk.database.kysely(),
    );
    await desk.digest();
    expect(server.letters).toEqual([
      'owner@partner.example: Today: 100 things that happened',
      'owner@partner.example: Today: 50 things that happened',
    ]);
  });
});
