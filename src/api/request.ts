import type { CommandContext } from '../doorway/command.js';
import type { Actor } from '../lifecycle/actor.js';
import type { RawSql } from '../platform/database/database.js';
import type { ReadingContext } from '../platform/reading/reader.js';

/** Whose eyes a reading is for, and when. */
export interface Viewer {
  readonly actor: Actor;
  readonly now: Date;
}

/** What every resolver is given about the request it answers. */
export interface Request {
  readonly actor: Actor;
  readonly reading: ReadingContext<Viewer>;
  readonly command: CommandContext;
  /** What the caller's program calls itself; kept with a session so that its holder can tell sessions apart. */
  readonly userAgent: string | null;
  /** The session token the request came with, for signing out; null for machines and strangers. */
  readonly sessionToken: string | null;
  /** Sets or clears the session cookie on the answer. */
  setSessionCookie(token: string | null, expiresAt?: Date): void;
}

export function viewing(sql: RawSql, actor: Actor, now: Date): ReadingContext<Viewer> {
  return { sql, viewer: { actor, now } };
}
