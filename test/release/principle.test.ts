import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { completeDraft } from '../../src/demo/applying.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { letIn } from '../../src/grants/letting-in.commands.js';
import { decodeId } from '../../src/platform/ids.js';
import { codesOf, day, eventually, listAt, look, lookAtGrant, type Partner, type Ruling } from '../journeys/story.js';
import { readPdf } from '../letters/reading-pdf.js';
import { bySystem } from '../support/portal.js';
import { Rollout } from '../waves/rollout.js';

const terms = { products: ['mythos-5'] };
const inPrinciple: Ruling = {
  outcome: 'APPROVE_WITH_CONDITIONS',
  conditions: ['Own systems only.'],
  inPrinciple: true,
};

/** Steps that take place while the product of a rollout is halted. */
class Halted {
  readonly rollout: Rollout;

  constructor(rollout: Rollout) {
    this.rollout = rollout;
  }

  static async open(): Promise<Halted> {
    const halted = new Halted(await Rollout.open());
    await halted.inForce({ kind: 'HALT', terms });
    return halted;
  }

  async inForce(more: object): Promise<string> {
    const directiveId = await this.rollout.recorded(more);
    await this.rollout.second.must('putDirectiveInForce', { directiveId });
    return directiveId;
  }

  /** An organization in this sector, approved in principle; answers the grant. */
  async approved(sector: string): Promise<string> {
    const { applicationId, decisionId } = await this.rollout.proposed(sector);
    const { story, decider } = this.rollout;
    await decider.must('declineToCountersign', { applicationId, decisionId, reason: 'To be in principle.' });
    const again = { applicationId, decisionId: await story.propose(applicationId, { ...inPrinciple }) };
    return (await this.rollout.approved(again)).id;
  }

  async statusOf(grantId: string): Promise<unknown> {
    return valueAt(await lookAtGrant(this.rollout.planner, grantId, 'status'), 'status');
  }
}

