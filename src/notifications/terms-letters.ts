import type { EventName } from '../events/catalogue.js';
import type { Letter, Mandatory, Matter } from './letters.js';

const mandatory: Mandatory = {
  reaches: 'AT_ONCE',
  because: 'Grants are suspended when the terms are not accepted in time.',
};

/** Who hears by e-mail of terms that are asked for again: those who may accept them. */
export const termsLetters = {
  'terms.published': toThoseWhoAccept('new terms to accept', 'There are new terms'),
  'attestation.due': toThoseWhoAccept('terms not accepted yet', 'New terms were not accepted yet'),
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function toThoseWhoAccept(what: string, happened: string): readonly Letter[] {
  const write = (matter: Matter) => ({
    subject: `${matter.organization}: ${what}`,
    happened: `${happened} of the program ${matter.field('programCode')}, “${matter.field('label')}”, under which ${matter.organization} holds a grant.`,
    next: `Read them and accept them for ${matter.organization} by ${matter.moment('dueAt')}. Grants are suspended from then on until they are accepted.`,
  });
  return [{ to: 'APPLICANTS', mandatory, write }];
}
