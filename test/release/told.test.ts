import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { day, eventually, listAt, minute, type Partner, Story } from '../journeys/story.js';
import { Receiver } from '../webhooks/receiver.js';

describe('partners are told how far a product is released', () => {
  let story: Story;
  let receiver: Receiver;
  let holder: Partner;
  let applicant: Partner;
  let stranger: Partner;
  let count = 0;

  beforeAll(async () => {
    receiver = await Receiver.listening();
    story = await Story.open({ environment: { WEBHOOK_ALLOWED_HOSTS: receiver.host } });
    holder = await story.partner('Hanna Holder', 'Holder Utilities');
    applicant = await story.partner('Arne Applicant', 'Applicant Utilities');
    stranger = await story.partner('Stella Stranger', 'Stranger Utilities');
    await story.granted(holder);
    await story.draft(applicant);
    const endpoint = { organizationId: holder.organizationId, url: receiver.url, description: 'Ours' };
    await holder.owner.must('createWebhookEndpoint', { ...endpoint, eventTypes: ['product.release_changed'] });
  });
  afterAll(async () => {
    await story.close();
    await receiver.close();
  });

  /** What happened so far, in its order, with whom was told of it. */
  async function told(): Promise<readonly { readonly from: unknown; readonly to: unknown; readonly of: unknown }[]> {
    const auditor = await story.staff('AUDITOR');
    const log = await auditor.ask(
      '{ auditLog(filter: { event: "product.release_changed" }, first: 50) { nodes { sequence organizationId payload } } }',
    );
    return listAt(log, 'auditLog', 'nodes')
      .toSorted((a, b) => Number(valueAt(a, 'sequence')) - Number(valueAt(b, 'sequence')))
      .map((record) => ({
        from: valueAt(record, 'payload', 'from'),
        to: valueAt(record, 'payload', 'to'),
        of: valueAt(record, 'organizationId'),
      }));
  }
  /** Each change, told once to whoever is concerned and to nobody else. */
  const tellsOnce = (...changes: readonly (readonly [string, string])[]) =>
    eventually(async () => {
      const concerned = [holder.organizationId, applicant.organizationId].sort();
      const expected = changes.flatMap(([from, to]) => concerned.map((of) => ({ from, to, of })));
      expect(await told()).toEqual(expected);
    });

  async function inForce(more: object): Promise<void> {
    count += 1;
    const [recorder, second] = [await story.staff('PROGRAM_MANAGER'), await story.staff('PROGRAM_MANAGER', 2)];
    const now = story.desk.clock.now().toISOString();
    const name = `Bureau ${count}`;
    const made = await recorder.must('registerAuthority', { name, jurisdiction: 'US' }, 'authority { id }');
    const letter = {
      authorityId: textAt(made, 'authority', 'id'),
      ...{ reference: `B-${count}`, summary: 'As it says.', issuedAt: now, receivedAt: now, effectiveAt: now },
      ...{ terms: { products: ['mythos-5'] }, ...more },
    };
    const recorded = await recorder.must('recordDirective', letter, 'directive { id }');
    await second.must('putDirectiveInForce', { directiveId: textAt(recorded, 'directive', 'id') });
  }

  const changes: [string, string][] = [];

  it('when two people confirm what the operator states', async () => {
    const manager: PortalClient = await story.staff('PROGRAM_MANAGER');
    const productId = textAt(await manager.ask('{ product(code: "mythos-5") { id } }'), 'product', 'id');
    await manager.must('proposeReleaseStatus', { productId, status: 'GENERAL', reason: 'It is tame.' });
    await (await story.staff('PROGRAM_MANAGER', 2)).must('confirmReleaseStatus', { productId });
    changes.push(['LIMITED', 'GENERAL']);
    await tellsOnce(...changes);
    const letter = await story.desk.mail.next(holder.email, /released otherwise/);
    expect(letter).toMatch(/mythos-5 is released changed from LIMITED to GENERAL/);
    await eventually(async () => expect(receiver.messages).toHaveLength(1));
  });

  it('when a directive is put in force, without a word of whose it is', async () => {
    await inForce({ kind: 'HALT', expiresAt: new Date(story.desk.clock.now().getTime() + day).toISOString() });
    changes.push(['GENERAL', 'HALTED']);
    await tellsOnce(...changes);
    await eventually(async () => expect(receiver.messages).toHaveLength(2));
    const body: unknown = JSON.parse(receiver.messages[1]?.body ?? '');
    expect(valueAt(body, 'type')).toBe('product.release_changed');
    expect(valueAt(body, 'data')).toMatchObject({ productCode: 'mythos-5', from: 'GENERAL', to: 'HALTED' });
    const letters = await story.desk.mail.next(applicant.email, /from GENERAL to HALTED/);
    for (const text of [receiver.messages[1]?.body, letters]) expect(text).not.toMatch(/Bureau|B-\d/);
    const inbox = await stranger.owner.ask('{ inbox { notifications(first: 9) { nodes { kind } } } }');
    expect(listAt(inbox, 'inbox', 'notifications', 'nodes')).not.toContainEqual({ kind: 'product.release_changed' });
  });

  it('when one ends by itself, from the moment it ended, and once however often the job runs', async () => {
    const endsAt = story.desk.clock.now().getTime() + day;
    story.pass(day + minute);
    await Promise.all([story.run('release.tell'), story.run('release.tell')]);
    changes.push(['HALTED', 'GENERAL']);
    await tellsOnce(...changes);
    await story.run('release.tell');
    await eventually(async () => expect(receiver.messages).toHaveLength(3));
    const effectiveAt = textAt(JSON.parse(receiver.messages[2]?.body ?? ''), 'data', 'effectiveAt');
    expect(new Date(effectiveAt).getTime()).toBeLessThanOrEqual(endsAt);
    await tellsOnce(...changes);
  });

  it('when one takes effect by itself, and not before', async () => {
    const effectiveAt = new Date(story.desk.clock.now().getTime() + 10 * minute).toISOString();
    await inForce({ kind: 'AUTHORIZE', effectiveAt });
    await story.run('release.tell');
    await tellsOnce(...changes);
    story.pass(10 * minute);
    await story.run('release.tell');
    changes.push(['GENERAL', 'LIMITED']);
    await tellsOnce(...changes);
  });
});
