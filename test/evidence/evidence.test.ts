import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { sql } from 'kysely';
import { checkpointKey, checkpointPublicKey } from '../../src/audit/checkpoint.js';
import { decodeId } from '../../src/platform/ids.js';
import { build } from '../cli/installation.js';
import { readPdf } from '../letters/reading-pdf.js';
import { EvidenceDesk, type Line, Orders, type Unpacked, verified } from './evidence-desk.js';

/** Every command is a process of its own, and several to a test on a busy machine take their time. */
jest.setTimeout(180_000);

describe('evidence', () => {
  let desk: EvidenceDesk;
  let archive: Unpacked;
  let made: string;
  let restored: string;
  let left: string;

  beforeAll(async () => {
    await build();
    desk = await EvidenceDesk.open();
    const { story } = desk;
    const machine = await story.provisioner();
    const orders = await Orders.of(story);
    const partner = await story.partner('Tilda Tide', 'Tidewater Utilities');
    const other = await story.partner('Hugo Hill', 'Hillside Power');
    restored = await story.granted(partner);
    left = await story.granted(other);
    for (const grantId of [restored, left]) await machine.must('acknowledgeProvisioning', { grantId });
    // Of another product, and nothing that this evidence may tell.
    await story.desk.program({ code: 'fable', productCode: 'fable-5', productName: 'Fable 5' });
    await orders.emergencyHalt();
    for (const grantId of [restored, left]) await orders.suspended(grantId);
    await orders.authorize(partner.organizationId, 'Tidewater Utilities LLC');
    await orders.reinstate(restored);
    await desk.stop();
    const outcome = await desk.evidence('evidence.tar');
    expect(outcome).toMatchObject({ code: 0, complaints: '' });
    made = outcome.output;
    archive = await desk.unpack('evidence.tar');
  });
  afterAll(() => desk.close());

  const usesOf = (grantId: string) => {
    const line = archive.lines('grants.jsonl').find(({ id }) => id === decodeId('grant', grantId));
    return line?.uses as readonly Record<string, { readonly cause: string }>[];
  };

  it('tells when each grant could be used, and by whose order from the moment a halt was in force', () => {
    expect(made).toContain('2 grants, 2 approvals, 2 directives');
    const halt = archive.lines('directives.jsonl').find(({ kind }) => kind === 'HALT');
    const [first, second] = usesOf(restored);
    expect(first).toMatchObject({
      begins: { cause: 'grant.activated' },
      ends: { cause: 'RELEASE' },
      to: halt?.inForceSince,
    });
    expect(second).toMatchObject({ begins: { cause: 'grant.reinstated' }, ends: null, to: null });
    expect(usesOf(left)).toHaveLength(1);
    const authorize = archive.lines('directives.jsonl').find(({ kind }) => kind === 'AUTHORIZE');
    expect(second?.permitted).toMatchObject([
      { status: 'LIMITED', permittedBy: [authorize?.id], conditions: ['Own assets only.'], objections: [] },
    ]);
    expect(first?.permitted).toMatchObject([{ status: 'LIMITED', permittedBy: [], objections: [] }]);
  });

  it('tells who decided, in whose agreement, and on which documents, terms and recommendations', () => {
    const [decision] = archive.lines('decisions.jsonl');
    expect(decision).toMatchObject({
      kind: 'NEW',
      outcome: 'APPROVE',
      countersignaturesNeeded: 1,
      quorum: [{ role: 'REVIEWER', needed: 2, given: 2 }],
      recommendations: [{ kind: 'APPROVE' }, { kind: 'APPROVE' }],
      terms: [{ sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    expect(decision?.countersignatures).toHaveLength(1);
    const documents = archive
      .lines('documents.jsonl')
      .filter(({ applicationId }) => applicationId === decision?.applicationId);
    expect(documents.map(({ basis }) => basis).sort()).toEqual(expect.arrayContaining(['REVISION']));
    expect(decision?.documents).toEqual(documents.filter(({ basis }) => basis === 'REVISION').map(({ id }) => id));
  });

  it('names the letter of a directive with its hash, where it is here', () => {
    const directive = archive.lines('directives.jsonl').find(({ kind }) => kind === 'AUTHORIZE');
    const letter = archive.lines('documents.jsonl').find(({ id }) => id === directive?.letterDocumentId);
    expect(letter).toMatchObject({
      basis: 'DIRECTIVE',
      fileName: 'letter.txt',
      size: 28,
      sha256: directive?.letterSha256,
    });
  });

  it('says nothing of what does not concern the product, and shows the place of it in the log all the same', () => {
    const lines = archive.lines('audit.jsonl');
    const hidden = lines.filter((line) => !('payload' in line));
    expect(hidden.length).toBeGreaterThan(10);
    for (const line of hidden) expect(Object.keys(line)).toEqual(['sequence', 'content']);
    for (const name of ['audit.jsonl', 'grants.jsonl', 'directives.jsonl', 'manifest.json'])
      expect(archive.bytes(name).toString('utf8')).not.toMatch(/fable/i);
    expect(lines.map(({ sequence }) => sequence)).toEqual(
      lines.map((_line, place) => Number(lines[0]?.sequence) + place),
    );
  });

  it('has a summary for people, with its directives and what was found', async () => {
    const { text, title } = await readPdf(archive.bytes('summary.pdf'));
    expect(title).toBe('Evidence on Mythos 5');
    expect(text).toContain('2 that could be used in the period');
    expect(text).toContain('Bureau of Technology Security, BTS-2026-1 (HALT)');
    expect(text.replaceAll('\n', ' ')).toContain('No grant could be used while it was not permitted');
  });

  it('verifies with plain Node.js, packed and unpacked, with the key and the checkpoints that somebody has kept', async () => {
    const key = join(desk.folder, 'key.pem');
    const checkpoints = join(desk.folder, 'checkpoints.jsonl');
    writeFileSync(key, checkpointPublicKey(checkpointKey(desk.story.desk.config.secretKey)));
    const { log } = JSON.parse(archive.bytes('manifest.json').toString('utf8'));
    writeFileSync(checkpoints, `${JSON.stringify(log.checkpoint)}\n`);
    const plain = await archive.verify();
    expect(plain).toMatchObject({ code: 0, output: expect.stringContaining('All of it holds.') });
    const script = join(archive.folder, 'verify.mjs');
    const packed = join(desk.folder, 'evidence.tar');
    expect(await verified([script, packed, '--key', key, '--checkpoints', checkpoints])).toEqual(plain);
    const otherHash = readFileSync(checkpoints, 'utf8').replace(/"hash":"...../, '"hash":"00000');
    writeFileSync(checkpoints, otherHash);
    const forged = await verified([script, packed, '--checkpoints', checkpoints]);
    expect(forged).toMatchObject({
      code: 1,
      output: expect.stringContaining('than the checkpoint that was kept says'),
    });
  });

  const first = (lines: Line[]) => lines[0] ?? {};
  const whole = (lines: Line[], event: string) => lines.find((line) => line.event === event) ?? {};

  it.each([
    [
      'one character of a record',
      'audit.jsonl',
      (lines: Line[]) => {
        const record = whole(lines, 'grant.activated');
        record.payload = String(record.payload).replace('ACTIVE', 'ACTIVF');
        return lines;
      },
      /audit\.jsonl, line \d+: record \d+: its content has the hash/,
    ],
    [
      'the place of a record that is not shown',
      'audit.jsonl',
      (lines: Line[]) => {
        const hidden = lines.find((line) => 'content' in line) ?? {};
        hidden.content = String(hidden.content).replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
        return lines;
      },
      /audit\.jsonl, line \d+: record \d+: the record before it has the hash/,
    ],
    [
      'a record that was removed',
      'audit.jsonl',
      (lines: Line[]) => lines.filter((line) => line.event !== 'grant.suspended'),
      /audit\.jsonl, line \d+: record \d+(: it)? is missing/,
    ],
    [
      'the end of the log',
      'audit.jsonl',
      (lines: Line[]) => lines.slice(0, -2),
      /audit\.jsonl: it ends at record \d+, and the log ended at/,
    ],
    [
      'a stretch of use',
      'grants.jsonl',
      (lines: Line[]) => {
        const [use] = first(lines).uses as Line[];
        if (use) use.from = '2026-01-01T00:00:00.000Z';
        return lines;
      },
      /grants\.jsonl, line 1: grant G-\d+-\d+: when it could be used/,
    ],
    [
      'a grant that is not told of',
      'grants.jsonl',
      (lines: Line[]) => lines.slice(1),
      /grants\.jsonl: grant .* was active in the period by the log, and is not listed/,
    ],
    [
      'what a directive permits',
      'directives.jsonl',
      (lines: Line[]) => {
        const authorize = lines.find(({ kind }) => kind === 'AUTHORIZE') ?? {};
        authorize.terms = { ...(authorize.terms as Line), conditions: [] };
        return lines;
      },
      /directives\.jsonl, line 2: directive .*: what it orders is not what was put in force/,
    ],
    [
      'whose a printed name is',
      'directives.jsonl',
      (lines: Line[]) => {
        for (const { entries } of lines)
          for (const { matches } of entries as { matches: Line[] }[]) for (const match of matches) match.at = 0;
        return lines;
      },
      /directive .*: whose its names are is not what the log says/,
    ],
    [
      'who countersigned',
      'decisions.jsonl',
      (lines: Line[]) => {
        const line = first(lines);
        line.countersignatures = [{ by: line.proposedBy, at: line.finalAt }];
        return lines;
      },
      /who countersigned it, or when, is not what the log says[\s\S]*FINDING {3}FOUR_EYES/,
    ],
    [
      'the hash of a document',
      'documents.jsonl',
      (lines: Line[]) => {
        first(lines).sha256 = 'cd'.repeat(32);
        return lines;
      },
      /documents\.jsonl, line 1: “.*”: its SHA-256 is not what the log says/,
    ],
    [
      'a narrowing that nobody ordered',
      'narrowings.jsonl',
      (lines: Line[]) => [{ fromAt: '2026-01-01T00:00:00.000Z', organizationId: null }, ...lines],
      /narrowings\.jsonl, line 1: nothing that was ordered or stated/,
    ],
  ])('catches and names %s, also when the manifest was made to fit', async (_what, name, change, named) => {
    const { code, output } = await archive.forged(name, change).verify();
    expect(output).toMatch(named);
    expect(output).toContain('manifest.json: it is not what the portal signed');
    expect(code).toBe(1);
  });

  it('names the file of which a byte is another, and a line that is missing', async () => {
    const bytes = archive.bytes('summary.pdf');
    const copy = archive.forged('findings.jsonl', (lines) => lines);
    writeFileSync(join(copy.folder, 'manifest.json'), archive.bytes('manifest.json'));
    writeFileSync(join(copy.folder, 'summary.pdf'), bytes.with(100, (bytes[100] ?? 0) ^ 1));
    const documents = archive.bytes('documents.jsonl').toString('utf8').split('\n').slice(1).join('\n');
    writeFileSync(join(copy.folder, 'documents.jsonl'), documents);
    const { code, output } = await copy.verify();
    expect(output).toMatch(/TAMPERED {2}summary\.pdf: it has the SHA-256/);
    expect(output).toMatch(/TAMPERED {2}documents\.jsonl: it has \d+ lines, and the manifest says \d+/);
    expect(output).not.toContain('manifest.json');
    expect(code).toBe(1);
  });

  it('refuses a product that there is not, and a period that ends before it begins', async () => {
    const out = join(desk.folder, 'x.tar');
    const [nothing, backwards] = [
      await desk.run('evidence', '--product', 'mythos-6', '--from', desk.from, '--out', out),
      await desk.evidence('x.tar', '--to', '2026-01-01'),
    ];
    expect(nothing).toMatchObject({
      code: 1,
      complaints: 'There is no product "mythos-6". The products are: fable-5, mythos-5.\n',
    });
    expect(backwards).toMatchObject({ code: 1, complaints: 'The period must begin before it ends, and before now.\n' });
  });

  it('reports a grant that could be used while it was not permitted, in the archive, by its script and by exit code 1', async () => {
    // As if the halt had not shut anything before each grant was marked.
    await desk.inDatabase((database) => sql`delete from release_narrowing`.execute(database));
    const outcome = await desk.evidence('gap.tar');
    const sentence =
      /NOT_PERMITTED from \S+ to \S+: Grant G-\S+ could be used and was not permitted: The product is halted\. \(Bureau/g;
    expect(outcome.code).toBe(1);
    expect(outcome.complaints.match(sentence)).toHaveLength(2);
    const gap = await desk.unpack('gap.tar');
    const [halt] = gap.lines('directives.jsonl');
    expect(gap.lines('findings.jsonl')).toMatchObject([
      { code: 'NOT_PERMITTED', from: halt?.inForceSince },
      { code: 'NOT_PERMITTED', from: halt?.inForceSince },
    ]);
    expect((await readPdf(gap.bytes('summary.pdf'))).text).toContain('could be used and was not permitted');
    const { code, output } = await gap.verify();
    expect({ code, told: output.match(sentence)?.length }).toEqual({ code: 1, told: 2 });
    expect(output).not.toContain('TAMPERED');
    const hushed = await gap.forged('findings.jsonl', (lines) => lines.slice(1)).verify();
    expect(hushed.output).toMatch(/TAMPERED {2}findings\.jsonl: a finding is not told: .*NOT_PERMITTED/);
  });

  it('says where the audit log does not hold', async () => {
    await desk.inDatabase(async (database) => {
      await sql`alter table audit_record disable trigger user`.execute(database);
      await sql`update audit_record set payload = payload || ' ' where sequence = 5`.execute(database);
    });
    const { code, complaints } = await desk.evidence('broken.tar');
    expect({ code, complaints }).toEqual({
      code: 1,
      complaints: expect.stringContaining('AUDIT_LOG: The audit log does not hold at record 5: '),
    });
    await desk.inDatabase(async (database) => {
      await sql`update audit_record set payload = rtrim(payload) where sequence = 5`.execute(database);
      await sql`alter table audit_record enable trigger user`.execute(database);
    });
  });

  it('says of which time nothing is known, when months of the log were dropped, and guesses nothing', async () => {
    await desk.dropMonths();
    const outcome = await desk.evidence('dropped.tar');
    expect(outcome.complaints).toBe('');
    expect(outcome.output).toMatch(/^Of what was before \S+, the records were dropped, and nothing is said\.$/m);
    const dropped = await desk.unpack('dropped.tar');
    const { unknownBefore } = JSON.parse(dropped.bytes('manifest.json').toString('utf8'));
    expect(dropped.lines('grants.jsonl')).toMatchObject([
      { id: decodeId('grant', restored), uses: [{ permitted: [{ from: unknownBefore }] }] },
    ]);
    const { code, output } = await dropped.verify();
    expect(output).toContain(`Of the period before ${unknownBefore} nothing is said.`);
    expect(output).toMatch(/Not shown: \d+ events of grants whose records were dropped\./);
    expect(code).toBe(0);
  });
});
