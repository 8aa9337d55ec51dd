import { sql } from 'kysely';
import type { Command } from '../doorway/command.js';
import { requireIdentified, requirePermission, requirePerson, requireText } from '../doorway/requirements.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import type { RiskRating } from '../lifecycle/risk.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { requireNotInvolved } from './involvement.commands.js';

const longestReason = 4000;

export interface SetOrganizationRiskInput {
  readonly organizationId: string;
  readonly rating: RiskRating;
  readonly reason: string;
}

/**
 * Rates how risky an organization is. Its members must not notice, so its version and the time of its last change stay as
 * they are. Earlier ratings are in the audit log.
 */
export const setOrganizationRisk: Command<SetOrganizationRiskInput, { organizationId: string }> = {
  name: 'organization.setRisk',
  async run(work, { organizationId, rating, reason }) {
    requireIdentified(work.actor);
    const found = await sql<{ risk: RiskRating }>`select risk from organization where id = ${organizationId}
      for no key update`.execute(work.sql);
    const [row] = found.rows;
    const isSeen = organizationsOf(work.actor).includes(organizationId) || seesEveryOrganization(work.actor);
    if (!row || !isSeen) throw Refusal.notFound('organization', ['organizationId']);
    requirePermission('rateOrganizations', work.actor, organizationId);
    const person = requirePerson(work.actor);
    await requireNotInvolved(work, organizationId, 'rate it');
    const why = requireText(reason, ['reason'], longestReason);
    await sql`update organization set risk = ${rating}, risk_reason = ${why}, risk_rated_by = ${person.personId},
      risk_rated_at = ${work.now} where id = ${organizationId}`.execute(work.sql);
    work.record({
      event: 'organization.risk_rated',
      payload: { organizationId: encodeId('organization', organizationId), before: row.risk, rating, reason: why },
      subject: { kind: 'organization', id: organizationId },
      organizationId,
    });
    return { organizationId };
  },
};
