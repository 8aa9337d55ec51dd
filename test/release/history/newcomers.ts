import { textAt } from '../../../src/demo/portal-client.js';
import { lookAtGrant } from '../../journeys/story.js';
import type { Rollout } from '../../waves/rollout.js';
import type { Holder } from './reference.js';

interface Newcomer extends Holder {
  readonly id: string;
  isIn: boolean;
  /** Was it permitted when it was last looked at? */
  wasPermitted: boolean;
}

/** Where a grant stands whose release permits it; where the product has waves, it may wait for a place in one. */
const letIn = ['PENDING_PROVISIONING', 'WAITLISTED'];

/** Organizations that are approved in principle while authorities order this and that. */
export class Newcomers {
  readonly #rollout: Rollout;
  readonly #permits: (holder: Holder) => boolean;
  #all: Newcomer[] = [];

  /** @param permits what the second opinion says of now */
  constructor(rollout: Rollout, permits: (holder: Holder) => boolean) {
    this.#rollout = rollout;
    this.#permits = permits;
  }

  /** Those of the history before are of no interest any more. */
  forget(): void {
    this.#all = [];
  }

  /** One more: whatever is ordered, its approval is accepted, and it is let in exactly when that is permitted. */
  async approve(sector: string): Promise<readonly string[]> {
    const { story } = this.#rollout;
    const { applicationId, decisionId, organizationId } = await this.#rollout.proposed(sector);
    const decider = await story.staff('DECIDER', 2);
    await decider.must('declineToCountersign', { applicationId, decisionId, reason: 'To be in principle.' });
    const again = await story.propose(applicationId, { outcome: 'APPROVE', inPrinciple: true });
    const made = await decider.must(
      'countersignDecision',
      { applicationId, decisionId: again },
      'application { grant { id status } }',
    );
    const wasPermitted = this.#permits({ organizationId, sector });
    const status = textAt(made, 'application', 'grant', 'status');
    const isIn = letIn.includes(status);
    this.#all.push({ id: textAt(made, 'application', 'grant', 'id'), organizationId, sector, isIn, wasPermitted });
    return isIn === wasPermitted ? [] : [`approved in principle it became ${status}, permitted: ${wasPermitted}`];
  }

  /** At every moment: whoever was let in was permitted before the last step, or is after it. */
  async letInAgainstOrders(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const one of this.#all) {
      const isPermitted = this.#permits(one);
      const isIn = await this.#isLetIn(one);
      if (isIn && !one.isIn && !isPermitted && !one.wasPermitted)
        problems.push(`${one.id} was let in, and is not permitted`);
      if (one.isIn && !isIn) problems.push(`${one.id} was let in, and waits again`);
      Object.assign(one, { isIn, wasPermitted: isPermitted });
    }
    return problems;
  }

  /** @throws Error when one waits that is permitted, which must not be once the job has run */
  async requireNoneLeft(): Promise<void> {
    for (const one of this.#all) {
      if (this.#permits(one) && !(await this.#isLetIn(one))) throw new Error(`${one.id} is permitted and waits`);
    }
  }

  /** @throws Error when one waits for a place that is permitted, which must not be once the job has run and places are free */
  async requireNoneWaiting(): Promise<void> {
    for (const one of this.#all) {
      if (this.#permits(one) && (await this.#statusOf(one)) === 'WAITLISTED')
        throw new Error(`${one.id} is permitted and waits for a place`);
    }
  }

  async #isLetIn(one: Newcomer): Promise<boolean> {
    return letIn.includes(await this.#statusOf(one));
  }

  async #statusOf({ id }: Newcomer): Promise<string> {
    const planner = await this.#rollout.story.staff('PROGRAM_MANAGER');
    return textAt(await lookAtGrant(planner, id, 'status'), 'status');
  }
}
