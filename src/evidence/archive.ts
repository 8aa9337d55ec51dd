import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../platform/database/database.js';
import type { FindingLine, Manifest } from './archive-lines.js';
import { signedText } from './archive-lines.js';
import { type EvidenceParts, type EvidenceScope, gatherEvidence } from './gathering.js';
import { writeWhole } from './line-file.js';
import { linesOf } from './lines.js';
import { summaryAsPdf, toldFindings } from './summary.js';
import { tarOf } from './tar.js';

export interface ArchiveParts extends Omit<EvidenceParts, 'database' | 'folder'> {
  readonly database: Database;
  /** What verifies the archive, as a script. */
  readonly verifier: string;
}

export interface MadeArchive {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** The first of them. */
  readonly findings: readonly FindingLine[];
}

/**
 * Makes the archive, under its own name only once it is whole. Everything in it is as it was at one moment; what goes on
 * in the portal meanwhile is not held up, but months of the audit log are not dropped.
 */
export async function makeArchive(parts: ArchiveParts, scope: EvidenceScope, out: string): Promise<MadeArchive> {
  const folder = await mkdtemp(join(dirname(resolve(out)), '.evidence-'));
  try {
    const gathered = await parts.database
      .kysely()
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute((database) => gatherEvidence({ ...parts, database, folder }, scope));
    const findings = await firstFindings(folder);
    const summary = await summaryAsPdf(gathered.manifest, gathered.directives, findings);
    const files = {
      ...gathered.files,
      'summary.pdf': await writeWhole(folder, 'summary.pdf', summary),
      'verify.mjs': await writeWhole(folder, 'verify.mjs', Buffer.from(parts.verifier)),
    };
    const manifest: Manifest = { ...gathered.manifest, files };
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    const manifestSha256 = createHash('sha256').update(bytes).digest('hex');
    const signature = Buffer.from(`${JSON.stringify(signed(manifestSha256, parts.privateKey), null, 2)}\n`);
    const whole = {
      'manifest.json': await writeWhole(folder, 'manifest.json', bytes),
      'signature.json': await writeWhole(folder, 'signature.json', signature),
    };
    const first = { 'verify.mjs': files['verify.mjs'], ...whole, 'summary.pdf': files['summary.pdf'] };
    const entries = Object.entries({ ...first, ...files });
    const tar = tarOf(
      entries.map(([name, { size }]) => ({ name, size, file: join(folder, name) })),
      new Date(manifest.madeAt),
    );
    const part = join(folder, 'evidence.tar');
    await pipeline(tar, createWriteStream(part, { mode: 0o600, flush: true }));
    await rename(part, out);
    return { manifest, manifestSha256, findings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function signed(manifestSha256: string, privateKey: KeyObject) {
  const publicKey = createPublicKey(privateKey).export({ format: 'pem', type: 'spki' }).toString();
  const signature = sign(null, Buffer.from(signedText(manifestSha256)), privateKey).toString('base64');
  return { publicKey, signature };
}

async function firstFindings(folder: string): Promise<readonly FindingLine[]> {
  const found: FindingLine[] = [];
  for await (const line of linesOf(createReadStream(join(folder, 'findings.jsonl')))) {
    if (found.length < toldFindings) found.push(JSON.parse(line));
  }
  return found;
}
