import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import type { Workflow } from '../../src/lifecycle/workflow.js';
import { encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { listAt, look, type Partner, proposedDecision, type Ruling, type Story } from '../journeys/story.js';
import { copyApplication } from '../permissions/copies.js';

/** A program that differs from the sample in how it decides; answers its id. */
export async function programThat(story: Story, code: string, decides: Partial<Workflow>): Promise<string> {
  const { version } = sampleProgram;
  const workflow = { ...version.workflow, ...decides };
  return encodeId('program', await story.desk.program({ code, version: { ...version, workflow } }));
}

/** Applications of one partner at the decision stage, each a copy in a program of its own, which is like the first one's. */
export class Pattern {
  readonly partner: Partner;
  readonly #story: Story;
  readonly #applicationId: string;

  private constructor(story: Story, partner: Partner, applicationId: string) {
    this.#story = story;
    this.partner = partner;
    this.#applicationId = applicationId;
  }

  static async of(story: Story, partner: Partner, programId: string): Promise<Pattern> {
    return new Pattern(story, partner, await story.atDecision(partner, programId));
  }

  atDecision(): Promise<string> {
    return copyApplication(this.#story.desk.database, this.#applicationId);
  }

  /** By the first decider. */
  async proposed(ruling: Ruling): Promise<string> {
    const applicationId = await this.atDecision();
    await this.#story.propose(applicationId, ruling);
    return applicationId;
  }

  /** Proposed by the first decider and signed by the second. */
  async decided(ruling: Ruling): Promise<string> {
    const applicationId = await this.proposed(ruling);
    await countersign(this.#story, applicationId);
    return applicationId;
  }
}

/** Signed by the decider of that number. */
export async function countersign(story: Story, applicationId: string, which = 2): Promise<void> {
  const decider = await story.staff('DECIDER', which);
  const decisionId = await proposedDecision(decider, applicationId);
  await decider.must('countersignDecision', { applicationId, decisionId });
}

/** The intent to refuse that is, or was last, announced. */
export async function intentOf({ owner }: Partner, applicationId: string): Promise<string> {
  const seen = await look(owner, applicationId, 'intentsToRefuse { id }');
  const intents = (seen?.intentsToRefuse ?? []) as readonly unknown[];
  return textAt(intents.at(-1), 'id');
}

/** The types of the last events on a timeline, as somebody sees it, first first; without letters, which come when they are written. */
export async function lastEvents(
  client: PortalClient,
  applicationId: string,
  count: number,
): Promise<readonly string[]> {
  const seen = await look(client, applicationId, `timeline(first: ${count + 2}) { nodes { type } }`);
  return listAt(seen, 'timeline', 'nodes')
    .map((event) => textAt(event, 'type'))
    .filter((type) => type !== 'document.letter_written')
    .slice(0, count)
    .reverse();
}
