import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { hashOf, type StoredRecord } from '../../src/audit/audit-chain.js';
import { storedRecords } from '../../src/audit/audit-log.queries.js';
import { verifyAuditLog } from '../../src/audit/verification.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { createProgram } from '../../src/programs/program.commands.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { Story } from '../journeys/story.js';
import { bySystem } from '../support/portal.js';
import { tampered } from './log-keeper.js';

describe('the audit log', () => {
  let story: Story;
  let database: RawSql;
  let records: readonly StoredRecord[];

  async function allRecords(): Promise<readonly StoredRecord[]> {
    const found: StoredRecord[] = [];
    for await (const record of storedRecords(database)) found.push(record);
    return found;
  }

  beforeAll(async () => {
    story = await Story.open();
    database = story.desk.database.kysely();
    await story.submitted(await story.partner('Olga Owner', 'Tidewater Utilities'));
    records = await allRecords();
  });
  afterAll(() => story.close());

  it('is whole after a story, each record standing on the one before', async () => {
    expect(records.length).toBeGreaterThan(10);
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_record, place) => place + 1));
    const { until, problem } = await verifyAuditLog(database);
    expect(problem).toBeNull();
    expect(until).toEqual({ sequence: records.length, hash: records.at(-1)?.hash });
  });

  it('stays whole and without a gap when twenty commands come at the same moment', async () => {
    const before = (await verifyAuditLog(database)).until.sequence;
    const codes = Array.from({ length: 20 }, (_none, number) => `program-${number}`);
    const { doorway } = story.desk.portal;
    await Promise.all(codes.map((code) => doorway.execute(createProgram, { ...sampleProgram, code }, bySystem)));
    const { until, problem } = await verifyAuditLog(database);
    expect(problem).toBeNull();
    expect(until.sequence).toBe(before + 2 * codes.length);
    records = await allRecords();
    expect(new Set(records.map(({ sequence }) => sequence)).size).toBe(until.sequence);
  });

  it('stays whole when statements of many records follow each other, into a month by its name and taken back, too', async () => {
    const before = (await verifyAuditLog(database)).until.sequence;
    const [month] = (
      await sql<{ name: string }>`select partition::text as name from month_partitions('audit_record')
        where upper_bound = 'MAXVALUE'`.execute(database)
    ).rows;
    const columns =
      sql.raw(`at, command, event, event_version, audience, actor_kind, actor_id, actor_role, organization_id,
      application_id, subject_kind, subject_id, payload, request_id`);
    const copyThree = (table: string) => sql`insert into ${sql.table(table)} (id, ${columns})
      select gen_random_uuid(), ${columns} from audit_record where sequence <= 3 order by sequence`;
    await inTransaction(story.desk.portal.database, async (em) => {
      const transaction = em.getKysely();
      for (const table of ['audit_record', String(month?.name)]) await copyThree(table).execute(transaction);
      await sql`savepoint before_what_is_taken_back`.execute(transaction);
      await copyThree('audit_record').execute(transaction);
      await sql`rollback to savepoint before_what_is_taken_back`.execute(transaction);
      await copyThree('audit_record').execute(transaction);
    });
    const { until, problem } = await verifyAuditLog(database);
    expect(problem).toBeNull();
    expect(until.sequence).toBe(before + 9);
    const skipping = sql`insert into audit_record (sequence, id, previous_hash, ${columns})
      select ${until.sequence + 2}::bigint, gen_random_uuid(), repeat('0', 64), ${columns} from audit_record where sequence = 1`;
    await expect(skipping.execute(database)).rejects.toThrow(/cannot follow/);
    records = await allRecords();
  });

  it.each([
    ['update', sql`update audit_record set payload = '{}' where sequence = 3`],
    ['delete', sql`delete from audit_record where sequence = 3`],
    ['truncate', sql`truncate audit_record`],
  ])('cannot be changed by %s, even by a superuser', async (_what, change) => {
    await expect(change.execute(database)).rejects.toThrow(/audit records are never changed or removed/);
    expect((await verifyAuditLog(database)).problem).toBeNull();
  });

  it.each([
    [
      'what was said',
      5,
      /content has the hash .* changed after/,
      [sql`update audit_record set payload = replace(payload, '"', '“') where sequence = 5`],
    ],
    [
      'who did it',
      2,
      /changed after/,
      [sql`update audit_record set actor_id = '01a20cba-1fca-733e-af11-319d4779b514' where sequence = 2`],
    ],
    [
      'when it happened',
      1,
      /changed after/,
      [sql`update audit_record set at = at - interval '1 millisecond' where sequence = 1`],
    ],
    ['a time that is no time', 4, /changed after/, [sql`update audit_record set at = 'infinity' where sequence = 4`]],
    [
      'the hash of the record before',
      6,
      /was written after f{64}/,
      [sql`update audit_record set previous_hash = repeat('f', 64) where sequence = 6`],
    ],
    [
      'a record in the middle, removed',
      7,
      /it is missing: the next one is record 8/,
      [sql`delete from audit_record where sequence = 7`],
    ],
    [
      'the first records, removed',
      1,
      /it is missing: the next one is record 4/,
      [sql`delete from audit_record where sequence < 4`],
    ],
    [
      'a record put in before the first',
      0,
      /do not begin at 1/,
      [sql`update audit_record set sequence = 0 where sequence = 3`],
    ],
    ['the row that says where the log ends', null, /audit_head\) is gone/, [sql`delete from audit_head`]],
    [
      'the hash that the log ends with',
      null,
      /the last record had 0{64}/,
      [sql`update audit_head set hash = repeat('0', 64)`],
    ],
  ] as const)('shows that somebody changed %s, and where', async (_what, place, reason, changes) => {
    const { problem } = await tampered(database, changes, verifyAuditLog);
    expect(problem).toEqual({ sequence: place ?? records.length, reason: expect.stringMatching(reason) });
  });

  it('shows a changed record whose hash was made to fit, by the one after it', async () => {
    const changed = { ...recordAt(5), payload: '{"applicationId":"none"}' };
    const change = sql`update audit_record set payload = ${changed.payload}, hash = ${hashOf(changed)} where sequence = 5`;
    const { problem } = await tampered(database, [change], verifyAuditLog);
    expect(problem).toEqual({
      sequence: 6,
      reason: expect.stringMatching(/one of the two was rewritten or exchanged/),
    });
  });

  it('shows two records that were exchanged', async () => {
    const exchange = [
      sql`update audit_record set sequence = -3 where sequence = 3`,
      sql`update audit_record set sequence = 3 where sequence = 4`,
      sql`update audit_record set sequence = 4 where sequence = -3`,
    ];
    expect((await tampered(database, exchange, verifyAuditLog)).problem?.sequence).toBe(3);
  });

  it('shows that the newest records were removed, or one was added past the end', async () => {
    const cut = await tampered(database, [sql`delete from audit_record where sequence > 8`], verifyAuditLog);
    expect(cut.until.sequence).toBe(8);
    expect(cut.problem).toEqual({
      sequence: 9,
      reason: expect.stringMatching(`ends at record 8, and record ${records.length} had`),
    });

    const added = await tampered(database, [sql`update audit_head set sequence = 8`], verifyAuditLog);
    expect(added.problem).toEqual({ sequence: 9, reason: expect.stringMatching('record 8 is its last') });
  });

  it('shows a second record with the same number, wherever a page of the reading ends', async () => {
    const filled = sql`insert into audit_record (id, at, command, event, event_version, audience, actor_kind, actor_role,
        subject_kind, subject_id, payload, request_id)
      select gen_random_uuid(), now(), 'test', 'test', 1, 'STAFF', 'SYSTEM', 'test', 'event', gen_random_uuid(), '{}', 'test'
      from generate_series(1, 2500)`;
    const twin = sql`insert into audit_record select sequence, gen_random_uuid(), at, command, event, event_version, audience,
        actor_kind, actor_id, actor_role, organization_id, application_id, subject_kind, subject_id, payload, request_id,
        previous_hash, hash from audit_record where sequence = 1000`;
    const problem = await tampered(
      database,
      [sql`alter table audit_record enable trigger user`, filled],
      async (transaction) => {
        const whole = await verifyAuditLog(transaction);
        expect(whole).toMatchObject({ until: { sequence: records.length + 2500 }, problem: null });
        await sql`alter table audit_record disable trigger user`.execute(transaction);
        await sql`alter table audit_record drop constraint audit_record_pkey`.execute(transaction);
        await twin.execute(transaction);
        return (await verifyAuditLog(transaction)).problem;
      },
    );
    expect(problem?.sequence).toBeGreaterThanOrEqual(1000);
    expect(problem?.sequence).toBeLessThanOrEqual(1001);
  });

  function recordAt(sequence: number): StoredRecord {
    const record = records[sequence - 1];
    if (!record) throw new Error(`There is no record ${sequence}.`);
    return record;
  }
});
