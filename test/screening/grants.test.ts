import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { codesOf, eventually, listAt, lookAtGrant, type Partner } from '../journeys/story.js';
import { ScreeningDesk } from './screening-desk.js';

/** What would tell a partner that somebody was found, or looked for. */
const tellsOfScreening = /screen|list(ed|ing)\b|denied|sanction|match|hit\b|adjudicat|complian/i;

describe('a hit on an organization with an active grant', () => {
  let desk: ScreeningDesk;
  let machine: PortalClient;
  let count = 0;

  beforeAll(async () => {
    desk = await ScreeningDesk.open();
    machine = await desk.story.provisioner();
    await desk.story.takeOnEverybody();
    // With a list in force, a partner can be screened at once, which otherwise happens some time before a decision.
    await desk.list([{ id: 'other', kind: 'ORGANIZATION', name: 'Quite Another Company' }], 'list-0');
  });
  afterAll(() => desk.close());

  async function setPolicy(suspendsOnHit: boolean): Promise<void> {
    const version = { ...sampleProgram.version, screening: { threshold: 85, suspendsOnHit } };
    const manager = await desk.story.staff('PROGRAM_MANAGER');
    await manager.must('publishProgramVersion', { programId: desk.story.programId, version });
  }

  async function withGrant(): Promise<{ partner: Partner; name: string; grantId: string }> {
    count += 1;
    const letters = String.fromCharCode(96 + count).repeat(4);
    const name = `Ironmoor ${letters} Cables`;
    const partner = await desk.story.partner(`Grace ${letters}`, name);
    await desk.screen(partner);
    const grantId = await desk.story.granted(partner);
    return { partner, name, grantId };
  }

  async function nameOnList(name: string): Promise<void> {
    await desk.list([{ id: 'x', kind: 'ORGANIZATION', name }], `list-${count}`);
  }

  async function grantAs(client: PortalClient, grantId: string, fields = 'status statusReason availableCommands') {
    return lookAtGrant(client, grantId, fields);
  }

  it('alerts staff, by event and by letter, and leaves the grant alone when the program does not say otherwise', async () => {
    await setPolicy(false);
    const { partner, name, grantId } = await withGrant();
    await machine.must('acknowledgeProvisioning', { grantId });
    const manager = await desk.story.staff('PROGRAM_MANAGER');
    const email = textAt(await manager.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    await nameOnList(name);
    await desk.screen(partner);
    expect(await desk.story.desk.mail.next(email, /active, and there is a screening hit/)).toContain(name);
    expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'ACTIVE' });
    const log = await (await desk.story.staff('AUDITOR')).ask(
      '{ auditLog(filter: { event: "screening.grant_affected" }, first: 5) { nodes { payload subjectId } } }',
    );
    expect(listAt(log, 'auditLog', 'nodes')).toContainEqual({
      subjectId: grantId,
      payload: expect.objectContaining({ suspends: 'NO', organizationId: partner.organizationId }),
    });
  });

  it('suspends it by itself when the program says so, in words that tell the partner nothing', async () => {
    await setPolicy(true);
    const { partner, name, grantId } = await withGrant();
    await machine.must('acknowledgeProvisioning', { grantId });
    await nameOnList(name);
    await desk.caughtUp();
    await eventually(async () => expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'SUSPENDED' }));
    const seen = await grantAs(partner.owner, grantId);
    expect(seen).toEqual({
      status: 'SUSPENDED',
      statusReason: 'Access is suspended while the operator reviews it. You will hear from us.',
      availableCommands: ['surrender'],
    });
    const letter = await desk.story.desk.mail.next(partner.email, /suspended/);
    expect(letter.replaceAll(/list-unsubscribe/gi, '')).not.toMatch(tellsOfScreening);
  });

  it('keeps it from being reinstated until the hit is cleared', async () => {
    await setPolicy(true);
    const { partner, name, grantId } = await withGrant();
    await machine.must('acknowledgeProvisioning', { grantId });
    await nameOnList(name);
    await desk.screen(partner);
    await eventually(async () => expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'SUSPENDED' }));
    const manager = await desk.story.staff('PROGRAM_MANAGER');
    expect(await grantAs(manager, grantId, 'availableCommands')).toEqual({ availableCommands: ['suspend', 'revoke'] });
    expect(await codesOf(manager, 'reinstateGrant', { grantId, reason: 'Too soon.' })).toEqual(['INCOMPLETE']);
    await desk.judge(await desk.onlyHit(partner), 'FALSE_POSITIVE');
    expect(await grantAs(manager, grantId, 'availableCommands')).toEqual({
      availableCommands: ['suspend', 'reinstate', 'revoke'],
    });
    await manager.must('reinstateGrant', { grantId, reason: 'Reviewed.' });
    expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'ACTIVE' });
  });

  it('is not got round by a grant that is provisioned only after the hit', async () => {
    await setPolicy(true);
    const { partner, name, grantId } = await withGrant();
    await nameOnList(name);
    await desk.screen(partner);
    expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'PENDING_PROVISIONING' });
    await machine.must('acknowledgeProvisioning', { grantId });
    await eventually(async () => expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'SUSPENDED' }));
  });

  it('suspends it too when the program only begins to say so while there is a hit', async () => {
    await setPolicy(false);
    const { partner, name, grantId } = await withGrant();
    await machine.must('acknowledgeProvisioning', { grantId });
    await nameOnList(name);
    await desk.screen(partner);
    await setPolicy(true);
    await desk.story.run('screening.catchUp');
    await eventually(async () => expect(await grantAs(partner.owner, grantId)).toMatchObject({ status: 'SUSPENDED' }));
  });

  it('counts from the threshold that the program lays down', async () => {
    const manager = await desk.story.staff('PROGRAM_MANAGER');
    const version = { ...sampleProgram.version, screening: { threshold: 101, suspendsOnHit: false } };
    const { programId } = desk.story;
    expect(await manager.command('publishProgramVersion', { programId, version })).toMatchObject({
      errors: [{ code: 'INVALID', path: ['version', 'screening', 'threshold'] }],
    });
    const strict = { ...sampleProgram.version, screening: { threshold: 99, suspendsOnHit: false } };
    await manager.must('publishProgramVersion', { programId, version: strict });
    const { partner, name } = await withGrant();
    await nameOnList(name.replace('Ironmoor', 'Ironmour'));
    expect(await desk.screen(partner)).toMatchObject({ threshold: 99, opened: 0 });
    const lax = { ...sampleProgram.version, screening: { threshold: 80, suspendsOnHit: false } };
    await manager.must('publishProgramVersion', { programId, version: lax });
    await desk.caughtUp();
    expect(await desk.hits(partner, 'status')).toEqual([{ status: 'OPEN' }]);
  });

  it('is no business of partners: they see no policy', async () => {
    const partner = await desk.story.partner('Grace Plain', 'Plain Cables');
    const query = 'query ($id: ID!) { program(id: $id) { currentVersion { screening { threshold suspendsOnHit } } } }';
    const id = desk.story.programId;
    expect(await partner.owner.ask(query, { id })).toEqual({ program: { currentVersion: { screening: null } } });
    expect(await (await desk.story.staff('INTAKE')).ask(query, { id })).toEqual({
      program: { currentVersion: { screening: { threshold: 80, suspendsOnHit: false } } },
    });
  });
});
