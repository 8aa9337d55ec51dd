import fc from 'fast-check';
import type { Fields } from '../../src/demo/portal-client.js';
import { applicationMutations, type GivenCommand, givenCommands, grantMutations } from '../permissions/mutations.js';
import type { OtherIds } from '../permissions/situations.js';
import { forStaffOnly } from './secrets.js';

export type PlayableGrantCommand = keyof typeof grantMutations;

/** A command that somebody thinks of. */
export type Idea =
  | { readonly on: 'application'; readonly command: GivenCommand }
  | { readonly on: 'grant'; readonly command: PlayableGrantCommand };

export const allIdeas: readonly Idea[] = [
  ...givenCommands.map((command) => ({ on: 'application', command }) as const),
  ...(Object.keys(grantMutations) as PlayableGrantCommand[]).map((command) => ({ on: 'grant', command }) as const),
];

/** One move of a random play. Numbers choose among what there is at that moment. */
export interface Move {
  readonly player: number;
  readonly choice: number;
  /** Tries anything, and not only what is shown as available. */
  readonly wild: boolean;
  /** Sends the same request again. */
  readonly again: boolean;
  /** What a recommendation or decision says. */
  readonly verdict: number;
  /** How long everybody waits before. */
  readonly minutes: number;
}

export const moves: fc.Arbitrary<Move> = fc.record({
  player: fc.nat(),
  choice: fc.nat(),
  wild: fc.integer({ min: 0, max: 3 }).map((dice) => dice === 0),
  again: fc.integer({ min: 0, max: 4 }).map((dice) => dice === 0),
  verdict: fc.nat(2),
  minutes: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 2880 })),
});

/** The mutation of an idea, and good input; what is for staff is marked as such. */
export function requestOf(
  idea: Idea,
  about: { readonly applicationId: string; readonly grantId: string; readonly ids: OtherIds },
  verdict: number,
  mark: string,
): { mutation: string; input: Fields } {
  if (idea.on === 'grant') {
    const { mutation, input } = grantMutations[idea.command];
    return { mutation, input: { grantId: about.grantId, ...input } };
  }
  const { mutation, input } = applicationMutations[idea.command];
  const own: Partial<Record<GivenCommand, Fields>> = {
    saveDraft: { answers: { safeguards: mark } },
    recommend: { ...judgement(verdict, mark), comment: `${forStaffOnly} ${mark}` },
    proposeDecision: { ...decision(verdict, mark), internalNote: `${forStaffOnly} ${mark}` },
    declineToCountersign: { reason: `${forStaffOnly} ${mark}` },
    sendMessage: { text: mark },
    writeNote: { text: `${forStaffOnly} ${mark}` },
    recuse: { reason: `${forStaffOnly} ${mark}` },
    markCheck: { note: `${forStaffOnly} ${mark}`, outcome: verdict === 1 ? 'FAILED' : 'PASSED' },
  };
  return { mutation, input: { ...input(about.applicationId, about.ids), ...own[idea.command] } };
}

function judgement(verdict: number, mark: string): Fields {
  if (verdict === 0) return { kind: 'APPROVE_WITH_CONDITIONS', conditions: [`${forStaffOnly} ${mark}`] };
  return { kind: verdict === 1 ? 'REFUSE' : 'APPROVE' };
}

function decision(verdict: number, mark: string): Fields {
  if (verdict === 0) return { outcome: 'APPROVE_WITH_CONDITIONS', conditions: [`On condition that ${mark}.`] };
  return verdict === 1 ? { outcome: 'REFUSE', reasons: [`Because of ${mark}.`] } : { outcome: 'APPROVE' };
}
