import type { EventName } from '../events/catalogue.js';
import type { Letter, Mandatory, Matter } from './letters.js';

const mustStop = 'The product must not be used any more.';

/** Who hears by e-mail of what happens to a grant. Its creation is told by the approval that caused it. */
export const grantLetters = {
  'grant.waitlisted': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: waits for a place`,
        happened: `The grant ${matter.reference} of ${matter.organization} for ${matter.field('productCode')} waits for a place: it is number ${matter.field('position')} on the waiting list.`,
        next: 'There is nothing to do. You hear from us when there is a place.',
      }),
    },
  ],
  'grant.place_given': toMembers(
    'has a place now',
    'It does not wait any more; access is opened next.',
    'There is nothing to do. You hear from us when access is open.',
  ),
  'grant.amended': toMembers(
    'amended',
    'It carries the conditions of the amendment now, instead of those before.',
    'Mind the conditions that the portal shows.',
  ),
  'grant.conditions_added': toMembers(
    'further conditions',
    'It carries further conditions from now on, because an authority ordered them.',
    'Mind the conditions that the portal shows.',
  ),
  'grant.activated': toMembers(
    'can be used now',
    'Access is open.',
    'Mind the conditions of the grant, if it has any.',
  ),
  'grant.suspended': toMembers(
    'suspended',
    'Access is closed for the time being.',
    'Stop using the product. You hear from us when access is open again.',
    { reaches: 'AT_ONCE', because: mustStop },
  ),
  'grant.suspension_added': toMembers(
    'suspended for a further reason',
    'Access stays closed.',
    'There is more to settle before access is open again; the portal shows what.',
  ),
  'grant.suspension_lifted': toMembers(
    'one reason for the suspension is settled',
    'Access stays closed for others.',
    'The portal shows what is left to settle.',
  ),
  'grant.reinstated': toMembers(
    'reinstated',
    'Access is open again.',
    'Mind the conditions of the grant, if it has any.',
  ),
  'grant.revoked': toMembers('revoked', 'Access is closed for good.', 'Stop using the product.', {
    reaches: 'AT_ONCE',
    because: mustStop,
  }),
  'grant.surrendered': [
    ...toMembers('given back', 'Access is closed.', 'You may apply again at any time.'),
    {
      to: 'PROGRAM_MANAGERS',
      write: (matter) => ({
        subject: `${matter.reference}: given back`,
        happened: `${matter.organization} gave back its grant ${matter.reference} for ${matter.field('productCode')}.`,
        next: 'See that access is closed.',
      }),
    },
  ],
  'grant.expired': toMembers('expired', 'Access is closed.', 'Apply again if you still need it.', {
    reaches: 'WITHIN_A_DAY',
    because: mustStop,
  }),
  'grant.deprovisioned': toMembers(
    'access is closed',
    'The closing of access was confirmed.',
    'There is nothing to do.',
  ),
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function toMembers(what: string, meaning: string, next: string, mandatory?: Mandatory): readonly Letter[] {
  const write = (matter: Matter) => {
    const grant = `the grant ${matter.reference} of ${matter.organization} for ${matter.field('productCode')}`;
    const reason = matter.field('reason');
    return {
      subject: `${matter.reference}: ${what}`,
      happened: `About ${grant}: ${what}. ${meaning}${reason === '' ? '' : `\n\nThe reason: ${reason}`}`,
      next,
    };
  };
  return [{ to: 'MEMBERS', ...(mandatory ? { mandatory } : {}), write }];
}
