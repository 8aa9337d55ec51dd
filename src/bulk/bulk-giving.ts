import { assignApplication } from '../applications/assignment.commands.js';
import { advanceStage, startReview } from '../applications/handling.commands.js';
import { moveToQueue } from '../applications/queue.commands.js';
import {
  checkVersionChange,
  moveToProgramVersion,
  type VersionChange,
} from '../applications/version-change.commands.js';
import { sendMessage } from '../correspondence/message.commands.js';
import type { CommandContext, Work } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { lowerFlagOnApplication, raiseFlag } from '../flags/flag.commands.js';
import type { BulkKind } from '../lifecycle/bulk.js';
import { Refusal } from '../platform/errors.js';
import { requestInformation } from '../questions/asking.commands.js';
import { countersign, proposeDecision } from '../reviews/decision.commands.js';
import type { BulkInput } from './bulk.entity.js';

/** One application of an operation. */
export interface ChosenApplication {
  readonly applicationId: string;
  /** The decision that waited for a countersignature when the operation was asked for. */
  readonly decisionId: string | null;
}

type Give = (
  doorway: Doorway,
  chosen: ChosenApplication,
  input: BulkInput,
  context: CommandContext,
) => Promise<unknown>;

/** How each kind of operation is given on one application: by the same command as for one alone. */
export const giveOnOne: Readonly<Record<BulkKind, Give>> = {
  ASSIGN: (doorway, { applicationId }, { staffId = null }, context) =>
    doorway.execute(assignApplication, { applicationId, staffId }, context),
  START_REVIEW: (doorway, { applicationId }, _input, context) =>
    doorway.execute(startReview, { applicationId }, context),
  ADVANCE_STAGE: (doorway, { applicationId }, _input, context) =>
    doorway.execute(advanceStage, { applicationId }, context),
  MOVE_TO_QUEUE: (doorway, { applicationId }, { queue = '' }, context) =>
    doorway.execute(moveToQueue, { applicationId, queue }, context),
  MOVE_TO_VERSION: (doorway, { applicationId }, input, context) =>
    doorway.execute(moveToProgramVersion, { applicationId, ...versionChangeIn(input) }, context),
  REQUEST_INFORMATION: (doorway, { applicationId }, { questions = [], dueAt }, context) =>
    doorway.execute(requestInformation, { applicationId, questions, dueAt: dueAt ? new Date(dueAt) : null }, context),
  // What partners asked is not answered by what is written to many.
  SEND_MESSAGE: (doorway, { applicationId }, { text = '' }, context) =>
    doorway.execute(sendMessage, { applicationId, text, isAnswer: false }, context),
  RAISE_FLAG: (doorway, { applicationId }, { flag = '', reason = '', expiresAt }, context) => {
    const place = { applicationId, organizationId: null };
    const until = expiresAt ? new Date(expiresAt) : null;
    return doorway.execute(raiseFlag, { ...place, flag, reason, expiresAt: until }, context);
  },
  LOWER_FLAG: (doorway, { applicationId }, { flag = '', reason = '' }, context) =>
    doorway.execute(lowerFlagOnApplication, { applicationId, flag, reason }, context),
  PROPOSE_DECISION: (doorway, { applicationId }, { outcome, reasons = [], conditions = [], ...input }, context) => {
    if (!outcome) throw new Error('A proposal has an outcome.');
    const { inPrinciple, reasonCodes, conditionCodes, internalNote } = input;
    const words = { outcome, reasons, conditions, reasonCodes, conditionCodes };
    return doorway.execute(proposeDecision, { applicationId, ...words, inPrinciple, internalNote }, context);
  },
  COUNTERSIGN: (doorway, { applicationId, decisionId }, _input, context) => {
    if (decisionId === null)
      throw Refusal.of('NOT_ALLOWED_NOW', 'No decision waited for a countersignature when this was asked for.');
    return doorway.execute(countersign, { applicationId, decisionId }, context);
  },
};

/** What is wrong for all applications is said when the operation is asked for, and not for each of them. */
export const checkForAll: Readonly<Partial<Record<BulkKind, (work: Work, input: BulkInput) => Promise<void>>>> = {
  MOVE_TO_VERSION: (work, input) => checkVersionChange(work, versionChangeIn(input)),
};

function versionChangeIn({ programId = '', number = 0, stages = [], reason = '' }: BulkInput): VersionChange {
  return { programId, number, stages, reason };
}
