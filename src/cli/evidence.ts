import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { checkpointKey } from '../audit/checkpoint.js';
import { systemClock } from '../platform/clock.js';
import { messageOf } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { productVersion } from '../version.js';
import { withDatabase } from './opening.js';
import { counted, say } from './output.js';

interface EvidenceOptions {
  readonly product: string;
  readonly from: Date;
  readonly to?: Date;
  readonly out?: string;
}

export function addEvidenceCommand(parent: Command): void {
  parent
    .command('evidence')
    .description('write an archive that shows who could use a product, by which directive and whose decision')
    .requiredOption('--product <code>', 'the product, e.g. mythos-5')
    .requiredOption('--from <moment>', 'the first moment, e.g. 2026-06-15 or 2026-06-15T12:00:00Z', readMoment)
    .option('--to <moment>', 'up to this moment, and without it; now when not given', readMoment)
    .option('--out <file>', 'into this file instead of evidence-<product>-<from>-<to>.tar here')
    .addHelpText(
      'after',
      '\nExit code 1 when a grant could be used while it was not permitted, or anything else does not agree: the archive is\n' +
        'made all the same, and tells it. Whoever has the archive checks it with "node verify.mjs", which is in it.',
    )
    .action(makeEvidence);
}

async function makeEvidence({ product, from, to, out }: EvidenceOptions): Promise<void> {
  const now = systemClock.now();
  const until = to && to < now ? to : now;
  if (from >= until) throw Refusal.of('INVALID', 'The period must begin before it ends, and before now.');
  const file = out ?? `evidence-${product}-${dayOf(from)}-${dayOf(until)}.tar`;
  await access(dirname(resolve(file))).catch((error: unknown) => {
    throw Refusal.of('INVALID', `${file} cannot be used: ${messageOf(error)}.`);
  });
  await withDatabase(async (database, { secretKey, publicUrl }) => {
    // Loaded only now, as the database is: it is most of the program.
    const { makeArchive } = await import('../evidence/archive.js');
    const { verifierScript } = await import('../evidence/verifier-script.js');
    const parts = {
      database,
      clock: systemClock,
      log: publicUrl,
      portalVersion: productVersion,
      privateKey: checkpointKey(secretKey),
      verifier: verifierScript(),
    };
    const scope = { productCode: product, from, to: until };
    const { manifest, manifestSha256, findings } = await makeArchive(parts, scope, file);
    const { counts, log, unknownBefore } = manifest;
    say(
      `Wrote ${file}: ${counted(counts.grants, 'grant')}, ${counted(counts.decisions, 'approval')}, ${counted(counts.directives, 'directive')}, ${counted(counts.records, 'record')} of the audit log up to ${log.until.sequence}.`,
    );
    say(`The hash of its manifest is ${manifestSha256}.`);
    if (unknownBefore) say(`Of what was before ${unknownBefore}, the records were dropped, and nothing is said.`);
    if (counts.findings === 0) return say('Nothing was found that does not agree.');
    const more = counts.findings - findings.length;
    const told = findings.map(({ code, message, from: begins, to: ends }) => {
      const when = begins ? ` from ${begins}${ends ? ` to ${ends}` : ''}` : '';
      return `${code}${when}: ${message}`;
    });
    if (more > 0) told.push(`${more} more are in findings.jsonl.`);
    throw Refusal.of('CONFLICT', [`${counted(counts.findings, 'finding')}:`, ...told].join('\n'));
  });
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}

function readMoment(text: string): Date {
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  const isWritten = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  if (isWritten && !Number.isNaN(moment.getTime())) return moment;
  throw new InvalidArgumentError('A moment is written like 2026-06-15 or 2026-06-15T12:00:00Z.');
}
