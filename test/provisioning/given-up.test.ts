import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { mostAttempts } from '../../src/lifecycle/provisioning.js';
import { codesOf, eventually, listAt, lookAtGrant, minute } from '../journeys/story.js';
import { claim, ProvisioningDesk, type System, tasksSeenBy } from './provisioning-desk.js';

describe('a task that fails for good', () => {
  let desk: ProvisioningDesk;
  let system: System;
  let manager: PortalClient;
  let grantId: string;
  let directiveId: string;
  let taskId: string;

  beforeAll(async () => {
    desk = await ProvisioningDesk.open();
    system = await desk.system();
    manager = await desk.story.staff('PROGRAM_MANAGER');
    ({ grantId } = await desk.opened(system));
    const said = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    const authority = await manager.must('registerAuthority', said, 'authority { id }');
    const now = desk.story.desk.clock.now().toISOString();
    const letter = { reference: 'BTS-1', summary: 'Nobody may.', issuedAt: now, receivedAt: now, effectiveAt: now };
    const halt = { ...letter, authorityId: textAt(authority, 'authority', 'id'), products: ['mythos-5'] };
    const made = await manager.must('orderEmergencyHalt', halt, 'directive { id }');
    directiveId = textAt(made, 'directive', 'id');
    await eventually(async () => expect(await tasksSeenBy(manager, { directiveId })).toHaveLength(1));
  }, 120_000);
  afterAll(() => desk.close());

  /** Claims and fails it so often, as long as it is handed out. */
  async function fail(times: number): Promise<void> {
    for (let failures = 0; failures < times; failures += 1) {
      const [task] = await claim(system);
      taskId = textAt(task, 'id');
      await system.client.must('failProvisioningTask', { taskId, reason: 'The tenant is locked.' });
      desk.story.desk.clock.advance(5 * minute);
    }
  }
  const failed = () => tasksSeenBy(manager, { statuses: ['FAILED'] });
  async function certificate() {
    const query = `query ($id: ID!) { directive(id: $id) { completion { isComplete hit open overdue failed closed } } }`;
    return valueAt(await manager.ask(query, { id: directiveId }), 'directive', 'completion');
  }
  async function logged(event: string) {
    const query = `{ auditLog(filter: { event: "${event}" }, first: 10) { nodes { actorRole payload } } }`;
    return listAt(await (await desk.story.staff('AUDITOR')).ask(query), 'auditLog', 'nodes');
  }
  const retry = (client: PortalClient, more: object = {}) =>
    codesOf(client, 'retryTask', { taskId, reason: 'The tenant is unlocked.', ...more });

  it('is handed out no more after so many attempts, listed, told at once, and keeps a certificate from being complete', async () => {
    await fail(mostAttempts - 1);
    expect(await failed()).toEqual([]);
    await fail(1);
    expect(await claim(system)).toEqual([]);
    desk.story.desk.clock.advance(60 * minute);
    expect(await claim(system)).toEqual([]);
    expect(await failed()).toMatchObject([
      {
        ...{ id: taskId, kind: 'DEPROVISION', status: 'FAILED', attempts: mostAttempts, isOverdue: true },
        ...{ failureReason: 'The tenant is locked.', escalatedAt: expect.any(String), claimedUntil: null },
      },
    ]);
    expect(await desk.story.desk.mail.next('staff', /could not be closed/)).toContain('The tenant is locked.');
    expect(await logged('provisioning.given_up')).toMatchObject([
      { payload: { taskId, grantId, attempts: mostAttempts, reason: 'The tenant is locked.' } },
    ]);
    expect(await certificate()).toEqual({ isComplete: false, hit: 1, open: 1, overdue: 1, failed: 1, closed: 0 });
    // It is still what is to be done for its grant, whatever else ends it.
    await manager.must('revokeGrant', { grantId, reason: 'Not needed any more.' });
    expect(await tasksSeenBy(manager, { grantId, kinds: ['DEPROVISION'] })).toMatchObject([{ status: 'FAILED' }]);
  });

  it('is put back by program managers, with a reason, and then done like any other', async () => {
    const auditor = await desk.story.staff('AUDITOR');
    for (const client of [await desk.story.staff('ADMIN'), auditor, system.client])
      expect(await retry(client)).toEqual(['FORBIDDEN']);
    expect(await retry(manager, { reason: ' ' })).toEqual(['REQUIRED']);
    expect(await retry(manager, { expectedVersion: 1 })).toEqual(['CONFLICT']);
    expect(await retry(manager)).toEqual([]);
    expect(await retry(manager)).toEqual(['NOT_ALLOWED_NOW']);
    expect(await logged('provisioning.retried')).toMatchObject([
      { actorRole: 'PROGRAM_MANAGER', payload: { taskId, reason: 'The tenant is unlocked.' } },
    ]);
    const [task] = await claim(system);
    expect(task).toMatchObject({ id: taskId, attempts: mostAttempts + 1 });
    expect(await certificate()).toMatchObject({ isComplete: false, open: 1, failed: 0 });
    await system.client.must('completeProvisioningTask', { taskId, reference: 'acct-1' });
    expect(await certificate()).toMatchObject({ isComplete: true, open: 0, closed: 1 });
    expect(await lookAtGrant(manager, grantId, 'deprovisionedAt')).toEqual({ deprovisionedAt: expect.any(String) });
  });
});

describe('a task of which its systems say nothing', () => {
  let desk: ProvisioningDesk;

  beforeAll(async () => {
    desk = await ProvisioningDesk.open();
  }, 120_000);
  afterAll(() => desk.close());

  it('is given up after as many attempts, and is cancelled like any other when its grant ends', async () => {
    const system = await desk.system();
    const manager = await desk.story.staff('PROGRAM_MANAGER');
    const { grantId } = await desk.approved();
    for (let attempts = 1; attempts <= mostAttempts; attempts += 1) {
      expect(await claim(system, 1, { leaseSeconds: 10 })).toMatchObject([{ attempts }]);
      await desk.story.run('provisioning.giveUp');
      desk.story.desk.clock.advance(11_000);
    }
    expect(await claim(system)).toEqual([]);
    await desk.story.run('provisioning.giveUp');
    await eventually(async () =>
      expect(await tasksSeenBy(manager, { grantId })).toMatchObject([{ kind: 'PROVISION', status: 'FAILED' }]),
    );
    // It may have been opened in part.
    await manager.must('revokeGrant', { grantId, reason: 'Not needed any more.' });
    expect(await tasksSeenBy(manager, { grantId })).toMatchObject([
      { kind: 'DEPROVISION', status: 'OPEN' },
      { kind: 'PROVISION', status: 'CANCELLED' },
    ]);
  });
});
