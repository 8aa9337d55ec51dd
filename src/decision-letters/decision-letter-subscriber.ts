import type { EventSubscriber } from '../events/dispatch.js';
import type { ToldEvent } from '../events/told-event.js';
import type { Em } from '../platform/database/database.js';
import { parseId } from '../platform/ids.js';
import type { Jobs } from '../platform/jobs.js';
import { type LetterJob, letterQueue } from './decision-letter.jobs.js';

/** What makes a decision final. */
const final = ['application.approved', 'application.refused'];

/** Has the letter written when a decision has become final. */
export class DecisionLetterSubscriber implements EventSubscriber {
  readonly #jobs: Pick<Jobs, 'enqueue'>;

  constructor(jobs: Pick<Jobs, 'enqueue'>) {
    this.#jobs = jobs;
  }

  async receive(em: Em, events: readonly ToldEvent[]): Promise<void> {
    await this.#jobs.enqueue(em, letterQueue, events.flatMap(letterJobs));
  }
}

function letterJobs({ name, payload }: ToldEvent): LetterJob[] {
  const decision = final.includes(name) && typeof payload.decisionId === 'string' ? parseId(payload.decisionId) : null;
  return decision?.kind === 'decision' ? [{ decisionId: decision.uuid }] : [];
}
