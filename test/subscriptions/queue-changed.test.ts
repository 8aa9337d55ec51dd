import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { listAt, Story } from '../journeys/story.js';
import { openBeside, type PortalBeside } from '../support/beside.js';
import { Listener } from '../support/listener.js';

const changed = `subscription ($name: String!) { queueChanged(name: $name) {
  isWaiting events { type } application { id queue }
} }`;

describe('a subscription to a queue', () => {
  let story: Story;
  let beside: PortalBeside;
  const open: Listener[] = [];

  beforeAll(async () => {
    story = await Story.open();
    beside = await openBeside(story.desk);
  }, 60_000);
  afterEach(() => {
    for (const listener of open.splice(0)) listener.close();
  });
  afterAll(async () => {
    await beside.stop();
    await story.close();
  });

  async function listen(client: PortalClient, name: string): Promise<Listener> {
    const listener = await Listener.open(client.at(beside.url), changed, { name });
    open.push(listener);
    return listener;
  }

  /**
   * What is told next. That terms were accepted in a draft, which staff see once it is submitted, may be told apart from
   * the submission; then it is told of both.
   */
  async function told(listener: Listener) {
    const ids = new Set<unknown>();
    for (;;) {
      const change = await listener.told('queueChanged');
      ids.add(valueAt(change, 'application', 'id'));
      const last = valueAt(listAt(change, 'events').at(-1), 'type');
      if (last !== 'application.terms_accepted')
        return { ids: [...ids], isWaiting: valueAt(change, 'isWaiting'), last };
    }
  }

  it('tells staff of what comes into the queue and what leaves it, at whichever process', async () => {
    const partner = await story.partner('Ada Queue', 'Queue Works');
    const intake = await story.staff('INTAKE');
    const listener = await listen(intake, 'intake');
    const draft = await story.submitted(partner);
    expect(await told(listener)).toEqual({ ids: [draft], isWaiting: true, last: 'application.submitted' });
    await intake.must('startReview', { applicationId: draft });
    expect(await told(listener)).toEqual({ ids: [draft], isWaiting: false, last: 'application.review_started' });
  }, 60_000);

  it('tells staff who belong to an organization nothing of its applications', async () => {
    const both = await story.staff('REVIEWER');
    const email = textAt(await both.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    const theirs = await story.partner('Bea Queue', 'Reviewer Works');
    await theirs.owner.must('inviteMember', { organizationId: theirs.organizationId, email, role: 'VIEWER' });
    await both.must('acceptInvitation', { token: await story.invitationToken(email) });

    const [hears, hearsNot] = [await listen(await story.staff('INTAKE'), 'intake'), await listen(both, 'intake')];
    const own = await story.submitted(theirs);
    const others = await story.submitted(await story.partner('Cyd Queue', 'Third Works'));
    expect(await told(hears)).toMatchObject({ ids: [own] });
    expect(await told(hears)).toMatchObject({ ids: [others] });
    expect(await told(hearsNot)).toMatchObject({ ids: [others] });
  }, 60_000);

  it('is refused to partners and to strangers', async () => {
    const partner = await story.partner('Dot Queue', 'Curious Works');
    const answers = await Promise.all(
      [partner.owner, story.desk.stranger].map(async (client) => {
        const listener = await listen(client, 'intake');
        return [listener.status, (await listener.errors())[0]?.extensions.code];
      }),
    );
    expect(answers).toEqual([
      [403, 'FORBIDDEN'],
      [401, 'UNAUTHENTICATED'],
    ]);
  }, 60_000);
});
