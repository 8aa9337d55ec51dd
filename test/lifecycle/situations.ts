import type { ApplicationFacts } from '../../src/lifecycle/application-guards.js';
import type { GrantFacts } from '../../src/lifecycle/grant.js';
import type { ActorStanding, Role } from '../../src/lifecycle/roles.js';
import type { Staffing } from '../../src/lifecycle/staffing.js';
import type { Workflow } from '../../src/lifecycle/workflow.js';
import type { WorkingCalendar } from '../../src/lifecycle/working-time.js';

/** The moment at which the rules are asked. */
export const now = new Date('2026-11-24T10:00:00.000Z');

export function daysFrom(moment: Date, days: number): Date {
  return new Date(moment.getTime() + days * 24 * 60 * 60 * 1000);
}

/** Monday to Friday, nine to five, by the clocks of UTC. */
export const officeHours: WorkingCalendar = {
  timeZone: 'Etc/UTC',
  hours: (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] as const).map((day) => ({
    day,
    from: '09:00',
    to: '17:00',
  })),
  holidays: [],
};

const asksForNothing = {
  requiredRecommendations: [],
  criteria: [],
  blind: true,
  requiredChecks: [],
  requiredDocuments: [],
};

/** Screening with a check and a document, a review that takes two recommendations, and the decision. */
export const workflow: Workflow = {
  intake: { queue: 'intake', slaWorkingHours: 16 },
  stages: [
    {
      key: 'screening',
      name: 'Screening',
      queue: 'screening',
      slaWorkingHours: 24,
      ...asksForNothing,
      requiredChecks: [{ key: 'registration-verified', title: 'Registration verified', by: ['INTAKE'] }],
      requiredDocuments: ['end-use-statement'],
      advanceBy: ['INTAKE', 'REVIEWER'],
    },
    {
      key: 'review',
      name: 'Review',
      queue: 'review',
      slaWorkingHours: 80,
      ...asksForNothing,
      requiredRecommendations: [{ role: 'REVIEWER', count: 2 }],
      advanceBy: ['REVIEWER', 'DECIDER'],
    },
    {
      key: 'decision',
      name: 'Decision',
      queue: 'decision',
      slaWorkingHours: 40,
      ...asksForNothing,
      advanceBy: [],
    },
  ],
  countersignWithinWorkingHours: 16,
  decideWithinWorkingHours: 160,
  warnAtPercent: 75,
  escalateTo: 'PROGRAM_MANAGER',
  appealWithinDays: 28,
  calendar: officeHours,
};

/** The documents that the program of this workflow asks for. */
export const documents = ['end-use-statement'];

/** Enough people to work it. */
export const enoughStaff: Staffing = [
  ['INTAKE', 'REVIEWER'],
  ['REVIEWER', 'DECIDER'],
  ['DECIDER'],
  ['PROGRAM_MANAGER'],
];

/** An application under review, at its decision stage, about which nothing stands in the way. */
export function facts(changes: Partial<ApplicationFacts> = {}): ApplicationFacts {
  return {
    status: 'IN_REVIEW',
    wasSubmitted: true,
    statusBefore: null,
    stageKey: 'decision',
    workflow,
    submissionProblems: [],
    recommendedBy: [],
    passedChecks: [],
    providedFor: ['end-use-statement'],
    proposedBy: null,
    signedBy: null,
    answerBefore: null,
    answeredIntent: false,
    outcome: null,
    decidedBefore: [],
    recused: [],
    screening: 'CLEAR',
    assignedTo: null,
    extensionWaits: false,
    hasAnsweredRequest: false,
    decidedAt: null,
    appealedAt: null,
    afterEnd: null,
    kind: 'NEW',
    grant: null,
    ...changes,
  };
}

/** A person with these roles who has nothing to do with the organization. */
export function staff(...roles: Role[]): ActorStanding {
  return { personId: 'somebody', roles, belongsToOrganization: false };
}

/** A member of the organization, perhaps with staff roles besides. */
export function member(...roles: Role[]): ActorStanding {
  return { personId: 'a member', roles, belongsToOrganization: true };
}

/** A grant that runs for a year from yesterday. */
export function grantFacts(changes: Partial<GrantFacts> = {}): GrantFacts {
  return {
    status: 'ACTIVE',
    endsAt: daysFrom(now, 364),
    suspensions: [],
    deprovisionedAt: null,
    isHeldByScreening: false,
    ...changes,
  };
}
