import { byJob, unlessMovedOn } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import { suspendGrant } from '../grants/grant.commands.js';
import { grantsToSuspend } from '../grants/held-grants.queries.js';
import type { Database } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import { catchUpQueue } from './catch-up-job.js';
import { type GrantsJob, grantsQueue } from './grants-job.js';
import type { Screener } from './screener.js';
import { noteActivatedGrant } from './screening.commands.js';
import type { RunTrigger } from './screening.entity.js';
import { organizationsToScreen } from './standing.queries.js';

/** The queue on which organizations are screened because something happened to them. */
export const screenQueue = 'screening.organization';

export interface ScreenJob {
  readonly organizationId: string;
  readonly trigger: RunTrigger;
  /** The event that caused it: a job that is run twice screens once. */
  readonly eventId: string;
}

export interface ScreeningJobParts {
  readonly screener: Screener;
  readonly doorway: Doorway;
  readonly database: Database;
  readonly ids: Ids;
}

/**
 * What partners read as the reason of a suspension. It must not tell that anybody was found on a list, nor that anybody
 * looked.
 */
export const suspensionReason = 'Access is suspended while the operator reviews it. You will hear from us.';

/** Screens one organization. */
export function screeningOfOrganization({ screener, ids }: ScreeningJobParts): Queue<ScreenJob> {
  return {
    name: screenQueue,
    retryLimit: 10,
    retryDelaySeconds: 5,
    expireInSeconds: 300,
    concurrency: 1,
    async handle({ organizationId, trigger, eventId }) {
      if (!(await screener.hasLists())) return;
      await screener.screen(organizationId, trigger, byJob(screenQueue, ids, `event-${eventId}`));
    },
  };
}

/** Organizations that are looked for at once. */
const batch = 50;

/**
 * Each minute, and when a list was imported, screens whoever was not screened as they and the lists are now, and sees
 * that no grant is active which its program wants suspended. Where it stops, the next one goes on.
 */
export function screeningCatchUp(parts: ScreeningJobParts): Queue<object> {
  const { screener, database, ids } = parts;
  return {
    name: catchUpQueue,
    retryLimit: 0,
    retryDelaySeconds: 60,
    expireInSeconds: 3_600,
    concurrency: 1,
    schedule: '* * * * *',
    async handle(_job, signal) {
      const tried = new Set<string>();
      for (;;) {
        const waiting = await organizationsToScreen(database.kysely(), batch);
        // One that stays behind, because it changes all the time, is left to the next run.
        const untried = waiting.filter((organizationId) => !tried.has(organizationId));
        if (untried.length === 0) break;
        for (const organizationId of untried) {
          signal.throwIfAborted();
          tried.add(organizationId);
          await screener.screen(organizationId, 'CATCH_UP', byJob(catchUpQueue, ids)).catch(unlessMovedOn);
        }
      }
      await suspendGrants(parts, null, signal);
    },
  };
}

/** Tells of a grant that became active in spite of hits, and suspends those of the organization that must not be active. */
export function screeningOfGrants(parts: ScreeningJobParts): Queue<GrantsJob> {
  const { doorway, ids } = parts;
  return {
    name: grantsQueue,
    retryLimit: 10,
    retryDelaySeconds: 2,
    expireInSeconds: 300,
    concurrency: 1,
    async handle({ organizationId, activated }, signal) {
      if (activated) {
        const by = byJob(grantsQueue, ids, `event-${activated.eventId}`);
        await doorway.execute(noteActivatedGrant, { organizationId, grantId: activated.grantId }, by);
      }
      await suspendGrants(parts, organizationId, signal);
    },
  };
}

async function suspendGrants(
  { doorway, database, ids }: ScreeningJobParts,
  organizationId: string | null,
  signal: AbortSignal,
): Promise<void> {
  for (const grantId of await grantsToSuspend(database.kysely(), organizationId)) {
    signal.throwIfAborted();
    const input = { grantId, cause: 'REVIEW', reason: suspensionReason } as const;
    await doorway.execute(suspendGrant, input, byJob(grantsQueue, ids)).catch(unlessMovedOn);
  }
}
