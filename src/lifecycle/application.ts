import type { Role } from './roles.js';

/** Where an application stands, with what each status means to a reader. */
export const applicationStatuses = {
  DRAFT: 'Being written by the partner; staff do not see it.',
  SUBMITTED: 'Received, and waiting to be taken in.',
  IN_REVIEW: 'Under review, at the stage shown.',
  INFORMATION_REQUESTED: 'Staff asked questions; the clock is paused until the partner responds.',
  RETURNED: 'Returned to the partner for correction, to be submitted again as a new revision.',
  DECISION_PROPOSED: 'A decision is proposed and waits for a second person’s countersignature. Partners see IN_REVIEW.',
  INTENT_TO_REFUSE: 'To be refused, for the reasons shown, which the partner may answer first; the clock is paused.',
  APPROVED: 'Approved.',
  APPROVED_WITH_CONDITIONS: 'Approved, under the conditions shown.',
  REFUSED: 'Refused, for the reasons shown; the partner may appeal in time.',
  UNDER_APPEAL: 'Refused, appealed, and to be decided again by other people.',
  WITHDRAWN: 'Withdrawn by the partner.',
  CLOSED: 'Returned without action; the partner may apply anew.',
  LAPSED: 'Ended because questions of staff were not answered in time; the partner may apply anew.',
} as const;

export type ApplicationStatus = keyof typeof applicationStatuses;

/** What must hold besides role and status. Each name is a function in application-guards.ts. */
export type ApplicationGuard =
  | 'complete'
  | 'inTimeToAppeal'
  | 'inTimeToAnswer'
  | 'timeToAnswerIsOver'
  | 'notInvolved'
  | 'extensionWaits'
  | 'noExtensionWaits'
  | 'hasAnsweredRequest'
  | 'handlesStage'
  | 'inNobodysHands'
  | 'inOwnHands'
  | 'stageAsksForRecommendations'
  | 'stageAsksForChecks'
  | 'canLeaveStage'
  | 'atDecisionStage'
  | 'notProposer'
  | 'notSignedYet'
  | 'didNotDecideBefore'
  | 'screeningAllows'
  | 'grantStands'
  | 'hasGrantToAmend'
  | 'hasGrantToRenew'
  | 'notRecusedYet'
  | 'wasSubmitted'
  | 'onOneSide'
  | 'grantEnded'
  | 'notReplaced'
  | 'noReopeningProposed'
  | 'reopeningProposed'
  | 'notProposerOfReopening';

export interface ApplicationRule {
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly ApplicationStatus[];
  /** The status it leads to; null when it leaves the status alone, a list when the outcome depends on the input or on where it came from. */
  readonly to: ApplicationStatus | null | readonly ApplicationStatus[];
  readonly guards: readonly ApplicationGuard[];
}

