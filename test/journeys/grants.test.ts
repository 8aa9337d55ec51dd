import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, day, eventually, look, lookAtGrant, minute, type Partner, Story } from './story.js';

const usable = 'status isUsable statusReason provisionedAt deprovisionedAt';

describe('a grant', () => {
  let story: Story;
  let machine: PortalClient;
  let count = 0;

  beforeAll(async () => {
    story = await Story.open();
    machine = await story.provisioner();
  });
  afterAll(() => story.close());

  const newPartner = () => {
    count += 1;
    const name = String.fromCharCode(96 + count);
    return story.partner(`Gina Grant ${name}`, `Grant Utilities ${name}`);
  };
  const active = async (partner: Partner) => {
    const grantId = await story.granted(partner);
    await machine.must('acknowledgeProvisioning', { grantId });
    return grantId;
  };

  it('cannot be used before its provisioning is acknowledged, by a machine with the scope for it and nobody else', async () => {
    const partner = await newPartner();
    const grantId = await story.granted(partner);
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'PENDING_PROVISIONING',
      isUsable: false,
      provisionedAt: null,
    });
    const admin = await story.staff('ADMIN');
    const key = await admin.must('createApiKey', { name: 'Reader', scopes: ['READ'] }, 'key');
    const others = [
      partner.owner,
      admin,
      await story.staff('PROGRAM_MANAGER'),
      story.desk.stranger.as(textAt(key, 'key')),
    ];
    for (const other of others)
      expect(await codesOf(other, 'acknowledgeProvisioning', { grantId })).toEqual(['FORBIDDEN']);
    await machine.must('acknowledgeProvisioning', { grantId });
    expect(await codesOf(machine, 'acknowledgeProvisioning', { grantId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'ACTIVE',
      isUsable: true,
      provisionedAt: expect.any(String),
    });
  });

  it('shows a provisioning machine what it needs, and nothing else of the partner', async () => {
    const partner = await newPartner();
    const grantId = await story.granted(partner);
    const pending = await machine.ask(
      '{ grants(filter: { statuses: [PENDING_PROVISIONING] }) { nodes { id organizationName productCode } } }',
    );
    expect(valueAt(pending, 'grants', 'nodes')).toContainEqual({
      id: grantId,
      organizationName: expect.stringMatching(/^Grant Utilities/),
      productCode: 'mythos-5',
    });
    const applicationId = textAt(await lookAtGrant(machine, grantId, 'applicationId'), 'applicationId');
    expect(await look(machine, applicationId, 'id')).toBeNull();
    expect(await machine.ask('{ applications { totalCount } organizations { totalCount } queues { name } }')).toEqual({
      applications: { totalCount: 0 },
      organizations: { totalCount: 0 },
      queues: [],
    });
  });

  it('is suspended at once by one person, and reinstated only by another', async () => {
    const partner = await newPartner();
    const grantId = await active(partner);
    const [manager, admin] = [await story.staff('PROGRAM_MANAGER'), await story.staff('ADMIN')];
    expect(await codesOf(await story.staff('DECIDER'), 'suspendGrant', { grantId, reason: 'x' })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await codesOf(manager, 'suspendGrant', { grantId, reason: ' ' })).toEqual(['REQUIRED']);
    await manager.must('suspendGrant', { grantId, reason: 'Seats were shared.' });
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'SUSPENDED',
      isUsable: false,
      statusReason: 'Seats were shared.',
    });
    expect(await codesOf(manager, 'reinstateGrant', { grantId, reason: 'x' })).toEqual(['FOUR_EYES']);
    expect(await lookAtGrant(manager, grantId, 'availableCommands')).toEqual({ availableCommands: ['revoke'] });
    await admin.must('reinstateGrant', { grantId, reason: 'It was a misunderstanding.' });
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'ACTIVE',
      isUsable: true,
      statusReason: 'It was a misunderstanding.',
    });
    // Whoever suspended it before may suspend it again.
    await manager.must('suspendGrant', { grantId, reason: 'Again.' });
  });

  it('whose access was closed while it was suspended has to be provisioned anew', async () => {
    const partner = await newPartner();
    const grantId = await active(partner);
    expect(await codesOf(machine, 'acknowledgeDeprovisioning', { grantId })).toEqual(['NOT_ALLOWED_NOW']);
    await (await story.staff('ADMIN')).must('suspendGrant', { grantId, reason: 'An authority asks.' });
    await machine.must('acknowledgeDeprovisioning', { grantId });
    expect(await codesOf(machine, 'acknowledgeDeprovisioning', { grantId })).toEqual(['ALREADY_EXISTS']);
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'SUSPENDED',
      deprovisionedAt: expect.any(String),
    });
    await (await story.staff('PROGRAM_MANAGER')).must('reinstateGrant', { grantId, reason: 'The authority agrees.' });
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'PENDING_PROVISIONING',
      isUsable: false,
      provisionedAt: null,
      deprovisionedAt: null,
    });
    await machine.must('acknowledgeProvisioning', { grantId });
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({ status: 'ACTIVE', isUsable: true });
  });

  it('is revoked for good, and its closing acknowledged', async () => {
    const partner = await newPartner();
    const grantId = await active(partner);
    const [manager, admin] = [await story.staff('PROGRAM_MANAGER'), await story.staff('ADMIN')];
    expect(await codesOf(admin, 'revokeGrant', { grantId, reason: 'x' })).toEqual(['FORBIDDEN']);
    await manager.must('revokeGrant', { grantId, reason: 'Used against others.' });
    const over = { grantId, reason: 'x' };
    for (const [client, command] of [
      [manager, 'suspendGrant'],
      [admin, 'reinstateGrant'],
      [manager, 'revokeGrant'],
      [partner.owner, 'surrenderGrant'],
    ] as const) {
      expect([command, await codesOf(client, command, over)]).toEqual([command, ['NOT_ALLOWED_NOW']]);
    }
    await machine.must('acknowledgeDeprovisioning', { grantId });
    expect(await lookAtGrant(partner.owner, grantId, `${usable} availableCommands`)).toMatchObject({
      status: 'REVOKED',
      isUsable: false,
      statusReason: 'Used against others.',
      deprovisionedAt: expect.any(String),
      availableCommands: [],
    });
  });

  it('is given back by the partner, who may apply again', async () => {
    const partner = await newPartner();
    const grantId = await active(partner);
    await partner.owner.must('surrenderGrant', { grantId, reason: 'We use another product.' });
    expect(await lookAtGrant(partner.owner, grantId, usable)).toMatchObject({
      status: 'SURRENDERED',
      isUsable: false,
      statusReason: 'We use another product.',
    });
    expect(await story.draft(partner)).toMatch(/^application_/);
  });

  it('can be used until its last moment and not beyond, and is ended by the portal itself', async () => {
    const partner = await newPartner();
    const [grantId, neverOpened] = [await active(partner), await story.granted(await newPartner())];
    const ends = new Date(textAt(await lookAtGrant(partner.owner, grantId, 'endsAt'), 'endsAt'));
    story.pass(ends.getTime() - story.desk.clock.now().getTime() - day);
    await story.run('grants.expire');
    const owner = await story.signInAgain(partner.email);
    expect(await lookAtGrant(owner, grantId, usable)).toMatchObject({ status: 'ACTIVE', isUsable: true });

    story.pass(day + 60 * minute);
    const after = await story.signInAgain(partner.email);
    expect(await lookAtGrant(after, grantId, usable)).toMatchObject({ isUsable: false });
    await story.run('grants.expire');
    await eventually(async () => {
      expect(await lookAtGrant(after, grantId, usable)).toMatchObject({ status: 'EXPIRED', statusReason: null });
      expect(await lookAtGrant(machine, neverOpened, usable)).toMatchObject({ status: 'EXPIRED' });
    });
    expect(await codesOf(machine, 'acknowledgeProvisioning', { grantId: neverOpened })).toEqual(['NOT_ALLOWED_NOW']);
    await machine.must('acknowledgeDeprovisioning', { grantId });
    const applicationId = textAt(await lookAtGrant(after, grantId, 'applicationId'), 'applicationId');
    const seen = await look(after, applicationId, 'status timeline(first: 2) { nodes { type actor } }');
    expect(seen).toEqual({
      status: 'APPROVED',
      timeline: {
        nodes: [
          { type: 'grant.deprovisioned', actor: 'A system of the operator' },
          { type: 'grant.expired', actor: 'The portal' },
        ],
      },
    });
  });
});
