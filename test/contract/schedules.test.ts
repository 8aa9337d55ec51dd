import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openTestPortal } from '../support/portal.js';

describe('what the portal looks after by itself', () => {
  it('comes by the clock: each minute what people wait for, and the rest in its time', async () => {
    const desk = await openTestPortal({ portal: { schedules: true } });
    try {
      const found = await sql<{ cron: string; names: string[] }>`
        select cron, to_json(array_agg(name order by name)) as names from pgboss.schedule group by cron order by cron`.execute(
        desk.database.kysely(),
      );
      expect(Object.fromEntries(found.rows.map(({ cron, names }) => [cron, names]))).toEqual({
        '* * * * *': [
          'applications.deadlines',
          'attestations.ask',
          'attestations.remind',
          'attestations.suspend',
          'directives.escalate',
          'directives.review',
          'flags.expire',
          'grants.expire',
          'grants.noteExpiring',
          'grants.restore',
          'grants.watchRecertifications',
          'provisioning.escalate',
          'questions.due',
          'release.apply',
          'release.tell',
          'reviews.finalize-refusals',
          'screening.catchUp',
          'waves.turn',
          'webhooks.sweep',
        ],
        '*/5 * * * *': ['audit.checkpoint'],
        '*/15 * * * *': ['applications.history', 'notifications.digests_due'],
        '17 * * * *': ['documents.sweep', 'idempotency.forget'],
        '23 * * * *': ['decision-letters.write'],
        '37 * * * *': ['accounts.sweep', 'grants.openRecertifications'],
        '1 0 * * *': ['months.begin'],
        '21 2 * * *': ['notifications.retention'],
        '31 2 * * *': ['webhooks.retention'],
        '41 2 * * *': ['audit.retention'],
      });
    } finally {
      await desk.close();
    }
  });
});
