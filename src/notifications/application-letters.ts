import type { EventName } from '../events/catalogue.js';
import type { Letter, Matter } from './letters.js';

const nothingToDo = 'There is nothing you need to do now.';

/** What follows from an approval of what is not the first for a grant. */
const afterApproval: Readonly<Record<string, string>> = {
  AMENDMENT: 'The grant goes on as the amendment says.',
  RENEWAL: 'The grant goes on beyond the end it had; the portal shows until when.',
};

/**
 * Who hears by e-mail of what happens to an application. Members never read who reviewed it, nor any internal note;
 * reasons and conditions are those written for them.
 */
export const applicationLetters = {
  'application.submitted': [
    {
      to: 'APPLICANTS',
      receipt: true,
      write: (matter) => ({
        subject: `${matter.reference}: application received`,
        happened: `The application ${matter.reference} of ${matter.organization} was received${asRevision(matter)}.`,
        next: 'It is looked at next. You hear from us when something happens; until then there is nothing to do.',
      }),
    },
    {
      to: 'INTAKE',
      write: (matter) => ({
        subject: `${matter.reference}: submitted, waits for intake`,
        happened: `${matter.organization} submitted the application ${matter.reference}${asRevision(matter)}.`,
        next: 'Check that it is complete, then start its review or return it.',
      }),
    },
  ],
  'application.withdrawn': [
    { to: 'MEMBERS', write: withdrawn },
    { to: 'ASSIGNEE', write: withdrawn },
  ],
  'application.review_started': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: review started`,
        happened: `The application ${matter.reference} of ${matter.organization} was taken in, and its review has begun.`,
        next: nothingToDo,
      }),
    },
  ],
  'application.returned_for_correction': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: returned for correction`,
        happened: `The application ${matter.reference} of ${matter.organization} was returned:\n\n${matter.field('reason')}`,
        next: 'Correct it and submit it again.',
      }),
    },
  ],
  'application.returned_without_action': [
    {
      to: 'MEMBERS',
      mandatory: { reaches: 'WITHIN_A_DAY', because: 'It ends the application.' },
      write: (matter) => ({
        subject: `${matter.reference}: closed without a decision`,
        happened: `The application ${matter.reference} of ${matter.organization} was closed without being decided:\n\n${matter.field('reason')}`,
        next: 'You may start a new application.',
      }),
    },
  ],
  'application.assigned': [
    {
      to: 'STAFF_MEMBER',
      write: (matter) => ({
        subject: `${matter.reference}: assigned to you`,
        happened: `The application ${matter.reference} of ${matter.organization} was assigned to you.`,
        next: 'Open it and go on with its review.',
      }),
    },
  ],
  'application.decision_proposed': [
    {
      to: 'DECIDERS',
      write: (matter) => ({
        subject: `${matter.reference}: a decision waits for a countersignature`,
        happened: `A decision was proposed on the application ${matter.reference} of ${matter.organization}.`,
        next: 'Examine it, then countersign it or decline to.',
      }),
    },
  ],
  'application.decision_countersigned': [
    {
      to: 'DECIDERS',
      write: (matter) => ({
        subject: `${matter.reference}: a decision waits for another countersignature`,
        happened: `The decision proposed on the application ${matter.reference} of ${matter.organization} was countersigned once. It needs ${matter.field('needed')} countersignatures.`,
        next: 'If you neither proposed nor countersigned it, examine it, then countersign it or decline to.',
      }),
    },
  ],
  'application.intent_to_refuse_announced': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: to be refused, and you may answer first`,
        happened: `The application ${matter.reference} of ${matter.organization} is to be refused:\n\n${matter.lines('reasons')}`,
        next: `Nothing is final yet. You may answer once, until ${matter.moment('answerBefore')}; the application is then decided anew. Without an answer, it is refused at that time.`,
      }),
    },
  ],
  'application.intent_to_refuse_answered': [
    { to: 'DECIDERS', write: intentAnswered },
    { to: 'ASSIGNEE', write: intentAnswered },
  ],
  'application.intent_to_refuse_rescinded': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: in review again`,
        happened: `It was taken back that the application ${matter.reference} of ${matter.organization} is to be refused:\n\n${matter.field('reason')}`,
        next: 'The review goes on. There is nothing you need to do now.',
      }),
    },
  ],
  'application.countersignature_declined': [
    {
      to: 'PROPOSER',
      write: (matter) => ({
        subject: `${matter.reference}: your proposal was not countersigned`,
        happened: `The decision you proposed on the application ${matter.reference} of ${matter.organization} was not countersigned. The application is in review again.`,
        next: 'Read why; then a decision can be proposed anew.',
      }),
    },
  ],
  'application.approved': [
    {
      to: 'MEMBERS',
      mandatory: { reaches: 'WITHIN_A_DAY', because: 'The conditions of an approval hold from then on.' },
      write: (matter) => ({
        subject: `${matter.reference}: approved`,
        happened: `The application ${matter.reference} of ${matter.organization} was approved.${conditions(matter)}`,
        next:
          afterApproval[matter.field('kind')] ??
          (matter.field('grantStatus') === 'APPROVED_IN_PRINCIPLE'
            ? 'Access begins when the product is released to your organization; you need not apply again. You hear from us then.'
            : 'Access is being set up. You hear from us as soon as it can be used.'),
      }),
    },
  ],
  'application.refused': [
    {
      to: 'MEMBERS',
      mandatory: { reaches: 'WITHIN_A_DAY', because: 'The time in which you may appeal runs from then on.' },
      write: (matter) => ({
        subject: `${matter.reference}: refused`,
        happened: `The application ${matter.reference} of ${matter.organization} was refused:\n\n${matter.lines('reasons')}`,
        next:
          matter.field('appealBefore') === ''
            ? 'This decision is final.'
            : `You may appeal until ${matter.moment('appealBefore')}.`,
      }),
    },
  ],
  'application.appealed': [
    {
      to: 'DECIDERS',
      write: (matter) => ({
        subject: `${matter.reference}: appealed`,
        happened: `${matter.organization} appealed against the refusal of its application ${matter.reference}.`,
        next: 'It must be decided again, by people who did not decide it before.',
      }),
    },
  ],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function withdrawn(matter: Matter) {
  return {
    subject: `${matter.reference}: withdrawn`,
    happened: `The application ${matter.reference} of ${matter.organization} was withdrawn.`,
    next: nothingToDo,
  };
}

function intentAnswered(matter: Matter) {
  return {
    subject: `${matter.reference}: the intent to refuse was answered`,
    happened: `${matter.organization} answered the reasons for which its application ${matter.reference} was to be refused.`,
    next: 'Read the answer, then propose a decision anew.',
  };
}

function asRevision(matter: Matter): string {
  return Number(matter.field('revision')) > 1 ? ` as revision ${matter.field('revision')}` : '';
}

function conditions(matter: Matter): string {
  const lines = matter.lines('conditions');
  return lines === '' ? '' : ` These conditions apply:\n\n${lines}`;
}
