import { sql } from 'kysely';
import { type MinutelyParts, minutely } from '../doorway/minutely.js';
import { lapseApplication, noteAnswerDue } from './due-date.commands.js';

/** Each minute, reminds partners of answers that are due, and lets applications lapse that were not answered. */
export const requestNotices = (parts: MinutelyParts) =>
  minutely(parts, {
    name: 'questions.due',
    async find(database, now, most) {
      const due = await sql<{ applicationId: string; lapses: boolean }>`
        select r.application_id as "applicationId", coalesce(r.lapses_at <= ${now}, false) and not exists (
          select from due_date_extension as e where e.application_id = r.application_id and e.outcome = 'WAITING') as lapses
        from information_request as r where r.notice_at <= ${now} order by r.notice_at limit ${most}`.execute(database);
      return due.rows;
    },
    give: (doorway, { applicationId, lapses }, context) =>
      doorway.execute<{ applicationId: string }, { applicationId: string }>(
        lapses ? lapseApplication : noteAnswerDue,
        { applicationId },
        context,
      ),
  });
