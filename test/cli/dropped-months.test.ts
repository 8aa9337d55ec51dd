import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { signAnchor } from '../../src/audit/anchor.js';
import { readMonthEnds } from '../../src/audit/anchor.queries.js';
import { checkpointKey, checkpointPublicKey } from '../../src/audit/checkpoint.js';
import { beginMonths } from '../../src/platform/months.js';
import { build, Installation } from './installation.js';

/** Every command is a process of its own, and several to a test on a busy machine take their time. */
jest.setTimeout(180_000);

const formerKey = checkpointKey(randomBytes(32));

describe('the command line, when months of the audit log were dropped and SECRET_KEY was replaced', () => {
  let installation: Installation;
  let keyFile: string;
  let last: number;

  const addStaff = (name: string) =>
    installation.must('staff', 'add', `${name}@example.org`, '--name', name, '--roles', 'AUDITOR');

  beforeAll(async () => {
    await build();
    installation = await Installation.prepare();
    await installation.must('migrate');
    await addStaff('ada');
    keyFile = join(installation.folder, 'former-key.pem');
    writeFileSync(keyFile, checkpointPublicKey(formerKey));
  });
  afterAll(() => installation.remove());

  /** What the daily job does, with the key of that time. */
  async function dropEverything(): Promise<void> {
    await installation.inDatabase(async (opened) => {
      const database = opened.kysely();
      await beginMonths(database, new Date('2090-01-01T00:01:00Z'));
      const [end] = await readMonthEnds(database);
      if (!end) throw new Error('No month has ended.');
      last = end.sequence;
      const moments = { lastAt: end.at, at: '2095-01-02T02:41:00.000Z' };
      const policy = 'AUDIT_RETENTION_MONTHS=60';
      const statement = { sequence: last, hash: end.hash, firstSequence: 1, ...moments, policy, log: installation.url };
      const { signature } = signAnchor(statement, formerKey);
      await sql`insert into audit_anchor (sequence, hash, first_sequence, last_at, policy, log, at, signature) values
        (${last}, ${end.hash}, 1, ${end.at}, ${policy}, ${installation.url}, ${moments.at}, ${signature})`.execute(
        database,
      );
      await sql`select audit_drop_months(${last}::bigint, '2091-01-01')`.execute(database);
    });
  }

  it('has nothing to sign again as long as nothing was dropped', async () => {
    const { code, complaints } = await installation.run('audit', 'anchor', '--key', keyFile);
    expect({ code, complaints }).toEqual({ code: 1, complaints: expect.stringMatching(/^No month of this audit log/) });
  });

  it('says what was dropped, when and by which rule, and believes it with the former key or when it is signed again', async () => {
    await dropEverything();
    await addStaff('bob');
    const { code, complaints } = await installation.run('audit', 'verify');
    expect({ code, complaints }).toEqual({
      code: 1,
      complaints: expect.stringMatching(/did not sign it with this key/),
    });

    const verified = await installation.must('audit', 'verify', '--key', keyFile);
    expect(verified).toContain(`Records 1 to ${last}, the last of `);
    expect(verified).toContain(
      `, were dropped at 2095-01-02T02:41:00.000Z by AUDIT_RETENTION_MONTHS=60 (signed by ${installation.url}).`,
    );
    expect(verified).toMatch(/The audit log holds: \d records?,/);

    expect(await installation.must('audit', 'anchor', '--key', keyFile)).toContain(`begins after record ${last}.`);
    expect(await installation.must('audit', 'verify')).toContain(`Records 1 to ${last}, `);
    const lines = (await installation.must('audit', 'export')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line)).at(-1)).toMatchObject({
      event: 'audit_log.anchor_renewed',
      actorRole: 'cli',
    });
  });
});
