import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { hashOf } from '../../src/audit/audit-chain.js';
import { storedRecords } from '../../src/audit/audit-log.queries.js';
import { verifyAuditLog } from '../../src/audit/verification.js';
import { randomIds } from '../../src/platform/ids.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

/** Whatever PostgreSQL keeps in a text: everything but U+0000 and halves of surrogate pairs. */
const storableText = fc.string({ unit: 'binary', maxLength: 40 }).filter((text) => !text.includes('\0'));

const anyRecord = fc.record({
  at: fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }),
  command: storableText,
  event: storableText,
  version: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  audience: fc.constantFrom('PARTNER', 'STAFF'),
  actorKind: fc.constantFrom('PERSON', 'MACHINE', 'SYSTEM'),
  actorRole: storableText,
  subjectKind: storableText,
  payload: storableText,
  requestId: storableText,
  isNamed: fc.boolean(),
});

describe('the hash of an audit record', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it('comes out the same here as in the database, for every text and moment that a record can hold', async () => {
    const drawn = fc.sample(anyRecord, { numRuns: 300, seed: 20260615 });
    const controls = Array.from({ length: 0x2029 + 1 }, (_none, code) => String.fromCodePoint(code)).slice(1);
    const [first] = drawn;
    if (!first) throw new Error('Nothing was drawn.');
    for (const record of [...drawn, { ...first, payload: controls.join('') }]) {
      const id = () => (record.isNamed ? randomIds.next() : null);
      await sql`insert into audit_record (id, at, command, event, event_version, audience, actor_kind, actor_id, actor_role,
          organization_id, application_id, subject_kind, subject_id, payload, request_id)
        values (${randomIds.next()}, ${record.at}, ${record.command}, ${record.event}, ${record.version}, ${record.audience},
          ${record.actorKind}, ${id()}, ${record.actorRole}, ${id()}, ${id()}, ${record.subjectKind}, ${randomIds.next()},
          ${record.payload}, ${record.requestId})`.execute(database.kysely());
    }
    expect(await verifyAuditLog(database.kysely())).toMatchObject({ until: { sequence: 301 }, problem: null });
  });

  it('is another one when any one thing is another', async () => {
    for await (const record of storedRecords(database.kysely())) {
      if (record.sequence > 3) break;
      const { hash, ...content } = record;
      const others = Object.entries(content).map(([name, value]) => ({
        ...content,
        [name]: typeof value === 'number' ? value + 1 : name === 'at' ? '2001-01-01T00:00:00.000Z' : `${value}x`,
      }));
      const hashes = others.map((other) => hashOf(other));
      expect(new Set([hash, ...hashes]).size).toBe(Object.keys(record).length);
    }
  });
});
