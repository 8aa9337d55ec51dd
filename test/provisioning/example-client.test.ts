import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { ExampleProvisioner } from '../../src/demo/provisioner.js';
import { eventually, lookAtGrant, minute } from '../journeys/story.js';
import { ProvisioningDesk, tasksSeenBy } from './provisioning-desk.js';

/** On a machine that is busy with other tests. */
jest.setTimeout(120_000);

describe('the reference client', () => {
  let desk: ProvisioningDesk;
  let manager: PortalClient;
  let client: ExampleProvisioner;

  beforeAll(async () => {
    desk = await ProvisioningDesk.open();
    manager = await desk.story.staff('PROGRAM_MANAGER');
    const provisioner = await desk.keyOfSystem(['PROVISION']);
    const readBack = await desk.keyOfSystem(['READ_BACK']);
    client = new ExampleProvisioner(desk.story.desk.url, { provisioner, readBack }, { FAIL_EVERY: '3' });
  });
  afterAll(async () => {
    await client.stop();
    await desk.close();
  });

  it('opens what is approved, closes what is suspended, tries again what failed, and reads all of it back', async () => {
    const one = await desk.approved();
    const tasksOf = (grantId: string) => tasksSeenBy(manager, { grantId });
    await eventually(async () =>
      expect(await tasksOf(one.grantId)).toMatchObject([{ kind: 'PROVISION', status: 'VERIFIED' }]),
    );
    expect(await lookAtGrant(one.owner, one.grantId, 'isUsable')).toEqual({ isUsable: true });

    await manager.must('suspendGrant', { grantId: one.grantId, reason: 'An authority asks.' });
    await eventually(async () =>
      expect(await tasksOf(one.grantId)).toMatchObject([
        { kind: 'DEPROVISION', status: 'VERIFIED', reference: 'account-1' },
        { kind: 'PROVISION', status: 'VERIFIED', reference: 'account-1' },
      ]),
    );

    // The third call of the product fails.
    const other = await desk.approved();
    await eventually(async () =>
      expect(await tasksOf(other.grantId)).toMatchObject([
        { status: 'OPEN', attempts: 1, failureReason: 'The product is busy.' },
      ]),
    );
    desk.story.desk.clock.advance(minute);
    await eventually(async () =>
      expect(await tasksOf(other.grantId)).toMatchObject([{ status: 'VERIFIED', attempts: 2 }]),
    );
  });

  it('stops when it is told to, with nothing left undone that it has begun', async () => {
    expect(await client.stop()).toBe(0);
    expect(valueAt(client.did.at(-1), 'did')).toBe('stopped');
    expect(await tasksSeenBy(manager, { statuses: ['OPEN', 'CLAIMED'] })).toEqual([]);
  });
});
