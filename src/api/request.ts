import type { CommandContext } from '../doorway/command.js';
import type { Actor } from '../lifecycle/actor.js';
import type { Reader } from '../platform/reading/reader.js';
import type { ArrivalFeed } from './arrival-feed.js';
import type { ChangeFeed } from './change-feed.js';
import type { Eyes, Viewer } from './eyes.js';

/** Reads for one viewer. */
export type Reading = Reader<Eyes, Viewer>;

/** What every resolver is given about the request it answers. */
export interface Request {
  readonly actor: Actor;
  readonly reading: Reading;
  readonly command: CommandContext;
  /** Where subscriptions listen. */
  readonly changes: Pick<ChangeFeed, 'listen'>;
  readonly arrivals: Pick<ArrivalFeed, 'listen'>;
  /** What the caller's program calls itself; kept with a session so that its holder can tell sessions apart. */
  readonly userAgent: string | null;
  /** The session token the request came with, for signing out; null for machines and strangers. */
  readonly sessionToken: string | null;
  /** Sets or clears the session cookie on the answer. */
  setSessionCookie(token: string | null, expiresAt?: Date): void;
}
