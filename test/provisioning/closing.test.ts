import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, eventually, listAt, lookAtGrant, minute } from '../journeys/story.js';
import { claim, ProvisioningDesk, type System, tasksSeenBy } from './provisioning-desk.js';

const certificate =
  'isComplete toBeMarked hit open overdue closed awaitingReadBack verified letInAgain firstMarkedAt lastClosedAt lastVerifiedAt';

/** On a machine that is busy with other tests. */
jest.setTimeout(180_000);

describe('closing access', () => {
  let desk: ProvisioningDesk;
  let system: System;
  let reader: System;
  let manager: PortalClient;
  let second: PortalClient;
  let authorityId: string;
  let count = 0;

  beforeAll(async () => {
    desk = await ProvisioningDesk.open();
    system = await desk.system();
    reader = await desk.system(['PROVISION', 'READ_BACK']);
    manager = await desk.story.staff('PROGRAM_MANAGER');
    second = await desk.story.staff('PROGRAM_MANAGER', 2);
    const authority = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    authorityId = textAt(await manager.must('registerAuthority', authority, 'authority { id }'), 'authority', 'id');
  });
  afterAll(() => desk.close());

  async function inForce(kind: 'HALT' | 'AUTHORIZE'): Promise<string> {
    count += 1;
    const now = desk.story.desk.clock.now().toISOString();
    const letter = {
      ...{ authorityId, kind, reference: `BTS-${count}`, summary: 'As the letter says.' },
      ...{ issuedAt: now, receivedAt: now, effectiveAt: now, terms: { products: ['mythos-5'] } },
    };
    const made = await manager.must('recordDirective', letter, 'directive { id }');
    const directiveId = textAt(made, 'directive', 'id');
    await second.must('putDirectiveInForce', { directiveId });
    return directiveId;
  }
  const certificateOf = async (id: string) => {
    const found = await manager.ask(`query ($id: ID!) { directive(id: $id) { completion { ${certificate} } } }`, {
      id,
    });
    return valueAt(found, 'directive', 'completion');
  };
  const finish = (task: unknown, client = system.client) =>
    client.must('completeProvisioningTask', { taskId: textAt(task, 'id'), reference: 'acct-1' });
  const readBack = (grantId: string, isOpen: boolean) =>
    reader.client.must('reportReadBack', { grantId, isOpen }, 'task { id kind status }');

  it('is seen to by another system than closed it, and done again when it is not so', async () => {
    const { grantId } = await desk.opened(system);
    expect(await tasksSeenBy(reader.client, { awaitsReadBack: true })).toMatchObject([{ grant: { id: grantId } }]);
    expect(await codesOf(system.client, 'reportReadBack', { grantId, isOpen: true })).toEqual(['NOT_ALLOWED_NOW']);
    await readBack(grantId, true);
    await manager.must('suspendGrant', { grantId, reason: 'An authority asks.' });
    expect(await codesOf(reader.client, 'reportReadBack', { grantId, isOpen: false })).toEqual(['NOT_ALLOWED_NOW']);
    const [task] = await claim(system);
    await finish(task);
    const answered = await readBack(grantId, true);
    expect(valueAt(answered, 'task')).toMatchObject({ kind: 'DEPROVISION', status: 'OPEN' });
    expect(await lookAtGrant(manager, grantId, 'deprovisionedAt')).toEqual({ deprovisionedAt: null });
    expect(await tasksSeenBy(manager, { grantId, kinds: ['DEPROVISION'] })).toMatchObject([
      { status: 'CONTRADICTED', reference: 'acct-1' },
      { status: 'OPEN', escalatedAt: expect.any(String) },
    ]);
    expect(await desk.story.desk.mail.next('staff', /was found open/)).toContain('mythos-5');
    // What a system did itself, it does not verify.
    const [again] = await claim(reader);
    await finish(again, reader.client);
    expect(await codesOf(reader.client, 'reportReadBack', { grantId, isOpen: false })).toEqual(['FOUR_EYES']);
    const third = await desk.system(['READ_BACK']);
    expect(await codesOf(third.client, 'claimProvisioningTasks', { limit: 1 })).toEqual(['NOT_ALLOWED_NOW']);
    await third.client.must('reportReadBack', { grantId, isOpen: false });
    expect(await tasksSeenBy(manager, { grantId, statuses: ['VERIFIED'] })).toHaveLength(2);
  });

  it('is escalated once when nobody has acknowledged it in the time set for the product, and listed until it is', async () => {
    const products = await manager.ask('{ products { id code closeWithinMinutes openWithinMinutes } }');
    expect(valueAt(products, 'products', 0)).toMatchObject({ closeWithinMinutes: 60, openWithinMinutes: 1440 });
    const times = { productId: textAt(products, 'products', 0, 'id'), closeWithinMinutes: 15, openWithinMinutes: 240 };
    expect(await codesOf(manager, 'setProvisioningTimes', { ...times, closeWithinMinutes: 0 })).toEqual(['INVALID']);
    expect(await codesOf(await desk.story.staff('ADMIN'), 'setProvisioningTimes', times)).toEqual(['FORBIDDEN']);
    await manager.must('setProvisioningTimes', times);
    const { grantId } = await desk.opened(system);
    await manager.must('suspendGrant', { grantId, reason: 'An authority asks.' });
    const overdue = () => tasksSeenBy(manager, { isOverdue: true, kinds: ['DEPROVISION'] });
    desk.story.desk.clock.advance(14 * minute);
    expect(await overdue()).toEqual([]);
    desk.story.desk.clock.advance(minute);
    const late = [{ grant: { id: grantId } }];
    expect(await overdue()).toMatchObject(late);
    await desk.story.run('provisioning.escalate');
    await eventually(async () => expect(await tasksSeenBy(manager, { grantId, isEscalated: true })).toHaveLength(1));
    expect(await desk.story.desk.mail.next('staff', /is not closed in time/)).toContain('mythos-5');
    await desk.story.run('provisioning.escalate');
    const auditor = await desk.story.staff('AUDITOR');
    const log = await auditor.ask(
      '{ auditLog(filter: { event: "provisioning.overdue" }, first: 10) { nodes { actorRole payload } } }',
    );
    expect(listAt(log, 'auditLog', 'nodes')).toMatchObject([
      { actorRole: 'provisioning.escalate', payload: { because: 'OVERDUE', count: 1, kind: 'DEPROVISION' } },
    ]);
    const [task] = await claim(system);
    await finish(task);
    expect(await overdue()).toEqual([]);
    await readBack(grantId, false);
  });

  it('for a halt is certified from the records, until every grant is closed and seen to be', async () => {
    const one = await desk.opened(system);
    const other = await desk.opened(system);
    const waiting = await desk.approved();
    const directiveId = await inForce('HALT');
    const grants = [one.grantId, other.grantId];
    await eventually(async () =>
      expect(await certificateOf(directiveId)).toMatchObject({ toBeMarked: 0, hit: 2, open: 2 }),
    );
    const tasks = await claim(system);
    // What is not released is not opened.
    expect(tasks.map((task) => valueAt(task, 'kind'))).toEqual(['DEPROVISION', 'DEPROVISION']);
    expect(await tasksSeenBy(manager, { directiveId })).toHaveLength(2);
    await finish(tasks[0]);
    expect(await certificateOf(directiveId)).toMatchObject({
      ...{ isComplete: false, open: 1, closed: 1, awaitingReadBack: 1, verified: 0 },
      ...{ firstMarkedAt: expect.any(String), lastClosedAt: expect.any(String), lastVerifiedAt: null },
    });
    await finish(tasks[1]);
    for (const grantId of grants) await readBack(grantId, false);
    expect(await certificateOf(directiveId)).toMatchObject({
      ...{ isComplete: true, hit: 2, open: 0, overdue: 0, closed: 2, awaitingReadBack: 0, verified: 2, letInAgain: 0 },
      lastVerifiedAt: expect.any(String),
    });
    expect(await waits()).toContainEqual({
      id: waiting.grantId,
      notUsableBecause: ['NOT_PROVISIONED', 'NOT_RELEASED'],
    });
    const auditor = await desk.story.staff('AUDITOR');
    const partner = await one.owner.ask('query ($id: ID!) { directive(id: $id) { completion { hit } } }', {
      id: directiveId,
    });
    expect(partner).toEqual({ directive: null });
    expect(
      await auditor.ask('query ($id: ID!) { directive(id: $id) { completion { hit } } }', { id: directiveId }),
    ).toEqual({
      directive: { completion: { hit: 2 } },
    });
    await inForce('AUTHORIZE');
    // It waited while the product was halted, and is handed out once that is looked at again.
    desk.story.desk.clock.advance(minute);
    const [opening] = await claim(system);
    expect(opening).toMatchObject({ kind: 'PROVISION', grant: { id: waiting.grantId } });
    await finish(opening);
    expect(await lookAtGrant(waiting.owner, waiting.grantId, 'isUsable notUsableBecause')).toEqual({
      isUsable: true,
      notUsableBecause: [],
    });
  });

  const waits = async (client = manager) =>
    listAt(
      await client.ask('{ approvedNotUsable(first: 100) { nodes { id notUsableBecause } } }'),
      'approvedNotUsable',
      'nodes',
    );

  it('comes first when access was perhaps opened while its product was halted; it is opened once it is permitted', async () => {
    const { grantId, owner } = await desk.approved();
    const [opening] = await claim(system, 1, { leaseSeconds: 60 });
    const halt = await inForce('HALT');
    // Grants in use are marked by a job, and then handed out with the others.
    await eventually(async () => expect(await certificateOf(halt)).toMatchObject({ toBeMarked: 0 }));
    const taskId = textAt(opening, 'id');
    expect(await codesOf(system.client, 'completeProvisioningTask', { taskId, reference: 'x' })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    desk.story.desk.clock.advance(minute);
    const others = await claim(system);
    const closing = others.find((task) => valueAt(task, 'grant', 'id') === grantId);
    expect(closing).toMatchObject({ kind: 'DEPROVISION' });
    for (const task of others) await finish(task);
    expect(await claim(system)).toEqual([]);
    await inForce('AUTHORIZE');
    desk.story.desk.clock.advance(minute);
    const [again] = await claim(system);
    expect(again).toMatchObject({ kind: 'PROVISION', grant: { id: grantId } });
    await finish(again);
    expect(await lookAtGrant(owner, grantId, 'status')).toEqual({ status: 'ACTIVE' });
  });

  it('and opening are reported by how long they took, and what waits is a list that says why', async () => {
    const now = desk.story.desk.clock.now().getTime();
    const period = { from: new Date(now - 240 * minute).toISOString(), to: new Date(now + minute).toISOString() };
    const asked = `query ($period: ReportPeriodInput!) { reports { provisioningTimes(period: $period) {
      productCode passage grants inTime taken { medianSeconds percentileNinetySeconds longestSeconds } } } }`;
    const found = listAt(await manager.ask(asked, { period }), 'reports', 'provisioningTimes');
    const taken = {
      medianSeconds: expect.any(Number),
      percentileNinetySeconds: expect.any(Number),
      longestSeconds: expect.any(Number),
    };
    expect(found).toEqual([
      { productCode: 'mythos-5', passage: 'APPROVED_TO_USABLE', grants: 6, inTime: 6, taken },
      {
        productCode: 'mythos-5',
        passage: 'HALT_TO_OFF',
        grants: expect.any(Number),
        inTime: expect.any(Number),
        taken,
      },
    ]);
    const file = await manager.file(`/reports/provisioning-times.csv?from=${period.from}&to=${period.to}`);
    expect((await file.text()).split('\r\n').slice(0, 2)).toEqual([
      '"product","passage","grants","in_time","taken_median_hours","taken_p90_hours","taken_longest_hours"',
      expect.stringMatching(/^"mythos-5","APPROVED_TO_USABLE",6,6,/),
    ]);
    const { grantId, owner } = await desk.approved();
    const [task] = await claim(system);
    await system.client.must('failProvisioningTask', { taskId: textAt(task, 'id'), reason: 'Busy.' });
    desk.story.desk.clock.advance(241 * minute);
    expect(await waits()).toContainEqual({ id: grantId, notUsableBecause: ['NOT_PROVISIONED', 'FAILING', 'OVERDUE'] });
    // How the operator provisions is its own affair.
    expect(await waits(owner)).toEqual([{ id: grantId, notUsableBecause: ['NOT_PROVISIONED'] }]);
  });

  it('that goes on already when a halt comes is for the halt as well, in the same task', async () => {
    for (const left of await claim(system)) await finish(left);
    const { grantId } = await desk.opened(system);
    await manager.must('suspendGrant', { grantId, reason: 'It is being looked into.' });
    const task = (await claim(system)).find((one) => valueAt(one, 'grant', 'id') === grantId);
    expect(task).toMatchObject({ kind: 'DEPROVISION' });
    const directiveId = await inForce('HALT');
    await eventually(async () => expect(await certificateOf(directiveId)).toMatchObject({ toBeMarked: 0 }));
    const seen = await tasksSeenBy(manager, { directiveId });
    expect(seen.map((one) => textAt(one, 'id'))).toContain(textAt(task, 'id'));
    expect(seen.filter((one) => valueAt(one, 'grant', 'id') === grantId)).toHaveLength(1);
  });
});
