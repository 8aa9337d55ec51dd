import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { recordDecisionLetter } from '../../src/decision-letters/decision-letter.commands.js';
import { letterQueue } from '../../src/decision-letters/decision-letter.jobs.js';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { codesOf, eventually, listAt, look, refusal, Story } from '../journeys/story.js';
import { bySystem } from '../support/portal.js';
import { templateInput } from './letter-template.js';
import { readPdf } from './reading-pdf.js';

const letterFields = `id kind templateVersion decisionId writtenAt
  document { id requirementKey fileName mediaType sha256 size status downloadUrl }`;

/** The letters of an application, once there are so many. */
function lettersOf(client: PortalClient, applicationId: string, many = 1) {
  return eventually(async () => {
    const letters = listAt(await look(client, applicationId, `decisionLetters { ${letterFields} }`), 'decisionLetters');
    expect(letters).toHaveLength(many);
    return letters;
  });
}

async function bytesOf(letter: unknown): Promise<Buffer> {
  const answer = await fetch(textAt(letter, 'document', 'downloadUrl'));
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  return Buffer.from(await answer.arrayBuffer());
}

const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('letters of decisions', () => {
  let story: Story;

  beforeAll(async () => {
    story = await Story.open();
  });
  afterAll(() => story.close());

  /** How many letters wait to be tried again. */
  async function triedAgain(): Promise<number> {
    const found = await sql<{ count: number }>`select count(*)::int as count from pgboss.job
      where name = ${letterQueue} and state = 'retry'`.execute(story.desk.database.kysely());
    return found.rows[0]?.count ?? 0;
  }

  const ruling = {
    outcome: 'APPROVE_WITH_CONDITIONS',
    conditions: ['Own systems only.', 'Tell of misuse within a day.'],
  } as const;

  it('are written when a decision is final, and can be read by the partner, who hears the hash from the log', async () => {
    const partner = await story.partner('Lena Letter', 'Ηλεκτρική Letter');
    const applicationId = await story.atDecision(partner);
    const decisionId = await story.propose(applicationId, ruling);
    expect(await look(partner.owner, applicationId, 'decisionLetters { id }')).toEqual({ decisionLetters: [] });
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });

    const [letter] = await lettersOf(partner.owner, applicationId);
    expect(letter).toMatchObject({
      kind: 'APPROVAL_WITH_CONDITIONS',
      templateVersion: 'built-in/1',
      decisionId,
      document: { requirementKey: 'decision-letter', mediaType: 'application/pdf', status: 'AVAILABLE' },
    });
    const bytes = await bytesOf(letter);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(sha256).toBe(textAt(letter, 'document', 'sha256'));
    expect(bytes.byteLength).toBe(valueAt(letter, 'document', 'size'));
    const seen = await look(partner.owner, applicationId, 'reference grant { reference }');
    const { text } = await readPdf(bytes);
    for (const said of [
      textAt(seen, 'reference'),
      textAt(seen, 'grant', 'reference'),
      'Ηλεκτρική Letter',
      '1. Own systems only. 2. Tell of misuse within a day.',
      'built-in/1',
    ]) {
      expect(onOneLine(text)).toContain(said);
    }

    const log = await (await story.staff('AUDITOR')).ask(
      `query ($id: ID!) { auditLog(first: 10, filter: { applicationId: $id, event: "document.letter_written" }) {
        nodes { command actorKind payload } } }`,
      { id: applicationId },
    );
    expect(listAt(log, 'auditLog', 'nodes')).toEqual([
      expect.objectContaining({
        command: 'decisionLetter.record',
        payload: expect.objectContaining({ sha256, template: 'built-in/1', decisionId }),
      }),
    ]);
  });

  it('are for their partner and for staff, and for nobody else', async () => {
    const partner = await story.partner('Pia Private', 'Private Works');
    const other = await story.partner('Otto Other', 'Other Works');
    const applicationId = await story.decided(partner, refusal);
    const [letter] = await lettersOf(partner.owner, applicationId);
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    for (const id of [textAt(letter, 'id'), textAt(letter, 'document', 'id')]) {
      expect(await other.owner.ask(node, { id })).toEqual({ node: null });
      expect(await partner.owner.ask(node, { id })).toEqual({ node: { id } });
      expect(await (await story.staff('REVIEWER')).ask(node, { id })).toEqual({ node: { id } });
    }
  });

  it('cannot be taken out of the application', async () => {
    const partner = await story.partner('Rita Remove', 'Remove Works');
    const applicationId = await story.decided(partner, refusal);
    const [letter] = await lettersOf(partner.owner, applicationId);
    const documentId = textAt(letter, 'document', 'id');
    expect(await codesOf(partner.owner, 'removeDocument', { documentId })).toEqual(['NOT_ALLOWED_NOW']);
    // Nor where documents can be removed.
    await sql`update application set status = 'RETURNED' where id = ${decodeId('application', applicationId)}`.execute(
      story.desk.database.kysely(),
    );
    expect(await codesOf(partner.owner, 'removeDocument', { documentId })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('tell of a refusal when to appeal until, and of a refused appeal that it is final', async () => {
    const partner = await story.partner('Anna Appeal', 'Appeal Works');
    const applicationId = await story.decided(partner, refusal);
    const [first] = await lettersOf(partner.owner, applicationId);
    expect(first).toMatchObject({ kind: 'REFUSAL' });
    const { text } = await readPdf(await bytesOf(first));
    expect(onOneLine(text)).toContain('1. The end use is not described well enough.');
    expect(onOneLine(text)).toMatch(/You may appeal .* until \w+ \d+, \d{4} at \d\d:\d\d UTC/);

    await partner.owner.must('appealDecision', { applicationId, grounds: 'It is described.' });
    const third = await story.staff('DECIDER', 3);
    await third.must('proposeDecision', { applicationId, ...refusal });
    const decisions = listAt(await look(third, applicationId, 'decisions { id status }'), 'decisions');
    const decisionId = textAt(decisions.at(-1), 'id');
    await (await story.staff('DECIDER', 4)).must('countersignDecision', { applicationId, decisionId });
    const [, second] = await lettersOf(partner.owner, applicationId, 2);
    expect(second).toMatchObject({ kind: 'FINAL_REFUSAL', decisionId });
    expect((await readPdf(await bytesOf(second))).text).toContain('This decision is final.');
  });

  it('are one for each decision, however often and in how many places at once they are written', async () => {
    const partner = await story.partner('Tess Twice', 'Twice Works');
    const applicationId = await story.decided(partner, { outcome: 'APPROVE' });
    const [letter] = await lettersOf(partner.owner, applicationId);
    const decisionId = decodeId('decision', textAt(letter, 'decisionId'));
    const { database, jobs, doorway } = story.desk.portal;
    await inTransaction(database, (em) => jobs.enqueue(em, letterQueue, [{ decisionId }, { decisionId }, {}]));
    const again = {
      decisionId,
      kind: 'APPROVAL',
      templateId: null,
      templateVersion: 'another',
      file: {
        applicationId: decodeId('application', applicationId),
        organizationId: decodeId('organization', partner.organizationId),
        fileName: 'another.pdf',
        size: 1,
        sha256: 'a'.repeat(64),
        storageKey: 'b'.repeat(64),
      },
    } as const;
    const recorded = await doorway.execute(recordDecisionLetter, again, bySystem);
    expect(recorded.letterId).toBe(decodeId('letter', textAt(letter, 'id')));
    expect(await codesOf(partner.owner, 'removeDocument', { documentId: textAt(letter, 'document', 'id') })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    const next = await story.decided(await story.partner('Nora Next', 'Next Works'), refusal);
    await lettersOf(await story.staff('REVIEWER'), next);
    const [same] = await lettersOf(partner.owner, applicationId);
    expect(same).toMatchObject({
      templateVersion: 'built-in/1',
      document: { sha256: textAt(letter, 'document', 'sha256') },
    });
  });

  it('are written from the version of the template that was in force when the decision was taken', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    const german = {
      ...templateInput,
      language: 'de',
      letterhead: 'Zugangsstelle',
      approval: {
        outcome: 'Genehmigt',
        subject: 'Antrag {{reference}}',
        paragraphs: ['Genehmigt für {{ organization }}.'],
      },
    };
    const published = await manager.must(
      'publishLetterTemplate',
      { programId: story.programId, template: german },
      'letterTemplate { id number program { id } content { language approval { outcome } labels { date } } publishedBy { name } }',
    );
    expect(valueAt(published, 'letterTemplate')).toMatchObject({
      number: 1,
      program: { id: story.programId },
      content: { language: 'de', approval: { outcome: 'Genehmigt' }, labels: { date: 'Date of the decision' } },
    });
    const partner = await story.partner('Gerd German', 'Wasserwerk Köln');
    const applicationId = await story.decided(partner, { outcome: 'APPROVE' });
    const [letter] = await lettersOf(partner.owner, applicationId);
    expect(letter).toMatchObject({ templateVersion: 'trusted-defenders/1' });
    const { text, language } = await readPdf(await bytesOf(letter));
    expect(language).toBe('de');
    expect(text).toContain('Genehmigt für Wasserwerk Köln.');

    const all = await manager.ask('{ letterTemplates(first: 5) { nodes { number program { code } } } }');
    expect(listAt(all, 'letterTemplates', 'nodes')).toEqual([{ number: 1, program: { code: 'trusted-defenders' } }]);
    expect(await partner.owner.ask('{ letterTemplates { nodes { id } } }')).toEqual({ letterTemplates: null });
  });

  it('have templates that are refused with everything that is wrong, and where', async () => {
    const manager = await story.staff('PROGRAM_MANAGER');
    const template = {
      ...templateInput,
      language: 'not a language',
      letterhead: ' ',
      approval: { outcome: 'Yes', subject: '{{conditions}}', paragraphs: ['{{grant', 'For {{organisation}}'] },
      approvalWithConditions: { outcome: 'Yes', subject: 'Yes', paragraphs: ['Under {{conditions}}, yes.'] },
      refusal: { outcome: 'No', subject: 'No', paragraphs: ['{{reasons}}'] },
      finalRefusal: { outcome: 'No', subject: 'No', paragraphs: [] },
    };
    const { errors } = await manager.command('publishLetterTemplate', { template });
    expect(errors.map(({ code, path }) => `${code} ${path.join('.')}`).sort()).toEqual([
      'INVALID template.approval.paragraphs.0',
      'INVALID template.approval.paragraphs.1',
      'INVALID template.approval.subject',
      'INVALID template.approvalWithConditions.paragraphs.0',
      'INVALID template.language',
      'LIMIT_REACHED template.finalRefusal.paragraphs',
      'REQUIRED template.letterhead',
      'REQUIRED template.refusal.paragraphs',
    ]);
    expect(errors.find(({ path }) => path.at(-1) === '1')?.message).toContain('{{organisation}}');
    const dry = await manager.must(
      'publishLetterTemplate',
      { template: templateInput, dryRun: true },
      'letterTemplate { id }',
    );
    expect(valueAt(dry, 'letterTemplate')).toBeNull();
  });

  it('can be tried out by program managers before a text is published', async () => {
    const preview = `query ($programId: ID!, $template: LetterTemplateInput) {
      previewDecisionLetter(programId: $programId, kind: REFUSAL, template: $template) { templateVersion size pdf } }`;
    const manager = await story.staff('PROGRAM_MANAGER');
    const given = { programId: story.programId, template: { ...templateInput, letterhead: 'A new name' } };
    const found = await manager.ask(preview, given);
    const { text } = await readPdf(Buffer.from(textAt(found, 'previewDecisionLetter', 'pdf'), 'base64'));
    expect(text).toContain('A new name');
    expect(text).toContain('The first reason.');
    expect(valueAt(found, 'previewDecisionLetter', 'templateVersion')).toBe('preview');
    const { errors } = await (await story.staff('REVIEWER')).request(preview, given);
    expect(errors.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
  });

  it('do not hold decisions up when documents cannot be stored, and are written when they can', async () => {
    const partner = await story.partner('Sven Storage', 'Storage Works');
    const applicationId = await story.atDecision(partner);
    const decisionId = await story.propose(applicationId, refusal);
    const folder = join(story.desk.config.dataDir, 'documents', 'incoming');
    await rename(folder, `${folder}-away`);
    await (await story.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
    await eventually(async () => expect(await triedAgain()).toBeGreaterThan(0));
    expect(await look(partner.owner, applicationId, 'status decisionLetters { id }')).toEqual({
      status: 'REFUSED',
      decisionLetters: [],
    });
    await rename(`${folder}-away`, folder);
    await story.run(letterQueue);
    await lettersOf(partner.owner, applicationId);
  });
});
