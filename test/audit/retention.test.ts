import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import { type AnchorStatement, isAnchorSignedBy, signAnchor } from '../../src/audit/anchor.js';
import { readAnchors } from '../../src/audit/anchor.queries.js';
import { dropAuditMonths, renewAuditAnchor } from '../../src/audit/audit-retention.commands.js';
import { auditRetention } from '../../src/audit/audit-retention.jobs.js';
import { type Checkpoint, checkpointKey, signCheckpoint } from '../../src/audit/checkpoint.js';
import { compareWithCheckpoints, verifyAuditLog } from '../../src/audit/verification.js';
import { Doorway } from '../../src/doorway/doorway.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { randomIds } from '../../src/platform/ids.js';
import { beginMonths } from '../../src/platform/months.js';
import { openTestDatabase } from '../support/database.js';
import { bySystem } from '../support/portal.js';
import { monthsOf, recordsByMonth, tampered, writeRecords } from './log-keeper.js';

const privateKey = checkpointKey(randomBytes(32));
const publicKey = createPublicKey(privateKey);
const log = 'https://access.example.org';
const applicationId = randomIds.next();

/** A log of three records in each month from January to April 2030, the first two of each about an application. */
async function openDesk() {
  const opened = await openTestDatabase();
  const database = opened.kysely();
  let now = new Date();
  const clock = { now: () => now };
  const jobs = { insertion: async () => CompiledQuery.raw('select 1') };
  const doorway = new Doorway({ database: opened, jobs, clock, ids: randomIds, sealingKey: randomBytes(32) });
  for (const month of ['2030-01', '2030-02', '2030-03', '2030-04']) {
    await beginMonths(database, new Date(`${month}-01T00:01:00Z`));
    const at = `${month}-28T12:00:00.000Z`;
    await writeRecords(database, [{ at, applicationId }, { at, applicationId }, { at }]);
  }
  await beginMonths(database, new Date('2030-05-01T00:01:00Z'));
  const told: unknown[] = [];
  return {
    database,
    doorway,
    told,
    /** Does the daily job of that day. */
    retain(day: string, months: number | null = 12, key: KeyObject = privateKey): Promise<void> {
      now = new Date(`${day}T02:41:00.000Z`);
      const teller = { info: (fields: object) => told.push(Reflect.get(fields, 'anchor')) };
      const parts = { database: opened, doorway, clock, ids: randomIds, log, months, teller };
      const job = auditRetention({ ...parts, privateKey: key });
      return job.handle({}, new AbortController().signal);
    },
    /** Which records there are, month by month. */
    months: async () => Object.values(await recordsByMonth(database)).sort(([one = 0], [other = 0]) => one - other),
    hashOf: async (sequence: number, from: RawSql = database) => {
      const found = await sql<{ hash: string }>`select hash from audit_record where sequence = ${sequence}`.execute(
        from,
      );
      return String(found.rows[0]?.hash);
    },
    close: () => opened.close(),
  };
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

const verify = (database: RawSql) => verifyAuditLog(database, publicKey);

/** What the portal says when it drops January and February on 3 March 2031. */
const firstDrop = {
  firstSequence: 1,
  sequence: 6,
  lastAt: '2030-02-28T12:00:00.000Z',
  policy: 'AUDIT_RETENTION_MONTHS=12',
  log,
  at: '2031-03-03T02:41:00.000Z',
};

describe('the retention of the audit log', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  it('drops exactly the months whose last record is older, and the log holds from there on', async () => {
    const { database, retain, months, told } = desk;
    await retain('2090-01-01', null);
    await retain('2031-01-28');
    expect(await months()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
      [10, 11, 12],
    ]);
    expect([told, await readAnchors(database)]).toEqual([[], []]);

    await retain('2031-03-03');
    expect(await months()).toEqual([[7, 8, 9], [10, 11, 12], [13]]);
    expect(told).toEqual([expect.objectContaining(firstDrop)]);
    const hash = expect.any(String);
    const first = { since: told[0], until: { sequence: 13, hash }, problem: null };
    expect(await verify(database)).toEqual(first);

    await retain('2031-03-04');
    await retain('2031-05-03');
    expect(await months()).toEqual([[13, 14]]);
    const second = { since: { firstSequence: 7, sequence: 12 }, until: { sequence: 14 }, problem: null };
    expect(await verify(database)).toMatchObject(second);
  });

  it('goes on after the key was replaced, once the beginning is signed with the new one', async () => {
    const { database, doorway, retain, months } = desk;
    await retain('2031-03-03');
    const { since } = await verify(database);
    const newKey = checkpointKey(randomBytes(32));
    const signedAgain = signAnchor({ ...firstDrop, hash: String(since?.hash) }, newKey);
    expect((await verifyAuditLog(database, createPublicKey(newKey))).problem?.sequence).toBe(6);
    await expect(retain('2031-05-03', 12, newKey)).rejects.toThrow(/does not hold at record 6: .* did not sign it/);

    await doorway.execute(renewAuditAnchor, { anchor: signedAgain }, bySystem);
    await retain('2031-05-03', 12, newKey);
    expect(await months()).toEqual([[13, 14, 15]]);
    expect(await verifyAuditLog(database, createPublicKey(newKey))).toMatchObject({
      until: { sequence: 15 },
      problem: null,
    });
  });

  it('keeps months that do not hold, because they are evidence', async () => {
    const { database, doorway, retain, months, hashOf } = desk;
    const broken = async (change: RawBuilder<unknown>) => {
      await sql`alter table audit_record disable trigger user`.execute(database);
      await sql`alter table timeline_event disable trigger user`.execute(database);
      await change.execute(database);
      return retain('2031-03-03');
    };
    const forged = broken(sql`update audit_record set command = 'forged' where sequence = 2`);
    await expect(forged).rejects.toThrow(/does not hold at record 2: .* Run "npx sallyport audit verify"/);
    await sql`update audit_record set command = 'test' where sequence = 2`.execute(database);
    const hidden = broken(sql`delete from timeline_event where sequence = 4`);
    await expect(hidden).rejects.toThrow(/does not hold at record 4: the timeline/);

    // The database by itself refuses a month with a younger record, whoever asks.
    await sql`update audit_record set at = '2030-12-31T00:00:00Z' where sequence = 5`.execute(database);
    const anchor = signAnchor({ ...firstDrop, hash: await hashOf(6) }, privateKey);
    const forced = doorway.execute(dropAuditMonths, { anchor, olderThan: '2030-12-31T00:00:00.000Z' }, bySystem);
    await expect(forced).rejects.toThrow(/holds a record of .* which is to be kept/);
    expect(await months()).toHaveLength(4);
    expect(await readAnchors(database)).toEqual([]);
  });

  it('is the only way: no end that no anchor names, none within a month, and no user', async () => {
    const { database, doorway, months, hashOf } = desk;
    const drop = (through: number) => sql`select audit_drop_months(${through}::bigint, '2040-01-01')`.execute(database);
    await expect(drop(6)).rejects.toThrow('no anchor names record 6');
    await sql`insert into audit_anchor (sequence, hash, first_sequence, last_at, policy, log, at, signature)
      values (5, ${await hashOf(5)}, 1, now(), 'x', 'x', now(), 'x')`.execute(database);
    await expect(drop(5)).rejects.toThrow('no month ends with record 5');
    const input = { anchor: signAnchor({ ...firstDrop, hash: '' }, privateKey), olderThan: '2040-01-01T00:00:00Z' };
    const asked = doorway.execute(dropAuditMonths, input, { ...bySystem, actor: { kind: 'ANONYMOUS' } });
    await expect(asked).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await months()).toHaveLength(4);
  });
});

