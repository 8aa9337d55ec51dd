import type { EventName } from '../events/catalogue.js';
import type { EventSubscriber } from '../events/dispatch.js';
import type { ToldEvent } from '../events/told-event.js';
import type { Em } from '../platform/database/database.js';
import type { Jobs } from '../platform/jobs.js';
import { type GrantsJob, grantsQueue } from './grants-job.js';
import type { RunTrigger } from './screening.entity.js';
import { type ScreenJob, screenQueue } from './screening.jobs.js';

/** What makes an organization be screened at once; everything else the catching up finds within a minute. */
const triggers: Readonly<Partial<Record<EventName, RunTrigger>>> = {
  'application.submitted': 'SUBMISSION',
  'organization.member_joined': 'NEW_MEMBER',
  'named_user.added': 'NAMED_USER',
};

/** Has organizations screened, and grants looked at, when something happens to them. */
export class ScreeningSubscriber implements EventSubscriber {
  readonly #jobs: Pick<Jobs, 'enqueue'>;

  constructor(jobs: Pick<Jobs, 'enqueue'>) {
    this.#jobs = jobs;
  }

  async receive(em: Em, events: readonly ToldEvent[]): Promise<void> {
    await this.#jobs.enqueue(em, screenQueue, events.flatMap(screenJobs));
    await this.#jobs.enqueue(em, grantsQueue, events.flatMap(grantsJobs));
  }
}

function screenJobs({ id, name, organizationId }: ToldEvent): ScreenJob[] {
  const trigger = Object.entries(triggers).find(([event]) => event === name)?.[1];
  return trigger && organizationId !== null ? [{ organizationId, trigger, eventId: id }] : [];
}

function grantsJobs({ id, name, organizationId, subject }: ToldEvent): GrantsJob[] {
  if (name !== 'grant.activated' || organizationId === null) return [];
  return [{ organizationId, activated: { grantId: subject.id, eventId: id } }];
}
