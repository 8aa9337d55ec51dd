import type { GrantStatus } from './grant.js';

/** Something that happened to a grant, as the audit log tells it. */
export interface GrantMoment {
  readonly sequence: number;
  /** Milliseconds since 1970, like every moment here. */
  readonly at: number;
  readonly event: string;
  /** Where the grant stood from then on; null when it was only found to be permitted again. */
  readonly status: GrantStatus | null;
}

/** Why a stretch of use began or ended. */
export interface UseCause {
  /** The event; RELEASE for a change of what is ordered, END for the last day of the grant. */
  readonly cause: string;
  /** The audit record that says so; null when what was ordered did it, or the end of the grant. */
  readonly sequence: number | null;
}

/** A stretch of time in which a grant could be used: from its first moment up to, and without, the last. */
export interface Use {
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  readonly begins: UseCause;
  readonly ends: UseCause | null;
}

export interface GrantHistory {
  /** In the order of the log. */
  readonly moments: readonly GrantMoment[];
  /** From when on changes of what is ordered shut it until it is found to be permitted, in any order. */
  readonly narrowings: readonly number[];
  readonly startsAt: number;
  readonly endsAt: number;
  /** Up to when the history goes; what lasts longer has no end yet. */
  readonly until: number;
}

interface Progress {
  status: GrantStatus | null;
  /** Narrowings from this moment on shut it. */
  exposedFrom: number;
  open: { readonly from: number; readonly begins: UseCause } | null;
  readonly uses: Use[];
}

/**
 * When a grant could be used. It is what the log says, and from the moment a change of what is ordered shut it, it does
 * not count, however much later that was marked.
 */
export function usesOf(history: GrantHistory): readonly Use[] {
  const { moments, narrowings } = history;
  const shutting = [...narrowings].sort((a, b) => a - b);
  const progress: Progress = { status: null, exposedFrom: Number.NEGATIVE_INFINITY, open: null, uses: [] };
  for (const moment of moments) {
    shutBefore(progress, shutting, moment.at);
    if (moment.status === null) foundPermitted(progress, moment);
    else moveOn(progress, moment, moment.status);
  }
  shutBefore(progress, shutting, Number.POSITIVE_INFINITY);
  const { open, uses } = progress;
  const all = open ? [...uses, { ...open, to: null, ends: null }] : uses;
  return all.map((use) => within(use, history)).filter(({ from, to }) => to === null || from < to);
}

function shutBefore(progress: Progress, shutting: readonly number[], at: number): void {
  if (!progress.open) return;
  const shut = shutting.find((from) => from >= progress.exposedFrom && from <= at);
  if (shut !== undefined) end(progress, Math.max(shut, progress.open.from), { cause: 'RELEASE', sequence: null });
}

function foundPermitted(progress: Progress, { at, event, sequence }: GrantMoment): void {
  progress.exposedFrom = at + 1;
  if (progress.status === 'ACTIVE' && !progress.open) progress.open = { from: at, begins: { cause: event, sequence } };
}

function moveOn(progress: Progress, { at, event, sequence }: GrantMoment, status: GrantStatus): void {
  const wasActive = progress.status === 'ACTIVE';
  progress.status = status;
  if (status !== 'ACTIVE') end(progress, at, { cause: event, sequence });
  else if (!wasActive) {
    progress.exposedFrom = at;
    progress.open = { from: at, begins: { cause: event, sequence } };
  }
}

function end(progress: Progress, to: number, ends: UseCause): void {
  if (progress.open) progress.uses.push({ ...progress.open, to, ends });
  progress.open = null;
}

function within(use: Use, { startsAt, endsAt, until }: GrantHistory): Use {
  const from = Math.max(use.from, startsAt);
  const to = Math.min(use.to ?? endsAt, endsAt);
  if (to > until) return { ...use, from, to: null, ends: null };
  return to === use.to ? { ...use, from } : { ...use, from, to, ends: { cause: 'END', sequence: null } };
}
