import { createHash } from 'node:crypto';
import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { type Problem, Refusal } from '../platform/errors.js';
import { checkMove, moveToProgramVersion, type VersionChange } from './version-change.commands.js';

export const moveOutcomes = {
  MOVED: 'It goes on under the version named.',
  UNCHANGED: 'It was under that version already.',
  REFUSED: 'It stays as it was, for the reasons given.',
  NOT_TRIED: 'It stays as it was, because the others took too long: send it again.',
} as const;

export type MoveOutcome = keyof typeof moveOutcomes;

/** What came of one of the applications. */
export interface Move {
  readonly applicationId: string;
  readonly outcome: MoveOutcome;
  readonly problems: readonly Problem[];
}

/** Whoever waits for the answer does not wait much longer; a request is given up after thirty seconds. */
const usualPatienceMs = 15_000;
/** How many are moved at a time. */
const atOnce = 4;

/**
 * Moves applications to another version of their program, each by a command of its own, so that nobody waits for all of
 * them, and one that cannot be moved does not keep the others back.
 * @throws Refusal when none of them could be moved, whatever it is; then none was
 */
export async function moveApplications(
  doorway: Doorway,
  { applicationIds, ...change }: VersionChange & { readonly applicationIds: readonly string[] },
  context: CommandContext,
  patienceMs = usualPatienceMs,
): Promise<Move[]> {
  const until = performance.now() + patienceMs;
  await doorway.execute(checkMove, { applicationIds, ...change }, context);
  const moves: Move[] = [];
  const left = [...new Set(applicationIds)];
  while (left.length > 0) {
    const next = left.splice(0, atOnce);
    const isLate = performance.now() >= until;
    const made = next.map((applicationId) =>
      isLate ? untried(applicationId) : move(doorway, { applicationId, ...change }, context),
    );
    moves.push(...(await Promise.all(made)));
  }
  return moves;
}

async function move(
  doorway: Doorway,
  input: VersionChange & { readonly applicationId: string },
  context: CommandContext,
): Promise<Move> {
  const { applicationId } = input;
  const idempotencyKey = keyFor(applicationId, context);
  try {
    const { moved } = await doorway.execute(moveToProgramVersion, input, { ...context, idempotencyKey });
    return { applicationId, outcome: moved ? 'MOVED' : 'UNCHANGED', problems: [] };
  } catch (error) {
    if (!(error instanceof Refusal) || !error.isForUser) throw error;
    return { applicationId, outcome: 'REFUSED', problems: error.problems };
  }
}

function untried(applicationId: string): Move {
  return { applicationId, outcome: 'NOT_TRIED', problems: [] };
}

/** The request's key stands for all of it, so each command in it has one that follows from that. */
function keyFor(applicationId: string, { idempotencyKey }: CommandContext): string | null {
  return idempotencyKey && createHash('sha256').update(`${idempotencyKey} ${applicationId}`).digest('hex');
}
