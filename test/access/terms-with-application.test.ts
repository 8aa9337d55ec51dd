import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptTerms, completeDraft } from '../../src/demo/applying.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, day, eventually, listAt, look, lookAtGrant, type Partner, Story } from '../journeys/story.js';
import { addressOf } from '../support/portal.js';

/** A partner that may use the product, and what it applied with. */
interface Holder extends Partner {
  readonly applicationId: string;
  readonly grantId: string;
}

describe('terms that are accepted with an application', () => {
  let story: Story;
  let answering: Holder;
  let behind: Holder;
  let late: Holder;
  let termsId: string;

  beforeAll(async () => {
    story = await Story.open();
    answering = await holder('Anna Answering', 'Answering Utilities');
    behind = await holder('Bert Behind', 'Behind Utilities');
    late = await holder('Lara Late', 'Late Utilities');
  }, 120_000);
  afterAll(() => story.close());

  async function holder(person: string, name: string): Promise<Holder> {
    const partner = await story.partner(person, name);
    const applicationId = await story.decided(partner, { outcome: 'APPROVE' });
    const grantId = textAt(await look(partner.owner, applicationId, 'grant { id }'), 'grant', 'id');
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
    return { ...partner, applicationId, grantId };
  }
  /** An amendment as far as a draft that only lacks the submission, under the terms of this moment. */
  async function drafted(client: PortalClient, { applicationId }: Holder): Promise<string> {
    const made = await client.must('startAmendment', { applicationId }, 'application { id }');
    const amendmentId = textAt(made, 'application', 'id');
    await completeDraft(client, amendmentId);
    return amendmentId;
  }
  async function attestations(client: PortalClient, { organizationId }: Partner) {
    const asked = `query ($id: ID!) { organization(id: $id) { attestations {
      terms { id label } sha256 isOverdue givenAt givenBy { name } ipAddress } } }`;
    return listAt(await client.ask(asked, { id: organizationId }), 'organization', 'attestations');
  }
  const isOpen = (client: PortalClient, of: Partner) =>
    eventually(async () => expect(await attestations(client, of)).toMatchObject([{ givenAt: null }]));
  const usable = async (client: PortalClient, { grantId }: Holder) =>
    valueAt(await lookAtGrant(client, grantId, 'isUsable'), 'isUsable');
  const given = async () => {
    const query = '{ auditLog(filter: { event: "attestation.given" }, first: 50) { nodes { organizationId } } }';
    return listAt(await (await story.staff('AUDITOR')).ask(query), 'auditLog', 'nodes');
  };

  it('answer what the organization was asked once the application is submitted: who, when, what and from where is kept', async () => {
    const old = await drafted(behind.owner, behind);
    const reacceptBy = new Date(story.desk.clock.now().getTime() + 30 * day).toISOString();
    const published = { programId: story.programId, terms: { label: '2027-01', body: 'Logs are kept for a year.' } };
    const fields = 'program { currentVersion { terms { id } } }';
    const made = await (await story.staff('PROGRAM_MANAGER')).must(
      'publishProgramTerms',
      { ...published, reacceptBy },
      fields,
    );
    termsId = textAt(made, 'program', 'currentVersion', 'terms', 'id');
    await story.run('attestations.ask');
    for (const one of [answering, behind, late]) await isOpen(one.owner, one);

    const amendmentId = await drafted(answering.owner, answering);
    // A draft can be dropped: as long as it is one, nothing is answered.
    await isOpen(answering.owner, answering);
    const colleague = await story.colleague(answering, 'Cleo Colleague', 'APPLICANT');
    await colleague.must('submitApplication', { applicationId: amendmentId });
    expect(await attestations(await story.staff('AUDITOR'), answering)).toEqual([
      {
        terms: { id: termsId, label: '2027-01' },
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        isOverdue: false,
        givenAt: expect.any(String),
        givenBy: { name: 'Anna Answering' },
        ipAddress: '127.0.0.1',
      },
    ]);
    expect(await given()).toEqual([{ organizationId: answering.organizationId }]);
    // What was accepted of the terms before is nothing to those that are asked for.
    await behind.owner.must('submitApplication', { applicationId: old });
    await isOpen(behind.owner, behind);
  });

  it('are not asked of whoever applies under them, and are of whoever only has them in a draft', async () => {
    const fresh = await holder('Frida Fresh', 'Fresh Utilities');
    await story.run('attestations.ask');
    const other = await holder('Otto Other', 'Other Utilities');
    await story.run('attestations.ask');
    for (const one of [fresh, other])
      expect(await attestations(one.owner, one)).toMatchObject([
        { terms: { id: termsId }, givenAt: expect.any(String) },
      ]);
    await drafted(late.owner, late);
    await isOpen(late.owner, late);
  });

  it('keep a grant open at the date, while one whose organization accepted only older ones is suspended', async () => {
    story.pass(31 * day);
    const [one, two] = [await story.signInAgain(answering.email), await story.signInAgain(behind.email)];
    await story.run('attestations.suspend');
    await eventually(async () =>
      expect(await lookAtGrant(two, behind.grantId, 'status suspensions { cause }')).toEqual({
        status: 'SUSPENDED',
        suspensions: [{ cause: 'TERMS' }],
      }),
    );
    expect(await lookAtGrant(one, answering.grantId, 'status suspensions { cause }')).toEqual({
      status: 'ACTIVE',
      suspensions: [],
    });
    expect([await usable(one, answering), await usable(two, behind)]).toEqual([true, false]);
  });

  it('let in again whoever submits them late', async () => {
    const owner = await story.signInAgain(addressOf('Lara Late'));
    await eventually(async () => expect(await usable(owner, late)).toBe(false));
    const started = await owner.must('startAmendment', { applicationId: late.applicationId }, 'application { id }');
    const applicationId = textAt(started, 'application', 'id');
    await acceptTerms(owner, applicationId);
    await owner.must('submitApplication', { applicationId });
    await eventually(async () => expect(await usable(owner, late)).toBe(true));
    expect(await codesOf(owner, 'acceptOrganizationTerms', { organizationId: late.organizationId, termsId })).toEqual(
      [],
    );
    expect(await given()).toContainEqual({ organizationId: late.organizationId });
  });
});
