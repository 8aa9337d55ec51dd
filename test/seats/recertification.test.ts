import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, day, eventually, listAt, lookAtGrant, type Partner, Story } from '../journeys/story.js';

describe('the recertification of a grant', () => {
  let story: Story;
  let partner: Partner;
  let owner: PortalClient;
  let grantId: string;

  beforeAll(async () => {
    story = await Story.open();
    await story.takeOnEverybody();
    const version = {
      ...sampleProgram.version,
      grantPolicy: { recertifyEveryDays: 90, recertifyNoticeDays: 30 },
    };
    await (await story.staff('PROGRAM_MANAGER')).must('publishProgramVersion', { programId: story.programId, version });
    partner = await story.partner('Cora Certifies', 'Certified Utilities');
    owner = partner.owner;
    grantId = await story.granted(partner);
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
  }, 120_000);
  afterAll(() => story.close());

  /** Lets days pass, and the portal look at its clock. */
  async function pass(days: number): Promise<void> {
    story.pass(days * day);
    owner = await story.signInAgain(partner.email);
    await story.run('grants.openRecertifications');
    await story.run('grants.watchRecertifications');
  }
  async function latest(client: PortalClient, fields: string): Promise<unknown> {
    const found = await lookAtGrant(client, grantId, `recertifications { ${fields} }`);
    return listAt(found, 'recertifications').at(-1);
  }
  async function opened(count: number): Promise<string> {
    return eventually(async () => {
      const found = await lookAtGrant(owner, grantId, 'recertifications { id }');
      const all = listAt(found, 'recertifications');
      expect(all).toHaveLength(count);
      return textAt(all.at(-1), 'id');
    });
  }
  const attestation = { isStillUsed: true, usersReviewed: true, statement: 'Detection rules, as before.' };
  const status = () => lookAtGrant(owner, grantId, 'status suspensions { cause liftedAt }');

  it('is opened in time, attested by an owner and confirmed by staff', async () => {
    await pass(59);
    expect(await lookAtGrant(owner, grantId, 'recertifications { id }')).toEqual({ recertifications: [] });
    await pass(2);
    const recertificationId = await opened(1);
    expect(await story.desk.mail.next(partner.email, /attest that it is still needed/)).toContain('Look through');
    expect(await latest(owner, 'status isOverdue availableCommands')).toEqual({
      status: 'DUE',
      isOverdue: false,
      availableCommands: ['attest'],
    });
    const manager = await story.staff('PROGRAM_MANAGER');
    const give = { recertificationId, ...attestation };
    expect(await codesOf(manager, 'attestRecertification', give)).toEqual(['FORBIDDEN']);
    const applicant = await story.colleague({ ...partner, owner }, 'Abe Applies', 'APPLICANT');
    expect(await codesOf(applicant, 'attestRecertification', give)).toEqual(['FORBIDDEN']);
    const stranger = await story.partner('Sia Strange', 'Strange Utilities');
    expect(await codesOf(stranger.owner, 'attestRecertification', give)).toEqual(['NOT_FOUND']);
    expect(await codesOf(story.desk.stranger, 'attestRecertification', give)).toEqual(['UNAUTHENTICATED']);
    for (const field of ['isStillUsed', 'usersReviewed'] as const) {
      const { errors } = await owner.command('attestRecertification', { ...give, [field]: false });
      expect(errors).toMatchObject([{ code: 'INVALID', path: [field] }]);
    }
    expect(await codesOf(manager, 'confirmRecertification', { recertificationId })).toEqual(['NOT_ALLOWED_NOW']);

    await owner.must('attestRecertification', give);
    expect(await codesOf(owner, 'confirmRecertification', { recertificationId })).toEqual(['FORBIDDEN']);
    const auditor = await story.staff('AUDITOR');
    expect(await codesOf(auditor, 'confirmRecertification', { recertificationId })).toEqual(['FORBIDDEN']);
    await manager.must('declineRecertification', { recertificationId, reason: 'Which rules?' });
    expect(await story.desk.mail.next(partner.email, /attest it anew/)).toContain('Which rules?');
    expect(await latest(owner, 'status declinedReason attestedAt')).toEqual({
      status: 'DUE',
      declinedReason: 'Which rules?',
      attestedAt: null,
    });
    await owner.must('attestRecertification', give);
    await manager.must('confirmRecertification', { recertificationId });
    expect(await latest(owner, 'status statement attestedBy { name } confirmedBy { name }')).toEqual({
      status: 'CONFIRMED',
      statement: attestation.statement,
      attestedBy: { name: 'Cora Certifies' },
      confirmedBy: null,
    });
    expect(valueAt(await latest(manager, 'confirmedBy { name }'), 'confirmedBy')).not.toBeNull();
  });

  it('that is not done in time is reminded of, and suspends the grant; doing it lifts that cause and no other', async () => {
    await pass(61);
    const recertificationId = await opened(2);
    await pass(24);
    await story.desk.mail.next(partner.email, /recertification is due soon/);
    expect(await status()).toMatchObject({ status: 'ACTIVE' });
    await owner.must('attestRecertification', { recertificationId, ...attestation });
    await pass(7);
    await eventually(async () =>
      expect(await status()).toEqual({
        status: 'SUSPENDED',
        suspensions: [{ cause: 'RECERTIFICATION', liftedAt: null }],
      }),
    );
    await story.desk.mail.next(partner.email, /recertification is overdue/);
    expect(await latest(owner, 'status isOverdue')).toEqual({ status: 'ATTESTED', isOverdue: true });
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('suspendGrant', { grantId, reason: 'Misuse is looked into.' });
    expect(await codesOf(manager, 'reinstateGrant', { grantId, cause: 'RECERTIFICATION', reason: 'Kind.' })).toEqual([
      'INCOMPLETE',
    ]);
    await manager.must('confirmRecertification', { recertificationId });
    const left = await status();
    expect(valueAt(left, 'status')).toBe('SUSPENDED');
    const open = listAt(left, 'suspensions').filter((one) => valueAt(one, 'liftedAt') === null);
    expect(open).toEqual([{ cause: 'STAFF', liftedAt: null }]);
    await (await story.staff('PROGRAM_MANAGER', 2)).must('reinstateGrant', { grantId, reason: 'Nothing was found.' });
    expect(await status()).toMatchObject({ status: 'ACTIVE' });
    const { history } = (await lookAtGrant(owner, grantId, 'history { type status cause actor }')) ?? {};
    expect(history).toEqual([
      { type: 'grant.created', status: 'PENDING_PROVISIONING', cause: null, actor: 'Staff' },
      { type: 'grant.activated', status: 'ACTIVE', cause: null, actor: 'A system of the operator' },
      { type: 'grant.suspended', status: 'SUSPENDED', cause: 'RECERTIFICATION', actor: 'The portal' },
      { type: 'grant.suspension_added', status: 'SUSPENDED', cause: 'STAFF', actor: 'Staff' },
      { type: 'grant.suspension_lifted', status: 'SUSPENDED', cause: 'RECERTIFICATION', actor: 'Staff' },
      { type: 'grant.reinstated', status: 'ACTIVE', cause: null, actor: 'Staff' },
    ]);
  });

  it('ends with the grant', async () => {
    await pass(61);
    const recertificationId = await opened(3);
    await owner.must('surrenderGrant', { grantId });
    expect(await codesOf(owner, 'attestRecertification', { recertificationId, ...attestation })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
  });
});
