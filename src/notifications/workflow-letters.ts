import type { EventName } from '../events/catalogue.js';
import type { Letter, Matter, Wording } from './letters.js';

/** Who hears by e-mail of deadlines, and that an application goes on under another version of its program. */
export const workflowLetters = {
  'application.due_soon': [
    { to: 'ASSIGNEE', write: dueSoon },
    { to: 'ROLES_NAMED', write: dueSoon },
  ],
  'application.overdue': [
    { to: 'ROLES_NAMED', write: overdue },
    { to: 'ASSIGNEE', write: overdue },
  ],
  'application.version_changed': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: reviewed under a new version of the program`,
        happened: `The application ${matter.reference} of ${matter.organization} goes on under version ${matter.field('toVersion')} of the program:\n\n${matter.field('reason')}`,
        next: 'There is nothing you need to do now; if it is with you for correction, look at what it asks for.',
      }),
    },
  ],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function dueSoon(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: due ${matter.moment('dueAt')}`,
    happened: `The application ${matter.reference} of ${matter.organization} ${shouldBe(matter)} by ${matter.moment('dueAt')}.`,
    next: 'Go on with it, or hand it over to somebody who can.',
  };
}

function overdue(matter: Matter): Wording {
  return {
    subject: `${matter.reference}: overdue since ${matter.moment('dueAt')}`,
    happened: `The application ${matter.reference} of ${matter.organization} ${shouldBe(matter)} by ${matter.moment('dueAt')}, and is not.`,
    next: 'See to it that it goes on: who has it in hand, and what is in the way?',
  };
}

function shouldBe(matter: Matter): string {
  return matter.field('scope') === 'APPLICATION' ? 'should be decided' : `should leave “${matter.field('stage')}”`;
}
