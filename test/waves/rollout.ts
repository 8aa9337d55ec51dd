import { sql } from 'kysely';
import { completeDraft, startApplication } from '../../src/demo/applying.js';
import { type PortalClient, PortalRefusal, textAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { listAt, type Partner, proposedDecision, Story } from '../journeys/story.js';
import { copyApplication } from '../permissions/copies.js';
import { copyRows } from '../support/copied-rows.js';

/** An application whose approval only lacks the countersignature. */
export interface Proposed {
  readonly applicationId: string;
  readonly decisionId: string;
}

/** A product that is rolled out, and applications to programs of it that are about to be approved. */
export class Rollout {
  readonly story: Story;
  readonly productId: string;
  readonly planner: PortalClient;
  readonly second: PortalClient;
  readonly decider: PortalClient;
  readonly owner: PortalClient;
  readonly #proposed: Proposed;
  #copies = 0;
  #letters = 0;
  #machine: Promise<PortalClient> | null = null;
  #authority: Promise<string> | null = null;

  private constructor(
    story: Story,
    parts: Pick<Rollout, 'productId' | 'planner' | 'second' | 'decider' | 'owner'>,
    proposed: Proposed,
  ) {
    this.story = story;
    ({
      productId: this.productId,
      planner: this.planner,
      second: this.second,
      decider: this.decider,
      owner: this.owner,
    } = parts);
    this.#proposed = proposed;
  }

  static async open(): Promise<Rollout> {
    const story = await Story.open();
    const { workflow } = sampleProgram.version;
    const version = { ...sampleProgram.version, workflow: { ...workflow, stages: workflow.stages.slice(-1) } };
    const programId = encodeId('program', await story.desk.program({ code: 'short', version }));
    const partner: Partner = await story.partner('Wanda Wave', 'Wave Works');
    const applicationId = await startApplication(partner.owner, partner.organizationId, programId);
    await completeDraft(partner.owner, applicationId);
    await partner.owner.must('submitApplication', { applicationId });
    await (await story.staff('INTAKE')).must('startReview', { applicationId });
    const proposer = await story.staff('DECIDER');
    await proposer.must('proposeDecision', { applicationId, outcome: 'APPROVE' });
    const decisionId = await proposedDecision(proposer, applicationId);
    const parts = {
      productId: textAt(await partner.owner.ask('{ product(code: "mythos-5") { id } }'), 'product', 'id'),
      planner: await story.staff('PROGRAM_MANAGER'),
      second: await story.staff('PROGRAM_MANAGER', 2),
      decider: await story.staff('DECIDER', 2),
      owner: partner.owner,
    };
    return new Rollout(story, parts, { applicationId, decisionId });
  }

  close(): Promise<void> {
    return this.story.close();
  }

  /** Such an application of another organization, in whatever sector. */
  async proposed(sector = 'WATER_AND_WASTEWATER'): Promise<Proposed & { readonly organizationId: string }> {
    const database = this.story.desk.database.kysely();
    this.#copies += 1;
    const copy = ` ${this.#copies}`;
    const applicationId = await copyApplication(this.story.desk.database, this.#proposed.applicationId);
    const id = decodeId('application', applicationId);
    const copied = copyRows('organization', {
      columns: {
        id: sql`gen_random_uuid()`,
        sector: sql`${sector}::text`,
        legal_name: sql`r.legal_name || ${copy}::text`,
        registration_number: sql`r.registration_number || ${copy}::text`,
      },
      where: sql`r.id = (select organization_id from application where id = ${id})`,
    });
    await sql`with other as (${copied} returning id)
      update application set organization_id = other.id from other where application.id = ${id}`.execute(database);
    const found = await sql<{ decisionId: string; organizationId: string }>`
      select d.id as "decisionId", a.organization_id as "organizationId" from decision as d join application as a on a.id = d.application_id
      where a.id = ${id}`.execute(database);
    const [row] = found.rows;
    if (!row) throw new Error('The copy has no decision.');
    return {
      applicationId,
      decisionId: encodeId('decision', row.decisionId),
      organizationId: encodeId('organization', row.organizationId),
    };
  }

  /** An amendment of what was approved, for so many seats, whose approval only lacks the countersignature. */
  async amending({ applicationId }: Pick<Proposed, 'applicationId'>, seats: number): Promise<Proposed> {
    const proposed = await this.proposed();
    const [id, amended] = [proposed.applicationId, applicationId].map((one) => decodeId('application', one));
    await sql`update application as a set kind = 'AMENDMENT', amends_id = b.id, organization_id = b.organization_id,
        answers = a.answers || jsonb_build_object('seats', ${seats}::integer)
      from application as b where a.id = ${id} and b.id = ${amended}`.execute(this.story.desk.database.kysely());
    return proposed;
  }

  /** Countersigned; answers the grant. Whoever is told that the portal is too busy asks again, with the same key. */
  async approved({ applicationId, decisionId }: Proposed): Promise<{ id: string; status: string }> {
    const fields = 'application { grant { id status } }';
    const headers = { 'idempotency-key': randomIds.next() };
    const countersign = () =>
      this.decider.must('countersignDecision', { applicationId, decisionId }, fields, headers).catch((error) => {
        if (error instanceof PortalRefusal && error.code === 'UNAVAILABLE') return null;
        throw error;
      });
    let made = await countersign();
    for (let attempt = 1; !made && attempt < 10; attempt += 1) made = await countersign();
    return {
      id: textAt(made, 'application', 'grant', 'id'),
      status: textAt(made, 'application', 'grant', 'status'),
    };
  }

  /** A grant of another organization, in this sector, that lets it in. */
  async active(sector: string): Promise<{ readonly id: string; readonly organizationId: string }> {
    const proposed = await this.proposed(sector);
    const { id } = await this.approved(proposed);
    this.#machine ??= this.story.provisioner();
    await (await this.#machine).must('acknowledgeProvisioning', { grantId: id });
    return { id, organizationId: proposed.organizationId };
  }

  /** Recorded by the planner; answers its id. */
  async recorded(more: object): Promise<string> {
    this.#authority ??= this.#register();
    this.#letters += 1;
    const now = this.story.desk.clock.now().toISOString();
    const letter = {
      authorityId: await this.#authority,
      reference: `L-${this.#letters}`,
      summary: 'As the letter says.',
      ...{ issuedAt: now, receivedAt: now, effectiveAt: now },
    };
    return textAt(
      await this.planner.must('recordDirective', { ...letter, ...more }, 'directive { id }'),
      'directive',
      'id',
    );
  }

  /** Says whose the names of a letter are, in its order. */
  async matched(directiveId: string, organizationIds: readonly string[]): Promise<void> {
    const found = await this.planner.ask('query ($id: ID!) { directive(id: $id) { entries { nodes { id } } } }', {
      id: directiveId,
    });
    for (const [place, organizationId] of organizationIds.entries()) {
      const entryId = textAt(listAt(found, 'directive', 'entries', 'nodes')[place], 'id');
      await this.planner.must('matchDirectiveEntry', {
        entryId,
        status: 'MATCHED',
        organizationId,
        evidence: 'Register.',
      });
    }
  }

  async #register(): Promise<string> {
    const said = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    return textAt(await this.planner.must('registerAuthority', said, 'authority { id }'), 'authority', 'id');
  }

  /** A wave that one planned and another confirmed. */
  async wave(more: object = {}): Promise<string> {
    const waveId = await this.planned(more);
    await this.second.must('confirmWave', { waveId });
    return waveId;
  }

  async planned(more: object = {}): Promise<string> {
    const opensAt = this.story.desk.clock.now().toISOString();
    const input = { productId: this.productId, name: 'A wave', opensAt, ...more };
    return textAt(await this.planner.must('planWave', input, 'wave { id }'), 'wave', 'id');
  }

  async waves(fields: string, client: PortalClient = this.planner): Promise<readonly unknown[]> {
    return listAt(await client.ask(`{ product(code: "mythos-5") { waves { ${fields} } } }`), 'product', 'waves');
  }

  /** What of an event the audit log has. */
  async logged(event: string): Promise<number> {
    const found = await sql<{ count: number }>`
      select count(*)::integer as count from audit_record where event = ${event}`.execute(
      this.story.desk.database.kysely(),
    );
    return Number(found.rows[0]?.count);
  }
}
