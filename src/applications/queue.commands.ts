import type { Command } from '../doorway/command.js';
import { queuesOf } from '../lifecycle/routing.js';
import { Refusal } from '../platform/errors.js';
import { loadForCommand, recordApplicationEvent } from './application.commands.js';
import type { ApplicationResult } from './drafting.commands.js';

export interface MoveToQueueInput {
  readonly applicationId: string;
  readonly queue: string;
  readonly expectedVersion?: number | null;
}

/**
 * Puts the application into another queue of its workflow. It stays in whose hands it is, and is routed anew when it
 * enters its next stage. Where it is already, nothing changes.
 */
export const moveToQueue: Command<MoveToQueueInput, ApplicationResult> = {
  name: 'application.moveToQueue',
  async run(work, { applicationId, queue, expectedVersion }) {
    const { application, facts } = await loadForCommand(work, applicationId, 'moveToQueue', { expectedVersion });
    const queues = queuesOf(facts.workflow);
    if (!queues.includes(queue)) {
      const message = `The workflow of this application has no such queue; its queues are ${queues.join(', ')}.`;
      throw Refusal.of('INVALID', message, ['queue']);
    }
    const fromQueue = application.queue ?? null;
    if (fromQueue === queue) return { applicationId };
    application.queue = queue;
    recordApplicationEvent(work, application, 'application.queue_changed', { fromQueue, queue });
    return { applicationId };
  },
};
