import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { codesOf, eventually, listAt, numberAt, type Partner, Story } from '../journeys/story.js';

const inboxFields = `unreadCount notifications(first: 100, unread: $unread) { nodes { id kind title body readAt application { reference }
  organization { legalName } } pageInfo { hasNextPage } }`;
const inboxQuery = `query ($unread: Boolean) { inbox { ${inboxFields} } }`;
const kindsQuery = `{ inbox { settings { digestHour timeZone
  kinds { name description default choice choices canBeTurnedOff mandatoryBecause } } } }`;

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly readAt: string | null;
}

describe('the notifications of a person', () => {
  let story: Story;
  let partner: Partner;
  let intake: PortalClient;
  /** The partner's open application; a program takes one at a time. */
  let open: string | null = null;
  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Ina Inbox', 'Inbox Utilities');
    intake = await story.staff('INTAKE');
  }, 60_000);
  afterAll(() => story.close());

  async function inbox(client: PortalClient, unread: boolean | null = null) {
    const found = await client.ask(inboxQuery, { unread });
    return {
      unreadCount: numberAt(found, 'inbox', 'unreadCount'),
      told: listAt(found, 'inbox', 'notifications', 'nodes') as readonly Told[],
    };
  }
  /** What somebody was told of kinds that begin so, newest first. */
  async function kinds(client: PortalClient, of: string): Promise<readonly string[]> {
    return (await inbox(client)).told.map(({ kind }) => kind).filter((kind) => kind.startsWith(of));
  }
  async function submit(): Promise<string> {
    if (open) await partner.owner.must('withdrawApplication', { applicationId: open });
    open = await story.submitted(partner);
    return open;
  }
  const personOf = async (client: PortalClient) =>
    textAt(await client.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
  const choose = (client: PortalClient, input: Fields) =>
    client.must('chooseNotifications', input, 'inbox { unreadCount }');
  async function mailsTo(email: string): Promise<readonly string[]> {
    const { rows } = await sql<{ kind: string; status: string }>`select kind, status from notification
      where recipient = ${email} and event_id is not null order by id`.execute(story.desk.database.kysely());
    return rows.map(({ kind, status }) => `${kind} ${status}`);
  }

  it('are listed newest first, with what they are about, and are nobody else’s', async () => {
    await intake.must('startReview', { applicationId: await submit() });
    await eventually(async () =>
      expect(await kinds(partner.owner, 'application')).toEqual([
        'application.review_started',
        'application.submitted',
      ]),
    );
    const { unreadCount, told } = await inbox(partner.owner);
    expect(unreadCount).toBe(2);
    expect(told[1]).toMatchObject({
      title: expect.stringMatching(/: application received$/),
      body: expect.stringContaining('of Inbox Utilities was received'),
      readAt: null,
      application: { reference: expect.any(String) },
      organization: { legalName: 'Inbox Utilities' },
    });
    expect(await kinds(intake, 'application')).toEqual(['application.submitted']);
    const [mine] = told;
    const stranger = await story.desk.person('Stan Stranger');
    const node = 'query ($id: ID!) { node(id: $id) { ... on Notification { title } } }';
    expect(await partner.owner.ask(node, { id: mine?.id })).toEqual({ node: { title: mine?.title } });
    for (const other of [stranger, intake, story.desk.stranger]) {
      expect(await other.ask(node, { id: mine?.id })).toEqual({ node: null });
    }
    expect(await inbox(stranger)).toEqual({ unreadCount: 0, told: [] });
    expect(await story.desk.stranger.ask('{ inbox { unreadCount } }')).toEqual({ inbox: null });
  }, 60_000);

  it('are marked as read, one by one or up to one of them, by their person alone', async () => {
    const { told } = await inbox(partner.owner);
    const ids = told.map(({ id }) => id);
    expect(await codesOf(intake, 'markNotificationsRead', { notificationIds: ids })).toEqual(['NOT_FOUND']);
    const unknown = encodeId('notification', randomIds.next());
    expect(await codesOf(partner.owner, 'markNotificationsRead', { notificationIds: [ids[0], unknown] })).toEqual([
      'NOT_FOUND',
    ]);
    expect((await inbox(partner.owner)).unreadCount).toBe(2);
    const many = Array.from({ length: 101 }, () => unknown);
    expect(await codesOf(partner.owner, 'markNotificationsRead', { notificationIds: many })).toEqual(['LIMIT_REACHED']);
    expect(await codesOf(story.desk.stranger, 'markNotificationsRead', { notificationIds: [] })).toEqual([
      'UNAUTHENTICATED',
    ]);

    const marked = await partner.owner.must(
      'markNotificationsRead',
      { notificationIds: [ids[0], ids[0]] },
      'inbox { unreadCount }',
    );
    expect(valueAt(marked, 'inbox', 'unreadCount')).toBe(1);
    expect((await inbox(partner.owner, true)).told.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await inbox(partner.owner)).told[0]?.readAt).not.toBeNull();

    await submit();
    await eventually(async () => expect((await inbox(partner.owner)).unreadCount).toBe(2));
    const upTo = await partner.owner.must('markAllNotificationsRead', { upTo: ids[1] }, 'inbox { unreadCount }');
    expect(valueAt(upTo, 'inbox', 'unreadCount')).toBe(1);
    expect(await codesOf(intake, 'markAllNotificationsRead', { upTo: ids[1] })).toEqual(['NOT_FOUND']);
    const all = await partner.owner.must('markAllNotificationsRead', {}, 'inbox { unreadCount }');
    expect(valueAt(all, 'inbox', 'unreadCount')).toBe(0);
  }, 60_000);

  it('tell of what others try with one’s account, and hold no token', async () => {
    await story.desk.stranger.ask(
      'mutation ($email: String!) { requestPasswordReset(input: { email: $email }) { errors { code } } }',
      { email: partner.email },
    );
    const [asked] = (await inbox(partner.owner)).told;
    expect(asked).toMatchObject({
      kind: 'account.password_reset_asked',
      body: 'Somebody asked for a new password for your account.',
    });
  });

  it('are not shown to who is no member any more, has lost the role, or is recused', async () => {
    const { organizationId } = partner;
    const leaving = await story.colleague(partner, 'Lee Leaving', 'APPLICANT');
    await submit();
    await eventually(async () =>
      expect(await kinds(leaving, 'application.submitted')).toEqual(['application.submitted']),
    );
    await partner.owner.must('changeMemberRole', { organizationId, personId: await personOf(leaving), role: 'VIEWER' });
    // It was told to those who apply.
    expect(await kinds(leaving, 'application.submitted')).toEqual([]);
    await partner.owner.must('changeMemberRole', { organizationId, personId: await personOf(leaving), role: 'OWNER' });
    expect(await kinds(leaving, 'application.submitted')).toEqual(['application.submitted']);
    const { told } = await inbox(leaving);
    await partner.owner.must('removeMember', { organizationId, personId: await personOf(leaving) });
    await eventually(async () => expect((await kinds(leaving, 'organization'))[0]).toBe('organization.member_removed'));
    expect(await kinds(leaving, 'application')).toEqual([]);
    const ids = told.filter(({ kind }) => kind === 'application.submitted').map(({ id }) => id);
    expect(await codesOf(leaving, 'markNotificationsRead', { notificationIds: ids })).toEqual(['NOT_FOUND']);

    const second = await story.staff('INTAKE', 2);
    const applicationId = await submit();
    await eventually(async () => expect(await kinds(second, 'application')).toEqual(['application.submitted']));
    await second.must('declareRecusal', { applicationId, reason: 'I used to work there.' });
    expect(await inbox(second)).toMatchObject({ unreadCount: 2 });
    expect(await kinds(second, 'application')).toEqual([]);

    const before = (await kinds(intake, 'application')).length;
    expect(before).toBeGreaterThan(1);
    const user = await personOf(intake);
    const staff = listAt(await intake.ask('{ staff { id person { id } } }'), 'staff');
    const staffId = textAt(
      staff.find((member) => valueAt(member, 'person', 'id') === user),
      'id',
    );
    const admin = await story.staff('ADMIN');
    await admin.must('setStaffRoles', { staffId, roles: ['REVIEWER'] });
    expect(await kinds(intake, 'application')).toEqual([]);
    await admin.must('setStaffRoles', { staffId, roles: ['INTAKE'] });
    expect(await kinds(intake, 'application')).toHaveLength(before);
  }, 120_000);

  it('are of kinds that each person sees all of and chooses of, and staff’s are for staff', async () => {
    const found = await partner.owner.ask(kindsQuery);
    expect(valueAt(found, 'inbox', 'settings')).toMatchObject({ digestHour: 8, timeZone: 'UTC' });
    const theirs = listAt(found, 'inbox', 'settings', 'kinds');
    const ours = listAt(await intake.ask(kindsQuery), 'inbox', 'settings', 'kinds');
    const names = (of: readonly unknown[]) => of.map((kind) => textAt(kind, 'name'));
    expect(names(ours)).toEqual(
      expect.arrayContaining([...names(theirs), 'screening.hits_found', 'application.assigned']),
    );
    expect(names(theirs).join()).not.toMatch(/screening|decision_proposed|assigned|application\.overdue|staff/);
    expect(theirs.find((kind) => valueAt(kind, 'name') === 'application.refused')).toEqual({
      name: 'application.refused',
      description: 'The application was refused.',
      default: 'AT_ONCE',
      choice: 'AT_ONCE',
      choices: ['AT_ONCE', 'DAILY_DIGEST'],
      canBeTurnedOff: false,
      mandatoryBecause: expect.stringContaining('appeal'),
    });
  });

  it('come by e-mail as the person chose, and in the portal whatever that is', async () => {
    const other = await story.partner('Cho Chooser', 'Chooser Utilities');
    const chosen = await other.owner.must(
      'chooseNotifications',
      {
        choices: [
          { kind: 'application.submitted', choice: 'NEVER' },
          { kind: 'application.review_started', choice: 'DAILY_DIGEST' },
        ],
        digestHour: 6,
        timeZone: 'Asia/Tokyo',
      },
      'inbox { settings { digestHour timeZone kinds { name choice } } }',
    );
    expect(valueAt(chosen, 'inbox', 'settings')).toMatchObject({ digestHour: 6, timeZone: 'Asia/Tokyo' });
    expect(listAt(chosen, 'inbox', 'settings', 'kinds')).toContainEqual({
      name: 'application.submitted',
      choice: 'NEVER',
    });
    await story.inScreening(other);
    await eventually(async () =>
      // What two commands left to tell may be told by two workers at once.
      expect((await kinds(other.owner, 'application')).toSorted()).toEqual([
        'application.review_started',
        'application.submitted',
      ]),
    );
    expect((await mailsTo(other.email)).toSorted()).toEqual([
      'application.review_started WAITING',
      'application.submitted UNWANTED',
    ]);
    const { rows } = await sql<{ hour: string }>`select to_char(digest_at at time zone 'Asia/Tokyo', 'HH24:MI') as hour
      from notification where recipient = ${other.email} and status = 'WAITING'`.execute(story.desk.database.kysely());
    expect(rows).toEqual([{ hour: '06:00' }]);
    await choose(other.owner, { digestHour: 7 });
    const moved = await sql<{ hour: string }>`select to_char(digest_at at time zone 'Asia/Tokyo', 'HH24:MI') as hour
      from notification where recipient = ${other.email} and status = 'WAITING'`.execute(story.desk.database.kysely());
    expect(moved.rows).toEqual([{ hour: '07:00' }]);
    await choose(other.owner, { digestHour: 7 });
    const recorded = await sql<{ payload: string }>`select payload from audit_record
      where event = 'person.notifications_chosen' and subject_id in (select id from auth_user where email = ${other.email})
      order by sequence`.execute(story.desk.database.kysely());
    expect(recorded.rows.map(({ payload }) => JSON.parse(payload))).toMatchObject([
      {
        choices: ['application.submitted: NEVER', 'application.review_started: DAILY_DIGEST'],
        digestHour: 6,
        timeZone: 'Asia/Tokyo',
      },
      { choices: [], digestHour: 7 },
    ]);
    story.pass(24 * 60 * 60_000);
    await story.run('notifications.digests_due');
    const letter = await story.desk.mail.next(other.email, /Today: /);
    expect(letter).toMatch(/multipart\/alternative/);
    expect(letter).toMatch(/List-Unsubscribe:\s+<http:\/\/127\.0\.0\.1:\d+\/unsubscribe\/person_\w+~digest~[\w-]{43}>/);
  }, 60_000);

  it('are refused to be chosen of wrongly, with everything that is wrong', async () => {
    const owner = await story.signInAgain(partner.email);
    const { errors } = await owner.command('chooseNotifications', {
      choices: [
        { kind: 'application.refused', choice: 'NEVER' },
        { kind: 'account.password_changed', choice: 'DAILY_DIGEST' },
        { kind: 'screening.hits_found', choice: 'NEVER' },
        { kind: 'application.withdrawn', choice: 'NEVER' },
        { kind: 'application.withdrawn', choice: 'AT_ONCE' },
      ],
      digestHour: 24,
      timeZone: 'Mars/Olympus',
    });
    expect(errors.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'INVALID choices.0.choice',
      'INVALID choices.1.choice',
      'INVALID choices.2.kind',
      'INVALID choices.4.kind',
      'INVALID digestHour',
      'INVALID timeZone',
    ]);
    expect(errors[0]?.message).toBe(
      'The application was refused. This is told by e-mail, and AT_ONCE or DAILY_DIGEST can be chosen. The time in which you may appeal runs from then on.',
    );
    const many = Array.from({ length: 201 }, () => ({ kind: 'application.withdrawn', choice: 'NEVER' }));
    expect(await codesOf(owner, 'chooseNotifications', { choices: many })).toEqual(['LIMIT_REACHED']);
    expect(await codesOf(story.desk.stranger, 'chooseNotifications', {})).toEqual(['UNAUTHENTICATED']);
  });
});
