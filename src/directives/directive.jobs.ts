import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { escalateRatification, remindOfReview } from './directive.commands.js';

/** Each minute, tells of emergency halts that were not ratified in time. They stay in force. */
export const ratificationEscalation = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'directives.escalate',
    async find(database, now, most) {
      const late = await sql<{ directiveId: string }>`select id as "directiveId" from directive
        where is_emergency and ratified_at is null and escalated_at is null and ratify_by <= ${now}
        order by ratify_by limit ${most}`.execute(database);
      return late.rows;
    },
    give: (doorway, { directiveId }, context) => doorway.execute(escalateRatification, { directiveId }, context),
  });

/** Each minute, tells of directives in force whose day of review has come, once each. */
export const reviewReminders = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'directives.review',
    async find(database, now, most) {
      const due = await sql<{ directiveId: string }>`select id as "directiveId" from directive
        where status = 'IN_FORCE' and review_reminded_at is null and review_at <= ${now}
        order by review_at limit ${most}`.execute(database);
      return due.rows;
    },
    give: (doorway, { directiveId }, context) => doorway.execute(remindOfReview, { directiveId }, context),
  });
