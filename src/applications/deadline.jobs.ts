import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { noteDeadlines } from './deadline.commands.js';

/** Each minute, tells staff of applications whose time is nearly over, or over. */
export const deadlineWatch = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'applications.deadlines',
    async find(database, now, most) {
      const due = await sql<{ id: string }>`select application_id as id from clock_interval
        where ended_at is null and notice_at <= ${now} order by notice_at limit ${most}`.execute(database);
      return due.rows.map(({ id }) => id);
    },
    give: (doorway, applicationId, context) => doorway.execute(noteDeadlines, { applicationId }, context),
  });
