import { describe, expect, it } from '@jest/globals';
import {
  allApplicationCommands,
  applicationCommands,
  applicationRule,
  finalApplicationStatuses,
} from '../../src/lifecycle/application.js';
import { allGrantCommands, grantCommands, grantRule } from '../../src/lifecycle/grant.js';
import { plainCommands } from '../../src/lifecycle/permissions.js';
import { allTaskCommands, taskCommands, taskRule } from '../../src/lifecycle/provisioning.js';
import { allRecertificationCommands, recertificationRule } from '../../src/lifecycle/recertification.js';
import { allRoles } from '../../src/lifecycle/roles.js';
import { allHitCommands, hitCommands, hitRule } from '../../src/lifecycle/screening.js';

/** Whatever staff know of, however it ended. */
const everSubmitted =
  'SUBMITTED IN_REVIEW INFORMATION_REQUESTED RETURNED DECISION_PROPOSED INTENT_TO_REFUSE UNDER_APPEAL APPROVED APPROVED_WITH_CONDITIONS REFUSED WITHDRAWN CLOSED LAPSED';

/**
 * The tables once more, written by hand from the other side: for each role, what it may do and in which statuses. The
 * rules of the portal are changed by changing both, and so never by accident.
 */
const applicationOpinion = `
  OWNER            saveDraft             DRAFT RETURNED
  OWNER            acceptTerms           DRAFT RETURNED
  OWNER            addDocument           DRAFT RETURNED INFORMATION_REQUESTED INTENT_TO_REFUSE
  OWNER            removeDocument        DRAFT RETURNED INFORMATION_REQUESTED INTENT_TO_REFUSE
  OWNER            submit                DRAFT RETURNED
  OWNER            respond               INFORMATION_REQUESTED
  OWNER            saveAnswers           INFORMATION_REQUESTED
  OWNER            requestExtension      INFORMATION_REQUESTED
  OWNER            discuss               INFORMATION_REQUESTED
  OWNER            withdraw              DRAFT RETURNED SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED INTENT_TO_REFUSE
  OWNER            answerIntentToRefuse  INTENT_TO_REFUSE
  OWNER            acceptIntentToRefuse  INTENT_TO_REFUSE
  OWNER            appeal                REFUSED
  OWNER            startAmendment        APPROVED APPROVED_WITH_CONDITIONS
  OWNER            startRenewal          APPROVED APPROVED_WITH_CONDITIONS

  APPLICANT        saveDraft             DRAFT RETURNED
  APPLICANT        acceptTerms           DRAFT RETURNED
  APPLICANT        addDocument           DRAFT RETURNED INFORMATION_REQUESTED INTENT_TO_REFUSE
  APPLICANT        removeDocument        DRAFT RETURNED INFORMATION_REQUESTED INTENT_TO_REFUSE
  APPLICANT        submit                DRAFT RETURNED
  APPLICANT        respond               INFORMATION_REQUESTED
  APPLICANT        saveAnswers           INFORMATION_REQUESTED
  APPLICANT        requestExtension      INFORMATION_REQUESTED
  APPLICANT        discuss               INFORMATION_REQUESTED
  APPLICANT        withdraw              DRAFT RETURNED SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED INTENT_TO_REFUSE
  APPLICANT        startAmendment        APPROVED APPROVED_WITH_CONDITIONS
  APPLICANT        startRenewal          APPROVED APPROVED_WITH_CONDITIONS
  APPLICANT        answerIntentToRefuse  INTENT_TO_REFUSE

  INTAKE           assign                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  INTAKE           moveToQueue           SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  INTAKE           claim                 SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  INTAKE           release               SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  INTAKE           startReview           SUBMITTED
  INTAKE           requestInformation    SUBMITTED IN_REVIEW
  INTAKE           attachDocument        SUBMITTED IN_REVIEW
  INTAKE           reopenRequest         SUBMITTED IN_REVIEW
  INTAKE           discuss               INFORMATION_REQUESTED
  INTAKE           extendDueDate         INFORMATION_REQUESTED
  INTAKE           refuseExtension       INFORMATION_REQUESTED
  INTAKE           withdrawRequest       INFORMATION_REQUESTED
  INTAKE           returnForCorrection   SUBMITTED IN_REVIEW
  INTAKE           returnWithoutAction   SUBMITTED IN_REVIEW
  INTAKE           recommend             IN_REVIEW
  INTAKE           markCheck             IN_REVIEW
  INTAKE           advanceStage          IN_REVIEW
  INTAKE           recuse                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL INTENT_TO_REFUSE

  REVIEWER         assign                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  REVIEWER         moveToQueue           SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  REVIEWER         claim                 SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  REVIEWER         release               SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  REVIEWER         requestInformation    SUBMITTED IN_REVIEW
  REVIEWER         attachDocument        SUBMITTED IN_REVIEW
  REVIEWER         reopenRequest         SUBMITTED IN_REVIEW
  REVIEWER         discuss               INFORMATION_REQUESTED
  REVIEWER         extendDueDate         INFORMATION_REQUESTED
  REVIEWER         refuseExtension       INFORMATION_REQUESTED
  REVIEWER         withdrawRequest       INFORMATION_REQUESTED
  REVIEWER         returnForCorrection   SUBMITTED IN_REVIEW
  REVIEWER         recommend             IN_REVIEW
  REVIEWER         markCheck             IN_REVIEW
  REVIEWER         advanceStage          IN_REVIEW
  REVIEWER         recuse                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL INTENT_TO_REFUSE

  DECIDER          assign                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  DECIDER          moveToQueue           SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  DECIDER          claim                 SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  DECIDER          release               SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  DECIDER          requestInformation    SUBMITTED IN_REVIEW
  DECIDER          attachDocument        SUBMITTED IN_REVIEW
  DECIDER          reopenRequest         SUBMITTED IN_REVIEW
  DECIDER          discuss               INFORMATION_REQUESTED
  DECIDER          extendDueDate         INFORMATION_REQUESTED
  DECIDER          refuseExtension       INFORMATION_REQUESTED
  DECIDER          withdrawRequest       INFORMATION_REQUESTED
  DECIDER          recommend             IN_REVIEW
  DECIDER          markCheck             IN_REVIEW
  DECIDER          advanceStage          IN_REVIEW
  DECIDER          proposeDecision       IN_REVIEW UNDER_APPEAL
  DECIDER          countersign           DECISION_PROPOSED
  DECIDER          declineToCountersign  DECISION_PROPOSED
  DECIDER          recuse                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL INTENT_TO_REFUSE

  PROGRAM_MANAGER  assign                SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  PROGRAM_MANAGER  moveToQueue           SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  PROGRAM_MANAGER  release               SUBMITTED IN_REVIEW INFORMATION_REQUESTED DECISION_PROPOSED UNDER_APPEAL
  PROGRAM_MANAGER  returnWithoutAction   SUBMITTED IN_REVIEW
  PROGRAM_MANAGER  advanceStage          IN_REVIEW
  PROGRAM_MANAGER  rescindIntentToRefuse INTENT_TO_REFUSE
  PROGRAM_MANAGER  moveToProgramVersion  SUBMITTED IN_REVIEW INFORMATION_REQUESTED RETURNED UNDER_APPEAL

  OWNER            sendMessage           ${everSubmitted}

  APPLICANT        sendMessage           ${everSubmitted}

  INTAKE           sendMessage           ${everSubmitted}
  INTAKE           leaveUnanswered       ${everSubmitted}
  INTAKE           writeNote             ${everSubmitted}

  REVIEWER         sendMessage           ${everSubmitted}
  REVIEWER         leaveUnanswered       ${everSubmitted}
  REVIEWER         writeNote             ${everSubmitted}

  DECIDER          sendMessage           ${everSubmitted}
  DECIDER          leaveUnanswered       ${everSubmitted}
  DECIDER          writeNote             ${everSubmitted}

  PROGRAM_MANAGER  sendMessage           ${everSubmitted}
  PROGRAM_MANAGER  leaveUnanswered       ${everSubmitted}
  PROGRAM_MANAGER  writeNote             ${everSubmitted}
  ADMIN            proposeReopening      APPROVED APPROVED_WITH_CONDITIONS REFUSED WITHDRAWN CLOSED LAPSED
  ADMIN            confirmReopening      APPROVED APPROVED_WITH_CONDITIONS REFUSED WITHDRAWN CLOSED LAPSED
  ADMIN            declineReopening      APPROVED APPROVED_WITH_CONDITIONS REFUSED WITHDRAWN CLOSED LAPSED

  SYSTEM           noteDeadlines         SUBMITTED IN_REVIEW DECISION_PROPOSED UNDER_APPEAL
  SYSTEM           noteAnswerDue         INFORMATION_REQUESTED
  SYSTEM           lapse                 INFORMATION_REQUESTED
  SYSTEM           finalizeRefusal       INTENT_TO_REFUSE
`;

