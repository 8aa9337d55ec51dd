import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { signAnchor } from '../../src/audit/anchor.js';
import { readMonthEnds } from '../../src/audit/anchor.queries.js';
import { checkpointKey } from '../../src/audit/checkpoint.js';
import { type Fields, type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { entities, tablesWithoutEntity } from '../../src/entities.js';
import { openEmbeddedDatabase, type RawSql } from '../../src/platform/database/open.js';
import { beginMonths } from '../../src/platform/months.js';
import { writeRecords } from '../audit/log-keeper.js';
import { type Outcome, sallyport } from '../cli/installation.js';
import { eventually, listAt, lookAtGrant, Story } from '../journeys/story.js';

/** A portal on which a product was released, halted and released again, and which has stopped. */
export class EvidenceDesk {
  readonly story: Story;
  readonly folder = mkdtempSync(join(tmpdir(), 'sallyport-evidence-'));
  readonly from = new Date().toISOString();

  constructor(story: Story) {
    this.story = story;
  }

  static async open(): Promise<EvidenceDesk> {
    return new EvidenceDesk(await Story.open());
  }

  /** Runs the command line on what the portal has left behind. */
  run(...args: readonly string[]): Promise<Outcome> {
    const { config, database } = this.story.desk;
    const environment = {
      DATA_DIR: config.dataDir,
      PUBLIC_URL: config.publicUrl,
      SECRET_KEY: config.secretKey.toString('base64'),
      ...(database.url ? { DATABASE_URL: database.url } : {}),
    };
    return sallyport(environment, args);
  }

  /** Makes evidence on the product of the story, into a file of this name. */
  evidence(name: string, ...more: readonly string[]): Promise<Outcome> {
    const out = join(this.folder, name);
    return this.run('evidence', '--product', 'mythos-5', '--from', this.from, '--out', out, ...more);
  }

  /** Works on the database behind the portal's back. */
  async inDatabase(work: (database: RawSql) => Promise<unknown>): Promise<void> {
    const { config, database } = this.story.desk;
    const opened = database.url
      ? database
      : await openEmbeddedDatabase({ folder: config.dataDir, entities, tablesWithoutEntity });
    await work(opened.kysely());
    if (!database.url) await opened.close();
  }

  /** What the daily job does when every record is older than records are kept. */
  async dropMonths(): Promise<void> {
    const { config } = this.story.desk;
    await this.inDatabase(async (database) => {
      await beginMonths(database, new Date('2090-01-01T00:01:00Z'));
      const [end] = await readMonthEnds(database);
      if (!end) throw new Error('No month has ended.');
      const policy = 'AUDIT_RETENTION_MONTHS=60';
      const statement = { ...end, firstSequence: 1, lastAt: end.at, policy, log: config.publicUrl };
      const { sequence, hash, lastAt, at, signature } = signAnchor(statement, checkpointKey(config.secretKey));
      await sql`insert into audit_anchor (sequence, hash, first_sequence, last_at, policy, log, at, signature)
        values (${sequence}, ${hash}, 1, ${lastAt}, ${policy}, ${config.publicUrl}, ${at}, ${signature})`.execute(
        database,
      );
      await sql`select audit_drop_months(${sequence}::bigint, '2091-01-01')`.execute(database);
      // That months were dropped is told by a record of its own.
      await writeRecords(database, [{ at: new Date().toISOString() }]);
    });
  }

  async unpack(name: string): Promise<Unpacked> {
    const folder = mkdtempSync(join(this.folder, 'unpacked-'));
    await promisify(execFile)('tar', ['-xf', join(this.folder, name), '-C', folder]);
    return new Unpacked(folder);
  }

  /** Stops the portal. An embedded database, which was in memory, is left in the data folder for other processes. */
  async stop(): Promise<void> {
    const { portal, database, config } = this.story.desk;
    await portal.stop(5_000);
    if (!database.pglite) return;
    const template = await database.pglite.dumpDataDir('none');
    await database.close();
    const kept = await openEmbeddedDatabase({ folder: config.dataDir, entities, tablesWithoutEntity, template });
    await kept.close();
  }

  async close(): Promise<void> {
    await this.story.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export type Line = Record<string, unknown>;

/** An archive in a folder. */
export class Unpacked {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  bytes(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  lines(name: string): readonly Line[] {
    const text = this.bytes(name).toString('utf8').trimEnd();
    return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line));
  }

  /** Runs its script with Node.js and nothing else. */
  verify(...args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
    return verified([join(this.folder, 'verify.mjs'), ...args]);
  }

  /** A copy in which lines of a file are others; the manifest is made to fit, as a forger would. */
  forged(name: string, change: (lines: Line[]) => readonly Line[]): Unpacked {
    const copy = `${this.folder}-${createHash('sha256').update(`${name}${change}`).digest('hex').slice(0, 8)}`;
    cpSync(this.folder, copy, { recursive: true });
    const text = change(structuredClone(this.lines(name)) as Line[])
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('');
    writeFileSync(join(copy, name), text);
    const manifest = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8'));
    manifest.files[name] = {
      sha256: createHash('sha256').update(text).digest('hex'),
      size: Buffer.byteLength(text),
      lines: text.split('\n').length - 1,
    };
    writeFileSync(join(copy, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    return new Unpacked(copy);
  }
}

export function verified(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((settle) => {
    const child = execFile(process.execPath, [...args], { env: {} }, (_error, output, complaints) => {
      settle({ code: child.exitCode ?? -1, output: output + complaints });
    });
  });
}

/** What authorities order, told by two program managers. */
export class Orders {
  readonly #recorder: PortalClient;
  readonly #second: PortalClient;
  readonly #authorityId: string;
  #count = 0;

  private constructor(recorder: PortalClient, second: PortalClient, authorityId: string) {
    this.#recorder = recorder;
    this.#second = second;
    this.#authorityId = authorityId;
  }

  static async of(story: Story): Promise<Orders> {
    const recorder = await story.staff('PROGRAM_MANAGER');
    const authority = { name: 'Bureau of Technology Security', jurisdiction: 'US' };
    const made = await recorder.must('registerAuthority', authority, 'authority { id }');
    return new Orders(recorder, await story.staff('PROGRAM_MANAGER', 2), textAt(made, 'authority', 'id'));
  }

  letter(more: Fields): Fields {
    this.#count += 1;
    const now = new Date().toISOString();
    const times = { issuedAt: now, receivedAt: now, effectiveAt: now };
    const authorityId = this.#authorityId;
    return { authorityId, reference: `BTS-2026-${this.#count}`, summary: 'As the letter says.', ...times, ...more };
  }

  async emergencyHalt(): Promise<void> {
    const letter = this.letter({ products: ['mythos-5'], letterSha256: 'ab'.repeat(32) });
    const halted = await this.#recorder.must('orderEmergencyHalt', letter, 'directive { id }');
    await this.#second.must('ratifyHalt', { directiveId: textAt(halted, 'directive', 'id') });
  }

  /** Permits the product to one organization, by a printed name. */
  async authorize(organizationId: string, printedName: string): Promise<void> {
    const terms = { products: ['mythos-5'], conditions: ['Own assets only.'] };
    const entries = [{ name: printedName, effect: 'PERMITS' }];
    const letter = this.letter({ kind: 'AUTHORIZE', terms, entries });
    const made = await this.#recorder.must('recordDirective', letter, 'directive { id entries { nodes { id } } }');
    const directiveId = textAt(made, 'directive', 'id');
    await this.addLetter(directiveId);
    await this.#second.must('putDirectiveInForce', { directiveId });
    const entryId = textAt(listAt(made, 'directive', 'entries', 'nodes')[0], 'id');
    const match = { entryId, status: 'MATCHED', organizationId, evidence: 'Registration number.' };
    await this.#second.must('matchDirectiveEntry', match);
  }

  /** The letter itself, of which no hash was stated. */
  async addLetter(directiveId: string): Promise<void> {
    const text = 'Tidewater Utilities LLC may.';
    const sha256 = createHash('sha256').update(text).digest('hex');
    const file = { directiveId, fileName: 'letter.txt', mediaType: 'text/plain', size: text.length, sha256 };
    const asked = await this.#recorder.must('requestDirectiveLetterUpload', file, 'letter { id } upload { url }');
    const sent = await fetch(textAt(asked, 'upload', 'url'), { method: 'PUT', body: text });
    if (!sent.ok) throw new Error(await sent.text());
    await this.#recorder.must('completeDirectiveLetterUpload', { letterId: textAt(asked, 'letter', 'id') });
  }

  async reinstate(grantId: string): Promise<void> {
    await this.#second.must('reinstateGrant', { grantId, reason: 'Permitted by the letter.' });
  }

  suspended(grantId: string): Promise<void> {
    return eventually(async () => {
      const status = await lookAtGrant(this.#second, grantId, 'status');
      if (status?.status !== 'SUSPENDED') throw new Error(`It is ${status?.status}.`);
    });
  }
}
