import { describe, expect, it } from '@jest/globals';
import { defaultTemplate } from '../../src/decision-letters/default-template.js';
import { type DecisionFacts, letterFrom } from '../../src/decision-letters/letter-content.js';
import { letterAsPdf } from '../../src/decision-letters/letter-pdf.js';
import { checkTemplate } from '../../src/decision-letters/template-check.js';
import { readPdf } from './reading-pdf.js';

const decision: DecisionFacts = {
  kind: 'APPROVAL_WITH_CONDITIONS',
  reference: 'A-2026-000042',
  amends: null,
  organization: 'Tidewater Utilities',
  program: 'Trusted defenders',
  product: 'Mythos 5',
  decidedAt: new Date('2026-11-24T10:00:00.000Z'),
  conditions: ['Own systems only.'],
  reasons: [],
  appealBefore: null,
  grant: 'G-2026-000007',
  isInPrinciple: false,
  grantEndsAt: new Date('2027-11-24T10:00:00.000Z'),
  templateVersion: 'built-in/1',
};

const set = (changes: Partial<DecisionFacts> = {}, template = defaultTemplate) =>
  letterAsPdf(letterFrom(template, { ...decision, ...changes }));
const read = async (changes: Partial<DecisionFacts> = {}, template = defaultTemplate) =>
  readPdf(await set(changes, template));
const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

describe('a decision letter as PDF', () => {
  it('of an approval in principle says that access begins later and no date on which it ends, in the words of its template', async () => {
    const english = onOneLine((await read({ isInPrinciple: true })).text);
    expect(english).toContain('when the release of Mythos 5 permits it to Tidewater Utilities');
    expect(english).not.toContain('2027');
    const labels = {
      ...defaultTemplate.labels,
      inPrinciple: 'Der Zugang zu {{product}} beginnt später.',
      laterEnd: 'zu dessen Ende',
    };
    const german = onOneLine((await read({ isInPrinciple: true }, { ...defaultTemplate, labels })).text);
    expect(german).toContain('Der Zugang zu Mythos 5 beginnt später.');
    expect(german).toContain('which holds until zu dessen Ende');
    expect(checkTemplate({ ...defaultTemplate, labels })).toEqual([]);
    const unknown = { ...defaultTemplate, labels: { ...labels, inPrinciple: '{{reasons}}' } };
    expect(checkTemplate(unknown)).toMatchObject([{ code: 'INVALID', path: ['labels', 'inPrinciple'] }]);
  });

  it('says what was decided on what, for whom, when, and by which template, in text that can be selected', async () => {
    const { text, pages, title, language, creationDate } = await read();
    expect(pages).toHaveLength(1);
    for (const said of [
      'A-2026-000042',
      'Tidewater Utilities',
      'Trusted defenders',
      'Mythos 5',
      'November 24, 2026',
      'Approved with conditions',
      '1.',
      'Own systems only.',
      'G-2026-000007',
      'November 24, 2027',
      'the access desk',
      'built-in/1',
      'Page 1 / 1',
    ]) {
      expect(onOneLine(text)).toContain(said);
    }
    expect(text).not.toMatch(/[{}□]/);
    expect(title).toBe('Your application A-2026-000042 is approved with conditions');
    expect(language).toBe('en');
    expect(creationDate).toBe('D:20261124100000Z');
  });

  it('has the same bytes whenever it is made, and others when it says something else', async () => {
    const one = await set();
    // What was written in between makes no difference, though its letters are made of others' shapes.
    const other = await set({ conditions: ['Водоканал ΑΒΕΖ'] });
    const again = await set();
    expect(one.equals(again)).toBe(true);
    expect(one.equals(other)).toBe(false);
  });

  it('tells of a refusal why, and until when to appeal; of a final one that it is', async () => {
    const refused = {
      kind: 'REFUSAL',
      conditions: [],
      reasons: ['The end use is out of scope.', 'The statement is not signed.'],
      grant: null,
      isInPrinciple: false,
      grantEndsAt: null,
      appealBefore: new Date('2026-12-22T10:05:00.000Z'),
    } as const;
    const appealable = onOneLine((await read(refused)).text);
    expect(appealable).toContain('1. The end use is out of scope. 2. The statement is not signed.');
    expect(appealable).toContain('until December 22, 2026 at 10:05 UTC');
    expect(appealable).not.toContain('Grant');
    const final = onOneLine((await read({ ...refused, kind: 'FINAL_REFUSAL', appealBefore: null })).text);
    expect(final).toContain('This decision is final.');
    expect(final).not.toContain('appeal against');
  });

  it('wraps and paginates fifty long conditions, every word of them, and numbers the pages', async () => {
    const conditions = Array.from(
      { length: 50 },
      (_none, number) => `Condition ${number} ${'of considerable length '.repeat(42)}end${number}`,
    );
    const { pages, text } = await read({ conditions });
    expect(pages.length).toBeGreaterThan(5);
    for (const [number, page] of pages.entries()) {
      expect(onOneLine(page)).toContain(`A-2026-000042 · Page ${number + 1} / ${pages.length}`);
    }
    const words = onOneLine(pages.map((page) => page.replaceAll(/A-2026-000042 · Page.*/g, '')).join(' '));
    for (const condition of conditions) expect(words).toContain(condition);
    expect(text).not.toContain('□');
  });

  it('shows names in Latin, Greek, Cyrillic, Armenian and Georgian letters, whichever way accents are encoded', async () => {
    const names = ['Łódź Żółw Ağ Ørsted ẞ', 'Ηλεκτρική Εταιρεία', 'Водоканал Їжак', 'Ջուր', 'წყალი', 'Ville de Québec'];
    const { text } = await read({ conditions: names.map((name) => name.normalize('NFD')) });
    for (const name of names) expect(text.normalize('NFC')).toContain(name);
    expect(text).not.toContain('□');
  });

  it('replaces what it cannot show where everybody sees it, and says so', async () => {
    const { text } = await read({ organization: '東京 Water', conditions: ['A\u0000B\u001bC\u202eD\u2066E', 'שלום'] });
    expect(text).toContain('□□ Water');
    expect(text).toContain('A□B□C□D□E');
    expect(text).toContain('□□□□');
    expect(text).toContain('□ stands for a character that this letter cannot show.');
    for (const hidden of '\u202e\u2066\u0000\u001b') expect(text).not.toContain(hidden);
  });

  it('breaks words that are longer than a line, and loses nothing of them', async () => {
    const word = Array.from({ length: 1000 }, (_none, position) => 'abcdefghij'[position % 10]).join('');
    const { text } = await read({ organization: word.slice(0, 200), conditions: [word], reference: 'A-1' });
    expect(text.replaceAll(/\s/g, '')).toContain(word);
  });

  it('can be searched for words whose letters are joined where they are shown', async () => {
    const { text } = await read({ conditions: ['Confirm the office, and the ﬁle.'] });
    expect(text).toContain('Confirm the office, and the file.');
  });

  it('keeps lines as they were written, and fills in nothing twice', async () => {
    const { text } = await read({ organization: '{{reference}} {{nothing}}', conditions: ['One\r\nTwo\tThree'] });
    expect(text).toContain('{{reference}} {{nothing}}');
    expect(text).toMatch(/One\s*\n\s*Two Three/);
  });

  it('is written in the language of its template', async () => {
    const { language, text } = await read({}, { ...defaultTemplate, language: 'de' });
    expect(language).toBe('de');
    expect(text).toContain('24. November 2026');
  });
});
