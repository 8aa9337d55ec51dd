import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { finalizeRefusal } from './intent.commands.js';

/** Each minute, makes those refusals final that were announced and not answered in time. */
export const intentExpiry = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'reviews.finalize-refusals',
    async find(database, now, most) {
      const over = await sql<{ applicationId: string }>`select application_id as "applicationId" from intent_to_refuse
        where ending is null and answer_before <= ${now} order by answer_before limit ${most}`.execute(database);
      return over.rows;
    },
    give: (doorway, { applicationId }, context) => doorway.execute(finalizeRefusal, { applicationId }, context),
  });
