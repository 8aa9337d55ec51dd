import { createHash } from 'node:crypto';
import { type Fields, type PortalClient, PortalRefusal } from '../../src/demo/portal-client.js';
import type { ApplicationCommand } from '../../src/lifecycle/application.js';
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

/** Each command of the application table, with input that is good wherever the command is allowed. */
export const applicationMutations: Readonly<Record<ApplicationCommand, MutationOf>> = {
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
    response: 'Our own.',
  })),
  withdraw: onApplication('withdrawApplication'),
  appeal: onApplication('appealDecision', () => ({ grounds: 'It is in scope.' })),
  assign: onApplication('assignApplication'),
  startReview: onApplication('startReview'),
  requestInformation: onApplication('requestInformation', () => ({ question: 'Which systems?' })),
  returnForCorrection: onApplication('returnForCorrection', () => ({ reason: 'Sign the statement.' })),
  returnWithoutAction: onApplication('returnWithoutAction', () => ({ reason: 'A duplicate.' })),
  recommend: onApplication('giveRecommendation', () => ({ kind: 'APPROVE', comment: 'Sound.' })),
  advanceStage: onApplication('advanceStage'),
  proposeDecision: onApplication('proposeDecision', () => ({ outcome: 'APPROVE' })),
  countersign: onApplication('countersignDecision', ({ decisionId }) => ({ decisionId })),
  declineToCountersign: onApplication('declineToCountersign', ({ decisionId }) => ({
    decisionId,
    reason: 'The reasons are thin.',
  })),
  recuse: onApplication('declareRecusal', () => ({ reason: 'A former employer.' })),
};

/** Each command of the grant table; that time passes is nobody's to say over the API. */
export const grantMutations: Readonly<Record<Exclude<GrantCommand, 'expire'>, { mutation: string; input: Fields }>> = {
  acknowledge: { mutation: 'acknowledgeProvisioning', input: {} },
  acknowledgeDeprovisioning: { mutation: 'acknowledgeDeprovisioning', input: {} },
  suspend: { mutation: 'suspendGrant', input: { reason: 'Misuse.' } },
  reinstate: { mutation: 'reinstateGrant', input: { reason: 'Cleared.' } },
  revoke: { mutation: 'revokeGrant', input: { reason: 'Misuse.' } },
  surrender: { mutation: 'surrenderGrant', input: {} },
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
