import { createHash } from 'node:crypto';
import { type Fields, type PortalClient, PortalRefusal } from '../../src/demo/portal-client.js';
import { type ApplicationCommand, allApplicationCommands, applicationRule } from '../../src/lifecycle/application.js';
import type { GrantCommand } from '../../src/lifecycle/grant.js';
import type { OtherIds } from './situations.js';

/** How a command is given over the API. */
export interface MutationOf {
  readonly mutation: string;
  input(applicationId: string, ids: OtherIds): Fields;
}

function onApplication(mutation: string, input: (ids: OtherIds) => Fields = () => ({})): MutationOf {
  return { mutation, input: (applicationId, ids) => ({ applicationId, ...input(ids) }) };
}

/** The commands of the application table that somebody gives; what is done on time is nobody's to say over the API. */
export type GivenCommand = Exclude<ApplicationCommand, 'noteDeadlines' | 'noteAnswerDue' | 'lapse' | 'finalizeRefusal'>;
export const givenCommands = allApplicationCommands.filter(
  (command): command is GivenCommand => !applicationRule(command).by.includes('SYSTEM'),
);

/** Those that say something about an application and leave it as it is: partners see its version. */
export const besideTheApplication: readonly GivenCommand[] = [
  'sendMessage',
  'leaveUnanswered',
  'writeNote',
  'attachDocument',
  'proposeReopening',
  'declineReopening',
];

/** Later than any answer is due here, and within a year. */
function inHalfAYear(): string {
  return new Date(Date.now() + 182 * 24 * 60 * 60 * 1000).toISOString();
}

