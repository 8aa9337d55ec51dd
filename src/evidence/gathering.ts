import { createPublicKey, type KeyObject } from 'node:crypto';
import { contentHashOf, hashInChain, type Link } from '../audit/audit-chain.js';
import { signCheckpoint } from '../audit/checkpoint.js';
import { verifyAuditLog } from '../audit/verification.js';
import type { Clock } from '../platform/clock.js';
import type { RawSql } from '../platform/database/database.js';
import type { AuditLine, DirectiveLine, FileEntry, LineFileName, Manifest } from './archive-lines.js';
import { archiveFormat, lineFiles } from './archive-lines.js';
import { approvalsOf } from './decision.queries.js';
import { grantsOf } from './grant.queries.js';
import { judgeBasis, judgeDecision, judgeDirective, judgeGrant, type Yardstick, yardstick } from './judging.js';
import { LineFile } from './line-file.js';
import { type ConcernedRecord, recordsWithConcern } from './log.queries.js';
import { directivesOf, narrowingsOf, productOf } from './release.queries.js';
import { ReleaseRecords } from './release-records.js';

/** What evidence is asked for. */
export interface EvidenceScope {
  readonly productCode: string;
  readonly from: Date;
  readonly to: Date;
}

export interface EvidenceParts {
  /** One that sees everything as it was at one moment. */
  readonly database: RawSql;
  readonly clock: Clock;
  /** Whose it is: the portal's public address. */
  readonly log: string;
  readonly portalVersion: string;
  readonly privateKey: KeyObject;
  /** Where the files are written. */
  readonly folder: string;
}

/** What was gathered; all but the files that are made of this. */
export interface Gathered {
  readonly manifest: Omit<Manifest, 'files'>;
  readonly files: Readonly<Record<LineFileName, FileEntry>>;
  readonly directives: readonly DirectiveLine[];
}

type Files = Readonly<Record<LineFileName, LineFile>>;

/** Writes the lines of an archive. In memory are only what was ordered, and one page of grants or records. */
export async function gatherEvidence(parts: EvidenceParts, scope: EvidenceScope): Promise<Gathered> {
  const { database, clock, privateKey, folder } = parts;
  const product = await productOf(database, scope.productCode);
  const { since, problem } = await verifyAuditLog(database, createPublicKey(privateKey));
  const opened = lineFiles.map((name) => [name, new LineFile(folder, name)] as const);
  // Each of the names has one.
  const files = Object.fromEntries(opened) as unknown as Files;
  const named = await directivesOf(database, product.code);
  const { records, link, lastAt } = await writeLog(parts, files['audit.jsonl'], product, named);
  const until = new Date(Math.max(clock.now().getTime(), lastAt));
  const period = { from: scope.from, to: new Date(Math.min(scope.to.getTime(), until.getTime())) };
  const directives = records.withMatches(named);
  const narrowings = await narrowingsOf(database, product.code, until);
  for (const line of directives) await files['directives.jsonl'].add(line);
  for (const line of narrowings) await files['narrowings.jsonl'].add(line);
  const unknownBefore = since && new Date(since.lastAt) > period.from ? since.lastAt : null;
  const by = yardstick(records.historyOf(product.code, directives), narrowings, {
    from: period.from.getTime(),
    to: period.to.getTime(),
    until: until.getTime(),
    unknownBefore: since ? Date.parse(since.lastAt) : null,
  });
  const findings = files['findings.jsonl'];
  if (problem) {
    const message = `The audit log does not hold at record ${problem.sequence}: ${problem.reason}.`;
    await findings.add({ code: 'AUDIT_LOG', about: String(problem.sequence), from: null, to: null, message });
  }
  for (const directive of directives) for (const finding of judgeDirective(directive)) await findings.add(finding);
  const counted = await writeGrants(parts, files, by, { productCode: product.code, ...period, until, records });
  const manifest: Gathered['manifest'] = {
    format: archiveFormat,
    product,
    period: { from: period.from.toISOString(), to: period.to.toISOString() },
    madeAt: until.toISOString(),
    portal: parts.log,
    portalVersion: parts.portalVersion,
    log: {
      ...link,
      dropped: since && { sequence: since.sequence, lastAt: since.lastAt, policy: since.policy },
      checkpoint: problem ? null : await signCheckpoint(database, parts, until),
    },
    unknownBefore,
    counts: {
      decisions: files['decisions.jsonl'].lines,
      documents: files['documents.jsonl'].lines,
      directives: directives.length,
      records: files['audit.jsonl'].lines,
      findings: findings.lines,
      ...counted,
    },
  };
  const ended = await Promise.all(opened.map(async ([name, file]) => [name, await file.end()] as const));
  return { manifest, directives, files: Object.fromEntries(ended) as unknown as Gathered['files'] };
}