const grantOpinion = `
  OWNER            surrender                  APPROVED_IN_PRINCIPLE WAITLISTED PENDING_PROVISIONING ACTIVE SUSPENDED
  OWNER            manageNamedUsers           PENDING_PROVISIONING ACTIVE SUSPENDED
  APPLICANT        manageNamedUsers           PENDING_PROVISIONING ACTIVE SUSPENDED

  PROGRAM_MANAGER  suspend                    ACTIVE SUSPENDED
  PROGRAM_MANAGER  reinstate                  SUSPENDED
  PROGRAM_MANAGER  revoke                     APPROVED_IN_PRINCIPLE WAITLISTED PENDING_PROVISIONING ACTIVE SUSPENDED

  ADMIN            suspend                    ACTIVE SUSPENDED
  ADMIN            reinstate                  SUSPENDED

  PROVISIONER      acknowledge                PENDING_PROVISIONING
  PROVISIONER      acknowledgeDeprovisioning  SUSPENDED EXPIRED REVOKED SURRENDERED

  SYSTEM           expire                     APPROVED_IN_PRINCIPLE WAITLISTED PENDING_PROVISIONING ACTIVE SUSPENDED
  SYSTEM           noteExpiring               PENDING_PROVISIONING ACTIVE SUSPENDED
  SYSTEM           suspend                    ACTIVE SUSPENDED
  SYSTEM           letIn                      APPROVED_IN_PRINCIPLE
  SYSTEM           givePlace                  WAITLISTED
  SYSTEM           restore                    SUSPENDED
`;

