import { letterAsPdf } from '../decision-letters/letter-pdf.js';
import type { DirectiveLine, FindingLine, Manifest } from './archive-lines.js';

/** How many findings the summary tells one by one; findings.jsonl has all. */
export const toldFindings = 200;

/** What a person reads first: set as letters are. */
export function summaryAsPdf(
  { product, period, madeAt, portal, portalVersion, log, unknownBefore, counts }: Omit<Manifest, 'files'>,
  directives: readonly DirectiveLine[],
  findings: readonly FindingLine[],
): Promise<Buffer> {
  const { after, until, dropped } = log;
  const inForce = directives.filter(({ inForceSince }) => inForceSince !== null);
  return letterAsPdf({
    language: 'en',
    letterhead: portal,
    subject: `Evidence on ${product.name}`,
    reference: `Evidence ${product.code}`,
    at: new Date(madeAt),
    facts: [
      ['Product', `${product.name} (${product.code})`],
      ['Period', `${period.from} up to ${period.to}`],
      ['Made', `${madeAt}, by Sallyport ${portalVersion}`],
      ['Grants', `${counts.grants} that could be used in the period, in ${counts.uses} stretches of time`],
      ['Approvals', String(counts.decisions)],
      ['Directives', `${inForce.length} in force at some time, ${counts.directives} on record`],
      ['Documents', `${counts.documents}: those of approvals, and letters of directives`],
      ['Audit log', `records ${after.sequence + 1} to ${until.sequence}, the last with the hash ${until.hash}`],
      ['Findings', counts.findings === 0 ? 'none' : String(counts.findings)],
    ],
    blocks: [
      'For each grant that could be used in the period, the archive tells from when to when, which directive permitted it, who decided, and on which documents. It can be checked without the portal: unpack it and run “node verify.mjs”.',
      ...unknown(unknownBefore, dropped),
      counts.findings === 0
        ? 'No grant could be used while it was not permitted, by what was known here at each moment.'
        : 'What does not agree:',
      ...(findings.length > 0 ? [findings.map(sentence)] : []),
      ...(counts.findings > findings.length
        ? [`${counts.findings - findings.length} more are in findings.jsonl.`]
        : []),
      ...hindsight(counts.notInHindsight),
      'Directives:',
      directives.length > 0 ? directives.map(line) : 'None is on record that concerns the product.',
    ],
    pageLabel: 'Page',
    unshownNote: 'Signs that could not be shown are marked □.',
  });
}

function unknown(unknownBefore: string | null, dropped: Manifest['log']['dropped']): readonly string[] {
  if (!dropped) return [];
  const gone = `Records up to ${dropped.sequence} of the audit log, the last of ${dropped.lastAt}, were dropped by ${dropped.policy}.`;
  return [
    unknownBefore ? `${gone} Of the period before ${unknownBefore} nothing is known here, and nothing is said.` : gone,
  ];
}

function hindsight(count: number): readonly string[] {
  if (count === 0) return [];
  return [
    `In ${count} ${count === 1 ? 'part' : 'parts'} of those stretches a directive had taken effect that was put in force here only later (“notInHindsight” in grants.jsonl). Nobody could know of it here, so it is no finding.`,
  ];
}

function sentence({ from, to, message }: FindingLine): string {
  const when = from === null ? '' : to === null ? `From ${from}: ` : `From ${from} to ${to}: `;
  return `${when}${message}`;
}

function line({
  authority,
  reference,
  kind,
  effectiveAt,
  inForceSince,
  recordedBy,
  putInForceBy,
  letterSha256,
}: DirectiveLine) {
  const force = inForceSince
    ? `in force here since ${inForceSince}, recorded by ${recordedBy.name}, put in force by ${putInForceBy?.name ?? 'nobody'}`
    : `recorded by ${recordedBy.name}, never in force`;
  return `${authority}, ${reference} (${kind}), effective ${effectiveAt}, ${force}. SHA-256 of its letter: ${letterSha256 ?? 'not stated'}.`;
}
