import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { FindingLine, Manifest } from '../archive-lines.js';
import { checkFiles, readManifest } from './check-files.js';
import { checkDecisions, checkGrants } from './check-grants.js';
import { checkCheckpoint, checkLog, type ReadLog } from './check-log.js';
import { checkRelease } from './check-release.js';
import { OpenedArchive } from './opened-archive.js';
import { linesIn, Troubles } from './troubles.js';

const usage = `Checks evidence of a Sallyport portal. It needs nothing but the archive and Node.js 20 or newer.

  node verify.mjs [folder or .tar]   the folder that this script is in when none is named
    --key <file>          the public key (PEM) that the portal was said to have ("npx sallyport audit key")
    --checkpoints <file>  checkpoints of the portal that were kept elsewhere, a line of JSON each

Exit code: 0 all of it holds, 1 something was tampered with or does not agree.`;

async function main(): Promise<number> {
  const options = { key: { type: 'string' }, checkpoints: { type: 'string' }, help: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const archive = new OpenedArchive(positionals[0] ?? dirname(fileURLToPath(import.meta.url)));
  const troubles = new Troubles();
  const expected = values.key ? readFileSync(values.key, 'utf8') : null;
  const { manifest, publicKey } = await readManifest(archive, troubles, expected);
  await checkFiles(archive, manifest, troubles);
  const log = await checkLog(archive, manifest, troubles, keptIn(values.checkpoints));
  checkCheckpoint(manifest, publicKey, troubles);
  const { by, findings: ofDirectives } = await checkRelease(archive, manifest, log, troubles);
  const checking = { archive, manifest, log, troubles };
  const { ofGrants, findings: ofDecisions } = await checkDecisions(checking);
  const ofUse = await checkGrants(checking, by, ofGrants);
  const findings = await checkFindings(archive, [...ofDirectives, ...ofUse, ...ofDecisions], troubles);
  tell(manifest, publicKey, log, troubles, findings);
  return troubles.told.length + findings.length === 0 ? 0 : 1;
}

/** Does the archive tell every finding, and none besides? */
async function checkFindings(
  archive: OpenedArchive,
  found: readonly FindingLine[],
  troubles: Troubles,
): Promise<readonly FindingLine[]> {
  const left = new Set(found.map((finding) => JSON.stringify(finding)));
  const ofLog: FindingLine[] = [];
  for await (const { line, place } of linesIn<FindingLine>(archive, 'findings.jsonl', troubles)) {
    if (line.code === 'AUDIT_LOG') ofLog.push(line);
    else if (!left.delete(JSON.stringify(line))) troubles.add(place, 'this is not found in what the archive holds');
  }
  for (const text of left) troubles.add('findings.jsonl', `a finding is not told: ${text}`);
  return [...ofLog, ...found];
}

function keptIn(file: string | undefined): ReadonlyMap<number, string> {
  if (!file) return new Map();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return new Map(lines.map((line) => JSON.parse(line)).map(({ size, hash }) => [size, hash]));
}

function tell(
  { product, period, madeAt, portal, counts, log: { after, until, dropped }, unknownBefore }: Manifest,
  publicKey: string,
  log: ReadLog,
  troubles: Troubles,
  findings: readonly FindingLine[],
): void {
  const der = createPublicKey(publicKey).export({ format: 'der', type: 'spki' });
  console.log(`Evidence on ${product.name} (${product.code}) from ${period.from} up to ${period.to}.`);
  console.log(
    `Made ${madeAt} by ${portal}; the SHA-256 of its key is ${createHash('sha256').update(der).digest('hex')}.`,
  );
  console.log(
    `${counts.grants} grants could be used, by ${counts.decisions} approvals; ${counts.directives} directives.`,
  );
  console.log(`Records ${after.sequence + 1} to ${until.sequence} of the log, ${log.whole} of ${log.count} in full.`);
  if (dropped) console.log(`Records up to ${dropped.sequence} were dropped (${dropped.policy}).`);
  if (unknownBefore) console.log(`Of the period before ${unknownBefore} nothing is said.`);
  for (const sentence of troubles.notShown) console.log(`Not shown: ${sentence}.`);
  for (const sentence of troubles.told) console.log(`TAMPERED  ${sentence}.`);
  for (const { code, from, to, message } of findings)
    console.log(`FINDING   ${code}${from ? ` from ${from}` : ''}${to ? ` to ${to}` : ''}: ${message}`);
  const isWhole = troubles.told.length + findings.length === 0;
  console.log(
    isWhole ? 'All of it holds.' : `It does not hold: ${troubles.told.length} places, ${findings.length} findings.`,
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
