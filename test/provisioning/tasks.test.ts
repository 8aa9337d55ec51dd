import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, lookAtGrant, minute } from '../journeys/story.js';
import { claim, ProvisioningDesk, type System, tasksSeenBy } from './provisioning-desk.js';

const standing = 'status isUsable provisionedAt deprovisionedAt';

describe('provisioning tasks', () => {
  let desk: ProvisioningDesk;
  let system: System;
  let manager: PortalClient;
  let admin: PortalClient;

  beforeAll(async () => {
    desk = await ProvisioningDesk.open();
    system = await desk.system();
    manager = await desk.story.staff('PROGRAM_MANAGER');
    admin = await desk.story.staff('ADMIN');
  });
  afterAll(() => desk.close());

  const of = (grantId: string) => tasksSeenBy(manager, { grantId });
  const complete = (taskId: string, more: object = {}) =>
    system.client.must('completeProvisioningTask', { taskId, reference: 'acct-7', ...more }, 'task { status version }');

  it('are made with a grant, claimed by a system of its product, and make the grant usable when they are done', async () => {
    const { grantId, owner } = await desk.approved();
    const [task, ...others] = await claim(system);
    expect(others).toEqual([]);
    expect(task).toMatchObject({ kind: 'PROVISION', status: 'CLAIMED', attempts: 1, grant: { id: grantId } });
    // Nobody else is given it meanwhile, not even its own system.
    expect(await claim(system)).toEqual([]);
    expect(
      await codesOf(system.client, 'completeProvisioningTask', { taskId: textAt(task, 'id'), reference: ' ' }),
    ).toEqual(['REQUIRED']);
    await complete(textAt(task, 'id'));
    expect(await lookAtGrant(owner, grantId, standing)).toMatchObject({ status: 'ACTIVE', isUsable: true });
    expect(await of(grantId)).toMatchObject([{ status: 'DONE', reference: 'acct-7', finishedAt: expect.any(String) }]);
    expect(
      await codesOf(system.client, 'completeProvisioningTask', { taskId: textAt(task, 'id'), reference: 'x' }),
    ).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('close access before they open any, once for each grant, however it ends', async () => {
    const opened = await desk.opened(system);
    const waiting = await desk.approved();
    await manager.must('suspendGrant', { grantId: opened.grantId, reason: 'An authority asks.' });
    await manager.must('revokeGrant', { grantId: opened.grantId, reason: 'And insists.' });
    expect(await of(opened.grantId)).toMatchObject([
      { kind: 'DEPROVISION', status: 'OPEN' },
      { kind: 'PROVISION', status: 'DONE' },
    ]);
    const [first] = await claim(system, 1);
    const [second] = await claim(system, 1);
    expect(first).toMatchObject({ kind: 'DEPROVISION', grant: { id: opened.grantId } });
    expect(second).toMatchObject({ kind: 'PROVISION', grant: { id: waiting.grantId } });
    await complete(textAt(first, 'id'));
    expect(await lookAtGrant(opened.owner, opened.grantId, standing)).toMatchObject({
      status: 'REVOKED',
      deprovisionedAt: expect.any(String),
    });
    expect(await claim(system)).toEqual([]);
    await complete(textAt(second, 'id'));
  });

  it('take the place of older ones, whose system is told so', async () => {
    const { grantId, owner } = await desk.approved();
    const [opening] = await claim(system);
    await owner.must('surrenderGrant', { grantId });
    // It was handed out, so it may have been opened in part.
    expect(await of(grantId)).toMatchObject([
      { kind: 'DEPROVISION', status: 'OPEN' },
      { kind: 'PROVISION', status: 'CANCELLED' },
    ]);
    const late = { taskId: textAt(opening, 'id'), reference: 'late' };
    expect(await codesOf(system.client, 'completeProvisioningTask', late)).toEqual(['NOT_ALLOWED_NOW']);
    const [closing] = await claim(system);
    await complete(textAt(closing, 'id'));

    const neverBegun = await desk.approved();
    await neverBegun.owner.must('surrenderGrant', { grantId: neverBegun.grantId });
    expect(await of(neverBegun.grantId)).toMatchObject([{ kind: 'PROVISION', status: 'CANCELLED' }]);
    expect(await claim(system)).toEqual([]);
  });

  it('leave a grant active that is reinstated before anybody began to close it, and otherwise open it anew', async () => {
    const { grantId, owner } = await desk.opened(system);
    await manager.must('suspendGrant', { grantId, reason: 'A look.' });
    await admin.must('reinstateGrant', { grantId, reason: 'Seen.' });
    expect(await lookAtGrant(owner, grantId, 'status')).toEqual({ status: 'ACTIVE' });
    const [change] = await claim(system);
    expect(change).toMatchObject({ kind: 'CHANGE', grant: { id: grantId } });
    await complete(textAt(change, 'id'));

    await manager.must('suspendGrant', { grantId, reason: 'Another look.' });
    const [closing] = await claim(system, 1, { leaseSeconds: 60 });
    await admin.must('reinstateGrant', { grantId, reason: 'Seen again.' });
    expect(await lookAtGrant(owner, grantId, 'status')).toEqual({ status: 'PENDING_PROVISIONING' });
    // The system may still be closing it, so it is not opened before that is over.
    expect(await claim(system)).toEqual([]);
    desk.story.desk.clock.advance(minute);
    expect(
      await codesOf(system.client, 'completeProvisioningTask', { taskId: textAt(closing, 'id'), reference: 'x' }),
    ).toEqual(['NOT_ALLOWED_NOW']);
    const [opening] = await claim(system);
    expect(opening).toMatchObject({ kind: 'PROVISION', grant: { id: grantId } });
    await complete(textAt(opening, 'id'));
    expect(await lookAtGrant(owner, grantId, standing)).toMatchObject({ status: 'ACTIVE', isUsable: true });
  });

  it('can be claimed by another once the lease is over, and are then nobody else’s', async () => {
    const second = await desk.system();
    const { grantId } = await desk.approved();
    const [task] = await claim(system, 1, { leaseSeconds: 30 });
    const taskId = textAt(task, 'id');
    expect(await claim(second)).toEqual([]);
    expect(await codesOf(second.client, 'completeProvisioningTask', { taskId, reference: 'x' })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    desk.story.desk.clock.advance(minute / 2);
    expect(await claim(second)).toMatchObject([{ id: taskId, attempts: 2 }]);
    expect(await codesOf(system.client, 'completeProvisioningTask', { taskId, reference: 'x' })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    const stale = { taskId, reference: 'x', expectedVersion: valueAt(task, 'version') };
    expect(await codesOf(second.client, 'completeProvisioningTask', stale)).toEqual(['CONFLICT']);
    await second.client.must('completeProvisioningTask', { taskId, reference: 'acct-9' });
    expect(await lookAtGrant(manager, grantId, 'status')).toEqual({ status: 'ACTIVE' });
  });

  it('that fail are tried again after a while that grows, and people are told when they go on failing', async () => {
    const { grantId } = await desk.approved();
    const grant = textAt(await lookAtGrant(manager, grantId, 'reference'), 'reference');
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const [task] = await claim(system);
      expect(task).toMatchObject({ attempts: attempt });
      const taskId = textAt(task, 'id');
      expect(await codesOf(system.client, 'failProvisioningTask', { taskId, reason: '' })).toEqual(['REQUIRED']);
      await system.client.must('failProvisioningTask', { taskId, reason: 'The tenant is locked.' });
      expect(await claim(system)).toEqual([]);
      desk.story.desk.clock.advance((minute / 2) * 2 ** (attempt - 1) - 1000);
      expect(await claim(system)).toEqual([]);
      desk.story.desk.clock.advance(1000);
    }
    expect(await of(grantId)).toMatchObject([
      { status: 'OPEN', failureReason: 'The tenant is locked.', escalatedAt: expect.any(String) },
    ]);
    expect(await desk.story.desk.mail.next('staff', /cannot be opened/)).toContain(grant);
    const [task] = await claim(system);
    await complete(textAt(task, 'id'));
  });

  it('are finished by whoever acknowledges the grant itself, as before', async () => {
    const machine = await desk.story.provisioner();
    const { grantId } = await desk.approved();
    await machine.must('acknowledgeProvisioning', { grantId });
    expect(await of(grantId)).toMatchObject([{ kind: 'PROVISION', status: 'DONE', reference: null }]);
    await manager.must('suspendGrant', { grantId, reason: 'A look.' });
    await machine.must('acknowledgeDeprovisioning', { grantId });
    expect(await of(grantId)).toMatchObject([
      { kind: 'DEPROVISION', status: 'DONE' },
      { kind: 'PROVISION', status: 'DONE' },
    ]);
    expect(await claim(system)).toEqual([]);
  });

  it('are nothing to systems of other products, to keys without a system, to people and to partners', async () => {
    await desk.story.desk.program({
      ...sampleProgram,
      code: 'fables',
      productCode: 'fable-5',
      productName: 'Fable 5',
    });
    const other = await desk.system(['PROVISION'], ['fable-5']);
    const { grantId, owner } = await desk.approved();
    const [waiting] = await of(grantId);
    const taskId = textAt(waiting, 'id');
    expect(await claim(other)).toEqual([]);
    expect(await codesOf(other.client, 'claimProvisioningTasks', { limit: 1, productCodes: ['mythos-5'] })).toEqual([
      'NOT_FOUND',
    ]);
    expect(await codesOf(other.client, 'completeProvisioningTask', { taskId, reference: 'x' })).toEqual(['NOT_FOUND']);
    expect(await codesOf(other.client, 'acknowledgeProvisioning', { grantId })).toEqual(['NOT_FOUND']);
    expect(await lookAtGrant(other.client, grantId, 'id')).toBeNull();
    expect(await tasksSeenBy(other.client)).toEqual([]);
    const { client: unregistered } = await desk.key();
    expect(await codesOf(unregistered, 'claimProvisioningTasks', { limit: 1 })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await tasksSeenBy(unregistered)).toEqual([]);
    const { client: reader } = await desk.key(['READ']);
    for (const somebody of [owner, admin, manager, reader]) {
      expect(await codesOf(somebody, 'claimProvisioningTasks', { limit: 1 })).toEqual(['FORBIDDEN']);
      expect(await codesOf(somebody, 'completeProvisioningTask', { taskId, reference: 'x' })).toEqual(['FORBIDDEN']);
      expect(await codesOf(somebody, 'failProvisioningTask', { taskId, reason: 'x' })).toEqual(['FORBIDDEN']);
      expect(await codesOf(somebody, 'reportReadBack', { grantId, isOpen: true })).toEqual(['FORBIDDEN']);
    }
    expect(await tasksSeenBy(owner)).toEqual([]);
    expect(await tasksSeenBy(reader, { grantId })).toHaveLength(1);
    expect(await codesOf(desk.story.desk.stranger, 'claimProvisioningTasks', { limit: 1 })).toEqual([
      'UNAUTHENTICATED',
    ]);
    for (const limit of [0, 101])
      expect(await codesOf(system.client, 'claimProvisioningTasks', { limit })).toEqual(['INVALID']);
    expect(await codesOf(system.client, 'claimProvisioningTasks', { limit: 1, leaseSeconds: 5 })).toEqual(['INVALID']);
  });

  it('are for systems that an administrator registers with a key for it, for products that there are', async () => {
    const { apiKeyId } = await desk.key();
    const { apiKeyId: reading } = await desk.key(['READ']);
    const good = { name: 'Another', apiKeyId, productCodes: ['mythos-5'], duties: ['PROVISION'] };
    const register = (client: PortalClient, changes: object) =>
      codesOf(client, 'registerProvisioningSystem', { ...good, ...changes });
    expect(await register(manager, {})).toEqual(['FORBIDDEN']);
    expect(await register(admin, { name: ' ' })).toEqual(['REQUIRED']);
    expect(await register(admin, { productCodes: [] })).toEqual(['REQUIRED']);
    expect(await register(admin, { productCodes: ['no-such'] })).toEqual(['NOT_FOUND']);
    expect(await register(admin, { duties: [] })).toEqual(['REQUIRED']);
    expect(await register(admin, { apiKeyId: reading })).toEqual(['INVALID']);
    expect(await register(admin, { apiKeyId: encodeId('apikey', '01936f00-0000-7000-8000-000000000000') })).toEqual([
      'NOT_FOUND',
    ]);
    const made = await admin.must('registerProvisioningSystem', good, 'system { id version }');
    expect(await register(admin, {})).toEqual(['ALREADY_EXISTS']);
    const systemId = textAt(made, 'system', 'id');
    expect(await codesOf(admin, 'updateProvisioningSystem', { systemId, isActive: false, expectedVersion: 9 })).toEqual(
      ['CONFLICT'],
    );
    expect(await codesOf(manager, 'updateProvisioningSystem', { systemId, isActive: false })).toEqual(['FORBIDDEN']);
    await admin.must('updateProvisioningSystem', { systemId: system.id, isActive: false });
    expect(await codesOf(system.client, 'claimProvisioningTasks', { limit: 1 })).toEqual(['NOT_ALLOWED_NOW']);
    await admin.must('updateProvisioningSystem', { systemId: system.id, isActive: true });
  });
});
