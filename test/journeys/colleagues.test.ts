import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acceptTerms, completeAnswers, completeDraft, pdf, uploadDocument } from '../../src/demo/applying.js';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { addressOf } from '../support/portal.js';
import { codesOf, listAt, look, lookAtGrant, type Partner, refusal, Story } from './story.js';

describe('colleagues', () => {
  let story: Story;
  let partner: Partner;
  let coOwner: PortalClient;
  let applicant: PortalClient;
  let viewer: PortalClient;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Otto Owner', 'Colleague Utilities');
  });
  afterAll(() => story.close());

  const organization = async (client: PortalClient, fields: string) =>
    (await client.ask(`query ($id: ID!) { organization(id: $id) { ${fields} } }`, { id: partner.organizationId }))
      .organization;
  const personId = async (client: PortalClient) =>
    textAt(await client.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');

  it('are invited by e-mail, sign up with that address, and join with the role they were invited for', async () => {
    const { owner } = partner;
    applicationId = await story.draft(partner);
    applicant = await story.colleague(partner, 'Ann Applicant', 'APPLICANT');
    viewer = await story.colleague(partner, 'Vic Viewer', 'VIEWER');
    coOwner = await story.colleague(partner, 'Cleo Coowner', 'OWNER');
    expect(await organization(owner, 'members { role person { name email } } openInvitations { email }')).toEqual({
      members: [
        { role: 'OWNER', person: { name: 'Otto Owner', email: partner.email } },
        { role: 'APPLICANT', person: { name: 'Ann Applicant', email: null } },
        { role: 'VIEWER', person: { name: 'Vic Viewer', email: null } },
        { role: 'OWNER', person: { name: 'Cleo Coowner', email: null } },
      ],
      openInvitations: [],
    });
    expect(await viewer.ask('{ myMemberships { role organization { legalName } } }')).toEqual({
      myMemberships: [{ role: 'VIEWER', organization: { legalName: 'Colleague Utilities' } }],
    });
  });

  it('who are viewers follow everything and change nothing', async () => {
    expect(await look(viewer, applicationId, 'status reference availableCommands')).toEqual({
      status: 'DRAFT',
      reference: expect.stringMatching(/^A-\d{4}-\d{6}$/),
      availableCommands: [],
    });
    const { organizationId } = partner;
    const programId = story.programId;
    for (const [command, input] of [
      ['saveDraft', { applicationId, answers: { seats: 1 } }],
      ['submitApplication', { applicationId }],
      ['withdrawApplication', { applicationId }],
      ['startApplication', { organizationId, programId }],
      ['inviteMember', { organizationId, email: 'x@example.org', role: 'VIEWER' }],
      ['createApiKey', { organizationId, name: 'x', scopes: ['READ'] }],
      ['createWebhookEndpoint', { organizationId, url: 'https://hooks.example.org' }],
      ['changeMemberRole', { organizationId, personId: await personId(viewer), role: 'OWNER' }],
    ] as const) {
      expect([command, await codesOf(viewer, command, input)]).toEqual([command, ['FORBIDDEN']]);
    }
  });

  it('who are applicants apply, and manage neither people nor keys nor webhooks', async () => {
    await applicant.must('saveDraft', { applicationId, answers: completeAnswers });
    await uploadDocument(applicant, applicationId, 'end-use-statement', { fileName: 'a.pdf', bytes: pdf('a') });
    await uploadDocument(applicant, applicationId, 'security-program', { fileName: 'b.pdf', bytes: pdf('b') });
    await acceptTerms(applicant, applicationId);
    await applicant.must('submitApplication', { applicationId });
    const { organizationId } = partner;
    for (const [command, input] of [
      ['inviteMember', { organizationId, email: 'x@example.org', role: 'VIEWER' }],
      ['removeMember', { organizationId, personId: await personId(viewer) }],
      ['createApiKey', { organizationId, name: 'x', scopes: ['READ'] }],
      ['createWebhookEndpoint', { organizationId, url: 'https://hooks.example.org' }],
    ] as const) {
      expect([command, await codesOf(applicant, command, input)]).toEqual([command, ['FORBIDDEN']]);
    }
    await applicant.must('withdrawApplication', { applicationId });
    const refusedId = await story.decided(partner, refusal);
    expect(await codesOf(applicant, 'appealDecision', { applicationId: refusedId, grounds: 'x' })).toEqual([
      'FORBIDDEN',
    ]);
    const grantId = await story.granted(partner);
    expect(await codesOf(applicant, 'surrenderGrant', { grantId })).toEqual(['FORBIDDEN']);
    expect(await lookAtGrant(viewer, grantId, 'status availableCommands')).toEqual({
      status: 'PENDING_PROVISIONING',
      availableCommands: [],
    });
    expect(await lookAtGrant(coOwner, grantId, 'availableCommands')).toEqual({
      availableCommands: ['surrender', 'manageNamedUsers'],
    });
  });

  it('who write one draft at once both find their answers in it', async () => {
    const draft = await story.draft(partner);
    const writers = [partner.owner, applicant, coOwner];
    const rounds = Array.from({ length: 8 }, (_, round) => round);
    await Promise.all(
      rounds.flatMap((round) =>
        writers.map((writer, who) =>
          writer.must('saveDraft', { applicationId: draft, answers: { [`q${who}-${round}`]: `by ${who}` } }),
        ),
      ),
    );
    const seen = await look(viewer, draft, 'answers');
    const expected = rounds.flatMap((round) => writers.map((_, who) => [`q${who}-${round}`, `by ${who}`]));
    expect(seen?.answers).toEqual(Object.fromEntries(expected));
  });

  it('who save over each other without knowing are told, when they ask to be', async () => {
    const other = await story.partner('Clara Conflict', 'Conflict Utilities');
    const draft = await story.draft(other);
    const save = (seats: number) =>
      codesOf(other.owner, 'saveDraft', { applicationId: draft, answers: { seats }, expectedVersion: 1 });
    const codes = await Promise.all([save(1), save(2), save(3)]);
    expect(codes.filter((refused) => refused.length === 0)).toHaveLength(1);
    expect(codes.flat()).toEqual(['CONFLICT', 'CONFLICT']);
  });

  it('who submit one application at once submit one revision', async () => {
    const other = await story.partner('Sina Submit', 'Submit Utilities');
    const draft = await story.draft(other);
    await completeDraft(other.owner, draft);
    const codes = await Promise.all(
      Array.from({ length: 5 }, () => codesOf(other.owner, 'submitApplication', { applicationId: draft })),
    );
    expect(codes.flat()).toEqual(Array(4).fill('NOT_ALLOWED_NOW'));
    expect(await look(other.owner, draft, 'revision revisions { number }')).toEqual({
      revision: 1,
      revisions: [{ number: 1 }],
    });
  });

  it('are given another role at once, and learn of it by e-mail', async () => {
    const { owner, organizationId } = partner;
    await owner.must('changeMemberRole', { organizationId, personId: await personId(viewer), role: 'APPLICANT' });
    const [mine] = listAt(
      await viewer.ask('{ applications(first: 1) { nodes { availableCommands } } }'),
      'applications',
      'nodes',
    );
    expect(mine).toMatchObject({ availableCommands: expect.arrayContaining(['saveDraft', 'withdraw']) });
    expect(
      await story.desk.mail.next(addressOf('Vic Viewer'), /Your role in Colleague Utilities is APPLICANT/),
    ).toBeTruthy();
  });

  it('are removed, see nothing from that moment on, and keep what they did', async () => {
    const { owner, organizationId } = partner;
    await owner.must('removeMember', { organizationId, personId: await personId(applicant) });
    expect(
      await applicant.ask('{ organizations { totalCount } applications { totalCount } grants { totalCount } }'),
    ).toEqual({
      organizations: { totalCount: 0 },
      applications: { totalCount: 0 },
      grants: { totalCount: 0 },
    });
    expect(await look(applicant, applicationId, 'id')).toBeNull();
    expect(await codesOf(applicant, 'saveDraft', { applicationId, answers: {} })).toEqual(['NOT_FOUND']);
    const timeline = await look(owner, applicationId, 'timeline(first: 100) { nodes { type actor } }');
    expect(listAt(timeline, 'timeline', 'nodes')).toContainEqual({
      type: 'application.submitted',
      actor: 'Ann Applicant',
    });
    const members = await organization(owner, 'members { role }');
    expect(members).toEqual({ members: [{ role: 'OWNER' }, { role: 'APPLICANT' }, { role: 'OWNER' }] });
  });

  it('never leave an organization without an owner', async () => {
    const { owner, organizationId } = partner;
    const [first, second] = [await personId(owner), await personId(coOwner)];
    // Two owners who remove each other at one moment: one of them stays.
    const codes = await Promise.all([
      codesOf(owner, 'removeMember', { organizationId, personId: second }),
      codesOf(coOwner, 'removeMember', { organizationId, personId: first }),
    ]);
    expect(codes.filter((refused) => refused.length === 0)).toHaveLength(1);
    const [left, leftId] = codes[0]?.length === 0 ? [owner, first] : [coOwner, second];
    const only = { organizationId, personId: leftId };
    expect(await codesOf(left, 'removeMember', only)).toEqual(['INCOMPLETE']);
    expect(await codesOf(left, 'changeMemberRole', { ...only, role: 'VIEWER' })).toEqual(['INCOMPLETE']);
    await left.must('changeMemberRole', { organizationId, personId: await personId(viewer), role: 'OWNER' });
    await left.must('removeMember', only);
    expect(await organization(left, 'id')).toBeNull();
    expect(await organization(viewer, 'members { role person { name } }')).toEqual({
      members: [{ role: 'OWNER', person: { name: 'Vic Viewer' } }],
    });
  });

  it('are not let in by an invitation that was taken back', async () => {
    const { organizationId } = partner;
    const email = addressOf('Nina Newcomer');
    const invited = await viewer.must('inviteMember', { organizationId, email, role: 'OWNER' }, 'invitation { id }');
    const token = await story.invitationToken(email);
    await viewer.must('revokeInvitation', { invitationId: textAt(invited, 'invitation', 'id') });
    const newcomer = await story.desk.person('Nina Newcomer');
    expect(await codesOf(newcomer, 'acceptInvitation', { token })).toEqual(['NOT_FOUND']);
    await viewer.must('inviteMember', { organizationId, email, role: 'VIEWER' });
    await newcomer.must('acceptInvitation', { token: await story.invitationToken(email) });
  });
});
