import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { expireGrant } from './grant.commands.js';

/** Each minute, ends the grants whose last moment has passed. `isUsable` has said no since that very moment. */
export const grantExpiry = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'grants.expire',
    async find(database, now, most) {
      const ended = await sql<{ id: string }>`select id from access_grant
        where status in ('WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED') and ends_at <= ${now}
        order by ends_at limit ${most}`.execute(database);
      return ended.rows.map(({ id }) => id);
    },
    give: (doorway, grantId, context) => doorway.execute(expireGrant, { grantId }, context),
  });
