import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registerOrganization } from '../../src/demo/applying.js';
import { signUp } from '../../src/demo/people.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, eventually, listAt, lookAtGrant, type Partner, Story } from '../journeys/story.js';

describe('the operator’s own organization', () => {
  let story: Story;
  let own: Partner;
  let other: Partner;
  let admin: PortalClient;
  let second: PortalClient;
  let authorityId: string;
  let letters = 0;

  beforeAll(async () => {
    story = await Story.open();
    [admin, second] = [await story.staff('ADMIN'), await story.staff('ADMIN', 2)];
    const email = 'research@operator.example.org';
    const owner = await signUp(story.desk.stranger, story.desk.mail, { name: 'Rhea Research', email });
    own = { owner, email, organizationId: await registerOrganization(owner, 'Northlight Research', 'NL-own') };
    other = await story.partner('Otto Other', 'Other Utilities');
    const said = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    const manager = await story.staff('PROGRAM_MANAGER');
    authorityId = textAt(await manager.must('registerAuthority', said, 'authority { id }'), 'authority', 'id');
  });
  afterAll(() => story.close());

  const about = (partner: Partner, isOperator?: boolean) => ({
    organizationId: partner.organizationId,
    ...(isOperator === undefined ? {} : { isOperator }),
  });
  const seen = async (client: PortalClient, partner = own) =>
    valueAt(
      await client.ask('query ($id: ID!) { organization(id: $id) { isOperator operatorProposed } }', {
        id: partner.organizationId,
      }),
      'organization',
    );
  async function active(partner: Partner): Promise<string> {
    const grantId = await story.granted(partner);
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
    return grantId;
  }
  /** A letter that permits the product to the sector of both, and says this of the operator's staff. */
  async function inForce(operatorStaff: string, more: object = {}): Promise<void> {
    letters += 1;
    const now = story.desk.clock.now().toISOString();
    const times = { issuedAt: now, receivedAt: now, effectiveAt: now };
    const terms = { products: ['mythos-5'], sectors: ['WATER_AND_WASTEWATER'], operatorStaff, ...more };
    const letter = { authorityId, reference: `BTS-${letters}`, summary: 'As the letter says.', ...times, terms };
    const recorded = await (await story.staff('PROGRAM_MANAGER')).must(
      'recordDirective',
      { kind: 'AUTHORIZE', ...letter },
      'directive { id }',
    );
    const directiveId = textAt(recorded, 'directive', 'id');
    await (await story.staff('PROGRAM_MANAGER', 2)).must('putDirectiveInForce', { directiveId });
  }
  const usable = async (partner: Partner, grantId: string) =>
    valueAt(await lookAtGrant(partner.owner, grantId, 'isUsable'), 'isUsable');

  it('is made so by two administrators, and only one can be', async () => {
    expect(await codesOf(own.owner, 'proposeOperatorOrganization', about(own, true))).toEqual(['FORBIDDEN']);
    expect(await codesOf(admin, 'proposeOperatorOrganization', about(own, false))).toEqual(['NOT_ALLOWED_NOW']);
    expect(await codesOf(admin, 'confirmOperatorOrganization', about(own))).toEqual(['NOT_ALLOWED_NOW']);
    await admin.must('proposeOperatorOrganization', about(own, true));
    expect(await codesOf(second, 'proposeOperatorOrganization', about(own, true))).toEqual(['ALREADY_EXISTS']);
    expect(await codesOf(admin, 'confirmOperatorOrganization', about(own))).toEqual(['FOUR_EYES']);
    expect(await seen(second)).toEqual({ isOperator: false, operatorProposed: true });
    expect(await seen(own.owner)).toEqual({ isOperator: false, operatorProposed: null });
    await second.must('declineOperatorOrganization', about(own));
    await second.must('proposeOperatorOrganization', about(own, true));
    await admin.must('confirmOperatorOrganization', about(own));
    expect(await seen(own.owner)).toEqual({ isOperator: true, operatorProposed: null });
    await admin.must('proposeOperatorOrganization', about(other, true));
    expect(await codesOf(second, 'confirmOperatorOrganization', about(other))).toEqual(['ALREADY_EXISTS']);
    await admin.must('declineOperatorOrganization', about(other));
  });

  it('applies and is reviewed like others, by colleagues who share its mail domain', async () => {
    const grantId = await active(own);
    expect(await usable(own, grantId)).toBe(true);
    const applicationId = textAt(await lookAtGrant(own.owner, grantId, 'applicationId'), 'applicationId');
    const recused = await (await story.staff('INTAKE')).ask(
      'query ($id: ID!) { application(id: $id) { recusals { endedAt } } }',
      { id: applicationId },
    );
    const standing = listAt(recused, 'application', 'recusals').filter((one) => valueAt(one, 'endedAt') === null);
    expect(standing).toEqual([]);
  });

  it('is shut by a directive that excludes the operator’s staff, alone; and kept by one that exempts them', async () => {
    const owned = listAt(await own.owner.ask('{ grants { nodes { id } } }'), 'grants', 'nodes');
    const [ownGrant, otherGrant] = [textAt(owned[0], 'id'), await active(other)];
    // Exempt, although the letter is for another sector: so only the operator's own may go on.
    await inForce('EXEMPT', { sectors: ['ENERGY'] });
    expect([await usable(own, ownGrant), await usable(other, otherGrant)]).toEqual([true, false]);
    await inForce('EXCLUDED');
    expect(await usable(own, ownGrant)).toBe(false);
    const manager = await story.staff('PROGRAM_MANAGER');
    await eventually(async () =>
      expect(await lookAtGrant(own.owner, ownGrant, 'suspensions { cause }')).toEqual({
        suspensions: [{ cause: 'RELEASE' }],
      }),
    );
    const reinstate = (grantId: string) => ({ grantId, reason: 'Permitted by the letter.' });
    await manager.must('reinstateGrant', reinstate(otherGrant));
    expect(await codesOf(manager, 'reinstateGrant', reinstate(ownGrant))).toEqual(['NOT_ALLOWED_NOW']);
    expect([await usable(own, ownGrant), await usable(other, otherGrant)]).toEqual([false, true]);
  });
});
