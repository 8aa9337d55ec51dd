import { type Eyes, sight, type Viewer } from '../../src/api/eyes.js';
import type { Request } from '../../src/api/request.js';
import type { Actor } from '../../src/lifecycle/actor.js';
import type { Database } from '../../src/platform/database/database.js';
import { Reader } from '../../src/platform/reading/reader.js';
import { Readings } from '../../src/platform/reading/readings.js';

/** Reads with the eyes of this actor, as the portal does for a request. */
export function readingFor(database: Database, actor: Actor, now: Date): Reader<Eyes, Viewer> {
  return new Reader(new Readings<Eyes, Viewer>(database, sight), { actor, now });
}

/** For requests that are no subscriptions. */
export const nobodyListens: Request['changes'] & Request['arrivals'] = {
  listen: () => Promise.reject(new Error('Nobody listens to changes here.')),
};
