import type { ForeignPersonRule } from './directive.js';

/** How export rules stand to a named user, as the partner attests. Nobody's nationality is asked for or kept. */
export const exportStatuses = {
  UNRESTRICTED: 'No export rule limits what this user may be given.',
  FOREIGN: 'A foreign person for whom no licence is held.',
  LICENSED: 'A foreign person for whom a licence is held.',
  UNDETERMINED: 'The partner has not determined it yet.',
} as const;

export type ExportStatus = keyof typeof exportStatuses;

/** Why somebody who is named for a grant may not use it, in words for the partner. */
export const namedUserBlocks = {
  REMOVED: 'This user is not named for the grant any more.',
  UNDER_REVIEW: 'The operator has not finished its review of this user; there is nothing for you to do.',
  EXPORT_STATUS_UNDETERMINED:
    'An authority distinguishes foreign persons: determine this user’s export status, and attest it.',
  LICENCE_NEEDED: 'By order of an authority this user needs a licence of their own; attest it once it is held.',
  FOREIGN_PERSON: 'By order of an authority no foreign person may use the product.',
} as const;

export type NamedUserBlock = keyof typeof namedUserBlocks;

export interface NamedUserFacts {
  readonly isRemoved: boolean;
  /** Is the operator's review of the name under way, or is there a hit that is not cleared? */
  readonly isUnderReview: boolean;
  readonly exportStatus: ExportStatus;
}

/**
 * Everything that keeps a named user from using the grant they are named for; empty when nothing does. Whether the grant
 * can be used at all is another question.
 * @param foreignPersons what the directives that permit the product to the organization say of foreign persons
 */
export function ruleOnNamedUser(facts: NamedUserFacts, foreignPersons: ForeignPersonRule): readonly NamedUserBlock[] {
  const byOrder = foreignPersonBlock(facts.exportStatus, foreignPersons);
  return [
    ...(facts.isRemoved ? (['REMOVED'] as const) : []),
    ...(facts.isUnderReview ? (['UNDER_REVIEW'] as const) : []),
    ...(byOrder ? [byOrder] : []),
  ];
}

function foreignPersonBlock(status: ExportStatus, rule: ForeignPersonRule): NamedUserBlock | null {
  if (rule === 'EXEMPT' || rule === 'NO_RULE' || status === 'UNRESTRICTED') return null;
  if (status === 'UNDETERMINED') return 'EXPORT_STATUS_UNDETERMINED';
  if (rule === 'NONE_PERMITTED') return 'FOREIGN_PERSON';
  return status === 'LICENSED' ? null : 'LICENCE_NEEDED';
}
