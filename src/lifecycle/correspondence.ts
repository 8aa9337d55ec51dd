import { type ApplicationStatus, finalApplicationStatuses } from './application.js';
import { rolesThatHandle } from './assignment.js';
import type { ActorStanding, StaffRole } from './roles.js';
import type { Workflow } from './workflow.js';

/** Between whom messages go. */
export const messageSides = {
  PARTNER: 'The organization that applies.',
  STAFF: 'The operator’s staff.',
} as const;

export type MessageSide = keyof typeof messageSides;

/** The longest message and the longest note. */
export const longestMessage = 8_000;
/** How many documents a message can point to. */
export const mostDocuments = 10;
/** How many people a note can mention. */
export const mostMentions = 20;
/** How often a note can be corrected. */
export const mostCorrections = 50;
/** So many messages a partner can send before staff answer any of them. */
export const mostUnanswered = 20;

/** For whom somebody writes: whoever belongs to the organization does so for it, whatever else they are. */
export function sideOf(actor: ActorStanding): MessageSide {
  return actor.belongsToOrganization ? 'PARTNER' : 'STAFF';
}

export function otherSide(side: MessageSide): MessageSide {
  return side === 'PARTNER' ? 'STAFF' : 'PARTNER';
}

/**
 * Who is told that a partner wrote, when nobody who is at work has the application in hand: those who handle it where
 * it stands; once it is nobody's work any more, intake.
 */
export function rolesThatAnswer(facts: {
  readonly workflow: Workflow;
  readonly stageKey: string | null;
  readonly status: ApplicationStatus;
}): readonly StaffRole[] {
  if (finalApplicationStatuses.includes(facts.status)) return ['INTAKE'];
  return rolesThatHandle(facts.workflow, facts.stageKey, facts.status);
}
