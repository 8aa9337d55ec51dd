import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, day, eventually, listAt, lookAtGrant, type Partner, Story } from '../journeys/story.js';

const usable = 'status isUsable statusReason conditions';

describe('a directive', () => {
  let story: Story;
  let machine: PortalClient;
  let recorder: PortalClient;
  let second: PortalClient;
  let authorityId: string;
  let count = 0;

  beforeAll(async () => {
    story = await Story.open();
    machine = await story.provisioner();
    recorder = await story.staff('PROGRAM_MANAGER');
    second = await story.staff('PROGRAM_MANAGER', 2);
    const made = await recorder.must(
      'registerAuthority',
      { name: 'Bureau of Technology Security', jurisdiction: 'US' },
      'authority { id }',
    );
    authorityId = textAt(made, 'authority', 'id');
  });
  afterAll(() => story.close());

  async function active(): Promise<{ partner: Partner; grantId: string }> {
    count += 1;
    const name = String.fromCharCode(96 + count);
    const partner = await story.partner(`Hana Halt ${name}`, `Halt Utilities ${name}`);
    const grantId = await story.granted(partner);
    await machine.must('acknowledgeProvisioning', { grantId });
    return { partner, grantId };
  }

  const letter = (more: object) => {
    count += 1;
    const now = story.desk.clock.now().toISOString();
    const times = { issuedAt: now, receivedAt: now, effectiveAt: now };
    return { authorityId, reference: `BTS-2026-${count}`, summary: 'As the letter says.', ...times, ...more };
  };
  async function recorded(more: object): Promise<string> {
    return textAt(await recorder.must('recordDirective', letter(more), 'directive { id }'), 'directive', 'id');
  }
  async function inForce(more: object): Promise<string> {
    const directiveId = await recorded(more);
    await second.must('putDirectiveInForce', { directiveId });
    return directiveId;
  }
  const status = async (client: PortalClient, fields = 'releaseStatus') =>
    valueAt(await client.ask(`{ product(code: "mythos-5") { ${fields} } }`), 'product');
  const suspended = (client: PortalClient, grantId: string) =>
    eventually(async () => expect(await lookAtGrant(client, grantId, 'status')).toEqual({ status: 'SUSPENDED' }));

  it('that halts a product shuts every grant of it when a second person puts it in force, and marks them afterwards', async () => {
    const { partner, grantId } = await active();
    const other = await active();
    const directiveId = await recorded({ kind: 'HALT', terms: { products: ['mythos-5'] } });
    expect(await codesOf(recorder, 'putDirectiveInForce', { directiveId })).toEqual(['FOUR_EYES']);
    expect(await lookAtGrant(partner.owner, grantId, 'isUsable')).toEqual({ isUsable: true });
    await second.must('putDirectiveInForce', { directiveId });
    expect(await lookAtGrant(partner.owner, grantId, 'isUsable')).toEqual({ isUsable: false });
    expect(await status(partner.owner)).toEqual({ releaseStatus: 'HALTED' });
    await suspended(partner.owner, grantId);
    await suspended(other.partner.owner, other.grantId);
    const log = await (await story.staff('AUDITOR')).ask(
      '{ auditLog(filter: { event: "grant.suspended" }, first: 10) { nodes { subjectId actorRole } } }',
    );
    const told = listAt(log, 'auditLog', 'nodes');
    for (const id of [grantId, other.grantId])
      expect(told.filter((record) => valueAt(record, 'subjectId') === id)).toHaveLength(1);
    expect(await story.desk.mail.next(partner.email, /suspended/)).toContain('authority');
  });

  it('keeps everybody from being let in while it halts, also from reinstating and provisioning', async () => {
    const partner = await story.partner('Ines Inwaiting', 'Inwaiting Utilities');
    const { applicationId, decisionId } = await (async () => {
      const at = await story.atDecision(partner);
      return { applicationId: at, decisionId: await story.propose(at, { outcome: 'APPROVE' }) };
    })();
    const decider = await story.staff('DECIDER', 2);
    expect(await codesOf(decider, 'countersignDecision', { applicationId, decisionId })).toEqual(['NOT_ALLOWED_NOW']);
    const held = listAt(
      await second.ask('{ grants(filter: { statuses: [SUSPENDED] }) { nodes { id } } }'),
      'grants',
      'nodes',
    );
    const grantId = textAt(held[0], 'id');
    expect(await codesOf(second, 'reinstateGrant', { grantId, reason: 'By mistake.' })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('that permits a product names who may, once their printed names are matched with evidence', async () => {
    const held = listAt(
      await second.ask(
        '{ grants(filter: { statuses: [SUSPENDED] }) { nodes { id organizationId organizationName } } }',
      ),
      'grants',
      'nodes',
    );
    const [one, another] = held;
    const directiveId = await inForce({
      kind: 'AUTHORIZE',
      terms: { products: ['mythos-5'], conditions: ['Own assets only.'] },
      entries: [{ name: `${textAt(one, 'organizationName')} LLC`, effect: 'PERMITS' }],
    });
    expect(await status(second)).toEqual({ releaseStatus: 'LIMITED' });
    const reinstate = (grant: unknown) => ({ grantId: textAt(grant, 'id'), reason: 'Permitted by the letter.' });
    expect(await codesOf(second, 'reinstateGrant', reinstate(one))).toEqual(['NOT_ALLOWED_NOW']);
    const asked = await second.ask(
      'query ($id: ID!) { directive(id: $id) { entries { nodes { id status printedName } } } }',
      { id: directiveId },
    );
    const entryId = textAt(listAt(asked, 'directive', 'entries', 'nodes')[0], 'id');
    const match = {
      entryId,
      status: 'MATCHED',
      organizationId: textAt(one, 'organizationId'),
      evidence: 'Registration number.',
    };
    await second.must('matchDirectiveEntry', match);
    await second.must('reinstateGrant', reinstate(one));
    expect(await codesOf(second, 'reinstateGrant', reinstate(another))).toEqual(['NOT_ALLOWED_NOW']);
    expect(await lookAtGrant(second, textAt(one, 'id'), usable)).toMatchObject({
      isUsable: true,
      conditions: ['Own assets only.'],
    });
    // When the match is doubted, the gate shuts again.
    await second.must('matchDirectiveEntry', { ...match, status: 'DISPUTED', organizationId: null });
    expect(await lookAtGrant(second, textAt(one, 'id'), 'isUsable')).toEqual({ isUsable: false });
    await suspended(second, textAt(one, 'id'));
  });

  it('explains itself clause by clause to staff, for any moment, and is nothing that partners see', async () => {
    const explained = await status(second, 'permission { status clauses { reference authority kind effect } }');
    expect(explained).toMatchObject({
      permission: {
        status: 'LIMITED',
        clauses: [
          { kind: 'HALT', effect: 'HALTS_BUT_PERMITS', authority: 'Bureau of Technology Security' },
          { kind: 'AUTHORIZE', effect: 'PERMITS' },
        ],
      },
    });
    const before = new Date(story.desk.clock.now().getTime() - day).toISOString();
    expect(await status(second, `permission(at: "${before}") { status clauses { effect } }`)).toMatchObject({
      permission: { status: 'LIMITED', clauses: [{ effect: 'NOT_YET' }, { effect: 'NOT_YET' }] },
    });
    const partner = await story.partner('Olga Outside', 'Outside Utilities');
    expect(await status(partner.owner, 'releaseStatus statedStatus permission { status }')).toEqual({
      releaseStatus: 'LIMITED',
      statedStatus: null,
      permission: null,
    });
    const nothing = await partner.owner.ask('{ directives { nodes { id } } authorities { id } }');
    expect(nothing).toEqual({ directives: { nodes: [] }, authorities: null });
    expect(await codesOf(partner.owner, 'registerAuthority', { name: 'Me', jurisdiction: 'X' })).toEqual(['FORBIDDEN']);
  });

  it('is told to program managers on the day of its review, once, and stays in force', async () => {
    const reviewAt = new Date(story.desk.clock.now().getTime() + 1_000).toISOString();
    const directiveId = await inForce({ kind: 'AUTHORIZE', reviewAt, terms: { products: ['mythos-5'] } });
    story.desk.clock.advance(2_000);
    const managers = ['staff2@operator.example.org', 'staff3@operator.example.org'];
    await story.run('directives.review');
    for (const email of managers)
      expect(await story.desk.mail.next(email, /to be reviewed/)).toContain('Bureau of Technology Security');
    await story.run('directives.review');
    await story.run('directives.review');
    const auditor = await story.staff('AUDITOR');
    const log = await auditor.ask(
      '{ auditLog(filter: { event: "directive.review_due" }, first: 10) { nodes { subjectId actorRole } } }',
    );
    expect(listAt(log, 'auditLog', 'nodes')).toEqual([{ subjectId: directiveId, actorRole: 'directives.review' }]);
  });

  it('that halts in an emergency is in force on one person’s word, ratified by another, and escalated when it is not', async () => {
    const halt = letter({ products: ['mythos-5'] });
    const made = await recorder.must(
      'orderEmergencyHalt',
      halt,
      'directive { id status isEmergency ratifyBy availableCommands }',
    );
    expect(valueAt(made, 'directive')).toMatchObject({
      status: 'IN_FORCE',
      isEmergency: true,
      availableCommands: ['matchEntry'],
    });
    const directiveId = textAt(made, 'directive', 'id');
    expect(await status(second)).toEqual({ releaseStatus: 'HALTED' });
    expect(await codesOf(recorder, 'ratifyHalt', { directiveId })).toEqual(['FOUR_EYES']);
    story.desk.clock.advance(day);
    // Nobody's session lasts as long.
    const auditor = await story.desk.staff('AUDITOR');
    const third = await story.desk.staff('PROGRAM_MANAGER');
    await story.run('directives.escalate');
    await eventually(async () => {
      const log = await auditor.ask(
        '{ auditLog(filter: { event: "directive.ratification_overdue" }, first: 10) { nodes { subjectId } } }',
      );
      expect(listAt(log, 'auditLog', 'nodes')).toEqual([{ subjectId: directiveId }]);
    });
    expect(await status(third)).toEqual({ releaseStatus: 'HALTED' });
    await third.must('ratifyHalt', { directiveId });
    expect(await codesOf(third, 'ratifyHalt', { directiveId })).toEqual(['ALREADY_EXISTS']);
  });
});
