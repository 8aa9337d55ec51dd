import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registerOrganization } from '../../src/demo/applying.js';
import { firstSignIn, signUp } from '../../src/demo/people.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { migrateDown, migrateUp } from '../../src/platform/database/migrations.js';
import { bySystem } from '../support/portal.js';
import { codesOf, listAt, look, type Partner, Story } from './story.js';

const recusals = 'recusals { kind reason endedAt person { email } }';

describe('a member of staff with an address at the domain of an organization', () => {
  let story: Story;
  let intake: PortalClient;
  let partner: Partner;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    intake = await story.staff('INTAKE');
    partner = await partnerAt('olga@tidewater.example', 'Tidewater');
    applicationId = await story.inTechnicalReview(partner);
  });
  afterAll(() => story.close());

  const personAt = (email: string) => signUp(story.desk.stranger, story.desk.mail, { name: `Person ${email}`, email });
  const partnerAt = async (email: string, legalName: string): Promise<Partner> => {
    const owner = await personAt(email);
    return { owner, email, organizationId: await registerOrganization(owner, legalName, `NL-${legalName}`) };
  };
  const hired = async (email: string, ...roles: StaffRole[]) => {
    const { oneTimePassword } = await story.desk.portal.staff.add({ email, name: `Staff ${email}`, roles }, bySystem);
    return oneTimePassword ? firstSignIn(story.desk.stranger, email, oneTimePassword) : story.signInAgain(email);
  };
  const staffIdOf = async (email: string) => {
    const staff = listAt(await intake.ask('{ staff { id person { email } } }'), 'staff');
    return textAt(
      staff.find((one) => valueAt(one, 'person', 'email') === email),
      'id',
    );
  };
  const joined = async (to: Partner, colleague: PortalClient, email: string) => {
    await to.owner.must('inviteMember', { organizationId: to.organizationId, email, role: 'VIEWER' });
    await colleague.must('acceptInvitation', { token: await story.invitationToken(email) });
  };
  const recusedFrom = async (application: string) =>
    listAt(await look(intake, application, recusals), 'recusals').map((one) => [
      textAt(one, 'person', 'email'),
      textAt(one, 'kind'),
      valueAt(one, 'endedAt') === null,
    ]);

  it('neither recommends, checks, asks, returns nor moves it on, and is told why', async () => {
    const kin = await hired('kin@tidewater.example', 'INTAKE', 'REVIEWER', 'DECIDER');
    for (const [command, others] of [
      ['giveRecommendation', { kind: 'APPROVE', comment: 'x' }],
      ['markCheck', { check: 'x', outcome: 'PASSED', note: 'x' }],
      ['requestInformation', { questions: [{ text: 'x' }] }],
      ['returnForCorrection', { reason: 'x' }],
      ['advanceStage', {}],
      ['assignApplication', { staffId: null }],
    ] as const) {
      const { errors } = await kin.command(command, { applicationId, ...others });
      expect([command, errors.map(({ code, message }) => [code, message])]).toEqual([
        command,
        [['FOUR_EYES', expect.stringContaining('has an e-mail address at the same domain as you')]],
      ]);
    }
    expect(await look(kin, applicationId, 'availableCommands')).toEqual({ availableCommands: [] });
    expect(await codesOf(kin, 'declareRecusal', { applicationId, reason: 'x' })).toEqual(['ALREADY_EXISTS']);
  });

  it('is assigned nothing of it', async () => {
    const staffId = await staffIdOf('kin@tidewater.example');
    expect(await codesOf(intake, 'assignApplication', { applicationId, staffId })).toEqual(['FOUR_EYES']);
    const another = await partnerAt('rita@redpine.example', 'Redpine');
    await intake.must('assignApplication', { applicationId: await story.submitted(another), staffId });
  });

  it('neither proposes a decision nor countersigns one', async () => {
    for (const which of [1, 2]) {
      const reviewer = await story.staff('REVIEWER', which);
      await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    }
    await (await story.staff('REVIEWER')).must('advanceStage', { applicationId });
    const kin = await story.signInAgain('kin@tidewater.example');
    expect(await codesOf(kin, 'proposeDecision', { applicationId, outcome: 'APPROVE' })).toEqual(['FOUR_EYES']);
    const decisionId = await story.propose(applicationId, { outcome: 'APPROVE' });
    expect(await codesOf(kin, 'countersignDecision', { applicationId, decisionId })).toEqual(['FOUR_EYES']);
    expect(await look(kin, applicationId, 'availableCommands')).toEqual({ availableCommands: [] });
  });

  it('is on record with the reason, for staff and not for the partner', async () => {
    expect(await look(intake, applicationId, recusals)).toEqual({
      recusals: [
        {
          kind: 'SHARED_DOMAIN',
          reason: 'Has an address at tidewater.example, as a member of the organization has.',
          endedAt: null,
          person: { email: 'kin@tidewater.example' },
        },
      ],
    });
    expect(await look(partner.owner, applicationId, recusals)).toEqual({ recusals: [] });
  });

  it('does not count any more when a colleague joins the organization, and does when that colleague leaves', async () => {
    const harbour = await partnerAt('hal@harbour.example', 'Harbour');
    const other = await story.inTechnicalReview(harbour);
    const [first, second] = [await hired('ann@ally.example', 'REVIEWER'), await story.staff('REVIEWER')];
    for (const reviewer of [first, second]) {
      await reviewer.must('giveRecommendation', { applicationId: other, kind: 'APPROVE', comment: 'Sound.' });
    }
    const advice = 'stageAdvice { given isQuorumMet } availableCommands';
    const met = await look(second, other, advice);
    expect(met).toMatchObject({ stageAdvice: [{ given: 2, isQuorumMet: true }] });
    expect(met?.availableCommands).toContain('advanceStage');

    const colleague = await personAt('bob@ally.example');
    await joined(harbour, colleague, 'bob@ally.example');
    const unmet = await look(second, other, advice);
    expect(unmet).toMatchObject({ stageAdvice: [{ given: 1, isQuorumMet: false }] });
    expect(unmet?.availableCommands).not.toContain('advanceStage');
    expect(await codesOf(second, 'advanceStage', { applicationId: other })).toEqual(['INCOMPLETE']);
    expect(await recusedFrom(other)).toEqual([['ann@ally.example', 'SHARED_DOMAIN', true]]);

    const personId = textAt(await colleague.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
    await harbour.owner.must('removeMember', { organizationId: harbour.organizationId, personId });
    expect(await recusedFrom(other)).toEqual([['ann@ally.example', 'SHARED_DOMAIN', false]]);
    await second.must('advanceStage', { applicationId: other });
  });

  it('is recused for as long as they are staff, and again when they come back', async () => {
    const lake = await partnerAt('lee@lake.example', 'Lake');
    const other = await story.submitted(lake);
    await hired('kay@lake.example', 'INTAKE');
    const admin = await story.staff('ADMIN');
    await admin.must('deactivateStaff', { staffId: await staffIdOf('kay@lake.example') });
    expect(await recusedFrom(other)).toEqual([['kay@lake.example', 'SHARED_DOMAIN', false]]);
    const back = await hired('kay@lake.example', 'INTAKE');
    expect(await recusedFrom(other)).toEqual([
      ['kay@lake.example', 'SHARED_DOMAIN', false],
      ['kay@lake.example', 'SHARED_DOMAIN', true],
    ]);
    expect(await codesOf(back, 'startReview', { applicationId: other })).toEqual(['FOUR_EYES']);
  });

  it('is not recused for a domain at which anybody can have an address', async () => {
    const river = await partnerAt('rosa@gmail.com', 'River');
    const other = await story.submitted(river);
    const intakeToo = await hired('ines@gmail.com', 'INTAKE');
    expect(await recusedFrom(other)).toEqual([]);
    await intakeToo.must('startReview', { applicationId: other });
  });

  it('is not recused because a colleague of the staff belongs to the organization; only that colleague is', async () => {
    const delta = await partnerAt('dora@delta.example', 'Delta');
    const other = await story.submitted(delta);
    const insider = await hired('ida@operator.example.org', 'INTAKE');
    await joined(delta, insider, 'ida@operator.example.org');
    expect(await recusedFrom(other)).toEqual([['ida@operator.example.org', 'MEMBERSHIP', true]]);
    expect(await codesOf(insider, 'startReview', { applicationId: other })).toEqual(['FOUR_EYES']);
    await intake.must('startReview', { applicationId: other });
  });

  it('is recused whoever comes first, a colleague to the organization or they to the staff, and at one moment', async () => {
    for (const place of ['north', 'east', 'south', 'west']) {
      const ofPlace = await partnerAt(`owner@${place}-power.example`, `Power ${place}`);
      const other = await story.submitted(ofPlace);
      const email = `colleague@${place}.example`;
      const colleague = await personAt(email);
      const { organizationId } = ofPlace;
      await ofPlace.owner.must('inviteMember', { organizationId, email, role: 'VIEWER' });
      const token = await story.invitationToken(email);
      const added = { email: `staff@${place}.example`, name: 'Stef Staff', roles: ['REVIEWER'] } as const;
      await Promise.all([colleague.must('acceptInvitation', { token }), story.desk.portal.staff.add(added, bySystem)]);
      expect(await recusedFrom(other)).toEqual([[added.email, 'SHARED_DOMAIN', true]]);
    }
  });

  it('is found out for those who were there before the portal looked for it', async () => {
    const { database } = story.desk;
    await migrateDown(database, { to: '0009-workflows' });
    await migrateUp(database);
    expect(await recusedFrom(applicationId)).toEqual([['kin@tidewater.example', 'SHARED_DOMAIN', true]]);
    const stages = 'programVersion { workflow { stages { blind criteria { key } } } }';
    // What was published before goes on as it was: nothing is hidden.
    expect(await look(intake, applicationId, stages)).toEqual({
      programVersion: { workflow: { stages: [1, 2, 3].map(() => ({ blind: false, criteria: [] })) } },
    });
  });
});