/** Each of them, with input that is good wherever the command is allowed. */
export const applicationMutations: Readonly<Record<GivenCommand, MutationOf>> = {
  saveDraft: onApplication('saveDraft', () => ({ answers: { seats: 13 } })),
  acceptTerms: onApplication('acceptTerms', ({ termsId }) => ({ termsId })),
  addDocument: onApplication('requestDocumentUpload', () => ({
    requirementKey: 'supporting-evidence',
    fileName: 'evidence.pdf',
    mediaType: 'application/pdf',
    size: 3,
    sha256: createHash('sha256').update('pdf').digest('hex'),
  })),
  removeDocument: { mutation: 'removeDocument', input: (_application, { documentId }) => ({ documentId }) },
  submit: onApplication('submitApplication'),
  respond: onApplication('respondToInformationRequest', ({ informationRequestId }) => ({
    informationRequestId,
    answers: [{ question: 1, text: 'Our own.' }],
  })),
  saveAnswers: onApplication('saveInformationAnswers', ({ informationRequestId }) => ({
    informationRequestId,
    answers: [{ question: 1, text: 'Our own, and' }],
  })),
  requestExtension: onApplication('requestDueDateExtension', ({ informationRequestId }) => ({
    informationRequestId,
    dueAt: inHalfAYear(),
    reason: 'The plan is being drawn.',
  })),
  discuss: onApplication('writeInformationMessage', ({ informationRequestId }) => ({
    informationRequestId,
    text: 'Those of this site.',
  })),
  extendDueDate: onApplication('extendDueDate', ({ informationRequestId }) => ({
    informationRequestId,
    dueAt: inHalfAYear(),
  })),
  refuseExtension: onApplication('refuseDueDateExtension', ({ informationRequestId }) => ({
    informationRequestId,
    reason: 'There was time.',
  })),
  withdrawRequest: onApplication('withdrawInformationRequest', ({ informationRequestId }) => ({
    informationRequestId,
    reason: 'It was in the register.',
  })),
  reopenRequest: onApplication('reopenInformationRequest', ({ answeredRequestId }) => ({
    informationRequestId: answeredRequestId,
    reason: 'Since when?',
  })),
  withdraw: onApplication('withdrawApplication'),
  answerIntentToRefuse: onApplication('answerIntentToRefuse', ({ intentId }) => ({
    intentId,
    response: 'It is in scope.',
  })),
  acceptIntentToRefuse: onApplication('acceptIntentToRefuse', ({ intentId }) => ({ intentId })),
  rescindIntentToRefuse: onApplication('rescindIntentToRefuse', ({ intentId }) => ({
    intentId,
    reason: 'The register was out of date.',
  })),
  appeal: onApplication('appealDecision', () => ({ grounds: 'It is in scope.' })),
  startAmendment: onApplication('startAmendment'),
  startRenewal: onApplication('startRenewal'),
  assign: onApplication('assignApplication'),
  claim: onApplication('claimApplication'),
  release: onApplication('releaseApplication'),
  startReview: onApplication('startReview'),
  requestInformation: onApplication('requestInformation', () => ({ questions: [{ text: 'Which systems?' }] })),
  returnForCorrection: onApplication('returnForCorrection', () => ({ reason: 'Sign the statement.' })),
  returnWithoutAction: onApplication('returnWithoutAction', () => ({ reason: 'A duplicate.' })),
  recommend: onApplication('giveRecommendation', () => ({ kind: 'APPROVE', comment: 'Sound.' })),
  markCheck: onApplication('markCheck', () => ({
    check: 'registration-verified',
    outcome: 'PASSED',
    note: 'Looked up in the register.',
  })),
  advanceStage: onApplication('advanceStage'),
  proposeDecision: onApplication('proposeDecision', () => ({ outcome: 'APPROVE' })),
  countersign: onApplication('countersignDecision', ({ decisionId }) => ({ decisionId })),
  declineToCountersign: onApplication('declineToCountersign', ({ decisionId }) => ({
    decisionId,
    reason: 'The reasons are thin.',
  })),
  sendMessage: onApplication('sendMessage', () => ({ text: 'When will you know more?' })),
  leaveUnanswered: onApplication('leaveMessagesUnanswered'),
  writeNote: onApplication('addNote', () => ({ text: 'The seats are many.' })),
  recuse: onApplication('declareRecusal', () => ({ reason: 'A former employer.' })),
  proposeReopening: onApplication('proposeReopening', () => ({
    reason: 'It was closed by mistake.',
    internalReason: 'Taken for another application.',
  })),
  confirmReopening: onApplication('confirmReopening', ({ reopeningId }) => ({ reopeningId })),
  declineReopening: onApplication('declineReopening', ({ reopeningId }) => ({
    reopeningId,
    reason: 'It was no mistake.',
  })),
  moveToProgramVersion: onApplication('moveApplicationToProgramVersion', ({ programId, otherVersion }) => ({
    programId,
    number: otherVersion,
    reason: 'The holidays of next year.',
  })),
  moveToQueue: onApplication('moveApplicationToQueue', () => ({ queue: 'aside' })),
  attachDocument: onApplication('requestDocumentUpload', () => ({
    requirementKey: 'from-staff',
    fileName: 'form.pdf',
    mediaType: 'application/pdf',
    size: 3,
    sha256: createHash('sha256').update('pdf').digest('hex'),
  })),
};

/** Each command of the grant table; that time passes is nobody's to say over the API. */
export const grantMutations: Readonly<
  Record<
    Exclude<GrantCommand, 'expire' | 'noteExpiring' | 'letIn' | 'givePlace' | 'restore'>,
    { mutation: string; input: Fields }
  >
> = {
  acknowledge: { mutation: 'acknowledgeProvisioning', input: {} },
  acknowledgeDeprovisioning: { mutation: 'acknowledgeDeprovisioning', input: {} },
  suspend: { mutation: 'suspendGrant', input: { reason: 'Misuse.' } },
  reinstate: { mutation: 'reinstateGrant', input: { reason: 'Cleared.' } },
  revoke: { mutation: 'revokeGrant', input: { reason: 'Misuse.' } },
  surrender: { mutation: 'surrenderGrant', input: {} },
  manageNamedUsers: {
    mutation: 'addNamedUser',
    input: { displayName: 'Ulla User', email: 'ulla@partner.example', exportStatus: 'UNRESTRICTED' },
  },
};

/**
 * What came of a command: `accepted`, the code that its payload reports, or `error` and the code of the GraphQL error
 * that it failed with.
 */
export async function verdictOf(client: PortalClient, mutation: string, input: Fields): Promise<string> {
  try {
    const { errors } = await client.command(mutation, input);
    return errors.length === 0 ? 'accepted' : [...new Set(errors.map(({ code }) => code))].join(' ');
  } catch (error) {
    if (error instanceof PortalRefusal) return `error ${error.code}`;
    throw error;
  }
}
