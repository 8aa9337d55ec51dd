import type { EventName } from '../events/catalogue.js';
import type { Letter } from './letters.js';

/** Who hears by e-mail of what happens in an organization. Invitations are letters of their own, with a link. */
export const organizationLetters = {
  'organization.member_joined': [
    {
      to: 'OWNERS',
      mandatory: { reaches: 'WITHIN_A_DAY', because: 'It tells who has been let in, in case nobody meant to.' },
      write: (matter) => ({
        subject: `${matter.organization}: a colleague joined`,
        happened: `A colleague whom you had invited joined ${matter.organization}, as ${matter.field('role')}.`,
        next: 'If you did not expect this, remove the member.',
      }),
    },
  ],
  'organization.member_role_changed': [
    {
      to: 'PERSON',
      mandatory: { reaches: 'AT_ONCE', because: 'It tells of a change to your own rights, in case nobody meant to.' },
      write: (matter) => ({
        subject: `${matter.organization}: your role changed`,
        happened: `Your role in ${matter.organization} is ${matter.field('role')} now.`,
        next: 'If you did not expect this, ask an owner of the organization.',
      }),
    },
  ],
  'organization.member_removed': [
    {
      to: 'PERSON',
      mandatory: { reaches: 'AT_ONCE', because: 'It tells of a change to your own rights, in case nobody meant to.' },
      write: (matter) => ({
        subject: `${matter.organization}: you are no longer a member`,
        happened: `You were removed from ${matter.organization} and do not see its applications and grants any more.`,
        next: 'If you did not expect this, ask an owner of the organization.',
      }),
    },
  ],
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;
