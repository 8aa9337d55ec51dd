import { createPublicKey, verify } from 'node:crypto';
import { hashInChain, type Link, problemAfter, type StoredRecord } from '../../audit/audit-chain.js';
import type { AuditLine, GrantEventLine, Manifest } from '../archive-lines.js';
import { ReleaseRecords } from '../release-records.js';
import { uuidOf } from '../typed-id.js';
import type { OpenedArchive } from './opened-archive.js';
import { linesIn, type Troubles } from './troubles.js';

/** What the records that concern the product say. */
export class ReadLog {
  readonly release = new ReleaseRecords();
  /** What happened to each grant, by its id. */
  readonly grants = new Map<string, GrantEventLine[]>();
  readonly directives = new Map<string, StoredRecord[]>();
  /** By the ids of decisions, recommendations and documents, in their payloads. */
  readonly decisions = new Map<string, StoredRecord[]>();
  readonly recommendations = new Map<string, StoredRecord[]>();
  readonly documents = new Map<string, StoredRecord[]>();
  /** By the ids of applications. */
  readonly terms = new Map<string, StoredRecord[]>();
  whole = 0;
  count = 0;

  take(record: StoredRecord): void {
    const { sequence, at, event, subjectKind, subjectId } = record;
    this.whole += 1;
    this.release.take(record);
    const payload = JSON.parse(record.payload);
    if (subjectKind === 'directive') append(this.directives, subjectId, record);
    if (event.startsWith('grant.')) append(this.grants, subjectId, { sequence, at, event, status: payload.status });
    if (payload.decisionId && event.startsWith('application.'))
      append(this.decisions, uuidOf(payload.decisionId), record);
    if (payload.recommendationId) append(this.recommendations, uuidOf(payload.recommendationId), record);
    if (payload.documentId) append(this.documents, uuidOf(payload.documentId), record);
    if (record.event === 'directive.letter_added') append(this.documents, uuidOf(payload.letterId), record);
    if (event === 'application.terms_accepted') append(this.terms, record.applicationId ?? '', record);
  }

  /** What happened to a grant, with when it was found to be permitted again. */
  eventsOf(grantId: string): readonly GrantEventLine[] {
    const all = [...(this.grants.get(grantId) ?? []), ...this.release.confirmationsOf(grantId)];
    return all.sort((a, b) => a.sequence - b.sequence);
  }
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/**
 * Follows the chain from the first record to the last. A record that is not shown has its place by the hash of what it
 * says, so nothing before it can be another without its own hash being another.
 * @param kept hashes that somebody kept elsewhere, by how many records there were
 */
export async function checkLog(
  archive: OpenedArchive,
  manifest: Manifest,
  troubles: Troubles,
  kept: ReadonlyMap<number, string>,
): Promise<ReadLog> {
  const log = new ReadLog();
  const { after, until } = manifest.log;
  let link: Link = after;
  let isBroken = false;
  let compared = 0;
  for await (const { line, place } of linesIn<AuditLine>(archive, 'audit.jsonl', troubles)) {
    const { next, problem } = follow(link, line, troubles);
    if (problem && !isBroken) troubles.add(place, problem);
    isBroken ||= problem !== null;
    link = next;
    log.count += 1;
    if ('payload' in line) log.take(line);
    const witnessed = kept.get(link.sequence);
    if (witnessed !== undefined && witnessed !== link.hash)
      troubles.add(place, 'the record has another hash than the checkpoint that was kept says');
    if (witnessed !== undefined) compared += 1;
  }
  if (!isBroken && (link.sequence !== until.sequence || link.hash !== until.hash))
    troubles.add('audit.jsonl', `it ends at record ${link.sequence}, and the log ended at record ${until.sequence}`);
  if (kept.size > 0 && compared === 0)
    troubles.add('audit.jsonl', 'none of the checkpoints that were kept is of a record in it');
  return log;
}

function follow(before: Link, line: AuditLine, troubles: Troubles): { next: Link; problem: string | null } {
  const { sequence } = line;
  if ('payload' in line) {
    const problem = problemAfter(before, line);
    return { next: { sequence, hash: line.hash }, problem: problem && `record ${problem.sequence}: ${problem.reason}` };
  }
  const problem = sequence === before.sequence + 1 ? null : `record ${before.sequence + 1} is missing`;
  if ('content' in line) return { next: { sequence, hash: hashInChain(before.hash, sequence, line.content) }, problem };
  troubles.unproved('records of a former form, whose place is shown by the portal’s signature only');
  return { next: { sequence, hash: line.hash }, problem };
}

/** Did the portal sign that the log was so long, with the hash that it has here? */
export function checkCheckpoint({ log }: Manifest, publicKey: string, troubles: Troubles): void {
  const { checkpoint, until } = log;
  if (!checkpoint) {
    troubles.add('manifest.json', 'the portal did not sign how long the log was');
    return;
  }
  const { log: whose, size, hash, at, signature } = checkpoint;
  const text = `sallyport audit checkpoint 1\n${whose}\n${size}\n${hash}\n${at}\n`;
  const isSigned = verify(null, Buffer.from(text), createPublicKey(publicKey), Buffer.from(signature, 'base64'));
  if (!isSigned || size !== until.sequence || hash !== until.hash)
    troubles.add('manifest.json', 'the checkpoint is not one of the end of this log');
}
