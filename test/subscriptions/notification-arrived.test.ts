import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { listAt, numberAt, type Partner, Story } from '../journeys/story.js';
import { openBeside, type PortalBeside } from '../support/beside.js';
import { Listener } from '../support/listener.js';

const arrived =
  'subscription { notificationArrived { unreadCount notifications { kind title application { status } } } }';

describe('a subscription to one’s own notifications', () => {
  let story: Story;
  let beside: PortalBeside;
  let partner: Partner;
  const open: Listener[] = [];

  beforeAll(async () => {
    story = await Story.open();
    beside = await openBeside(story.desk);
    partner = await story.partner('Nia Notified', 'Notified Utilities');
  }, 120_000);
  afterEach(() => {
    for (const listener of open.splice(0)) listener.close();
  });
  afterAll(async () => {
    await beside.stop();
    await story.close();
  });

  /** Listens at the other process than the one that commands are given to and that works jobs. */
  async function listen(client: PortalClient, query = arrived): Promise<Listener> {
    const listener = await Listener.open(client.at(beside.url), query);
    open.push(listener);
    return listener;
  }
  async function told(listener: Listener) {
    const arrival = await listener.told('notificationArrived');
    const kinds = listAt(arrival, 'notifications').map((one) => textAt(one, 'kind'));
    return { kinds, unread: numberAt(arrival, 'unreadCount') };
  }
  const unread = async (client: PortalClient) =>
    numberAt(await client.ask('{ inbox { unreadCount } }'), 'inbox', 'unreadCount');

  it('tells each person of their own, at another process, in order, and nobody of anybody else’s', async () => {
    const intake = await story.staff('INTAKE');
    const stranger = await story.partner('Olaf Other', 'Other Utilities');
    const before = await unread(intake);
    const [theirs, ours, others] = [await listen(partner.owner), await listen(intake), await listen(stranger.owner)];
    const id = await story.submitted(partner);
    expect(await told(theirs)).toEqual({ kinds: ['application.submitted'], unread: 1 });
    expect(await told(ours)).toEqual({ kinds: ['application.submitted'], unread: before + 1 });
    await intake.must('startReview', { applicationId: id });
    expect(await told(theirs)).toEqual({ kinds: ['application.review_started'], unread: 2 });
    // What would have been told is told before anything that comes after it, so this is the first only in silence.
    await story.submitted(stranger);
    expect(await told(others)).toEqual({ kinds: ['application.submitted'], unread: 1 });
  }, 60_000);

  it('tells of a notification whatever was chosen about e-mail', async () => {
    const other = await story.partner('Nev Never', 'Never Utilities');
    await other.owner.must('chooseNotifications', { choices: [{ kind: 'application.submitted', choice: 'NEVER' }] });
    const listener = await listen(other.owner);
    await story.submitted(other);
    expect(await told(listener)).toEqual({ kinds: ['application.submitted'], unread: 1 });
  }, 60_000);

  it('tells whoever is a member no more only that', async () => {
    const { owner, organizationId } = await story.partner('Una Union', 'Union Utilities');
    const union = { owner, organizationId, email: '' };
    const leaving = await story.colleague(union, 'Lou Leaving', 'VIEWER');
    const staying = await story.colleague(union, 'Sam Staying', 'VIEWER');
    const [gone, here] = [await listen(leaving), await listen(staying)];
    const personId = valueAt(await leaving.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
    const id = await story.submitted(union);
    await owner.must('removeMember', { organizationId, personId });
    expect((await told(gone)).kinds).toEqual(['organization.member_removed']);
    await owner.must('withdrawApplication', { applicationId: id });
    expect((await told(here)).kinds).toEqual(['application.withdrawn']);
    await leaving.ask('mutation { signOut { errors { code } } }');
    expect(await gone.next()).toMatchObject({ data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  }, 60_000);

  it('is for people: strangers and machines are refused', async () => {
    const machine = await story.provisioner();
    await listen(story.desk.stranger);
    await listen(machine);
    const answers = await Promise.all(open.map(async (one) => [one.status, (await one.errors())[0]?.extensions.code]));
    expect(answers).toEqual([
      [401, 'UNAUTHENTICATED'],
      [403, 'FORBIDDEN'],
    ]);
  }, 60_000);

  it('tells a slow reader of everything at last, while others are told at once', async () => {
    const other = await story.partner('Sid Slow', 'Slow Utilities');
    const [slow, quick] = [await listen(other.owner), await listen(other.owner)];
    for (const number of [1, 2, 3]) {
      await story.desk.stranger.must('requestPasswordReset', { email: other.email });
      expect(await told(quick)).toEqual({ kinds: ['account.password_reset_asked'], unread: number });
    }
    const heard: string[] = [];
    while (heard.length < 3) heard.push(...(await told(slow)).kinds);
    expect(heard).toHaveLength(3);
  }, 60_000);
});
