import type { EventName } from '../events/catalogue.js';
import type { Letter, Mandatory, Matter } from './letters.js';

const mustStop = 'The product must not be used any more.';

/** Who hears by e-mail of what happens to a grant. Its creation is told by the approval that caused it. */
export const grantLetters = {
  'grant.let_in': [
    {
      to: 'MEMBERS',
      write: (matter) => ({
        subject: `${matter.reference}: begins now`,
        happened: `The grant ${matter.reference} of ${matter.organization} for ${matter.field('productCode')}, which was approved in principle, begins: the product is released to your organization now. ${letInNext(matter)}`,
        next: 'There is nothing to do. Mind the conditions that the portal shows, if there are any.',
      }),
    },
  ],
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
  'grant.renewed': toMembers(
    'renewed',
    'It goes on beyond the end it had; the portal shows until when.',
    'Mind the conditions of the grant, if it has any.',
  ),
  'grant.expiring': [
    {
      to: 'APPLICANTS',
      write: (matter) => ({
        subject: `${matter.reference}: ends in ${matter.field('days')} days or less`,
        happened: `The grant ${matter.reference} of ${matter.organization} for ${matter.field('productCode')} ends on ${matter.moment('endsAt')}. Access is closed then.`,
        next: 'Renew it in time if you still need it: a review takes a while.',
      }),
    },
  ],
  'recertification.opened': [
    {
      to: 'OWNERS',
      write: (matter) => ({
        subject: `${matter.reference}: attest that it is still needed`,
        happened: `It is time to attest that the grant ${matter.reference} of ${matter.organization} for ${matter.field('productCode')} is still used. That is to be done by ${matter.moment('dueAt')}, the confirmation of our staff included; access is closed otherwise.`,
        next: 'Look through its named users, remove those who need no access any more, and attest it.',
      }),
    },
  ],
  'recertification.declined': [
    {
      to: 'OWNERS',
      write: (matter) => ({
        subject: `${matter.reference}: attest it anew`,
        happened: `What was attested of the grant ${matter.reference} of ${matter.organization} was sent back:\n\n${matter.field('reason')}`,
        next: `Attest it anew, in time to be confirmed by ${matter.moment('dueAt')}.`,
      }),
    },
  ],
  'recertification.attested': [
    {
      to: 'PROGRAM_MANAGERS',
      write: (matter) => ({
        subject: `${matter.reference}: attested, to be confirmed`,
        happened: `${matter.organization} attested that its grant ${matter.reference} for ${matter.field('productCode')} is still used.`,
        next: `Confirm it or send it back, by ${matter.moment('dueAt')}.`,
      }),
    },
  ],
  'recertification.reminded': remindOfRecertification('is due soon'),
  'recertification.overdue': remindOfRecertification('is overdue, and access is closed'),
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

function remindOfRecertification(what: string): readonly Letter[] {
  const write = (matter: Matter) => ({
    subject: `${matter.reference}: its recertification ${what}`,
    happened: `That the grant ${matter.reference} of ${matter.organization} for ${matter.field('productCode')} is still needed is to be attested and confirmed by ${matter.moment('dueAt')}. It waits for ${matter.field('waitsFor') === 'STAFF' ? 'the operator’s staff' : 'its partner'}.`,
    next: 'The portal shows what is left to do.',
  });
  return [
    { to: 'OWNERS', write },
    { to: 'PROGRAM_MANAGERS', write },
  ];
}

function letInNext(matter: Matter): string {
  return matter.field('status') === 'WAITLISTED'
    ? `It waits for a place: it is number ${matter.field('position')} on the waiting list.`
    : 'Access is opened next; you hear from us when it is open.';
}

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
