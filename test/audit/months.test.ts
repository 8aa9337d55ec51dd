import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { verifyAuditLog } from '../../src/audit/verification.js';
import { readEvents } from '../../src/events/told-event.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { randomIds } from '../../src/platform/ids.js';
import { beginMonths } from '../../src/platform/months.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { planOf, tablesRead } from '../support/plans.js';
import { monthsOf, recordsByMonth, tampered, writeRecords } from './log-keeper.js';

describe('the months of the audit log', () => {
  let opened: TestDatabase;
  let database: RawSql;
  /** The month that the migration has begun. */
  let first: string;

  beforeEach(async () => {
    opened = await openTestDatabase();
    database = opened.kysely();
    [first = ''] = await monthsOf(database, 'audit_record');
  });
  afterEach(() => opened.close());

  const begin = (day: string) => beginMonths(database, new Date(`${day}T00:01:00.000Z`));
  const write = (...moments: string[]) =>
    writeRecords(
      database,
      moments.map((at) => ({ at })),
    );

  it('have a place for every record, whatever its moment and however long no month was begun', async () => {
    await write('2026-06-15T12:00:00Z', '1999-01-01T00:00:00Z', '2099-01-01T00:00:00Z');
    await begin('2099-02-01');
    await write('2026-06-15T12:00:01Z', '2250-01-01T00:00:00Z');
    expect(await recordsByMonth(database)).toEqual({ [first]: [1, 2, 3], audit_record_2099_02: [4, 5] });
    expect(await verifyAuditLog(database)).toMatchObject({ until: { sequence: 5 }, problem: null });
  });

  it('end after the last record of the month, once, and not while they hold nothing', async () => {
    await begin('2030-01-01');
    expect(await monthsOf(database, 'audit_record')).toEqual([first]);
    await write('2030-01-31T23:59:59.999Z');
    await begin('2030-01-31');
    await begin('2030-02-01');
    await begin('2030-02-01');
    await write('2030-02-01T00:02:00Z');
    await begin('2030-02-28');
    await begin('2030-01-15');
    await begin('2030-03-01');
    await write('2030-03-01T00:02:00Z');
    expect(await recordsByMonth(database)).toEqual({
      [first]: [1],
      audit_record_2030_02: [2],
      audit_record_2030_03: [3],
    });
  });

  it('go on after a clock was wrong for a moment', async () => {
    await write('2030-01-10T00:00:00Z');
    await begin('2077-07-01');
    await write('2030-01-10T00:00:01Z', '2077-07-01T00:00:00Z');
    await begin('2030-02-01');
    await write('2030-02-01T00:02:00Z');
    expect(await recordsByMonth(database)).toEqual({
      [first]: [1],
      audit_record_2077_07: [2, 3],
      audit_record_2030_02: [4],
    });
  });

  it('are begun while commands record, who wait for it and lose nothing', async () => {
    await write('2030-01-31T23:59:59Z');
    const moments = Array.from({ length: 30 }, () => '2030-02-01T00:00:01Z');
    await Promise.all([...moments.map((at) => write(at)), begin('2030-02-01'), begin('2030-02-01')]);
    expect(await monthsOf(database, 'audit_record')).toHaveLength(2);
    expect(await verifyAuditLog(database)).toMatchObject({ until: { sequence: 31 }, problem: null });
  });

  it('refuse change, removal and emptying each by itself, and so do timelines', async () => {
    for (const month of ['2030-01', '2030-02']) {
      await begin(`${month}-01`);
      await writeRecords(database, [{ at: `${month}-01T12:00:00Z`, applicationId: randomIds.next() }]);
    }
    const months = await monthsOf(database, 'audit_record');
    expect(months).toHaveLength(2);
    for (const name of [...months, 'audit_record', 'timeline_event']) {
      const table = sql.table(name);
      const changes = [sql`update ${table} set event = 'x'`, sql`delete from ${table}`, sql`truncate ${table}`];
      for (const change of changes) await expect(change.execute(database)).rejects.toThrow(/never changed or removed/);
    }
    await expect(sql`truncate audit_anchor`.execute(database)).rejects.toThrow(/never changed or removed/);
  });

  it('take no record but the next one', async () => {
    await write('2030-01-01T00:00:00Z');
    const copy = (sequence: number) =>
      sql`insert into audit_record select ${sequence}, gen_random_uuid(), at, command, event,
      event_version, audience, actor_kind, actor_id, actor_role, organization_id, application_id, subject_kind, subject_id, payload,
      request_id from audit_record`.execute(database);
    for (const wrong of [0, 1, 3]) await expect(copy(wrong)).rejects.toThrow(`record ${wrong} cannot follow record 1`);
    await copy(2);
    expect(await verifyAuditLog(database)).toMatchObject({ until: { sequence: 2 }, problem: null });
  });

  it('are read from the newest on, and no further than is asked for', async () => {
    const organizationId = randomIds.next();
    for (const month of ['01', '02', '03', '04', '05', '06']) {
      await begin(`2030-${month}-01`);
      const at = `2030-${month}-02T00:00:00Z`;
      await writeRecords(
        database,
        Array.from({ length: 40 }, () => ({ at, organizationId })),
      );
    }
    const latest = 'select id from audit_record where organization_id = $1 order by sequence desc limit 10';
    const nodes = await planOf(database, latest, [organizationId]);
    expect(nodes.map((node) => node['Node Type']).filter((type) => /Sort|Merge/.test(type))).toEqual([]);
    expect(tablesRead(nodes)).toEqual(['audit_record_2030_06']);
    const one = await planOf(database, 'select id from audit_record where sequence = $1', ['50']);
    expect(tablesRead(one)).toEqual(['audit_record_2030_02']);
  });

  it('hold events that are told of much later, too', async () => {
    await write('2030-01-01T00:00:00Z');
    const told = await sql<{ id: string }>`select id from audit_record`.execute(database);
    const [id = ''] = told.rows.map((row) => row.id);
    const later = Array.from({ length: 10_001 }, () => ({ at: '2030-02-01T00:00:00Z' }));
    await begin('2030-02-01');
    await writeRecords(database, later);
    const events = await readEvents(database, [id, randomIds.next()]);
    expect(events).toEqual([expect.objectContaining({ id, sequence: 1 })]);
  });

  it('agree with the timelines of applications, or verification says where not', async () => {
    const [applicationId, other] = [randomIds.next(), randomIds.next()];
    const at = '2030-01-01T00:00:00Z';
    await writeRecords(database, [{ at, applicationId }, { at }, { at, applicationId }, { at, applicationId: other }]);
    const shown = await sql<{ sequence: string }>`select sequence::text from timeline_event
      where application_id = ${applicationId} order by sequence`.execute(database);
    expect(shown.rows).toEqual([{ sequence: '1' }, { sequence: '3' }]);
    expect((await verifyAuditLog(database)).problem).toBeNull();

    const reason = expect.stringMatching('timeline_event');
    const forged = (
      sequence: number,
    ) => sql`insert into timeline_event select ${sequence}, id, at, event, audience, actor_kind,
      actor_id, actor_role, organization_id, ${other}, payload from audit_record where sequence = 2`;
    for (const [sequence, change] of [
      [2, forged(2)],
      [5, forged(5)],
      [-5, forged(-5)],
      [3, sql`update timeline_event set payload = '[]' where sequence = 3`],
      [1, sql`delete from timeline_event where sequence = 1`],
    ] as const) {
      expect((await tampered(database, [change], verifyAuditLog)).problem).toEqual({ sequence, reason });
    }
  });
});
