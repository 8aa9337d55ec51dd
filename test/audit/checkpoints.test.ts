import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import {
  type Checkpoint,
  checkpointKey,
  checkpointPublicKey,
  isSignedBy,
  parseCheckpoint,
  signCheckpoint,
} from '../../src/audit/checkpoint.js';
import { appendCheckpoint, checkpointFileName, checkpointsIn } from '../../src/audit/checkpoint-file.js';
import { compareWithCheckpoints, verifyAuditLog } from '../../src/audit/verification.js';
import type { RawSql } from '../../src/platform/database/database.js';
import { eventually, Story } from '../journeys/story.js';

const secretKey = randomBytes(32);
const privateKey = checkpointKey(secretKey);
const publicKey = createPublicKey(privateKey);
const signer = { log: 'https://access.example.org', privateKey };
const now = new Date('2026-06-26T09:00:00.000Z');

describe('a checkpoint of the audit log', () => {
  let story: Story;
  let database: RawSql;
  let folder: string;
  let earlier: Checkpoint;
  let latest: Checkpoint;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-checkpoints-'));
    story = await Story.open();
    database = story.desk.database.kysely();
    earlier = await signCheckpoint(database, signer, now);
    await story.partner('Olga Owner', 'Tidewater Utilities');
    latest = await signCheckpoint(database, signer, now);
  });
  afterAll(async () => {
    await story.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function fileOf(name: string, ...checkpoints: readonly Checkpoint[]): string {
    const file = join(folder, name);
    writeFileSync(file, checkpoints.map((checkpoint) => `${JSON.stringify(checkpoint)}\n`).join(''));
    return file;
  }

  async function compared(file: string, key: KeyObject = publicKey) {
    const verification = await verifyAuditLog(database);
    expect(verification.problem).toBeNull();
    return compareWithCheckpoints(database, verification, checkpointsIn(file, key));
  }

  /** Tampers with the database for good; what follows sees it. */
  async function asSuperuser(change: (transaction: RawSql) => Promise<unknown>): Promise<void> {
    await database.transaction().execute(async (transaction) => {
      await sql`alter table audit_record disable trigger user`.execute(transaction);
      await change(transaction);
      await sql`alter table audit_record enable trigger user`.execute(transaction);
    });
  }

  it('says how long the log was, and is checked with nothing but the public key', async () => {
    expect(latest).toMatchObject({ log: 'https://access.example.org', at: '2026-06-26T09:00:00.000Z' });
    expect(latest.size).toBeGreaterThan(earlier.size);
    const key = createPublicKey(checkpointPublicKey(privateKey));
    const text = `sallyport audit checkpoint 1\n${latest.log}\n${latest.size}\n${latest.hash}\n${latest.at}\n`;
    expect(verify(null, Buffer.from(text), key, Buffer.from(latest.signature, 'base64'))).toBe(true);
    expect(checkpointPublicKey(checkpointKey(Buffer.from(secretKey)))).toBe(checkpointPublicKey(privateKey));
    expect(checkpointPublicKey(checkpointKey(randomBytes(32)))).not.toBe(checkpointPublicKey(privateKey));
  });

  it('is worth nothing when any part of it was changed', () => {
    expect(isSignedBy(latest, publicKey)).toBe(true);
    for (const change of [{ size: latest.size - 1 }, { hash: earlier.hash }, { log: 'https://x.example' }]) {
      expect(isSignedBy({ ...latest, ...change }, publicKey)).toBe(false);
    }
    expect(isSignedBy({ ...latest, at: '2026-06-26T09:00:00.001Z' }, publicKey)).toBe(false);
    for (const text of [
      '',
      '{}',
      'null',
      JSON.stringify({ ...latest, size: -1 }),
      JSON.stringify({ ...latest, more: 1 }),
    ]) {
      expect(parseCheckpoint(text)).toBeNull();
    }
  });

  it('agrees with a log that only grew, in whatever order checkpoints were kept', async () => {
    expect(await compared(fileOf('grown', latest, earlier, latest))).toEqual({
      count: 3,
      dropped: 0,
      furthest: latest,
      problem: null,
    });
  });

  it.each([
    ['a line that was changed', 2, /was not signed with this key/, () => `${JSON.stringify({ ...latest, size: 1 })}\n`],
    [
      'a line that was cut off',
      2,
      /is no checkpoint; it may have been cut off/,
      () => JSON.stringify(latest).slice(0, 60),
    ],
  ])('is refused by its line when the file holds %s', async (_what, line, message, text) => {
    const file = fileOf('spoilt', earlier);
    appendFileSync(file, text());
    await expect(compared(file)).rejects.toThrow(message);
    await expect(compared(file)).rejects.toThrow(`Line ${line} of ${file}`);
  });

  it('is refused when another key signed it, and a file without any is no proof', async () => {
    const other = createPublicKey(checkpointKey(randomBytes(32)));
    await expect(compared(fileOf('foreign', latest), other)).rejects.toThrow(/SECRET_KEY was another one then/);
    await expect(compared(fileOf('empty'))).rejects.toThrow(/There is no checkpoint in/);
  });

  it('is written by the portal into its data folder, readable by the portal alone', async () => {
    const { config } = story.desk;
    const file = join(config.dataDir, checkpointFileName);
    await story.run('audit.checkpoint');
    const line = await eventually(() => readFileSync(file, 'utf8').trim());
    expect(parseCheckpoint(line)).toMatchObject({ log: story.desk.url, size: latest.size, hash: latest.hash });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const key = createPublicKey(checkpointKey(config.secretKey));
    expect(await compared(file, key)).toMatchObject({ count: 1, problem: null });
  });

  it('shows that the newest records were cut off, although the shorter log is whole in itself', async () => {
    const kept = latest.size - 2;
    await asSuperuser(async (transaction) => {
      await sql`delete from audit_record where sequence > ${kept}`.execute(transaction);
      await sql`update audit_head set sequence = ${kept},
        hash = (select hash from audit_record where sequence = ${kept})`.execute(transaction);
    });
    const { problem } = await compared(fileOf('cut', earlier, latest));
    expect(problem).toEqual({
      sequence: kept + 1,
      reason: expect.stringMatching(
        `it is missing: the checkpoint .* counted ${latest.size} records, and the log ends at record ${kept}`,
      ),
    });
  });

  it('shows that the log was written anew, although every hash fits', async () => {
    await asSuperuser(async (transaction) => {
      await sql`create temporary table forged on commit drop as select * from audit_record`.execute(transaction);
      await sql`delete from audit_record`.execute(transaction);
      await sql`update audit_head set sequence = 0, hash = repeat('0', 64)`.execute(transaction);
      await sql`update forged set command = 'forged' where sequence = 1`.execute(transaction);
      await sql`alter table audit_record enable trigger user`.execute(transaction);
      await sql`insert into audit_record select * from forged order by sequence`.execute(transaction);
    });
    const { problem } = await compared(fileOf('anew', latest, earlier));
    expect(problem).toEqual({
      sequence: earlier.size,
      reason: expect.stringMatching('the log was written anew up to here'),
    });
  });

  it('is not signed for a log whose end is not as it was written', async () => {
    await asSuperuser((transaction) => sql`update audit_head set hash = repeat('f', 64)`.execute(transaction));
    await expect(signCheckpoint(database, signer, now)).rejects.toThrow(
      /does not end where it should, so it is not signed/,
    );
    await asSuperuser((transaction) => sql`delete from audit_head`.execute(transaction));
    await expect(signCheckpoint(database, signer, now)).rejects.toThrow(/not signed/);
  });

  it('is added to its file and never overwrites another', async () => {
    const file = join(folder, 'added.jsonl');
    await appendCheckpoint(file, earlier);
    await appendCheckpoint(file, latest);
    expect(readFileSync(file, 'utf8').trim().split('\n').map(parseCheckpoint)).toEqual([earlier, latest]);
  });
});

describe('a checkpoint of an empty audit log', () => {
  it('agrees with what was written after it', async () => {
    const story = await Story.open();
    try {
      const database = story.desk.database.kysely();
      const verification = await verifyAuditLog(database);
      const empty = { log: 'x', size: 0, hash: '0'.repeat(64), at: now.toISOString(), signature: '' };
      const kept = async function* () {
        yield empty;
      };
      expect(await compareWithCheckpoints(database, verification, kept())).toMatchObject({ count: 1, problem: null });
    } finally {
      await story.close();
    }
  });
});
