import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Anchor } from '../audit/anchor.js';
import { contentHashOf, hashInChain, type Link } from '../audit/audit-chain.js';
import { signCheckpoint } from '../audit/checkpoint.js';
import { type Verification, verifyAuditLog } from '../audit/verification.js';
import type { Clock } from '../platform/clock.js';
import type { RawSql } from '../platform/database/database.js';
import type { AuditLine, DirectiveLine, FileEntry, LineFileName, Manifest } from './archive-lines.js';
import { archiveFormat } from './archive-lines.js';
import { approvalsOf } from './decision.queries.js';
import { grantsOf } from './grant.queries.js';
import { judgeBasis, judgeDecision, judgeDirective, judgeGrant, type Yardstick, yardstick } from './judging.js';
import { LineFile } from './line-file.js';
import { type ConcernedRecord, recordsWithConcern } from './log.queries.js';
import { directivesOf, lettersOf, narrowingsOf, productOf } from './release.queries.js';
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
  readonly files: Readonly<Record<string, FileEntry>>;
  readonly directives: readonly DirectiveLine[];
}

type Files = Readonly<Record<LineFileName, LineFile>>;

/** Writes the lines of an archive. In memory are what was ordered, and one page of grants or records. */
export async function gatherEvidence(parts: EvidenceParts, scope: EvidenceScope): Promise<Gathered> {
  const { database, clock, folder } = parts;
  const product = await productOf(database, scope.productCode);
  const found = await verifyAuditLog(database, createPublicKey(parts.privateKey));
  const files = openIn(folder);
  const named = await directivesOf(database, product.code);
  const { records, link, lastAt } = await writeLog(parts, files['audit.jsonl'], product, named);
  const until = new Date(Math.max(clock.now().getTime(), lastAt));
  const period = { from: scope.from, to: new Date(Math.min(scope.to.getTime(), until.getTime())) };
  const directives = records.withMatches(named);
  const by = await writeRelease(parts, files, { product, directives, records, period, until, since: found.since });
  await writeFirstFindings(files['findings.jsonl'], found, directives);
  const counted = await writeGrants(parts, files, by, { productCode: product.code, to: period.to, until, records });
  const { since, problem } = found;
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
    unknownBefore: since && new Date(since.lastAt) > period.from ? since.lastAt : null,
    counts: { ...linesOf(files), directives: directives.length, ...counted },
  };
  return { manifest, directives, files: await endAll(files) };
}

function openIn(folder: string): Files {
  const open = (name: LineFileName) => new LineFile(folder, name);
  return {
    'audit.jsonl': open('audit.jsonl'),
    'directives.jsonl': open('directives.jsonl'),
    'narrowings.jsonl': open('narrowings.jsonl'),
    'grants.jsonl': open('grants.jsonl'),
    'decisions.jsonl': open('decisions.jsonl'),
    'documents.jsonl': open('documents.jsonl'),
    'findings.jsonl': open('findings.jsonl'),
  };
}

function linesOf(files: Files) {
  return {
    decisions: files['decisions.jsonl'].lines,
    documents: files['documents.jsonl'].lines,
    records: files['audit.jsonl'].lines,
    findings: files['findings.jsonl'].lines,
  };
}

async function endAll(files: Files): Promise<Gathered['files']> {
  const ended = Object.entries(files).map(async ([name, file]) => [name, await file.end()] as const);
  return Object.fromEntries(await Promise.all(ended));
}

/** What was ordered, and what it shut; answers what grants are judged by. */
async function writeRelease(
  { database }: EvidenceParts,
  files: Files,
  known: {
    readonly product: { readonly code: string };
    readonly directives: readonly DirectiveLine[];
    readonly records: ReleaseRecords;
    readonly period: { readonly from: Date; readonly to: Date };
    readonly until: Date;
    readonly since: Anchor | null;
  },
): Promise<Yardstick> {
  const { product, directives, records, period, until, since } = known;
  const narrowings = await narrowingsOf(database, product.code, until);
  for (const line of directives) await files['directives.jsonl'].add(line);
  for (const line of await lettersOf(database, directives)) await files['documents.jsonl'].add(line);
  for (const line of narrowings) await files['narrowings.jsonl'].add(line);
  return yardstick(records.historyOf(product.code, directives), narrowings, {
    from: period.from.getTime(),
    to: period.to.getTime(),
    until: until.getTime(),
    unknownBefore: since ? Date.parse(since.lastAt) : null,
  });
}

async function writeFirstFindings(
  file: LineFile,
  { problem }: Verification,
  directives: readonly DirectiveLine[],
): Promise<void> {
  if (problem) {
    const message = `The audit log does not hold at record ${problem.sequence}: ${problem.reason}.`;
    await file.add({ code: 'AUDIT_LOG', about: String(problem.sequence), from: null, to: null, message });
  }
  for (const finding of directives.flatMap(judgeDirective)) await file.add(finding);
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
