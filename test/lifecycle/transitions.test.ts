import { describe, expect, it } from '@jest/globals';
import {
  type ApplicationStatus,
  allApplicationCommands,
  allApplicationStatuses,
  applicationRule,
  finalApplicationStatuses,
} from '../../src/lifecycle/application.js';
import { allGrantCommands, allGrantStatuses, type GrantStatus, grantRule } from '../../src/lifecycle/grant.js';
import { allPartnerRoles } from '../../src/lifecycle/roles.js';

/** What a command makes of a status, drawn by hand: `from command to`. */
const applicationPicture = `
  DRAFT                  submit                SUBMITTED
  RETURNED               submit                SUBMITTED
  SUBMITTED              startReview           IN_REVIEW
  SUBMITTED              requestInformation    INFORMATION_REQUESTED
  IN_REVIEW              requestInformation    INFORMATION_REQUESTED
  INFORMATION_REQUESTED  respond               SUBMITTED IN_REVIEW
  INFORMATION_REQUESTED  withdrawRequest       SUBMITTED IN_REVIEW
  INFORMATION_REQUESTED  lapse                 LAPSED
  SUBMITTED              reopenRequest         INFORMATION_REQUESTED
  IN_REVIEW              reopenRequest         INFORMATION_REQUESTED
  SUBMITTED              returnForCorrection   RETURNED
  IN_REVIEW              returnForCorrection   RETURNED
  SUBMITTED              returnWithoutAction   CLOSED
  IN_REVIEW              returnWithoutAction   CLOSED
  IN_REVIEW              proposeDecision       DECISION_PROPOSED
  UNDER_APPEAL           proposeDecision       DECISION_PROPOSED
  DECISION_PROPOSED      declineToCountersign  IN_REVIEW UNDER_APPEAL
  DECISION_PROPOSED      countersign           DECISION_PROPOSED APPROVED APPROVED_WITH_CONDITIONS REFUSED INTENT_TO_REFUSE
  INTENT_TO_REFUSE       answerIntentToRefuse  IN_REVIEW
  INTENT_TO_REFUSE       rescindIntentToRefuse IN_REVIEW
  INTENT_TO_REFUSE       acceptIntentToRefuse  REFUSED
  INTENT_TO_REFUSE       finalizeRefusal       REFUSED
  INTENT_TO_REFUSE       withdraw              WITHDRAWN
  REFUSED                appeal                UNDER_APPEAL
  DRAFT                  withdraw              WITHDRAWN
  RETURNED               withdraw              WITHDRAWN
  SUBMITTED              withdraw              WITHDRAWN
  IN_REVIEW              withdraw              WITHDRAWN
  INFORMATION_REQUESTED  withdraw              WITHDRAWN
  DECISION_PROPOSED      withdraw              WITHDRAWN
  APPROVED               confirmReopening      SUBMITTED IN_REVIEW RETURNED UNDER_APPEAL
  APPROVED_WITH_CONDITIONS  confirmReopening      SUBMITTED IN_REVIEW RETURNED UNDER_APPEAL
  REFUSED                confirmReopening      SUBMITTED IN_REVIEW RETURNED UNDER_APPEAL
  WITHDRAWN              confirmReopening      SUBMITTED IN_REVIEW RETURNED UNDER_APPEAL
  CLOSED                 confirmReopening      SUBMITTED IN_REVIEW RETURNED UNDER_APPEAL
  LAPSED                 confirmReopening      SUBMITTED IN_REVIEW RETURNED UNDER_APPEAL
`;

const grantPicture = `
  APPROVED_IN_PRINCIPLE  letIn       PENDING_PROVISIONING WAITLISTED
  WAITLISTED            givePlace    PENDING_PROVISIONING
  PENDING_PROVISIONING  acknowledge  ACTIVE
  ACTIVE                suspend      SUSPENDED
  SUSPENDED             suspend      SUSPENDED
  SUSPENDED             reinstate    ACTIVE PENDING_PROVISIONING
  SUSPENDED             restore      ACTIVE PENDING_PROVISIONING SUSPENDED
  APPROVED_IN_PRINCIPLE  revoke      REVOKED
  WAITLISTED            revoke       REVOKED
  PENDING_PROVISIONING  revoke       REVOKED
  ACTIVE                revoke       REVOKED
  SUSPENDED             revoke       REVOKED
  APPROVED_IN_PRINCIPLE  surrender   SURRENDERED
  WAITLISTED            surrender    SURRENDERED
  PENDING_PROVISIONING  surrender    SURRENDERED
  ACTIVE                surrender    SURRENDERED
  SUSPENDED             surrender    SURRENDERED
  APPROVED_IN_PRINCIPLE  expire      EXPIRED
  WAITLISTED            expire       EXPIRED
  PENDING_PROVISIONING  expire       EXPIRED
  ACTIVE                expire       EXPIRED
  SUSPENDED             expire       EXPIRED
`;

interface Step {
  readonly from: string;
  readonly command: string;
  readonly to: readonly string[];
}

