import { isDeepStrictEqual } from 'node:util';
import type { Em } from '../platform/database/database.js';
import { Program, ProgramVersion, TermsVersion } from './program.entity.js';

/** What a document is provided for when it belongs to an answer, so no requirement of a program is called that. */
export const informationRequestKey = 'information-request';

/** The same for letters that tell of a decision. */
export const decisionLetterKey = 'decision-letter';

/** A published version with its terms; both never change. */
export interface PublishedVersion {
  readonly id: string;
  readonly programId: string;
  readonly version: Pick<
    ProgramVersion,
    'workflow' | 'questionnaire' | 'documentRequirements' | 'grantMonths' | 'grantPolicy'
  >;
  readonly terms: Pick<TermsVersion, 'id' | 'label' | 'bodySha256'>;
}

/** @throws Error when there is none: applications always name one that exists */
export async function publishedVersion(em: Em, id: string): Promise<PublishedVersion> {
  const version = await em.findOneOrFail(ProgramVersion, { id });
  const terms = await em.findOneOrFail(TermsVersion, { id: version.termsVersionId });
  return { id, programId: version.programId, version, terms };
}

/** A version, as far as those need to know it who compare versions. */
export type KnownVersion = Pick<
  ProgramVersion,
  'id' | 'number' | 'workflow' | 'questionnaire' | 'documentRequirements' | 'termsVersionId'
>;

/** A published version of a program by its number; null when there is none. */
export async function versionByNumber(em: Em, programId: string, number: number): Promise<KnownVersion | null> {
  return em.findOne(ProgramVersion, { programId, number });
}

/** @throws Error when there is none: applications always name one that exists */
export async function versionById(em: Em, id: string): Promise<KnownVersion> {
  return em.findOneOrFail(ProgramVersion, { id });
}

/** Do both ask the same of partners: the same questions, documents and terms? */
export function askTheSame(one: KnownVersion, other: KnownVersion): boolean {
  return isDeepStrictEqual(
    [one.termsVersionId, one.documentRequirements, one.questionnaire],
    [other.termsVersionId, other.documentRequirements, other.questionnaire],
  );
}

/** What a partner who starts an application starts it under; null when there is no such program. */
export async function programToApplyTo(
  em: Em,
  programId: string,
): Promise<{ readonly isOpen: boolean; readonly name: string; readonly versionId: string } | null> {
  const program = await em.findOne(Program, { id: programId });
  if (!program?.currentVersionId) return null;
  return { isOpen: program.status === 'OPEN', name: program.name, versionId: program.currentVersionId };
}
