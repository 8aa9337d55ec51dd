import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import type { ImportResult } from '../../src/screening/list-import.js';
import { eventually, listAt, type Partner, Story } from '../journeys/story.js';
import type { TestPortalOptions } from '../support/portal.js';
import { importTestList } from './importing.js';
import type { WrittenEntry } from './list-files.js';

/** A portal with an open program, lists to import, and what tests of screening have in common. */
export class ScreeningDesk {
  readonly story: Story;

  private constructor(story: Story) {
    this.story = story;
  }

  static async open(options: TestPortalOptions = {}): Promise<ScreeningDesk> {
    return new ScreeningDesk(await Story.open(options));
  }

  close(): Promise<void> {
    return this.story.close();
  }

  /** Puts a list of these entries in force. */
  list(entries: readonly WrittenEntry[], code?: string): Promise<ImportResult> {
    return importTestList(this.story.desk, entries, code);
  }

  /** Asks for a screening, as staff do, and answers the run. */
  async screen({ organizationId }: Partner, by?: PortalClient): Promise<Fields> {
    const staff = by ?? (await this.story.staff('INTAKE'));
    const screened = await staff.must(
      'screenOrganization',
      { organizationId },
      'run { trigger threshold lists { code number } subjects { kind name } opened reopened carriedOver lapsed }',
    );
    return valueAt(screened, 'run') as Fields;
  }

  /** The hits of an organization, as staff see them, first first. */
  async hits({ organizationId }: Partner, fields = 'id status'): Promise<readonly unknown[]> {
    const staff = await this.story.staff('INTAKE');
    const found = await staff.ask(
      `query ($id: ID!) { screeningHits(filter: { organizationId: $id }) { nodes { ${fields} } } }`,
      { id: organizationId },
    );
    return [...listAt(found, 'screeningHits', 'nodes')].reverse();
  }

  async onlyHit(partner: Partner): Promise<string> {
    const hits = await this.hits(partner);
    if (hits.length !== 1) throw new Error(`There are ${hits.length} hits and not one.`);
    return textAt(hits[0], 'id');
  }

  /** How an organization stands, as staff see it. */
  async standing({ organizationId }: Partner): Promise<string> {
    const staff = await this.story.staff('INTAKE');
    const found = await staff.ask('query ($id: ID!) { organization(id: $id) { screening { standing } } }', {
      id: organizationId,
    });
    return textAt(found, 'organization', 'screening', 'standing');
  }

  /** Waits until everybody was screened as things are now. Whoever changes meanwhile is left to the next run. */
  async caughtUp(): Promise<void> {
    await this.story.run('screening.catchUp');
    await this.#everybodyScreened().catch(async () => {
      await this.story.run('screening.catchUp');
      await this.#everybodyScreened();
    });
  }

  async #everybodyScreened(): Promise<void> {
    const staff = await this.story.staff('INTAKE');
    await eventually(async () => {
      const found = await staff.ask('{ organizations(first: 100) { nodes { screening { isCurrent } } } }');
      const behind = listAt(found, 'organizations', 'nodes').filter((one) => !valueAt(one, 'screening', 'isCurrent'));
      if (behind.length > 0) throw new Error(`${behind.length} organizations are not screened yet.`);
    });
  }

  /** Proposed by the first member of intake; answers the judgement's id. */
  async propose(hitId: string, verdict: string): Promise<string> {
    const proposer = await this.story.staff('INTAKE', 1);
    const proposed = await proposer.must(
      'proposeAdjudication',
      { hitId, verdict, reason: 'Another address, another line of business.' },
      'hit { adjudications { id } }',
    );
    const all = listAt(proposed, 'hit', 'adjudications');
    return textAt(all.at(-1), 'id');
  }

  /** Proposed by one and confirmed by another. */
  async judge(hitId: string, verdict: string): Promise<void> {
    const adjudicationId = await this.propose(hitId, verdict);
    await (await this.story.staff('REVIEWER', 2)).must('confirmAdjudication', { hitId, adjudicationId });
  }

  /** Makes it as if the organization had never been screened. */
  async forgetScreening(organizationId: string): Promise<void> {
    await sql`delete from organization_screening where organization_id = ${organizationId}`.execute(
      this.story.desk.database.kysely(),
    );
  }

  databaseId({ organizationId }: Partner): string {
    return decodeId('organization', organizationId);
  }
}