describe('an approval in principle', () => {
  let halted: Halted;
  let rollout: Rollout;
  let partner: Partner;
  let applicationId: string;
  let grantId: string;
  let others: Record<'first' | 'outside' | 'revoked', string>;

  beforeAll(async () => {
    halted = await Halted.open();
    rollout = halted.rollout;
    partner = await rollout.story.partner('Ines Inside', 'Inside Works');
    applicationId = await rollout.story.atDecision(partner);
  }, 120_000);
  afterAll(() => rollout.close());

  const asSeen = (fields: string, client: PortalClient = partner.owner) => lookAtGrant(client, grantId, fields);
  async function accessReasons(client: PortalClient = partner.owner): Promise<readonly string[]> {
    const query = `query ($id: ID!) { accessCheck(organizationId: $id, productCode: "mythos-5") { reasons { code } } }`;
    const found = await client.ask(query, { id: partner.organizationId });
    return listAt(found, 'accessCheck', 'reasons').map((reason) => textAt(reason, 'code'));
  }

  it('is proposed as such: without it a halt freezes the decision, and the refusal says what would be right', async () => {
    const { applicationId: frozen, decisionId } = await rollout.proposed();
    const refused = await rollout.decider.command('countersignDecision', { applicationId: frozen, decisionId });
    expect(refused.errors).toEqual([
      expect.objectContaining({ code: 'NOT_ALLOWED_NOW', message: expect.stringMatching(/halted.*in principle/) }),
    ]);
    expect(await rollout.logged('grant.created')).toBe(0);
    const proposer = await rollout.story.staff('DECIDER');
    const wrong = { applicationId, outcome: 'REFUSE', reasons: ['Out of scope.'], inPrinciple: true };
    const { errors } = await proposer.command('proposeDecision', wrong);
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID', path: ['inPrinciple'] })]);
  });

  it('makes a grant that waits for the release: it lets nobody in, nobody can open it, and everybody is told why', async () => {
    const decisionId = await rollout.story.propose(applicationId, inPrinciple);
    ({ id: grantId } = await rollout.approved({ applicationId, decisionId }));
    expect(await asSeen('status isUsable notUsableBecause conditions place { status } availableCommands')).toEqual({
      ...{ status: 'APPROVED_IN_PRINCIPLE', isUsable: false, notUsableBecause: ['NOT_RELEASED'], place: null },
      ...{ conditions: ['Own systems only.'], availableCommands: ['surrender'] },
    });
    expect(await look(partner.owner, applicationId, 'status decisions { outcome inPrinciple }')).toEqual({
      status: 'APPROVED_WITH_CONDITIONS',
      decisions: [{ outcome: 'APPROVE_WITH_CONDITIONS', inPrinciple: true }],
    });
    expect(await accessReasons()).toEqual(['PRODUCT_HALTED', 'APPROVED_IN_PRINCIPLE']);
    expect(await waits()).toContain(grantId);
    const machine = await rollout.story.provisioner();
    expect(await codesOf(machine, 'acknowledgeProvisioning', { grantId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await tasks()).toBe(0);
    const mail = await rollout.story.desk.mail.next(partner.email, /: approved/);
    expect(mail).toContain('Access begins when the product is released to your organization');
  });

  it('can be proposed for many at once, and is countersigned for many like everything else', async () => {
    const [proposer, other] = [await rollout.story.staff('DECIDER', 1), await rollout.story.staff('DECIDER', 2)];
    const base = await rollout.story.atDecision(await rollout.story.partner('Mina Many', 'Many Works'));
    const give = async (client: PortalClient, mutation: string, input: object) => {
      const started = await client.must(mutation, { applicationIds: [base], ...input }, 'operation { id }');
      const query = 'query ($id: ID!) { bulkOperation(id: $id) { done refused status } }';
      await eventually(async () =>
        expect(await client.ask(query, { id: textAt(started, 'operation', 'id') })).toEqual({
          bulkOperation: { done: 1, refused: 0, status: 'FINISHED' },
        }),
      );
    };
    await give(proposer, 'proposeDecisions', { outcome: 'APPROVE', inPrinciple: true });
    await give(other, 'countersignDecisions', {});
    const seen = await look(proposer, base, 'decisions { inPrinciple } grant { id status }');
    expect(seen).toMatchObject({ decisions: [{ inPrinciple: true }], grant: { status: 'APPROVED_IN_PRINCIPLE' } });
    const ended = { grantId: textAt(seen, 'grant', 'id'), reason: 'Was only tried.' };
    await rollout.planner.must('revokeGrant', ended);
  });

  it('is told by a decision letter that does not say that access is open', async () => {
    const letter = await eventually(async () => {
      const seen = await look(partner.owner, applicationId, 'decisionLetters { document { downloadUrl } }');
      return textAt(seen, 'decisionLetters', 0, 'document', 'downloadUrl');
    });
    const pdf = await readPdf(Buffer.from(await (await fetch(letter)).arrayBuffer()));
    const text = pdf.text.replaceAll(/\s+/g, ' ');
    const { reference, endsAt } = { ...(await asSeen('reference endsAt')) };
    expect(text).toContain('It is approved in principle: access begins, without applying again, when the release of');
    expect(text).toContain(`the time of grant ${String(reference)} is counted from then.`);
    expect(text).not.toContain(String(new Date(String(endsAt)).getUTCFullYear()));
  });

  it('waits for the release, and is let in by the letter that permits it, with the conditions and all of its time', async () => {
    others = {
      first: await halted.approved('ENERGY'),
      outside: await halted.approved('DAMS'),
      revoked: await halted.approved('ENERGY'),
    };
    await rollout.planner.must('revokeGrant', { grantId: others.revoked, reason: 'Misuse elsewhere.' });
    const before = { ...(await asSeen('startsAt endsAt')) };
    rollout.story.pass(day / 8);
    await rollout.story.run('release.apply');
    const sectors = ['WATER_AND_WASTEWATER', 'ENERGY'];
    const more = { sectors, conditions: ['Own assets only.'] };
    const letter = await rollout.recorded({ kind: 'AUTHORIZE', terms: { ...terms, ...more } });
    const query = 'query ($id: ID!) { directivePreview(id: $id) { letIn(first: 9) { nodes { id } } } }';
    const preview = await rollout.planner.ask(query, { id: letter });
    const foreseen = listAt(preview, 'directivePreview', 'letIn', 'nodes').map((node) => textAt(node, 'id'));
    expect([...foreseen].sort()).toEqual([grantId, others.first].sort());
    await rollout.second.must('putDirectiveInForce', { directiveId: letter });
    await eventually(async () => expect(await halted.statusOf(grantId)).toBe('PENDING_PROVISIONING'));
    const after = { ...(await asSeen('startsAt endsAt conditions permittedBy version', rollout.planner)) };
    expect(after).toMatchObject({ conditions: ['Own systems only.', 'Own assets only.'], permittedBy: [letter] });
    const length = ({ startsAt, endsAt }: Record<string, unknown>) =>
      Date.parse(String(endsAt)) - Date.parse(String(startsAt));
    expect(Date.parse(String(after.startsAt)) - Date.parse(String(before.startsAt))).toBeGreaterThan(day / 10);
    expect(length(after)).toBe(length(before));
    expect(await tasks()).toBe(2);
    expect(await asSeen('history { type status }')).toMatchObject({
      history: [
        { type: 'grant.created', status: 'APPROVED_IN_PRINCIPLE' },
        { type: 'grant.let_in', status: 'PENDING_PROVISIONING' },
      ],
    });
    expect(await accessReasons()).toEqual(['NOT_PROVISIONED']);
  });

  it('leaves whoever is out of scope, or has ended meanwhile, where they are', async () => {
    expect(await Promise.all([others.first, others.outside, others.revoked].map((id) => halted.statusOf(id)))).toEqual([
      'PENDING_PROVISIONING',
      'APPROVED_IN_PRINCIPLE',
      'REVOKED',
    ]);
    expect(await waits()).toContain(others.outside);
  });

  it('lets in once, however often it is looked for, and tells the partner once', async () => {
    const { doorway } = rollout.story.desk.portal;
    const all = { productCode: 'mythos-5', after: null };
    await Promise.all([1, 2, 3].map(() => doorway.execute(letIn, all, bySystem)));
    await rollout.story.run('release.apply');
    const mail = await rollout.story.desk.mail.next(partner.email, /begins now/);
    expect(mail).toContain('Access is opened next');
    const found = await sql<{ id: string }>`select subject_id as id from audit_record
      where event = 'grant.let_in' order by sequence`.execute(rollout.story.desk.database.kysely());
    expect(found.rows.map(({ id }) => id)).toEqual([grantId, others.first].map((id) => decodeId('grant', id)));
    await expect(doorway.execute(letIn, all, { ...bySystem, actor: { kind: 'ANONYMOUS' } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('is no way around a halt that comes before access is open, and is not let in anew afterwards', async () => {
    await halted.inForce({ kind: 'HALT', terms });
    const machine = await rollout.story.provisioner();
    expect(await codesOf(machine, 'acknowledgeProvisioning', { grantId })).toEqual(['NOT_ALLOWED_NOW']);
    expect(await asSeen('status isUsable')).toEqual({ status: 'PENDING_PROVISIONING', isUsable: false });
    await halted.inForce({ kind: 'AUTHORIZE', terms });
    await eventually(async () => expect(await halted.statusOf(others.outside)).toBe('PENDING_PROVISIONING'));
    expect(await rollout.logged('grant.let_in')).toBe(3);
    await machine.must('acknowledgeProvisioning', { grantId });
    expect(await asSeen('status isUsable')).toEqual({ status: 'ACTIVE', isUsable: true });
  });

  it('changes nothing where the release permits it at once, and is for new grants only', async () => {
    const { applicationId: another, decisionId } = await rollout.proposed();
    await rollout.decider.must('declineToCountersign', { applicationId: another, decisionId, reason: 'Once more.' });
    const again = await rollout.story.propose(another, inPrinciple);
    const grant = await rollout.approved({ applicationId: another, decisionId: again });
    expect(grant.status).toBe('PENDING_PROVISIONING');

    const amendmentId = await amendmentAtDecision();
    const proposer = await rollout.story.staff('DECIDER');
    const { errors } = await proposer.command('proposeDecision', { applicationId: amendmentId, ...inPrinciple });
    expect(errors).toEqual([expect.objectContaining({ code: 'INVALID', path: ['inPrinciple'] })]);
  });

  async function waits(): Promise<readonly string[]> {
    const found = await rollout.planner.ask('{ approvedNotUsable(first: 50) { nodes { id } } }');
    return listAt(found, 'approvedNotUsable', 'nodes').map((grant) => textAt(grant, 'id'));
  }

  async function tasks(): Promise<number> {
    const found = await sql<{ count: number }>`select count(*)::integer as count from provisioning_task`.execute(
      rollout.story.desk.database.kysely(),
    );
    return Number(found.rows[0]?.count);
  }

  async function amendmentAtDecision(): Promise<string> {
    const { story } = rollout;
    const made = await partner.owner.must('startAmendment', { applicationId }, 'application { id }');
    const amendment = { applicationId: textAt(made, 'application', 'id') };
    await completeDraft(partner.owner, amendment.applicationId);
    await partner.owner.must('submitApplication', amendment);
    const intake = await story.staff('INTAKE');
    await intake.must('startReview', amendment);
    await intake.must('advanceStage', amendment);
    for (const which of [1, 2]) {
      const reviewer = await story.staff('REVIEWER', which);
      await reviewer.must('giveRecommendation', { ...amendment, kind: 'APPROVE', comment: 'Sound.' });
    }
    await (await story.staff('REVIEWER')).must('advanceStage', amendment);
    return amendment.applicationId;
  }
});

describe('an approval in principle of a product that is let out in waves', () => {
  let halted: Halted;
  let rollout: Rollout;

  beforeAll(async () => {
    halted = await Halted.open();
    rollout = halted.rollout;
  }, 120_000);
  afterAll(() => rollout.close());

  it('finds a place when it is let in, or waits for one, in the order of the approvals', async () => {
    const waveId = await rollout.wave({ name: 'First', capacityOrganizations: 1 });
    await eventually(async () => expect(await rollout.waves('id status')).toEqual([{ id: waveId, status: 'OPEN' }]));
    const grants: string[] = [];
    for (const _one of [1, 2, 3]) grants.push(await halted.approved('ENERGY'));
    const places = () =>
      Promise.all(grants.map((id) => lookAtGrant(rollout.planner, id, 'status place { status position }')));
    const waiting = { status: 'APPROVED_IN_PRINCIPLE', place: null };
    expect(await places()).toEqual([waiting, waiting, waiting]);
    await halted.inForce({ kind: 'AUTHORIZE', terms });
    await eventually(async () =>
      expect(await places()).toEqual([
        { status: 'PENDING_PROVISIONING', place: { status: 'HELD', position: null } },
        { status: 'WAITLISTED', place: { status: 'WAITING', position: 1 } },
        { status: 'WAITLISTED', place: { status: 'WAITING', position: 2 } },
      ]),
    );
    expect(await rollout.logged('grant.let_in')).toBe(3);
    await rollout.planner.must('revokeGrant', { grantId: grants[0], reason: 'Misuse.' });
    await eventually(async () => expect(await halted.statusOf(String(grants[1]))).toBe('PENDING_PROVISIONING'));
  });

  it('can be given back while it waits, and is not let in afterwards', async () => {
    await halted.inForce({ kind: 'HALT', terms });
    const partner = await rollout.story.partner('Gita Giving', 'Giving Works');
    const applicationId = await rollout.story.atDecision(partner);
    const decisionId = await rollout.story.propose(applicationId, { outcome: 'APPROVE', inPrinciple: true });
    const { id: grantId, status } = await rollout.approved({ applicationId, decisionId });
    expect(status).toBe('APPROVED_IN_PRINCIPLE');
    await partner.owner.must('surrenderGrant', { grantId });
    expect(await halted.statusOf(grantId)).toBe('SURRENDERED');
    await halted.inForce({ kind: 'AUTHORIZE', terms });
    await rollout.story.run('release.apply');
    expect(await halted.statusOf(grantId)).toBe('SURRENDERED');
  });
});
