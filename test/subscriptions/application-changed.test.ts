import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { codesOf, listAt, numberAt, type Partner, Story } from '../journeys/story.js';
import { openBeside, type PortalBeside } from '../support/beside.js';
import { Listener } from '../support/listener.js';

const changed = `subscription ($id: ID!) { applicationChanged(id: $id) {
  events { type occurredAt }
  application { id status version decisions { status } }
} }`;

const signOut = 'mutation { signOut { errors { code } } }';

describe('a subscription to an application', () => {
  let story: Story;
  let beside: PortalBeside;
  let partners = 0;
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

  function newPartner(): Promise<Partner> {
    partners += 1;
    const letter = String.fromCharCode(64 + partners);
    return story.partner(`Ada ${letter}`, `Live ${letter}`);
  }

  /** Listens at the other process than the one that commands are given to. */
  async function listen(client: PortalClient, id: string, query = changed): Promise<Listener> {
    const listener = await Listener.open(client.at(beside.url), query, { id });
    open.push(listener);
    return listener;
  }

  async function told(listener: Listener) {
    const change = await listener.told('applicationChanged');
    return {
      types: listAt(change, 'events').map((event) => valueAt(event, 'type')),
      status: valueAt(change, 'application', 'status'),
    };
  }

  it('tells partner and staff, in order, of what is done at another process', async () => {
    const partner = await newPartner();
    const id = await story.submitted(partner);
    const intake = await story.staff('INTAKE');
    const listeners = [await listen(partner.owner, id), await listen(intake, id)];
    expect(listeners.map(({ status }) => status)).toEqual([200, 200]);
    expect(listeners[0]?.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await intake.must('startReview', { applicationId: id });
    for (const listener of listeners) {
      expect(await told(listener)).toEqual({ types: ['application.review_started'], status: 'IN_REVIEW' });
    }
    await intake.must('advanceStage', { applicationId: id });
    for (const listener of listeners) {
      expect(await told(listener)).toEqual({ types: ['application.stage_advanced'], status: 'IN_REVIEW' });
    }
  }, 60_000);

  it('tells a partner nothing of a proposed decision, and of the decision when it is made', async () => {
    const partner = await newPartner();
    const id = await story.atDecision(partner);
    const [theirs, ours] = [await listen(partner.owner, id), await listen(await story.staff('REVIEWER'), id)];
    const decisionId = await story.propose(id, { outcome: 'APPROVE' });
    expect(await told(ours)).toEqual({ types: ['application.decision_proposed'], status: 'DECISION_PROPOSED' });
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId: id, decisionId });
    expect(await told(theirs)).toEqual({ types: ['application.approved', 'grant.created'], status: 'APPROVED' });
    expect((await told(ours)).types).toContain('application.approved');
  }, 60_000);

  it('is refused to strangers, and to everybody who may not see the application, as if there were none', async () => {
    const partner = await newPartner();
    const id = await story.submitted(partner);
    const other = await newPartner();
    const none = encodeId('application', randomIds.next());
    for (const [client, which] of [
      [other.owner, id],
      [other.owner, none],
      [story.desk.stranger, id],
    ] as const) {
      await listen(client, which);
    }
    const answers = await Promise.all(open.map(async (one) => [one.status, (await one.errors())[0]?.extensions.code]));
    expect(answers).toEqual([
      [404, 'NOT_FOUND'],
      [404, 'NOT_FOUND'],
      [401, 'UNAUTHENTICATED'],
    ]);
  }, 60_000);

  it('falls silent for somebody who is no member any more', async () => {
    const leaving = await newPartner();
    const colleague = await story.colleague(leaving, 'Dot Live', 'VIEWER');
    const id = await story.submitted(leaving);
    const [gone, here] = [await listen(colleague, id), await listen(leaving.owner, id)];
    const personId = valueAt(await colleague.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
    await leaving.owner.must('removeMember', { organizationId: leaving.organizationId, personId });
    await leaving.owner.must('withdrawApplication', { applicationId: id });
    expect((await told(here)).types).toEqual(['application.withdrawn']);
    // What would have been told is told before anything that comes after it, so the end comes first only in silence.
    await colleague.ask(signOut);
    expect(await gone.next()).toMatchObject({ data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } });
  }, 60_000);

  it('ends with the session, and says so', async () => {
    const partner = await newPartner();
    const id = await story.submitted(partner);
    const session = story.desk.stranger.as(await story.session(partner.email));
    const listener = await listen(session, id);
    await session.ask(signOut);
    expect(await listener.next()).toMatchObject({
      event: 'next',
      data: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
    expect(await listener.next()).toEqual({ event: 'complete', data: null });
    expect(await listener.next()).toBeNull();
  }, 60_000);

  it('waits with what a slow reader has not taken and tells it as one, while others are told at once', async () => {
    const partner = await newPartner();
    const id = await story.draft(partner);
    const aliases = Array.from({ length: 45 }, (_none, number) => `a${number}: answers`).join(' ');
    const large = `subscription ($id: ID!) { applicationChanged(id: $id) {
      events { type } application { version status ${aliases} } } }`;
    const [slow, quick] = [await listen(partner.owner, id, large), await listen(partner.owner, id)];
    const changes = 40;
    const versions: number[] = [];
    for (let number = 0; number < changes; number += 1) {
      const answers = { endUse: String(number).padEnd(8000, 'x'), safeguards: 'y'.repeat(8000) };
      await partner.owner.must('saveDraft', { applicationId: id, answers });
      versions.push(numberAt(await quick.told('applicationChanged'), 'application', 'version'));
    }
    expect(versions).toEqual([...versions].sort((one, other) => one - other));
    const heard: { version: number; events: number }[] = [];
    while (heard.reduce((sum, { events }) => sum + events, 0) < changes) {
      const change = await slow.told('applicationChanged');
      heard.push({ version: numberAt(change, 'application', 'version'), events: listAt(change, 'events').length });
    }
    expect(heard.length).toBeLessThan(changes);
    expect(heard.at(-1)?.version).toBe(versions.at(-1));
    expect(await codesOf(partner.owner, 'saveDraft', { applicationId: id, answers: {} })).toEqual([]);
  }, 120_000);

  it('ends when the process stops, in a way that has clients connect again', async () => {
    const partner = await newPartner();
    const id = await story.submitted(partner);
    const stopping = await openBeside(story.desk);
    const listener = await Listener.open(partner.owner.at(stopping.url), changed, { id });
    await stopping.stop();
    const last = await listener.rest();
    expect(last).toMatch(/retry: \d+\n: The portal is stopping/);
    expect(last).not.toContain('event: complete');
  }, 60_000);
});
