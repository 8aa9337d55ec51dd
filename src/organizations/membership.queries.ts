import type { Em } from '../platform/database/database.js';
import { Membership } from './membership.entity.js';

/** Does this person belong to the organization, in any role? */
export async function isMember(em: Em, organizationId: string, personId: string): Promise<boolean> {
  return (await em.count(Membership, { organizationId, userId: personId })) > 0;
}
