import type { Viewer } from '../api/eyes.js';
import { requireAccepted, requireIdentified } from '../doorway/requirements.js';
import { type AccessAnswer, accessReasons, checkAccess, withoutAuthorities } from '../lifecycle/access.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { type AccessQuestion, accessFacts, grantSeenBy, type StatedGrant } from './access-facts.queries.js';
import type { Saying } from './statements.js';

/** What came of a check, for whoever asked. */
export interface CheckedAccess extends AccessQuestion {
  readonly answer: AccessAnswer;
  readonly checkedAt: Date;
  /** The grant that the answer is about; null when there is none. */
  readonly grant: StatedGrant | null;
  /** The next moment known already at which the answer may become another. */
  readonly changesAt: Date | null;
}

/** @throws Refusal NOT_FOUND for whoever may not know of the organization, as when there is none */
export async function readAccess(
  database: RawSql,
  question: AccessQuestion,
  { actor, now }: Viewer,
): Promise<CheckedAccess> {
  requireIdentified(actor);
  const facts = await accessFacts(database, question, actor, now);
  if (facts === null) throw Refusal.notFound('organization', ['organizationId']);
  if (facts === 'NO_PRODUCT') throw Refusal.of('NOT_FOUND', 'There is no product with this code.', ['productCode']);
  const found = checkAccess(facts, now);
  const isAmongStaff = seesEveryOrganization(actor) && !organizationsOf(actor).includes(question.organizationId);
  const answer = isAmongStaff ? found : withoutAuthorities(found);
  const grant = facts.grants.find(({ id }) => id === answer.grantId) ?? null;
  return { ...question, answer, checkedAt: now, grant, changesAt: facts.changesAt };
}

/**
 * What a grant's statement says, which is only given while the grant can be used.
 * @throws Refusal NOT_ALLOWED_NOW with every reason why it cannot
 */
export async function sayOfGrant(database: RawSql, grantId: string, { actor, now }: Viewer): Promise<Saying> {
  requireIdentified(actor);
  const question = await grantSeenBy(database, grantId, actor);
  const facts = question && (await accessFacts(database, question, actor, now));
  if (!facts || facts === 'NO_PRODUCT') throw Refusal.notFound('grant', ['grantId']);
  const grant = facts.grants.find(({ id }) => id === grantId);
  if (!grant) throw Refusal.notFound('grant', ['grantId']);
  const { reasons } = withoutAuthorities(checkAccess({ ...facts, grants: [grant] }, now));
  requireAccepted(reasons.map(({ code }) => ({ code: 'NOT_ALLOWED_NOW', message: accessReasons[code].means })));
  return {
    type: 'sallyport-grant+jwt',
    subject: encodeId('organization', question.organizationId),
    productCode: question.productCode,
    notAfter: earliest(grant.endsAt, facts.changesAt),
    claims: claimsOf(grant),
  };
}

/** What the signed form of a check says. */
export function sayOfAccess({ organizationId, productCode, answer, grant, changesAt }: CheckedAccess): Saying {
  // Why access is denied is told in words that everybody may read, whoever asked.
  const { decision, reasons } = withoutAuthorities(answer);
  const isAllowed = decision === 'ALLOW';
  return {
    type: 'sallyport-access+jwt',
    subject: encodeId('organization', organizationId),
    productCode,
    notAfter: isAllowed && grant ? earliest(grant.endsAt, changesAt) : changesAt,
    claims: { decision, reasons: reasons.map(({ code }) => code), ...(isAllowed && grant ? claimsOf(grant) : {}) },
  };
}

function claimsOf({ id, reference, status, conditions }: StatedGrant) {
  return { grant: encodeId('grant', id), reference, status, conditions };
}

function earliest(end: Date, other: Date | null): Date {
  return other !== null && other < end ? other : end;
}