const recertificationOpinion = `
  OWNER            attest   DUE
  PROGRAM_MANAGER  confirm  ATTESTED
  PROGRAM_MANAGER  decline  ATTESTED
  SYSTEM           remind   DUE ATTESTED
  SYSTEM           lapse    DUE ATTESTED
`;

const hitOpinion = `
  INTAKE           proposeAdjudication  OPEN TRUE_MATCH FALSE_POSITIVE INCONCLUSIVE
  INTAKE           confirmAdjudication  OPEN TRUE_MATCH FALSE_POSITIVE INCONCLUSIVE
  INTAKE           declineAdjudication  OPEN TRUE_MATCH FALSE_POSITIVE INCONCLUSIVE

  REVIEWER         proposeAdjudication  OPEN TRUE_MATCH FALSE_POSITIVE INCONCLUSIVE
  REVIEWER         confirmAdjudication  OPEN TRUE_MATCH FALSE_POSITIVE INCONCLUSIVE
  REVIEWER         declineAdjudication  OPEN TRUE_MATCH FALSE_POSITIVE INCONCLUSIVE
`;

const taskOpinion = `
  PROVISIONER      claim     OPEN CLAIMED
  PROVISIONER      complete  CLAIMED
  PROVISIONER      fail      CLAIMED
  PROVISIONER      readBack  DONE VERIFIED

  SYSTEM           escalate  OPEN CLAIMED
`;

