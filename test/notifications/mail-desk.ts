import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { Doorway } from '../../src/doorway/doorway.js';
import { eventDispatch } from '../../src/events/dispatch.js';
import type { EventDraft } from '../../src/events/recorder.js';
import type { Actor } from '../../src/lifecycle/actor.js';
import { AccountLetters } from '../../src/notifications/account-letters.js';
import { digestsDue, digestWriting } from '../../src/notifications/digest.jobs.js';
import type { MailTransport } from '../../src/notifications/mail-transport.js';
import { Notification } from '../../src/notifications/notification.entity.js';
import { notificationSending } from '../../src/notifications/notification.jobs.js';
import { NotificationSubscriber } from '../../src/notifications/notification-subscriber.js';
import { Notifications } from '../../src/notifications/notifications.js';
import { UnsubscribeLinks } from '../../src/notifications/unsubscribe-links.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { openTestDatabase } from '../support/database.js';
import { CommittedJobs } from '../webhooks/committed-jobs.js';
import { happen } from '../webhooks/webhook-desk.js';

const staffRoles = {
  intake: '{INTAKE}',
  reviewer: '{REVIEWER}',
  decider: '{DECIDER}',
  second: '{DECIDER,REVIEWER}',
  recused: '{DECIDER,INTAKE}',
  retired: '{DECIDER,INTAKE}',
  manager: '{PROGRAM_MANAGER}',
} as const;

