import { createPublicKey, type KeyObject } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { type Anchor, signAnchor } from '../audit/anchor.js';
import { storedRecords } from '../audit/audit-log.queries.js';
import { renewAuditAnchor } from '../audit/audit-retention.commands.js';
import { checkpointKey, checkpointPublicKey, signCheckpoint } from '../audit/checkpoint.js';
import { appendCheckpoint, checkpointFileName, checkpointsIn } from '../audit/checkpoint-file.js';
import { type Comparison, compareWithCheckpoints, verifyAuditLog } from '../audit/verification.js';
import type { Config } from '../config.js';
import { systemClock } from '../platform/clock.js';
import { type Database, messageOf } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { configuration, withDatabase, withPortal } from './opening.js';
import { counted, say } from './output.js';

export function addAuditCommands(parent: Command): void {
  const audit = parent.command('audit').description('the audit log: one record for everything that happened');

  audit
    .command('verify')
    .description(
      'recompute the whole chain; exit code 1 and the first record that does not fit when it was tampered with',
    )
    .option('--checkpoint <file>', 'also compare with checkpoints signed earlier: finds a tail that was cut off')
    .option('--key <file>', 'check signatures with this public key (PEM) instead of the one that SECRET_KEY gives')
    .addHelpText('after', `\nThe portal signs a checkpoint every five minutes, into ${checkpointFileName} in DATA_DIR.`)
    .action(async (options: { checkpoint?: string; key?: string }) => {
      await withDatabase((database, config) => verifyLog(database, config, options));
    });
  audit
    .command('export')
    .description('write every record as a line of JSON, exactly as stored, for checking and keeping elsewhere')
    .option('--out <file>', 'into this file instead of the standard output')
    .action(exportLog);
  audit
    .command('checkpoint')
    .description('sign how long the log is now; keep it where nobody who can write to the database can')
    .option('--out <file>', 'add it to this file instead of printing it')
    .action(checkpoint);
  audit
    .command('anchor')
    .description('after SECRET_KEY was replaced: sign again where a log begins whose first months were dropped')
    .requiredOption('--key <file>', 'the public key (PEM) of the SECRET_KEY before, as "audit key" printed it')
    .action(renewAnchor);
  audit
    .command('key')
    .description('print the public key that checkpoints are checked with (Ed25519, PEM)')
    .action(() => say(checkpointPublicKey(checkpointKey(configuration().secretKey)).trimEnd()));
}

async function verifyLog(
  database: Database,
  { secretKey }: Config,
  { checkpoint: file, key }: { readonly checkpoint?: string; readonly key?: string },
): Promise<void> {
  const publicKey = key ? await publicKeyIn(key) : createPublicKey(checkpointKey(secretKey));
  if (file) await access(file).catch((error: unknown) => refuseFile(file, error));
  const found = await verifyAuditLog(database.kysely(), publicKey);
  if (found.problem) throw doesNotHold(found.problem);
  const witnesses = file
    ? await compareWithCheckpoints(database.kysely(), found, checkpointsIn(file, publicKey))
    : null;
  if (witnesses?.problem) throw doesNotHold(witnesses.problem);
  const { since, until } = found;
  if (since) say(droppedBefore(since));
  const count = until.sequence - (since?.sequence ?? 0);
  say(`The audit log holds: ${counted(count, 'record')}, the last with the hash ${until.hash}.`);
  if (witnesses) sayComparison(witnesses);
}

function sayComparison({ count, dropped, furthest }: Comparison): void {
  if (furthest) {
    const { size, at } = furthest;
    say(`It agrees with ${counted(count - dropped, 'checkpoint')}, the furthest of ${at} after record ${size}.`);
  }
  if (dropped > 0) say(`Of records that were dropped: ${counted(dropped, 'checkpoint')}, not compared.`);
}

/** What is not there any more, since when, and by whose rule. */
function droppedBefore({ firstSequence, sequence, lastAt, at, policy, log }: Anchor): string {
  const earlier = firstSequence > 1 ? ', those before had gone earlier' : '';
  return `Records ${firstSequence} to ${sequence}, the last of ${lastAt}, were dropped at ${at} by ${policy} (signed by ${log})${earlier}.`;
}

function doesNotHold({ sequence, reason }: { readonly sequence: number; readonly reason: string }): Refusal {
  return Refusal.of('CONFLICT', `The audit log does not hold at record ${sequence}: ${reason}.`);
}

async function exportLog({ out }: { readonly out?: string }): Promise<void> {
  await withDatabase(async (database) => {
    let count = 0;
    const lines = async function* () {
      for await (const record of storedRecords(database.kysely())) {
        count += 1;
        yield `${JSON.stringify(record)}\n`;
      }
    };
    if (!out) return writeOut(Readable.from(lines()), process.stdout);
    // Under its own name only once it is whole, so that nobody takes a part for the log.
    const part = `${out}.part`;
    try {
      await pipeline(Readable.from(lines()), createWriteStream(part, { mode: 0o600, flush: true }));
      await rename(part, out);
    } catch (error) {
      await rm(part, { force: true });
      if (error instanceof Error && 'syscall' in error) refuseFile(out, error);
      throw error;
    }
    say(`Wrote ${counted(count, 'record')} to ${out}.`);
  });
}

/** Whoever reads the output may have enough of it: that is no failure. */
async function writeOut(text: Readable, output: Writable): Promise<void> {
  await pipeline(text, output, { end: false }).catch((error: unknown) => {
    const closed = error instanceof Error && 'code' in error && error.code === 'EPIPE';
    if (!closed) throw error;
  });
}

async function checkpoint({ out }: { readonly out?: string }): Promise<void> {
  await withDatabase(async (database, { publicUrl, secretKey }) => {
    const signer = { log: publicUrl, privateKey: checkpointKey(secretKey) };
    const signed = await signCheckpoint(database.kysely(), signer, systemClock.now());
    if (!out) return say(JSON.stringify(signed));
    await appendCheckpoint(out, signed).catch((error: unknown) => refuseFile(out, error));
    say(`The checkpoint after record ${signed.size} is in ${out}.`);
  });
}

async function renewAnchor({ key }: { readonly key: string }): Promise<void> {
  const formerKey = await publicKeyIn(key);
  await withPortal(async ({ database, doorway }, by) => {
    const { since, problem } = await verifyAuditLog(database.kysely(), formerKey);
    if (problem) throw doesNotHold(problem);
    if (!since)
      throw Refusal.of('NOT_FOUND', 'No month of this audit log was dropped: there is nothing to sign again.');
    const { signature: _former, ...statement } = since;
    const anchor = signAnchor(statement, checkpointKey(configuration().secretKey));
    await doorway.execute(renewAuditAnchor, { anchor }, by);
    say(`Signed again: the audit log begins after record ${anchor.sequence}.`);
  });
}

async function publicKeyIn(file: string): Promise<KeyObject> {
  const pem = await readFile(file, 'utf8').catch((error: unknown) => refuseFile(file, error));
  try {
    return createPublicKey(pem);
  } catch {
    throw Refusal.of('INVALID', `${file} does not hold a public key in PEM, as "npx sallyport audit key" prints it.`);
  }
}

function refuseFile(file: string, error: unknown): never {
  throw Refusal.of('NOT_FOUND', `${file} cannot be used: ${messageOf(error)}.`);
}