/** The log from the first record on that concerns the product; of others only what shows their place in it. */
async function writeLog(
  { database }: EvidenceParts,
  file: LineFile,
  product: { readonly id: string; readonly code: string },
  directives: readonly DirectiveLine[],
) {
  const concern = {
    productId: product.id,
    productCode: product.code,
    directiveIds: directives.map(({ id }) => id),
    authorityIds: [...new Set(directives.map(({ authorityId }) => authorityId))],
  };
  const records = new ReleaseRecords();
  let after: Link | null = null;
  let until: Link = { sequence: 0, hash: '0'.repeat(64) };
  let lastAt = 0;
  for await (const record of recordsWithConcern(database, concern)) {
    until = { sequence: record.sequence, hash: record.hash };
    lastAt = Math.max(lastAt, Date.parse(record.at));
    if (record.concerns) {
      after ??= { sequence: record.sequence - 1, hash: record.previousHash };
      records.take(record);
    }
    if (after) await file.add(lineOf(record));
  }
  return { records, link: { after: after ?? until, until }, lastAt };
}

function lineOf({ concerns, ...record }: ConcernedRecord): AuditLine {
  if (concerns) return record;
  const { sequence, previousHash, hash } = record;
  const content = contentHashOf(record);
  return hashInChain(previousHash, sequence, content) === hash ? { sequence, content } : { sequence, hash };
}

async function writeGrants(
  { database }: EvidenceParts,
  files: Files,
  by: Yardstick,
  asked: {
    readonly productCode: string;
    readonly from: Date;
    readonly to: Date;
    readonly until: Date;
    readonly records: ReleaseRecords;
  },
): Promise<Pick<Manifest['counts'], 'grants' | 'uses' | 'notInHindsight'>> {
  const findings = files['findings.jsonl'];
  let grants = 0;
  let uses = 0;
  let notInHindsight = 0;
  for await (const page of grantsOf(database, asked.productCode, asked)) {
    const judged = page
      .map(({ grant, events }) => {
        const all = [...events, ...asked.records.confirmationsOf(grant.id)].sort((a, b) => a.sequence - b.sequence);
        return { grant, events: all, judgement: judgeGrant(by, grant, all) };
      })
      .filter(({ judgement }) => judgement.isListed || judgement.findings.length > 0);
    const approvals = await approvalsOf(
      database,
      judged.map(({ grant }) => grant.id),
    );
    for (const { grant, events, judgement } of judged) {
      uses += judgement.uses.length;
      grants += judgement.uses.length > 0 ? 1 : 0;
      notInHindsight += judgement.uses.flatMap((use) => use.notInHindsight).length;
      await files['grants.jsonl'].add({ ...grant, events, uses: judgement.uses });
      const own = approvals.filter(({ decision }) => decision.grantId === grant.id);
      const basis = judgeBasis(
        grant,
        own.map(({ decision }) => decision),
      );
      for (const finding of [...judgement.findings, ...basis]) await findings.add(finding);
      for (const { decision, documents } of own) {
        await files['decisions.jsonl'].add(decision);
        for (const document of documents) await files['documents.jsonl'].add(document);
        for (const finding of judgeDecision(decision)) await findings.add(finding);
      }
    }
  }
  return { grants, uses, notInHindsight };
}
