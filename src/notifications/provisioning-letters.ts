import type { EventName } from '../events/catalogue.js';
import type { Letter, Matter } from './letters.js';

const mustClose = 'Somebody can use a product who must not.';

/** Who hears by e-mail that access is not as it should be: those who look after grants, and after systems. */
export const provisioningLetters = {
  'provisioning.overdue': toManagers((matter) => ({
    subject: `${matter.field('productCode')}: access ${late(matter)}`,
    happened: `Access to ${matter.field('productCode')} ${late(matter)}, for ${grants(matter)}; the first was due ${matter.moment('oldestDueAt')}:\n\n${matter.lines('references')}`,
    next: 'See what is in the way of the provisioning system. It goes on trying.',
  })),
  'provisioning.contradicted': toManagers((matter) => ({
    subject: `${matter.reference}: access to ${matter.field('productCode')} was found ${found(matter)}`,
    happened: `It was said of the grant ${matter.reference} of ${matter.organization} that it is done (${matter.field('kind')}), and another system found access ${found(matter)}.`,
    next: 'It is to be done again at once. See why the provisioning system was wrong.',
  })),
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function toManagers(write: Letter['write']): readonly Letter[] {
  const mandatory = { reaches: 'AT_ONCE', because: mustClose } as const;
  return [
    { to: 'PROGRAM_MANAGERS', mandatory, write },
    { to: 'ADMINS', mandatory, write },
  ];
}

function late(matter: Matter): string {
  const done = { DEPROVISION: 'closed', PROVISION: 'opened', CHANGE: 'changed' }[matter.field('kind')] ?? 'seen to';
  return matter.field('because') === 'FAILING' ? `cannot be ${done}` : `is not ${done} in time`;
}

function grants(matter: Matter): string {
  const count = matter.field('count');
  return count === '1' ? '1 grant' : `${count} grants`;
}

function found(matter: Matter): string {
  return matter.field('found').toLowerCase();
}
