import { type EventDefinition, number, text } from './event-definition.js';

const organization = { organizationId: text('The organization.') };
const hit = { ...organization, hitId: text('The hit.') };
const adjudication = {
  ...hit,
  adjudicationId: text('The judgement.'),
  verdict: text('TRUE_MATCH, FALSE_POSITIVE or INCONCLUSIVE.'),
};

/** Partners hear nothing of any of this. Who is called like whom is read through the API, by those who may. */
export const screeningEvents = {
  'screening.list_imported': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A version of a screening list was put in force; everybody is screened against it.',
    payload: {
      listId: text('The list.'),
      code: text('The list’s code.'),
      number: number('The version’s number, from 1.'),
      sha256: text('SHA-256 of the file, in hexadecimal.'),
      entries: number('How many entries it has.'),
      added: number('How many of them are new.'),
      changed: number('How many of them are not as before.'),
      removed: number('How many of the version before are gone.'),
    },
  },
  'screening.completed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'An organization and its members were screened.',
    payload: {
      ...organization,
      runId: text('The run, which says against what.'),
      opened: number('How many hits are new.'),
      reopened: number('How many hits are to be judged again, because the entry or the name changed.'),
      carriedOver: number('How many hits an earlier judgement on the same person and entry settled.'),
      lapsed: number('How many hits closed by themselves, because the list changed.'),
    },
  },
  'screening.hits_found': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'An organization has hits that nobody has judged, which it did not have before.',
    payload: { ...organization, runId: text('The run that found them.'), hits: number('How many there are.') },
  },
  'screening.hit_opened': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Somebody of an organization’s was found to be called like an entry of a list.',
    payload: { ...hit, listCode: text('The list’s code.'), score: number('How like, out of 100.') },
  },
  'screening.hit_reopened': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A hit is to be judged again, because the entry or the name changed.',
    payload: { ...hit, listCode: text('The list’s code.'), score: number('How like, out of 100.') },
  },
  'screening.hit_lapsed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A hit closed by itself, because the list no longer names anybody like this.',
    payload: hit,
  },
  'screening.adjudication_proposed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A judgement of a hit was proposed, and waits for another person.',
    payload: adjudication,
  },
  'screening.adjudication_confirmed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Another person confirmed the judgement of a hit.',
    payload: adjudication,
  },
  'screening.adjudication_declined': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Another person declined the proposed judgement of a hit.',
    payload: adjudication,
  },
  'screening.grant_affected': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'The organization of an active grant has a hit that is not cleared.',
    payload: {
      ...organization,
      grantId: text('The grant.'),
      reference: text('The grant’s reference, as people quote it.'),
      applicationId: text('The application it follows from.'),
      suspends: text('YES when the program has it suspended at once, otherwise NO.'),
    },
  },
} as const satisfies Record<string, EventDefinition>;