describe('an audit log whose first months were dropped', () => {
  let desk: Desk;
  let database: RawSql;
  let kept: readonly Checkpoint[];

  beforeAll(async () => {
    desk = await openDesk();
    database = desk.database;
    const hashes = await sql<{ size: number; hash: string }>`
      select sequence::int as size, hash from audit_record order by sequence`.execute(database);
    kept = hashes.rows.map(({ size, hash }) => ({ log, size, hash, at: firstDrop.at, signature: '' }));
    await desk.retain('2031-03-03');
  });
  afterAll(() => desk.close());

  it('tells of it itself, as done by the portal', async () => {
    const found = await sql<{
      payload: string;
    }>`select event, audience, actor_kind || ' ' || actor_role as actor, payload
      from audit_record where sequence = 13`.execute(database);
    const [{ payload, ...record } = { payload: '{}' }] = found.rows;
    const actor = 'SYSTEM audit.retention';
    expect(record).toEqual({ event: 'audit_log.months_dropped', audience: 'STAFF', actor });
    expect(JSON.parse(payload)).toEqual({
      firstSequence: 1,
      lastSequence: 6,
      lastAt: firstDrop.lastAt,
      lastHash: kept[5]?.hash,
      policy: firstDrop.policy,
    });
  });

  it('leaves timelines to their applications', async () => {
    const shown = await sql<{ count: number }>`select count(*)::int as count from timeline_event
      where application_id = ${applicationId}`.execute(database);
    expect(shown.rows).toEqual([{ count: 8 }]);
  });

  it.each([
    ['a record after the dropped ones', 8, sql`update audit_record set command = 'forged' where sequence = 8`],
    ['the first record after them', 7, sql`delete from audit_record where sequence = 7`],
    ['the last record', 13, sql`delete from audit_record where sequence = 13`],
    ['the record that the anchor names', 5, sql`update audit_anchor set sequence = 5`],
    ['the hash that the anchor names', 6, sql`update audit_anchor set hash = repeat('f', 64)`],
    ['the rule that the anchor names', 6, sql`update audit_anchor set policy = 'AUDIT_RETENTION_MONTHS=13'`],
    ['the anchor, by removing it', 1, sql`delete from audit_anchor`],
  ])('shows that somebody changed %s', async (_what, sequence, change) => {
    const { problem } = await tampered(database, [change], verify);
    expect(problem?.sequence).toBe(sequence);
  });

  it('shows that more was dropped by hand, also with an anchor that somebody else made', async () => {
    const [march = ''] = await monthsOf(database, 'audit_record');
    const byHand = [sql`drop table ${sql.table(march)}`];
    const missing = await tampered(database, byHand, verify);
    expect(missing.problem).toMatchObject({ sequence: 7, reason: expect.stringMatching('is missing') });

    const statement: AnchorStatement = { ...firstDrop, firstSequence: 7, sequence: 9, hash: await desk.hashOf(9) };
    const { signature } = signAnchor(statement, generateKeyPairSync('ed25519').privateKey);
    const anchor = sql`insert into audit_anchor (sequence, hash, first_sequence, last_at, policy, log, at, signature) values
      (9, ${statement.hash}, 7, ${statement.lastAt}, ${statement.policy}, ${log}, ${statement.at}, ${signature})`;
    const forged = await tampered(database, [...byHand, anchor], verify);
    expect(forged.problem).toMatchObject({ sequence: 9, reason: expect.stringMatching('did not sign it') });
  });

  it('takes no checkpoint, which others may have, for an anchor', async () => {
    const checkpoint = await signCheckpoint(database, { log, privateKey }, new Date(firstDrop.at));
    const anchor = { ...firstDrop, ...checkpoint, sequence: checkpoint.size };
    expect(isAnchorSignedBy(anchor, publicKey)).toBe(false);
  });

  it('is compared with checkpoints of what is left; those of what was dropped are counted', async () => {
    const compare = async (checkpoints: readonly Checkpoint[]) => {
      const all = async function* () {
        yield* checkpoints;
      };
      return compareWithCheckpoints(database, await verify(database), all());
    };
    expect(await compare(kept)).toEqual({ count: 12, dropped: 5, furthest: kept.at(-1), problem: null });
    const other = kept.map((one) => (one.size === 6 ? { ...one, hash: 'f'.repeat(64) } : one));
    const { problem } = await compare(other);
    expect(problem).toMatchObject({ sequence: 6, reason: expect.stringMatching('written anew') });
  });
});