/** A portal's mail: an application in review, the people around it, and events that happen to it. */
export async function openMailDesk(transport: MailTransport) {
  const database = await openTestDatabase();
  const kysely = database.kysely();
  const time = { now: new Date('2026-11-24T10:15:30.123Z') };
  const clock = { now: () => time.now };
  const jobs = await CommittedJobs.open(database, clock);
  const sealingKey = randomBytes(32);
  const doorway = new Doorway({ database, jobs, clock, ids: randomIds, sealingKey });
  const notifications = new Notifications({ jobs, clock, ids: randomIds, sealingKey });
  const publicUrl = 'https://access.example.org';
  const subscriber = new NotificationSubscriber({ notifications, publicUrl });
  const dispatch = eventDispatch({ database, clock, subscribers: [subscriber] });
  const from = 'Access desk <access@example.org>';
  jobs.register(dispatch);
  const links = new UnsubscribeLinks({ key: randomBytes(32), publicUrl });
  const domain = 'access.example.org';
  jobs.register(notificationSending({ database, transport, clock, sealingKey, links, from, domain }));
  const digests = { database, jobs, clock, notifications, publicUrl };
  const due = digestsDue(digests);
  jobs.register(digestWriting(digests));

  const people = {
    owner: await person('owner@partner.example'),
    applicant: await person('applicant@partner.example'),
    viewer: await person('viewer@partner.example'),
    stranger: await person('stranger@other.example'),
    intake: await person('intake@operator.example'),
    reviewer: await person('reviewer@operator.example'),
    decider: await person('decider@operator.example'),
    second: await person('second@operator.example'),
    recused: await person('recused@operator.example'),
    retired: await person('retired@operator.example'),
    manager: await person('manager@operator.example'),
  };
  const organizationId = await organization('Delta Grid B.V.', 'A-1');
  const otherOrganizationId = await organization('Somebody Else', 'B-1');
  for (const [userId, organization, role] of [
    [people.owner, organizationId, 'OWNER'],
    [people.applicant, organizationId, 'APPLICANT'],
    [people.viewer, organizationId, 'VIEWER'],
    [people.stranger, otherOrganizationId, 'OWNER'],
  ]) {
    await sql`insert into membership (id, organization_id, user_id, role, created_at, updated_at)
      values (${randomIds.next()}, ${organization}, ${userId}, ${role}, ${time.now}, ${time.now})`.execute(kysely);
  }
  const staffIds = new Map<string, string>();
  for (const [name, roles] of Object.entries(staffRoles)) {
    const id = randomIds.next();
    staffIds.set(name, id);
    await sql`insert into staff_member (id, user_id, roles, active, must_change_password, created_at, updated_at)
      values (${id}, ${Reflect.get(people, name)}, ${roles}::text::text[], ${name !== 'retired'}, false, ${time.now}, ${time.now})`.execute(
      kysely,
    );
  }
  const application = await startApplication();
  await sql`insert into recusal (id, organization_id, application_id, user_id, reason, declared_at)
    values (${randomIds.next()}, ${organizationId}, ${application.id}, ${people.recused}, 'kin', ${time.now})`.execute(
    kysely,
  );
  const questionId = randomIds.next();
  await sql`insert into information_request (id, application_id, number, status, asked_by, asked_at, due_at)
    values (${questionId}, ${application.id}, 1, 'OPEN', ${people.second}, ${time.now}, ${time.now})`.execute(kysely);
  const decisionId = randomIds.next();
  await sql`insert into decision (id, application_id, on_appeal, outcome, reasons, conditions, internal_note, status, proposed_by, proposed_at)
    values (${decisionId}, ${application.id}, false, 'APPROVE', '[]', '[]', 'a secret note', 'PROPOSED', ${people.decider}, ${time.now})`.execute(
    kysely,
  );

  return {
    people,
    staffIds,
    database,
    time,
    jobs,
    dispatch,
    notifications,
    letters: new AccountLetters({ notifications, publicUrl }),
    links,
    domain,
    organizationId,
    otherOrganizationId,
    application,
    questionId: encodeId('inforequest', questionId),
    decisionId: encodeId('decision', decisionId),
    pass: (seconds: number) => {
      time.now = new Date(time.now.getTime() + seconds * 1000);
    },

    /** Lets something happen, done by a person or by nobody, and does all jobs that follow. */
    happens: async (draft: Pick<EventDraft, 'event' | 'payload'>, by?: string) => {
      const actor: Actor = by ? personActor(by) : { kind: 'SYSTEM', name: 'test' };
      const subject = { kind: 'application', id: application.id } as const;
      const event: EventDraft = { ...draft, subject, organizationId, applicationId: application.id };
      await doorway.execute(
        happen,
        { drafts: [event] },
        { actor, requestId: 'test', ipAddress: null, idempotencyKey: null },
      );
      await jobs.drain();
    },

    /** Enqueues a message as a command would. */
    write: (recipient: string, subject: string, text: string) =>
      inTransaction(database, (em) =>
        notifications.enqueue(em, {
          kind: 'account.address_to_confirm',
          recipient,
          personId: null,
          subject,
          sections: [{ heading: null, text, link: null }],
          shown: null,
          eventId: null,
          byMail: 'AT_ONCE',
        }),
      ),

    /** Lets somebody choose, as a command would. */
    choose: async (personId: string, settings: { choices?: object; hour?: number; timeZone?: string }) => {
      const { choices = {}, hour = 8, timeZone = 'UTC' } = settings;
      await sql`insert into notification_settings (user_id, choices, digest_hour, time_zone, updated_at)
        values (${personId}, ${JSON.stringify(choices)}::jsonb, ${hour}, ${timeZone}, ${time.now})
        on conflict (user_id) do update set choices = excluded.choices, digest_hour = excluded.digest_hour,
          time_zone = excluded.time_zone`.execute(kysely);
    },

    /** Does what is due by now of daily e-mails, and sends it. */
    digest: async () => {
      await due.handle({}, new AbortController().signal);
      await jobs.drain();
    },

    kept: () => database.orm.em.fork().findAll(Notification, { orderBy: { id: 'asc' } }),
    forget: async () => {
      await sql`delete from notification`.execute(kysely);
      await sql`delete from notification_settings`.execute(kysely);
      await jobs.lose();
    },
    close: async () => {
      transport.close();
      await database.close();
    },
  };

  async function person(email: string): Promise<string> {
    const id = randomIds.next();
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${id}, ${email}, ${email}, true, ${time.now}, ${time.now})`.execute(kysely);
    return id;
  }

  async function organization(name: string, number: string): Promise<string> {
    const id = randomIds.next();
    await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
      values (${id}, ${name}, 'NL', 'ENERGY', 'https://example.org', ${number}, ${people.owner}, ${time.now}, ${time.now})`.execute(
      kysely,
    );
    return id;
  }

  async function startApplication() {
    const [programId, termsId, versionId, id] = [
      randomIds.next(),
      randomIds.next(),
      randomIds.next(),
      randomIds.next(),
    ];
    await sql`insert into product (id, code, name, stated_status, created_at, updated_at)
      values (${randomIds.next()}, 'mythos-5', 'Mythos 5', 'LIMITED', ${time.now}, ${time.now})`.execute(kysely);
    await sql`insert into program (id, code, name, summary, product_code, status, created_at, updated_at)
      values (${programId}, 'mythos', 'Mythos', 'x', 'mythos-5', 'OPEN', ${time.now}, ${time.now})`.execute(kysely);
    await sql`insert into terms_version (id, program_id, label, body, body_sha256, published_at)
      values (${termsId}, ${programId}, '1', 'x', ${'a'.repeat(64)}, ${time.now})`.execute(kysely);
    await sql`insert into program_version (id, program_id, number, questionnaire, document_requirements, workflow, terms_version_id, grant_months, published_at)
      values (${versionId}, ${programId}, 1, '{}', '[]', '{}', ${termsId}, 12, ${time.now})`.execute(kysely);
    await sql`insert into application (id, reference, organization_id, program_id, program_version_id, status, assignee_id, answers, revision, created_by, created_at, updated_at)
      values (${id}, 'APP-7', ${organizationId}, ${programId}, ${versionId}, 'IN_REVIEW', ${staffIds.get('reviewer')}, '{}', 1, ${people.owner}, ${time.now}, ${time.now})`.execute(
      kysely,
    );
    return { id, applicationId: encodeId('application', id), reference: 'APP-7', status: 'IN_REVIEW' };
  }
}

export type MailDesk = Awaited<ReturnType<typeof openMailDesk>>;

function personActor(personId: string): Actor {
  return {
    kind: 'PERSON',
    personId,
    name: 'Somebody',
    email: 'somebody@example.org',
    staffId: null,
    staffRoles: [],
    mustChangePassword: false,
    memberships: [],
  };
}