const applicationSteps: readonly Step[] = allApplicationCommands.flatMap((command) => {
  const { from, to } = applicationRule(command);
  return stepsOf(command, from, to);
});
const grantSteps: readonly Step[] = allGrantCommands.flatMap((command) => {
  const { from, to } = grantRule(command);
  return stepsOf(command, from, to);
});

describe('the ways of an application', () => {
  it('are those that were drawn', () => {
    expect(drawn(applicationSteps)).toEqual(linesOf(applicationPicture));
  });

  it('lead from a draft to every status', () => {
    expect(reachable('DRAFT', applicationSteps)).toEqual([...allApplicationStatuses].sort());
  });

  it('lead out of every status that is not final', () => {
    const onward = applicationSteps.filter(({ command }) => command !== 'confirmReopening');
    const stuck = allApplicationStatuses.filter((status) => !onward.some(({ from }) => from === status));
    expect([...stuck].sort()).toEqual(finalApplicationStatuses.filter((status) => status !== 'REFUSED').sort());
  });

  it('lead to an end from wherever an application stands', () => {
    for (const status of allApplicationStatuses) {
      const ends = reachable(status, applicationSteps).filter((end) => isFinal(end));
      expect({ status, ends: ends.length > 0 }).toEqual({ status, ends: true });
    }
  });

  it('lead back from an end only by the appeal, or when two administrators reopen it', () => {
    const back = applicationSteps.filter(({ from }) => isFinal(from));
    expect(back.filter(({ command }) => command !== 'confirmReopening')).toEqual([
      { from: 'REFUSED', command: 'appeal', to: ['UNDER_APPEAL'] },
    ]);
  });

  it('are decided nowhere but by a countersignature, at once or when the time to answer it is over', () => {
    const deciding = applicationSteps.filter(({ to }) => to.some((status) => /^(APPROVED|REFUSED)/.test(status)));
    expect(new Set(deciding.map(({ from, command }) => `${from} ${command}`))).toEqual(
      new Set([
        'DECISION_PROPOSED countersign',
        'INTENT_TO_REFUSE acceptIntentToRefuse',
        'INTENT_TO_REFUSE finalizeRefusal',
      ]),
    );
    const announcing = applicationSteps.filter(({ to }) => to.includes('INTENT_TO_REFUSE'));
    expect(announcing.map(({ command }) => command)).toEqual(['countersign']);
  });

  it('never let a partner find out whether a decision is proposed', () => {
    // A partner is told the status before; so what may be done then must be what may be done now.
    for (const command of allApplicationCommands) {
      const { by, from } = applicationRule(command);
      if (!allPartnerRoles.some((role) => by.includes(role))) continue;
      expect({ command, proposed: from.includes('DECISION_PROPOSED') }).toEqual({
        command,
        proposed: from.includes('IN_REVIEW'),
      });
    }
  });
});

describe('the ways of a grant', () => {
  const ends: readonly GrantStatus[] = ['EXPIRED', 'REVOKED', 'SURRENDERED'];

  it('are those that were drawn', () => {
    expect(drawn(grantSteps)).toEqual(linesOf(grantPicture));
  });

  it('lead from its creation to every status, and from everywhere to an end', () => {
    expect(reachable('APPROVED_IN_PRINCIPLE', grantSteps)).toEqual([...allGrantStatuses].sort());
    for (const status of allGrantStatuses) {
      expect(reachable(status, grantSteps).some((reached) => ends.some((end) => end === reached))).toBe(true);
    }
  });

  it('never lead back from an end', () => {
    expect(grantSteps.filter(({ from }) => ends.some((end) => end === from))).toEqual([]);
  });

  it('end, when its time is over, from every status that is not an end', () => {
    expect([...grantRule('expire').from].sort()).toEqual(
      allGrantStatuses.filter((status) => !ends.includes(status)).sort(),
    );
  });

  it('let access be acknowledged as closed wherever it must not be open', () => {
    expect([...grantRule('acknowledgeDeprovisioning').from].sort()).toEqual([...ends, 'SUSPENDED'].sort());
  });
});

/** Every status that can be reached, the one begun with included. */
function reachable(from: ApplicationStatus | GrantStatus, steps: readonly Step[]): string[] {
  const reached = new Set<string>([from]);
  for (const status of reached) {
    for (const step of steps) if (step.from === status) for (const next of step.to) reached.add(next);
  }
  return [...reached].sort();
}

function stepsOf(command: string, from: readonly string[], to: string | readonly string[] | null): Step[] {
  if (to === null) return [];
  return from.map((status) => ({ from: status, command, to: typeof to === 'string' ? [to] : to }));
}

function drawn(steps: readonly Step[]): string[] {
  return steps.map(({ from, command, to }) => [from, command, ...to].join(' ')).sort();
}

function linesOf(picture: string): string[] {
  return picture
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '))
    .filter((line) => line !== '')
    .sort();
}

function isFinal(status: string): boolean {
  return finalApplicationStatuses.some((final) => final === status);
}