/** What each command needs besides role and status. Nothing here: nothing. */
const guardOpinion = {
  submit: ['grantStands', 'complete'],
  startAmendment: ['hasGrantToAmend'],
  startRenewal: ['hasGrantToRenew'],
  answerIntentToRefuse: ['inTimeToAnswer'],
  rescindIntentToRefuse: ['notInvolved'],
  finalizeRefusal: ['timeToAnswerIsOver'],
  appeal: ['inTimeToAppeal'],
  assign: ['notInvolved'],
  claim: ['notInvolved', 'handlesStage', 'didNotDecideBefore', 'inNobodysHands'],
  release: ['notInvolved', 'inOwnHands'],
  startReview: ['notInvolved'],
  requestExtension: ['noExtensionWaits'],
  discuss: ['onOneSide'],
  requestInformation: ['notInvolved'],
  attachDocument: ['notInvolved'],
  moveToQueue: ['notInvolved'],
  reopenRequest: ['notInvolved', 'hasAnsweredRequest'],
  extendDueDate: ['notInvolved'],
  refuseExtension: ['notInvolved', 'extensionWaits'],
  withdrawRequest: ['notInvolved'],
  returnForCorrection: ['notInvolved'],
  returnWithoutAction: ['notInvolved'],
  recommend: ['notInvolved', 'stageAsksForRecommendations'],
  markCheck: ['notInvolved', 'stageAsksForChecks'],
  advanceStage: ['notInvolved', 'canLeaveStage'],
  proposeDecision: ['notInvolved', 'atDecisionStage', 'didNotDecideBefore', 'screeningAllows', 'grantStands'],
  countersign: ['notInvolved', 'notProposer', 'notSignedYet', 'didNotDecideBefore', 'screeningAllows', 'grantStands'],
  declineToCountersign: ['notInvolved', 'notProposer', 'didNotDecideBefore'],
  sendMessage: ['wasSubmitted', 'onOneSide'],
  leaveUnanswered: ['wasSubmitted', 'notInvolved'],
  writeNote: ['wasSubmitted', 'notInvolved'],
  recuse: ['notRecusedYet'],
  moveToProgramVersion: ['notInvolved'],
  proposeReopening: ['notInvolved', 'grantEnded', 'notReplaced', 'noReopeningProposed'],
  confirmReopening: ['notInvolved', 'reopeningProposed', 'notProposerOfReopening', 'grantEnded', 'notReplaced'],
  declineReopening: ['notInvolved', 'reopeningProposed', 'notProposerOfReopening'],
};

const plainOpinion = {
  createOrganization: ['ANYONE_SIGNED_IN'],
  acceptInvitation: ['ANYONE_SIGNED_IN'],
  chooseNotifications: ['ANYONE_SIGNED_IN'],
  inviteMember: ['OWNER'],
  revokeInvitation: ['OWNER'],
  changeMemberRole: ['OWNER'],
  removeMember: ['OWNER'],
  startApplication: ['OWNER', 'APPLICANT'],
  acceptOrganizationTerms: ['OWNER', 'APPLICANT'],
  markOperatorOrganization: ['ADMIN'],
  createPartnerKey: ['OWNER'],
  createOperatorKey: ['ADMIN'],
  managePartnerWebhooks: ['OWNER'],
  manageOperatorWebhooks: ['ADMIN'],
  manageStaff: ['ADMIN'],
  managePrograms: ['PROGRAM_MANAGER'],
  setOwnAwayPeriods: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'],
  setAwayPeriodsOfOthers: ['ADMIN'],
  manageLetterTemplates: ['PROGRAM_MANAGER'],
  stateRelease: ['PROGRAM_MANAGER'],
  planRollouts: ['PROGRAM_MANAGER'],
  recordDirectives: ['PROGRAM_MANAGER', 'ADMIN'],
  manageStandardTexts: ['PROGRAM_MANAGER'],
  manageProvisioningSystems: ['ADMIN'],
  setProvisioningTimes: ['PROGRAM_MANAGER'],
  manageFlags: ['PROGRAM_MANAGER', 'ADMIN'],
  raiseFlags: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
  rateOrganizations: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
  screenOrganization: ['INTAKE', 'REVIEWER', 'PROGRAM_MANAGER'],
  manageSavedViews: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'],
  giveBulkCommands: ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER'],
  readAuditLog: ['AUDITOR', 'ADMIN'],
  readReports: ['AUDITOR', 'PROGRAM_MANAGER', 'ADMIN'],
};

