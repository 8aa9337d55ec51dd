import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, look, type Partner, Story, staffIdOf } from './story.js';

const roles = ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'] as const;

describe('staff', () => {
  let story: Story;
  let partner: Partner;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Stella Staff', 'Staff Utilities');
    applicationId = await story.submitted(partner);
  });
  afterAll(() => story.close());

  it.each(roles)('in the role %s see what was submitted, and no draft', async (role) => {
    const client = await story.staff(role);
    const other = await story.partner(`Dora Draft ${role.replace('_', ' ')}`, `Draft Utilities ${role}`);
    const draft = await story.draft(other);
    expect(await look(client, draft, 'id')).toBeNull();
    expect(await codesOf(client, 'startReview', { applicationId: draft })).toEqual(['NOT_FOUND']);
    expect(await look(client, applicationId, 'status organization { legalName } createdBy { email }')).toEqual({
      status: 'SUBMITTED',
      organization: { legalName: 'Staff Utilities' },
      createdBy: { email: partner.email },
    });
    expect(await client.ask('{ queue(name: "intake") { nodes { id } } }')).toEqual({
      queue: { nodes: [{ id: applicationId }] },
    });
  });

  it.each<[(typeof roles)[number], readonly string[]]>([
    [
      'INTAKE',
      [
        'assign',
        'moveToQueue',
        'claim',
        'startReview',
        'requestInformation',
        'attachDocument',
        'returnForCorrection',
        'returnWithoutAction',
        'recuse',
      ],
    ],
    ['REVIEWER', ['assign', 'moveToQueue', 'requestInformation', 'attachDocument', 'returnForCorrection', 'recuse']],
    ['DECIDER', ['assign', 'moveToQueue', 'requestInformation', 'attachDocument', 'recuse']],
    ['PROGRAM_MANAGER', ['assign', 'moveToQueue', 'returnWithoutAction', 'moveToProgramVersion']],
    ['AUDITOR', []],
    ['ADMIN', []],
  ])('in the role %s are offered what they may do', async (role, offered) => {
    const client = await story.staff(role);
    const written = offered.length > 0 ? ['sendMessage', 'leaveUnanswered', 'writeNote'] : [];
    expect(await look(client, applicationId, 'availableCommands')).toEqual({
      availableCommands: [...offered, ...written],
    });
    const programs = await codesOf(client, 'setProgramStatus', { programId: story.programId, status: 'OPEN' });
    expect(programs).toEqual([role === 'PROGRAM_MANAGER' ? 'NOT_ALLOWED_NOW' : 'FORBIDDEN']);
    const keys = await codesOf(client, 'createApiKey', { name: 'x', scopes: [] });
    expect(keys).toEqual([role === 'ADMIN' ? 'REQUIRED' : 'FORBIDDEN']);
    const staff = await codesOf(client, 'addStaff', { email: 'x', name: 'x', roles: ['ADMIN'] });
    expect(staff).toEqual([role === 'ADMIN' ? 'INVALID' : 'FORBIDDEN']);
  });

  it('assign work to each other, which is then in the hands of whom it was given to', async () => {
    const [intake, another] = [await story.staff('INTAKE'), await story.staff('INTAKE', 2)];
    const staffId = await staffIdOf(another);
    await intake.must('assignApplication', { applicationId, staffId });
    expect(await another.ask('{ myWork { nodes { id assignee { person { name } } } } }')).toMatchObject({
      myWork: {
        nodes: [{ id: applicationId, assignee: { person: { name: expect.stringMatching(/^Staff intake/) } } }],
      },
    });
    expect(await look(partner.owner, applicationId, 'assignee { id }')).toEqual({ assignee: null });
    await intake.must('assignApplication', { applicationId, staffId: null });
    expect(await another.ask('{ myWork { totalCount } }')).toEqual({ myWork: { totalCount: 0 } });
  });

  it('close an application without deciding it, and the partner applies anew', async () => {
    const other = await story.partner('Cleo Closed', 'Closing Utilities');
    const closed = await story.submitted(other);
    const manager = await story.staff('PROGRAM_MANAGER');
    await manager.must('returnWithoutAction', { applicationId: closed, reason: 'The program is for other sectors.' });
    expect(await look(other.owner, closed, 'status statusReason availableCommands decisions { id }')).toEqual({
      status: 'CLOSED',
      statusReason: 'The program is for other sectors.',
      availableCommands: ['sendMessage'],
      decisions: [],
    });
    expect(await story.draft(other)).toMatch(/^application_/);
  });

  it('are given other roles, which hold from the next request on', async () => {
    const admin = await story.staff('ADMIN');
    const reviewer = await story.staff('REVIEWER', 2);
    const staffId = await staffIdOf(reviewer);
    expect(await codesOf(reviewer, 'startReview', { applicationId })).toEqual(['FORBIDDEN']);
    await admin.must('setStaffRoles', { staffId, roles: ['REVIEWER', 'INTAKE'] });
    await reviewer.must('startReview', { applicationId });
    await admin.must('setStaffRoles', { staffId, roles: ['AUDITOR'] });
    expect(await codesOf(reviewer, 'advanceStage', { applicationId })).toEqual(['FORBIDDEN']);
  });

  it('who leave see and do nothing any more, from that moment on', async () => {
    const admin = await story.staff('ADMIN');
    const decider = await story.staff('DECIDER', 2);
    await admin.must('deactivateStaff', { staffId: await staffIdOf(decider) });
    const { status, errors } = await decider.request('{ queues { name } }');
    expect([status, errors[0]?.extensions?.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('do not act before they have changed the password they were given', async () => {
    const admin = await story.staff('ADMIN');
    const email = 'new.colleague@operator.example.org';
    const added = await admin.must('addStaff', { email, name: 'New Colleague', roles: ['INTAKE'] }, 'oneTimePassword');
    const session = await story.desk.stranger.must(
      'signIn',
      { email, password: textAt(added, 'oneTimePassword') },
      'token',
    );
    const newcomer = story.desk.stranger.as(textAt(session, 'token'));
    expect(await newcomer.ask('{ viewer { mustChangePassword staffRoles } queues { name } }')).toEqual({
      viewer: { mustChangePassword: true, staffRoles: [] },
      queues: [],
    });
    expect(await look(newcomer, applicationId, 'id')).toBeNull();
  });

  it('run a program from its first version to its closing, while others only read it', async () => {
    await story.takeOnEverybody();
    const manager = await story.staff('PROGRAM_MANAGER');
    const created = await manager.must('createProgram', { ...sampleProgram, code: 'second' }, 'program { id status }');
    expect(created).toMatchObject({ program: { status: 'OPEN' } });
    const programId = textAt(created, 'program', 'id');
    const version = { ...sampleProgram.version, grantMonths: 6 };
    await manager.must('publishProgramVersion', { programId, version });
    await manager.must('setProgramStatus', { programId, status: 'CLOSED' });
    const fields = 'status versions { number grantMonths workflow { stages { key } } } currentVersion { grantMonths }';
    const forStaff = await manager.ask(`query ($id: ID!) { program(id: $id) { ${fields} } }`, { id: programId });
    expect(forStaff).toMatchObject({
      program: {
        status: 'CLOSED',
        versions: [{ number: 2, grantMonths: 6 }, { number: 1 }],
        currentVersion: { grantMonths: 6 },
      },
    });
    const forPartner = await partner.owner.ask(
      'query ($id: ID!) { program(id: $id) { status versions { number } currentVersion { grantMonths workflow { stages { key } } } } }',
      { id: programId },
    );
    expect(forPartner).toEqual({
      program: { status: 'CLOSED', versions: [], currentVersion: { grantMonths: 6, workflow: null } },
    });
  });
});
