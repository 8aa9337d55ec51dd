import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { codesOf, eventually, lookAtGrant, type Partner, Story } from '../journeys/story.js';

const causes = 'status isUsable suspensions { cause reason liftedAt suspendedBy { id } }';

describe('the causes of a suspension', () => {
  let story: Story;
  let manager: PortalClient;
  let another: PortalClient;
  let partner: Partner;
  let grantId: string;
  let productId: string;

  beforeAll(async () => {
    story = await Story.open();
    manager = await story.staff('PROGRAM_MANAGER');
    another = await story.staff('PROGRAM_MANAGER', 2);
    partner = await story.partner('Sofia Stacked', 'Stacked Utilities');
    grantId = await story.granted(partner);
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
    await manager.must('suspendGrant', { grantId, reason: 'Misuse is looked into.' });
    productId = textAt(await manager.ask('{ product(code: "mythos-5") { id } }'), 'product', 'id');
    await another.must('proposeReleaseStatus', { productId, status: 'HALTED', reason: 'A fault.' });
    await manager.must('confirmReleaseStatus', { productId });
    await eventually(async () =>
      expect(await lookAtGrant(partner.owner, grantId, 'suspensions { cause }')).toEqual({
        suspensions: [{ cause: 'STAFF' }, { cause: 'RELEASE' }],
      }),
    );
  });
  afterAll(() => story.close());

  it('stack, and each is told to the partner, by letter too, without who of staff it was', async () => {
    expect(await lookAtGrant(partner.owner, grantId, causes)).toEqual({
      status: 'SUSPENDED',
      isUsable: false,
      suspensions: [
        { cause: 'STAFF', reason: 'Misuse is looked into.', liftedAt: null, suspendedBy: null },
        expect.objectContaining({ cause: 'RELEASE', liftedAt: null }),
      ],
    });
    expect(await story.desk.mail.next(partner.email, /suspended for a further reason/)).toContain('stays closed');
  });

  it('are lifted one by one; the grant can be used when the last is', async () => {
    const lift = (cause?: string) => ({ grantId, reason: 'Settled.', ...(cause ? { cause } : {}) });
    expect(await codesOf(manager, 'suspendGrant', { grantId, reason: 'Again.' })).toEqual(['ALREADY_EXISTS']);
    expect(await codesOf(another, 'reinstateGrant', lift())).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(another, 'reinstateGrant', lift('RELEASE'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(another, 'reinstateGrant', lift('TERMS'))).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(manager, 'reinstateGrant', lift('STAFF'))).toEqual(['FOUR_EYES']);
    await another.must('reinstateGrant', lift('STAFF'));
    expect(await lookAtGrant(partner.owner, grantId, 'status isUsable')).toEqual({
      status: 'SUSPENDED',
      isUsable: false,
    });
    await another.must('proposeReleaseStatus', { productId, status: 'LIMITED', reason: 'Mended.' });
    await manager.must('confirmReleaseStatus', { productId });
    expect(await lookAtGrant(partner.owner, grantId, 'status')).toEqual({ status: 'SUSPENDED' });
    await manager.must('reinstateGrant', lift());
    expect(await lookAtGrant(partner.owner, grantId, causes)).toMatchObject({
      status: 'ACTIVE',
      isUsable: true,
      suspensions: [{ liftedAt: expect.any(String) }, { liftedAt: expect.any(String) }],
    });
    const seen = await lookAtGrant(manager, grantId, 'suspensions { cause suspendedBy { id } liftedBy { id } }');
    expect(textAt(seen, 'suspensions', 0, 'suspendedBy', 'id')).not.toBe(
      textAt(seen, 'suspensions', 0, 'liftedBy', 'id'),
    );
  });
});
