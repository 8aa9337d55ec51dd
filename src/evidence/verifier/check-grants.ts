import type { StoredRecord } from '../../audit/audit-chain.js';
import type {
  DecisionLine,
  DocumentLine,
  FindingLine,
  GrantEventLine,
  GrantLine,
  Manifest,
  Person,
} from '../archive-lines.js';
import { isActiveIn, judgeBasis, judgeDecision, judgeGrant, type Yardstick } from '../judging.js';
import type { ReadLog } from './check-log.js';
import { payloadOf } from './check-release.js';
import type { OpenedArchive } from './opened-archive.js';
import { isSameValue, linesIn, type Troubles } from './troubles.js';

/** The parts that checks have in common. */
export interface Checking {
  readonly archive: OpenedArchive;
  readonly manifest: Manifest;
  readonly log: ReadLog;
  readonly troubles: Troubles;
}

/** Could each grant be used when the archive says so, as follows from the log and from what was ordered? */
export async function checkGrants(
  { archive, manifest, log, troubles }: Checking,
  by: Yardstick,
  decisions: ReadonlyMap<string, readonly DecisionLine[]>,
): Promise<readonly FindingLine[]> {
  const findings: FindingLine[] = [];
  const listed = new Set<string>();
  for await (const { line, place } of linesIn<GrantLine>(archive, 'grants.jsonl', troubles)) {
    const { events: _events, uses: _uses, ...facts } = line;
    const where = `${place}: grant ${line.reference}`;
    listed.add(line.id);
    const events = provenEvents(line, log, manifest, troubles);
    if (!isSameValue(events, line.events)) troubles.add(where, 'what happened to it is not what the log says');
    const judgement = judgeGrant(by, facts, events);
    if (!isSameValue(judgement.uses, line.uses))
      troubles.add(
        where,
        'when it could be used, or what permitted it, does not follow from the log and the directives',
      );
    findings.push(...judgement.findings, ...judgeBasis(facts, decisions.get(line.id) ?? []));
  }
  for (const id of log.grants.keys()) {
    if (!listed.has(id) && isActiveIn(by.period, log.eventsOf(id)))
      troubles.add('grants.jsonl', `grant ${id} was active in the period by the log, and is not listed`);
  }
  return findings;
}

/** What the log says, and of what was dropped from it, what the portal has kept. */
function provenEvents(
  { id, events }: GrantLine,
  log: ReadLog,
  { log: { after, dropped } }: Manifest,
  troubles: Troubles,
): readonly GrantEventLine[] {
  const earlier = dropped ? events.filter(({ sequence }) => sequence <= after.sequence) : [];
  for (const _event of earlier) troubles.unproved('events of grants whose records were dropped');
  return [...earlier, ...log.eventsOf(id)];
}

/** Was each approval given by those who are named, on what is named? Answers them by the ids of their grants. */
export async function checkDecisions(checking: Checking) {
  const { archive, troubles } = checking;
  const documents = await checkDocuments(checking);
  const ofGrants = new Map<string, DecisionLine[]>();
  const findings: FindingLine[] = [];
  for await (const { line, place } of linesIn<DecisionLine>(archive, 'decisions.jsonl', troubles)) {
    const trouble = (sentence: string) => troubles.add(`${place}: decision on ${line.applicationReference}`, sentence);
    ofGrants.set(line.grantId, [...(ofGrants.get(line.grantId) ?? []), line]);
    findings.push(...judgeDecision(line));
    checkSigners(line, checking, trouble);
    for (const id of [...line.documents, ...(line.letterDocumentId ? [line.letterDocumentId] : [])])
      if (!documents.has(id)) trouble(`its document ${id} is not in documents.jsonl`);
  }
  return { ofGrants, findings };
}

function checkSigners(line: DecisionLine, checking: Checking, trouble: (sentence: string) => void): void {
  const { log, manifest, troubles } = checking;
  const of = (event: string) => log.decisions.get(line.id)?.find((record) => record.event === event);
  /** Was something done by whom it names, and when? What was dropped shows nothing. */
  const agree = (what: string, record: StoredRecord | undefined, by: Person, at: string) => {
    if (record ? record.actorId === by.id && record.at === at : isGone(at, manifest)) {
      if (!record) troubles.unproved('acts of approvals whose records were dropped');
    } else trouble(`${what}, or when, is not what the log says`);
  };
  agree('who proposed it', of('application.decision_proposed'), line.proposedBy, line.proposedAt);
  const [first, last] = [of('application.decision_countersigned'), of('application.approved')];
  line.countersignatures.forEach(({ by, at }, place) => {
    const isLast = place === line.countersignatures.length - 1;
    agree('who countersigned it', isLast ? last : first, by, at);
  });
  if (last && !isSameValue(payloadOf(last).conditions, line.conditions))
    trouble('its conditions are not what the log says');
  for (const { id, by, at } of line.recommendations)
    agree(`who gave recommendation ${id}`, log.recommendations.get(id)?.[0], by, at);
  for (const { sha256, label, acceptedBy, acceptedAt } of line.terms) {
    const accepted = log.terms.get(line.applicationId)?.filter((record) => payloadOf(record).sha256 === sha256);
    agree(`who accepted the terms “${label}” in this wording`, accepted?.[0], acceptedBy, acceptedAt);
  }
}

function isGone(at: string, { log: { dropped } }: Manifest): boolean {
  return dropped !== null && at <= dropped.lastAt;
}

/** Is each document that of which the log holds the hash? */
async function checkDocuments({ archive, manifest, log, troubles }: Checking): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { line, place } of linesIn<DocumentLine>(archive, 'documents.jsonl', troubles)) {
    ids.add(line.id);
    const hashes = (log.documents.get(line.id) ?? [])
      .map(payloadOf)
      .map(({ sha256, letterSha256 }) => sha256 ?? letterSha256);
    if (hashes.length === 0 && manifest.log.dropped) troubles.unproved('documents whose records may have been dropped');
    else if (!hashes.includes(line.sha256))
      troubles.add(`${place}: “${line.fileName}”`, 'its SHA-256 is not what the log says');
  }
  return ids;
}
