import { createHash } from 'node:crypto';
import type { StoredRecord } from '../../audit/audit-chain.js';
import { ordersText } from '../../lifecycle/release-history.js';
import type { DirectiveLine, Manifest, NarrowingLine } from '../archive-lines.js';
import { judgeDirective, type Yardstick, yardstick } from '../judging.js';
import { uuidOf } from '../typed-id.js';
import type { ReadLog } from './check-log.js';
import type { OpenedArchive } from './opened-archive.js';
import { isSameValue, linesIn, type Troubles } from './troubles.js';

/** How much later than its cause a narrowing may be: the clocks of two processes may differ by as much. */
const tolerance = 60_000;

export interface CheckedRelease {
  readonly by: Yardstick;
  readonly findings: ReturnType<typeof judgeDirective>;
}

/** Are the directives those that the log tells of, and did each narrowing come of one? */
export async function checkRelease(
  archive: OpenedArchive,
  manifest: Manifest,
  log: ReadLog,
  troubles: Troubles,
): Promise<CheckedRelease> {
  const directives: DirectiveLine[] = [];
  for await (const { line, place } of linesIn<DirectiveLine>(archive, 'directives.jsonl', troubles)) {
    checkDirective(line, log, manifest, (sentence) =>
      troubles.add(`${place}: directive ${line.authority}, ${line.reference}`, sentence),
    );
    directives.push(line);
  }
  for (const [id, records] of log.directives) {
    if (!directives.some((one) => one.id === id))
      troubles.add('directives.jsonl', `the directive of record ${records[0]?.sequence} of the log is missing`);
  }
  const withMatches = log.release.withMatches(directives);
  const narrowings = await checkNarrowings(archive, withMatches, log, troubles);
  const { period, madeAt } = manifest;
  const by = yardstick(log.release.historyOf(manifest.product.code, withMatches), narrowings, {
    from: Date.parse(period.from),
    to: Date.parse(period.to),
    until: Date.parse(madeAt),
    unknownBefore: manifest.log.dropped && Date.parse(manifest.log.dropped.lastAt),
  });
  return { by, findings: directives.flatMap(judgeDirective) };
}

function checkDirective(
  line: DirectiveLine,
  log: ReadLog,
  { log: { dropped } }: Manifest,
  trouble: (sentence: string) => void,
): void {
  const records = log.directives.get(line.id) ?? [];
  const of = (event: string) => records.find((record) => record.event === event);
  const expected = (event: string, moment: string) => {
    const record = of(event);
    if (!record && !(dropped && moment <= dropped.lastAt)) trouble(`the log has no record ${event} of it`);
    return record;
  };
  const recorded = expected('directive.recorded', line.recordedAt);
  const letter = records.findLast(({ event }) => event === 'directive.letter_added');
  const hash = recorded && payloadOf(letter ?? recorded).letterSha256;
  if (recorded && (recorded.actorId !== line.recordedBy.id || hash !== line.letterSha256))
    trouble('who recorded it, or the hash of its letter, is not what the log says');
  if (recorded && line.letterDocumentId !== (letter ? uuidOf(String(payloadOf(letter).letterId)) : null))
    trouble('its letter is not the file that the log says');
  if (line.inForceSince === null) {
    if (of('directive.in_force')) trouble('the log says that it was put in force');
    return;
  }
  const inForce = expected('directive.in_force', line.inForceSince);
  if (inForce && (inForce.at !== line.inForceSince || inForce.actorId !== line.putInForceBy?.id))
    trouble(`who put it in force, or when, is not what the log says (${inForce.at})`);
  if (inForce && payloadOf(inForce).ordersSha256 !== sha256(ordersText(line)))
    trouble('what it orders is not what was put in force: its times, terms or printed names were changed');
  const ratified = line.ratifiedAt === null ? undefined : expected('directive.ratified', line.ratifiedAt);
  if (ratified && ratified.actorId !== line.ratifiedBy?.id) trouble('who ratified it is not what the log says');
  const [logged] = log.release.withMatches([line]);
  if (!isSameValue(logged?.entries, line.entries)) trouble('whose its names are is not what the log says');
}

async function checkNarrowings(
  archive: OpenedArchive,
  directives: readonly DirectiveLine[],
  log: ReadLog,
  troubles: Troubles,
): Promise<readonly NarrowingLine[]> {
  const ofDirectives = directives.flatMap(({ effectiveAt, expiresAt, inForceSince, entries }) => [
    ...[effectiveAt, expiresAt, inForceSince].flatMap((text) => (text === null ? [] : [Date.parse(text)])),
    ...entries.flatMap(({ matches }) => matches.map(({ at }) => at)),
  ]);
  const causes = [...ofDirectives, ...log.release.statements.map(({ at }) => at)];
  const narrowings: NarrowingLine[] = [];
  for await (const { line, place } of linesIn<NarrowingLine>(archive, 'narrowings.jsonl', troubles)) {
    const at = Date.parse(line.fromAt);
    if (!causes.some((cause) => cause <= at && at - cause <= tolerance))
      troubles.add(place, `nothing that was ordered or stated shut grants from ${line.fromAt} on`);
    narrowings.push(line);
  }
  return narrowings;
}

export function payloadOf({ payload }: StoredRecord): Readonly<Record<string, unknown>> {
  return JSON.parse(payload);
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
