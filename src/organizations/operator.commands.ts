import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requirePermission, requirePerson } from '../doorway/requirements.js';
import type { PersonActor } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { narrowOrganizations } from '../products/narrowing.commands.js';
import { lockProducts } from '../products/product.commands.js';
import { applyReleaseQueue } from '../products/release-job.js';
import { isMember } from './membership.queries.js';

type OrganizationResult = { readonly organizationId: string };

interface OperatorStanding {
  readonly isOperator: boolean;
  /** What it shall be, which waits for a second person; null when nothing is proposed. */
  readonly proposed: boolean | null;
  readonly proposedBy: string | null;
}

const onlyOne = 'Another organization is the operator’s own; only one can be.';

/** Proposes that an organization is the operator's own, or is so no more. Another administrator must confirm. */
export const proposeOperatorOrganization: Command<
  OrganizationResult & { readonly isOperator: boolean },
  OrganizationResult
> = {
  name: 'organization.proposeOperator',
  async run(work, { organizationId, isOperator }) {
    const { personId } = requireMayMark(work);
    const standing = await lock(work, organizationId);
    if (standing.proposed !== null)
      throw Refusal.of('ALREADY_EXISTS', 'A change is proposed already; it is confirmed or declined first.');
    if (standing.isOperator === isOperator) {
      const message = `The organization ${isOperator ? 'is the operator’s own already' : 'is not the operator’s own'}.`;
      throw Refusal.of('NOT_ALLOWED_NOW', message, ['isOperator']);
    }
    await sql`update organization set operator_proposed = ${isOperator}, operator_proposed_by = ${personId}
      where id = ${organizationId}`.execute(work.sql);
    return told(work, 'organization.operator_proposed', organizationId, isOperator);
  },
};

/**
 * Makes it so: by another administrator than proposed it, who does not belong to the organization. Its grants are looked
 * at again, because directives have rules of their own for the operator's staff.
 */
export const confirmOperatorOrganization: Command<OrganizationResult, OrganizationResult> = {
  name: 'organization.confirmOperator',
  duplicates: { organization_operator_unique: onlyOne },
  async run(work, { organizationId }) {
    const { personId } = requireMayMark(work);
    // Nobody is let in while it changes.
    const products = await sql<{ code: string }>`select code from product`.execute(work.sql);
    await lockProducts(
      work,
      products.rows.map(({ code }) => code),
    );
    const standing = await lock(work, organizationId);
    const isOperator = requireProposal(standing);
    if (personId === standing.proposedBy)
      throw Refusal.of('FOUR_EYES', 'You proposed this change; another person must confirm it.');
    if (await isMember(work.em, organizationId, personId))
      throw Refusal.of('FOUR_EYES', 'You belong to this organization, so another person must confirm it.');
    if (isOperator && (await thereIsOne(work))) throw Refusal.of('ALREADY_EXISTS', onlyOne);
    await sql`update organization set is_operator = ${isOperator}, operator_proposed = null, operator_proposed_by = null
      where id = ${organizationId}`.execute(work.sql);
    await narrowOrganizations(work, [organizationId], null);
    work.enqueue(applyReleaseQueue, {});
    return told(work, 'organization.operator_changed', organizationId, isOperator);
  },
};

/** Drops what was proposed: another person's, or one's own. */
export const declineOperatorOrganization: Command<OrganizationResult, OrganizationResult> = {
  name: 'organization.declineOperator',
  async run(work, { organizationId }) {
    requireMayMark(work);
    const isOperator = requireProposal(await lock(work, organizationId));
    await sql`update organization set operator_proposed = null, operator_proposed_by = null where id = ${organizationId}`.execute(
      work.sql,
    );
    return told(work, 'organization.operator_declined', organizationId, isOperator);
  },
};

function requireMayMark({ actor }: Work): PersonActor {
  requirePermission('markOperatorOrganization', actor, null);
  return requirePerson(actor);
}

async function lock(work: Work, organizationId: string): Promise<OperatorStanding> {
  const found = await sql<OperatorStanding>`select is_operator as "isOperator", operator_proposed as proposed,
      operator_proposed_by as "proposedBy" from organization where id = ${organizationId} for no key update`.execute(
    work.sql,
  );
  const [standing] = found.rows;
  if (!standing) throw Refusal.notFound('organization', ['organizationId']);
  return standing;
}

function requireProposal({ proposed }: OperatorStanding): boolean {
  if (proposed !== null) return proposed;
  throw Refusal.of('NOT_ALLOWED_NOW', 'No change is proposed; propose one first.');
}

async function thereIsOne(work: Work): Promise<boolean> {
  const found = await sql`select from organization where is_operator`.execute(work.sql);
  return found.rows.length > 0;
}

function told(
  work: Work,
  event: 'organization.operator_proposed' | 'organization.operator_changed' | 'organization.operator_declined',
  organizationId: string,
  isOperator: boolean,
): OrganizationResult {
  work.record({
    event,
    payload: { organizationId: encodeId('organization', organizationId), isOperator: isOperator ? 'YES' : 'NO' },
    subject: { kind: 'organization', id: organizationId },
    organizationId,
  });
  return { organizationId };
}
