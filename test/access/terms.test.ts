import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, day, eventually, listAt, look, lookAtGrant, type Partner, Story } from '../journeys/story.js';

const body = 'The product is used on own systems only, and logs are kept for a year.';

describe('terms that a program asks for again', () => {
  let story: Story;
  let machine: PortalClient;
  let partner: Partner;
  let grantId: string;

  beforeAll(async () => {
    story = await Story.open();
    machine = await story.provisioner();
    partner = await story.partner('Tessa Terms', 'Terms Utilities');
    grantId = await active(partner);
  });
  afterAll(() => story.close());

  async function active(of: Partner): Promise<string> {
    const id = await story.granted(of);
    await machine.must('acknowledgeProvisioning', { grantId: id });
    return id;
  }
  const inDays = (days: number) => new Date(story.desk.clock.now().getTime() + days * day).toISOString();
  async function publish(label: string, days: number): Promise<string> {
    const terms = { programId: story.programId, terms: { label, body: `${label}: ${body}` }, reacceptBy: inDays(days) };
    const manager = await story.staff('PROGRAM_MANAGER');
    const made = await manager.must('publishProgramTerms', terms, 'program { currentVersion { terms { id label } } }');
    expect(valueAt(made, 'program', 'currentVersion', 'terms', 'label')).toBe(label);
    return textAt(made, 'program', 'currentVersion', 'terms', 'id');
  }
  async function attestations(client: PortalClient, of = partner) {
    const asked = `query ($id: ID!) { organization(id: $id) { attestations {
      terms { id label } program { code } sha256 dueAt isOverdue givenAt givenBy { name } ipAddress } } }`;
    return listAt(await client.ask(asked, { id: of.organizationId }), 'organization', 'attestations');
  }
  /** Runs the job until somebody was asked so often. */
  async function asked(client: PortalClient, times: number, of = partner) {
    await story.run('attestations.ask');
    return eventually(async () => {
      const found = await attestations(client, of);
      expect(found).toHaveLength(times);
      return found;
    });
  }
  const accept = (termsId: string, of = partner) => ({ organizationId: of.organizationId, termsId });
  const causes = async (client: PortalClient, id = grantId) =>
    listAt(await lookAtGrant(client, id, 'suspensions { cause liftedAt }'), 'suspensions')
      .filter((one) => valueAt(one, 'liftedAt') === null)
      .map((one) => textAt(one, 'cause'));
  const logged = async (event: string) => {
    const filter = `{ auditLog(filter: { event: "${event}" }, first: 50) { nodes { id } } }`;
    return listAt(await (await story.staff('AUDITOR')).ask(filter), 'auditLog', 'nodes').length;
  };

  it('are published by program managers with a new label and time enough, and are those of new applications', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    const wrong = (more: object) => ({ programId: story.programId, terms: { label: '2027', body }, ...more });
    expect(await codesOf(manager, 'publishProgramTerms', wrong({ reacceptBy: inDays(0.5) }))).toEqual(['INVALID']);
    expect(await codesOf(manager, 'publishProgramTerms', wrong({ terms: { label: ' ', body: '' } }))).toEqual([
      'REQUIRED',
      'REQUIRED',
    ]);
    const label = textAt(
      await manager.ask('query ($id: ID!) { program(id: $id) { currentVersion { terms { label } } } }', {
        id: story.programId,
      }),
      ...['program', 'currentVersion', 'terms', 'label'],
    );
    expect(await codesOf(manager, 'publishProgramTerms', wrong({ terms: { label, body } }))).toEqual([
      'ALREADY_EXISTS',
    ]);
    await manager.must('publishProgramTerms', wrong({ dryRun: true, reacceptBy: inDays(30) }));
    expect(await codesOf(await story.staff('ADMIN'), 'publishProgramTerms', wrong({}))).toEqual(['FORBIDDEN']);
    expect(await attestations(manager)).toEqual([]);
  });

  it('are asked of every organization that holds a grant, once, by letter; who, when, what and from where is kept', async () => {
    const termsId = await publish('2027-01', 30);
    const bystander = await story.partner('Boris Bystander', 'Bystander Utilities');
    expect(await codesOf(partner.owner, 'acceptOrganizationTerms', accept(termsId))).toEqual(['NOT_ALLOWED_NOW']);
    expect(await asked(partner.owner, 1)).toMatchObject([
      { terms: { id: termsId, label: '2027-01' }, isOverdue: false, givenAt: null, ipAddress: null },
    ]);
    await story.run('attestations.ask');
    expect(await story.desk.mail.next(partner.email, /new terms to accept/)).toContain('suspended');
    expect(await attestations(bystander.owner, bystander)).toEqual([]);

    const viewer = await story.colleague(partner, 'Vera Viewer', 'VIEWER');
    expect(await codesOf(viewer, 'acceptOrganizationTerms', accept(termsId))).toEqual(['FORBIDDEN']);
    const staff = await story.staff('PROGRAM_MANAGER');
    expect(await codesOf(staff, 'acceptOrganizationTerms', accept(termsId))).toEqual(['FORBIDDEN']);
    for (const stranger of [bystander.owner, machine])
      expect(await codesOf(stranger, 'acceptOrganizationTerms', accept(termsId))).toEqual(['NOT_FOUND']);

    const applicant = await story.colleague(partner, 'Anton Applicant', 'APPLICANT');
    for (const _twice of [1, 2]) await applicant.must('acceptOrganizationTerms', accept(termsId));
    expect(await logged('attestation.given')).toBe(1);
    const [given] = await attestations(staff);
    expect(given).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      givenAt: expect.any(String),
      givenBy: { name: 'Anton Applicant' },
      ipAddress: '127.0.0.1',
    });
    expect(valueAt((await attestations(viewer))[0], 'ipAddress')).toBeNull();
  });

  it('are reminded of once, and suspend what did not accept them in time, once, for that cause', async () => {
    const termsId = await publish('2027-02', 30);
    const [latest] = await asked(partner.owner, 2);
    expect(latest).toMatchObject({ terms: { id: termsId } });
    story.pass(24 * day);
    const owner = await story.signInAgain(partner.email);
    for (const _again of [1, 2]) {
      await story.run('attestations.remind');
      await story.run('attestations.suspend');
    }
    expect(await story.desk.mail.next(partner.email, /terms not accepted yet/)).toContain('2027-02');
    expect(await causes(owner)).toEqual([]);

    story.pass(7 * day);
    const late = await story.signInAgain(partner.email);
    const check = async () =>
      listAt(
        await late.ask(
          'query ($id: ID!) { accessCheck(organizationId: $id, productCode: "mythos-5") { reasons { code } } }',
          { id: partner.organizationId },
        ),
        ...['accessCheck', 'reasons'],
      );
    expect(await check()).toEqual([{ code: 'TERMS_NOT_ACCEPTED' }]);
    for (const _again of [1, 2]) await story.run('attestations.suspend');
    await eventually(async () => expect(await causes(late)).toEqual(['TERMS']));
    expect(await attestations(late)).toMatchObject([{ isOverdue: true }, { isOverdue: false }]);
    expect(await check()).toEqual([{ code: 'TERMS_NOT_ACCEPTED' }]);
    expect(await logged('attestation.due')).toBe(1);
    expect(await logged('grant.suspended')).toBe(1);
    expect(await story.desk.mail.next(partner.email, /G-[0-9-]+: suspended/)).toContain('not accepted in');
    const manager = await story.staff('PROGRAM_MANAGER');
    expect(await codesOf(manager, 'reinstateGrant', { grantId, reason: 'Never mind.' })).not.toEqual([]);
  });

  it('when they are accepted late, lift that cause and only that', async () => {
    const late = await story.signInAgain(partner.email);
    const [termsId] = (await attestations(late)).map((one) => textAt(one, 'terms', 'id'));
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('suspendGrant', { grantId, reason: 'Something else.' });
    await late.must('acceptOrganizationTerms', accept(String(termsId)));
    expect(await causes(late)).toEqual(['STAFF']);
    expect(await lookAtGrant(late, grantId, 'isUsable')).toEqual({ isUsable: false });
    await (await story.staff('ADMIN')).must('reinstateGrant', { grantId, reason: 'It was nothing.' });
    expect(await lookAtGrant(late, grantId, 'isUsable')).toEqual({ isUsable: true });
  });

  it('give way to newer ones, and give the same time to whoever is let in later under those of before', async () => {
    const later = await story.partner('Lena Later', 'Later Utilities');
    const before = await story.atDecision(later);
    const old = await publish('2027-03', 2);
    const owner = await story.signInAgain(partner.email);
    await asked(owner, 3);
    const newest = await publish('2027-04', 20);
    await asked(owner, 4);
    expect(await codesOf(owner, 'acceptOrganizationTerms', accept(old))).toEqual(['INVALID']);
    story.pass(10 * day);
    const owners = await story.signInAgain(partner.email);
    await story.run('attestations.suspend');
    const decisionId = await story.propose(before, { outcome: 'APPROVE' });
    const decider = await story.staff('DECIDER', 2);
    await decider.must('countersignDecision', { applicationId: before, decisionId });
    const lateOwner = await story.signInAgain(later.email);
    const [late, applied] = await asked(lateOwner, 2, later);
    expect(late).toMatchObject({ terms: { id: newest }, givenAt: null });
    // Those that it applied under count for themselves.
    expect(applied).toMatchObject({ terms: { label: '2027-02' }, givenAt: expect.any(String) });
    const due = new Date(textAt(late, 'dueAt')).getTime() - story.desk.clock.now().getTime();
    expect(due / day).toBeGreaterThan(19);
    expect(await causes(owners)).toEqual([]);
    expect(await look(lateOwner, before, 'status')).toEqual({ status: 'APPROVED' });
  });
});