const open = ['SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'DECISION_PROPOSED', 'UNDER_APPEAL'] as const;
const writing = ['DRAFT', 'RETURNED'] as const;
/** Whatever staff know of, ended or not: a partner may have a question about a refusal, and staff something to note. */
const everSubmitted = [
  ...open,
  'INTENT_TO_REFUSE',
  'RETURNED',
  'APPROVED',
  'APPROVED_WITH_CONDITIONS',
  'REFUSED',
  'WITHDRAWN',
  'CLOSED',
  'LAPSED',
] as const;

/** Statuses in which an application is nobody's work any more, and from which alone it is reopened. */
const final = ['APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'WITHDRAWN', 'CLOSED', 'LAPSED'] as const;

/**
 * THE table: role × command × status. Everything else is derived from it: what a command accepts,
 * `Application.availableCommands`, the permission page and diagram in docs/, and the test that tries every cell.
 */
export const applicationCommands = {
  saveDraft: {
    does: 'Saves the answers given so far, complete or not.',
    by: ['OWNER', 'APPLICANT'],
    from: writing,
    to: null,
    guards: [],
  },
  acceptTerms: {
    does: 'Accepts the program’s terms for the organization.',
    by: ['OWNER', 'APPLICANT'],
    from: writing,
    to: null,
    guards: [],
  },
  addDocument: {
    does: 'Asks for an upload of a document, and completes it.',
    by: ['OWNER', 'APPLICANT'],
    from: [...writing, 'INFORMATION_REQUESTED', 'INTENT_TO_REFUSE'],
    to: null,
    guards: [],
  },
  removeDocument: {
    does: 'Takes a document out of the next revision.',
    by: ['OWNER', 'APPLICANT'],
    from: [...writing, 'INFORMATION_REQUESTED', 'INTENT_TO_REFUSE'],
    to: null,
    guards: [],
  },
  submit: {
    does: 'Submits the application, or its corrected revision, for review.',
    by: ['OWNER', 'APPLICANT'],
    from: writing,
    to: 'SUBMITTED',
    guards: ['grantStands', 'complete'],
  },
  saveAnswers: {
    does: 'Saves answers to questions of the open information request; staff do not see them yet.',
    by: ['OWNER', 'APPLICANT'],
    from: ['INFORMATION_REQUESTED'],
    to: null,
    guards: [],
  },
  respond: {
    does: 'Responds to the open information request: gives the answers to staff.',
    by: ['OWNER', 'APPLICANT'],
    from: ['INFORMATION_REQUESTED'],
    to: ['SUBMITTED', 'IN_REVIEW'],
    guards: [],
  },
  requestExtension: {
    does: 'Asks for more time to answer.',
    by: ['OWNER', 'APPLICANT'],
    from: ['INFORMATION_REQUESTED'],
    to: null,
    guards: ['noExtensionWaits'],
  },
  discuss: {
    does: 'Writes in the thread of the open information request, which stays open and paused.',
    by: ['OWNER', 'APPLICANT', 'INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['INFORMATION_REQUESTED'],
    to: null,
    guards: ['onOneSide'],
  },
  withdraw: {
    does: 'Withdraws the application before it is decided.',
    by: ['OWNER', 'APPLICANT'],
    from: [...writing, 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE'],
    to: 'WITHDRAWN',
    guards: [],
  },
  answerIntentToRefuse: {
    does: 'Answers the intent to refuse, once and in time; the application is decided anew.',
    by: ['OWNER', 'APPLICANT'],
    from: ['INTENT_TO_REFUSE'],
    to: 'IN_REVIEW',
    guards: ['inTimeToAnswer'],
  },
  acceptIntentToRefuse: {
    does: 'Waives the time to answer, so that the refusal is final now.',
    by: ['OWNER'],
    from: ['INTENT_TO_REFUSE'],
    to: 'REFUSED',
    guards: [],
  },
  appeal: {
    does: 'Appeals against the refusal, once and in time.',
    by: ['OWNER'],
    from: ['REFUSED'],
    to: 'UNDER_APPEAL',
    guards: ['inTimeToAppeal'],
  },
  startAmendment: {
    does: 'Starts an amendment of what was approved, or goes on with the one that is open.',
    by: ['OWNER', 'APPLICANT'],
    from: ['APPROVED', 'APPROVED_WITH_CONDITIONS'],
    to: null,
    guards: ['hasGrantToAmend'],
  },
  startRenewal: {
    does: 'Starts a renewal of the grant that followed, or goes on with the one that is open.',
    by: ['OWNER', 'APPLICANT'],
    from: ['APPROVED', 'APPROVED_WITH_CONDITIONS'],
    to: null,
    guards: ['hasGrantToRenew'],
  },
  assign: {
    does: 'Assigns the application to a member of staff, whoever has it in hand, or to nobody.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
    from: open,
    to: null,
    guards: ['notInvolved'],
  },
  claim: {
    does: 'Takes the application in hand, when nobody has it.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: open,
    to: null,
    guards: ['notInvolved', 'handlesStage', 'didNotDecideBefore', 'inNobodysHands'],
  },
  release: {
    does: 'Gives the application back to its queue: one’s own, or for program managers anybody’s.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
    from: open,
    to: null,
    guards: ['notInvolved', 'inOwnHands'],
  },
  startReview: {
    does: 'Takes the application in and puts it at the first stage.',
    by: ['INTAKE'],
    from: ['SUBMITTED'],
    to: 'IN_REVIEW',
    guards: ['notInvolved'],
  },
  requestInformation: {
    does: 'Asks the partner questions; the clock pauses.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['SUBMITTED', 'IN_REVIEW'],
    to: 'INFORMATION_REQUESTED',
    guards: ['notInvolved'],
  },
  reopenRequest: {
    does: 'Asks again what was answered before, and not well enough; the clock pauses.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['SUBMITTED', 'IN_REVIEW'],
    to: 'INFORMATION_REQUESTED',
    guards: ['notInvolved', 'hasAnsweredRequest'],
  },
  extendDueDate: {
    does: 'Gives the partner more time to answer.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['INFORMATION_REQUESTED'],
    to: null,
    guards: ['notInvolved'],
  },
  refuseExtension: {
    does: 'Refuses the partner more time to answer.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['INFORMATION_REQUESTED'],
    to: null,
    guards: ['notInvolved', 'extensionWaits'],
  },
  withdrawRequest: {
    does: 'Withdraws the open information request; the review goes on without an answer.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['INFORMATION_REQUESTED'],
    to: ['SUBMITTED', 'IN_REVIEW'],
    guards: ['notInvolved'],
  },
  returnForCorrection: {
    does: 'Returns the application to be corrected and submitted again.',
    by: ['INTAKE', 'REVIEWER'],
    from: ['SUBMITTED', 'IN_REVIEW'],
    to: 'RETURNED',
    guards: ['notInvolved'],
  },
  returnWithoutAction: {
    does: 'Closes the application without deciding it.',
    by: ['INTAKE', 'PROGRAM_MANAGER'],
    from: ['SUBMITTED', 'IN_REVIEW'],
    to: 'CLOSED',
    guards: ['notInvolved'],
  },
  recommend: {
    does: 'Gives or changes one’s recommendation at the present stage.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['IN_REVIEW'],
    to: null,
    guards: ['notInvolved', 'stageAsksForRecommendations'],
  },
  markCheck: {
    does: 'Marks a check of the present stage as passed or failed.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: ['IN_REVIEW'],
    to: null,
    guards: ['notInvolved', 'stageAsksForChecks'],
  },
  advanceStage: {
    does: 'Moves the application on to the next stage.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
    from: ['IN_REVIEW'],
    to: null,
    guards: ['notInvolved', 'canLeaveStage'],
  },
  proposeDecision: {
    does: 'Proposes how to decide; one other person must countersign, or two, as the program says.',
    by: ['DECIDER'],
    from: ['IN_REVIEW', 'UNDER_APPEAL'],
    to: 'DECISION_PROPOSED',
    guards: ['notInvolved', 'atDecisionStage', 'didNotDecideBefore', 'screeningAllows', 'grantStands'],
  },
  countersign: {
    does: 'Countersigns the proposed decision. The last countersignature makes it final, or announces the refusal.',
    by: ['DECIDER'],
    from: ['DECISION_PROPOSED'],
    to: ['DECISION_PROPOSED', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'INTENT_TO_REFUSE'],
    guards: ['notInvolved', 'notProposer', 'notSignedYet', 'didNotDecideBefore', 'screeningAllows', 'grantStands'],
  },
  declineToCountersign: {
    does: 'Sends the proposed decision back, with a reason; a first countersignature counts no more.',
    by: ['DECIDER'],
    from: ['DECISION_PROPOSED'],
    to: ['IN_REVIEW', 'UNDER_APPEAL'],
    guards: ['notInvolved', 'notProposer', 'didNotDecideBefore'],
  },
  rescindIntentToRefuse: {
    does: 'Takes the intent to refuse back, for a reason the partner sees; the application is decided anew.',
    by: ['PROGRAM_MANAGER'],
    from: ['INTENT_TO_REFUSE'],
    to: 'IN_REVIEW',
    guards: ['notInvolved'],
  },
  recuse: {
    does: 'Declares that one cannot judge this organization.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER'],
    from: [...open, 'INTENT_TO_REFUSE'],
    to: null,
    guards: ['notRecusedYet'],
  },
  moveToProgramVersion: {
    does: 'Goes on under another version of the program.',
    by: ['PROGRAM_MANAGER'],
    from: ['SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'UNDER_APPEAL'],
    to: null,
    guards: ['notInvolved'],
  },
  sendMessage: {
    does: 'Writes a message to the other side, and notes that theirs were read.',
    by: ['OWNER', 'APPLICANT', 'INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
    from: everSubmitted,
    to: null,
    guards: ['wasSubmitted', 'onOneSide'],
  },
  leaveUnanswered: {
    does: 'Says that what the partner wrote needs no answer.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
    from: everSubmitted,
    to: null,
    guards: ['wasSubmitted', 'notInvolved'],
  },
  writeNote: {
    does: 'Writes an internal note, or corrects one’s own.',
    by: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
    from: everSubmitted,
    to: null,
    guards: ['wasSubmitted', 'notInvolved'],
  },
  proposeReopening: {
    does: 'Proposes to reopen an application that was closed in error; another administrator must confirm.',
    by: ['ADMIN'],
    from: final,
    to: null,
    guards: ['notInvolved', 'grantEnded', 'notReplaced', 'noReopeningProposed'],
  },
  confirmReopening: {
    does: 'Reopens the application where its work stopped.',
    by: ['ADMIN'],
    from: final,
    to: ['SUBMITTED', 'IN_REVIEW', 'RETURNED', 'UNDER_APPEAL'],
    guards: ['notInvolved', 'reopeningProposed', 'notProposerOfReopening', 'grantEnded', 'notReplaced'],
  },
  declineReopening: {
    does: 'Leaves the application closed, with a reason.',
    by: ['ADMIN'],
    from: final,
    to: null,
    guards: ['notInvolved', 'reopeningProposed', 'notProposerOfReopening'],
  },
  noteDeadlines: {
    does: 'Tells staff that the time for it is nearly over, or over.',
    by: ['SYSTEM'],
    from: ['SUBMITTED', 'IN_REVIEW', 'DECISION_PROPOSED', 'UNDER_APPEAL'],
    to: null,
    guards: [],
  },
  noteAnswerDue: {
    does: 'Reminds the partner that an answer is due soon, or overdue.',
    by: ['SYSTEM'],
    from: ['INFORMATION_REQUESTED'],
    to: null,
    guards: [],
  },
  lapse: {
    does: 'Ends the application because questions were not answered in time.',
    by: ['SYSTEM'],
    from: ['INFORMATION_REQUESTED'],
    to: 'LAPSED',
    guards: [],
  },
  finalizeRefusal: {
    does: 'Makes a refusal final that was announced and not answered in time.',
    by: ['SYSTEM'],
    from: ['INTENT_TO_REFUSE'],
    to: 'REFUSED',
    guards: ['timeToAnswerIsOver'],
  },
} as const satisfies Record<string, ApplicationRule>;

export type ApplicationCommand = keyof typeof applicationCommands;
export const allApplicationCommands = Object.keys(applicationCommands) as ApplicationCommand[];
export const allApplicationStatuses = Object.keys(applicationStatuses) as ApplicationStatus[];

export const finalApplicationStatuses: readonly ApplicationStatus[] = final;

/** The rule of a command, typed plainly for code that walks the whole table. */
export function applicationRule(command: ApplicationCommand): ApplicationRule {
  return applicationCommands[command];
}