describe('the permission tables, compared with a second opinion', () => {
  it('lets each role do to applications exactly what is meant', () => {
    const table = allRoles.flatMap((role) =>
      allApplicationCommands
        .map((command) => ({ command, rule: applicationRule(command) }))
        .filter(({ rule }) => rule.by.includes(role))
        .map(({ command, rule }) => line(role, command, rule.from)),
    );
    expect(table.sort()).toEqual(linesOf(applicationOpinion));
  });

  it('lets each role do to grants exactly what is meant', () => {
    const table = allRoles.flatMap((role) =>
      allGrantCommands
        .map((command) => ({ command, rule: grantRule(command) }))
        .filter(({ rule }) => rule.by.includes(role))
        .map(({ command, rule }) => line(role, command, rule.from)),
    );
    expect(table.sort()).toEqual(linesOf(grantOpinion));
  });

  it('lets each role do to screening hits exactly what is meant', () => {
    const table = allRoles.flatMap((role) =>
      allHitCommands
        .map((command) => ({ command, rule: hitRule(command) }))
        .filter(({ rule }) => rule.by.includes(role))
        .map(({ command, rule }) => line(role, command, rule.from)),
    );
    expect(table.sort()).toEqual(linesOf(hitOpinion));
  });

  it('lets each role do to recertifications exactly what is meant', () => {
    const table = allRecertificationCommands.flatMap((command) => {
      const { by, from } = recertificationRule(command);
      return by.map((role) => line(role, command, from));
    });
    expect(table.sort()).toEqual(linesOf(recertificationOpinion));
  });

  it('lets each role do to provisioning tasks exactly what is meant', () => {
    const table = allRoles.flatMap((role) =>
      allTaskCommands
        .map((command) => ({ command, rule: taskRule(command) }))
        .filter(({ rule }) => rule.by.includes(role))
        .map(({ command, rule }) => line(role, command, rule.from)),
    );
    expect(table.sort()).toEqual(linesOf(taskOpinion));
  });

  it('lets each role do what has no status exactly as is meant', () => {
    const table = Object.entries(plainCommands).map(([command, { by }]) => [command, by]);
    expect(Object.fromEntries(table)).toEqual(plainOpinion);
  });

  it('guards each command as is meant', () => {
    const table = Object.entries(applicationCommands)
      .filter(([, { guards }]) => guards.length > 0)
      .map(([command, { guards }]) => [command, guards]);
    expect(Object.fromEntries(table)).toEqual(guardOpinion);
  });

  it('says what everything does in a sentence', () => {
    for (const { does } of [
      ...Object.values(applicationCommands),
      ...Object.values(grantCommands),
      ...Object.values(hitCommands),
      ...Object.values(taskCommands),
      ...Object.values(plainCommands),
    ]) {
      expect(does).toMatch(/^[A-Z].+\.$/);
    }
  });

  it('lets nobody only read and change: viewers and auditors give no command at all', () => {
    for (const { by } of [...Object.values(applicationCommands), ...Object.values(grantCommands)]) {
      expect(by).not.toContain('VIEWER');
      expect(by).not.toContain('AUDITOR');
    }
  });

  it('lets staff touch nothing that is decided, withdrawn or closed, but write of it and reopen it', () => {
    const reopening = ['proposeReopening', 'confirmReopening', 'declineReopening'];
    for (const command of allApplicationCommands) {
      const { by, from, to } = applicationRule(command);
      if (by.includes('OWNER') || ['leaveUnanswered', 'writeNote'].includes(command)) {
        if (by.includes('INTAKE')) expect(to).toBeNull();
        continue;
      }
      if (reopening.includes(command)) continue;
      expect(from.filter((status) => finalApplicationStatuses.includes(status))).toEqual([]);
    }
  });
});

function line(role: string, command: string, statuses: readonly string[]): string {
  return [role, command, ...[...statuses].sort()].join(' ');
}

function linesOf(opinion: string): string[] {
  return opinion
    .split('\n')
    .map((written) => written.trim())
    .filter((written) => written !== '')
    .map((written) => {
      const [role = '', command = '', ...statuses] = written.split(/ +/);
      return line(role, command, statuses);
    })
    .sort();
}
