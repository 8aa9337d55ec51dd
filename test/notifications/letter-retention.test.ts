import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { letterRetention } from '../../src/notifications/letter-retention.jobs.js';
import { randomIds } from '../../src/platform/ids.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

describe('letters that are older than they are kept', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it('are deleted once they were sent or given up, however many there are; others stay', async () => {
    const letters = [
      ...Array.from({ length: 6_000 }, () => ({ status: 'SENT', created_at: '2025-11-23T00:00:00Z' })),
      { status: 'FAILED', created_at: '2025-11-23T23:59:59Z' },
      { status: 'PENDING', created_at: '2025-01-01T00:00:00Z' },
      { status: 'SENT', created_at: '2025-11-25T00:00:00Z' },
    ].map((letter) => ({ ...letter, id: randomIds.next() }));
    await sql`insert into notification (id, recipient, subject, sealed_body, status, created_at)
      select id, 'olga@partner.example', 'A letter', 'x', status, created_at
      from jsonb_to_recordset(${JSON.stringify(letters)}::jsonb) as r (id uuid, status text, created_at timestamptz)`.execute(
      database.kysely(),
    );
    const clock = { now: () => new Date('2026-11-24T02:21:00Z') };
    await letterRetention({ database, clock, months: 12 }).handle({}, new AbortController().signal);
    const left = await sql<{ status: string }>`select status from notification order by created_at`.execute(
      database.kysely(),
    );
    expect(left.rows.map(({ status }) => status)).toEqual(['PENDING', 'SENT']);
  });
});
