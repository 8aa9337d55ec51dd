import type { Font } from 'fontkit';
import PDFDocument from 'pdfkit';
import type { Letter } from './letter-content.js';
import { letterFonts, replacement, settable } from './letter-font.js';

declare global {
  namespace PDFKit.Mixins {
    // What pdfkit takes besides files and bytes, and its types do not say: a font that is open already.
    interface PDFFont {
      registerFont(name: string, font: Font): this;
    }
  }
}

type Page = InstanceType<typeof PDFDocument>;

/** In points, of which 72 are an inch. */
const margin = 64;
const labelWidth = 130;
const size = { small: 8.5, plain: 10.5, subject: 14 };

/**
 * Sets a letter as PDF: text that can be selected and searched, in a font that the file brings along. The same letter
 * gives the same bytes, because the file bears the moment of the decision and no other.
 */
export async function setLetter(letter: Letter): Promise<Buffer> {
  const page = new PDFDocument({
    size: 'A4',
    margin,
    lang: letter.language,
    displayTitle: true,
    pdfVersion: '1.7',
    bufferPages: true,
    // Its own fonts know Latin letters only, and are not embedded.
    font: '',
    info: {
      Title: settable(letter.subject),
      Author: settable(letter.letterhead),
      Creator: 'Sallyport',
      Producer: 'Sallyport',
      CreationDate: letter.at,
    },
  });
  const bytes = collected(page);
  const { plain, bold } = letterFonts();
  page.registerFont('plain', plain).registerFont('bold', bold);
  const isWhole = write(page, letter);
  number(page, letter, isWhole);
  page.end();
  return bytes;
}

/** @returns whether every character could be shown */
function write(page: Page, letter: Letter): boolean {
  let isWhole = true;
  const shown = (text: string) => {
    const set = settable(text);
    // A text may hold the sign itself; then nothing was replaced by it.
    isWhole &&= count(set) === count(text);
    return set;
  };
  page.font('bold').fontSize(size.plain).text(shown(letter.letterhead)).moveDown(1.5);
  for (const [label, value] of letter.facts) fact(page, shown(label), shown(value));
  page.x = margin;
  page.moveDown(1.5).font('bold').fontSize(size.subject).text(shown(letter.subject)).moveDown(0.8);
  page.font('plain').fontSize(size.plain);
  for (const block of letter.blocks) {
    if (typeof block === 'string') page.text(shown(block), { lineGap: 2 });
    else for (const [position, item] of block.entries()) counted(page, position + 1, shown(item));
    page.x = margin;
    page.moveDown(0.7);
  }
  return isWhole;
}

function count(text: string): number {
  return text.split(replacement).length;
}

/** A label, and beside it what it names. */
function fact(page: Page, label: string, value: string): void {
  const width = page.page.width - 2 * margin - labelWidth;
  page.font('bold').fontSize(size.small);
  const labelHeight = page.heightOfString(label, { width: labelWidth - 10 });
  page.font('plain');
  // Both stand on one page.
  const height = Math.max(labelHeight, page.heightOfString(value, { width }));
  if (page.y + height > page.page.maxY()) page.addPage();
  const top = page.y;
  page.font('bold').text(label, margin, top, { width: labelWidth - 10 });
  page.font('plain').text(value, margin + labelWidth, top, { width });
  page.y = Math.max(page.y, top + labelHeight) + 3;
}

function counted(page: Page, number: number, item: string): void {
  const indent = 24;
  if (page.y + page.currentLineHeight() > page.page.maxY()) page.addPage();
  const top = page.y;
  page.text(`${number}.`, margin, top, { width: indent, lineBreak: false });
  page.text(item, margin + indent, top, { width: page.page.width - 2 * margin - indent, lineGap: 2 });
  page.moveDown(0.3);
}

/** Writes the reference and the number on every page, and on the last what could not be shown. */
function number(page: Page, letter: Letter, isWhole: boolean): void {
  const { start, count: pages } = page.bufferedPageRange();
  for (let index = 0; index < pages; index += 1) {
    page.switchToPage(start + index);
    // What stands within the margin would otherwise begin a new page.
    page.page.margins.bottom = 0;
    const line = `${letter.reference} · ${letter.pageLabel} ${index + 1} / ${pages}`;
    const note = isWhole || index + 1 < pages ? '' : `${letter.unshownNote}\n`;
    const width = page.page.width - 2 * margin;
    page.font('plain').fontSize(size.small);
    const text = settable(`${note}${line}`);
    page.text(text, margin, page.page.height - 24 - page.heightOfString(text, { width }), { width });
  }
}

function collected(page: Page): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    page.on('data', (chunk: Buffer) => chunks.push(chunk));
    page.on('end', () => resolve(Buffer.concat(chunks)));
    page.on('error', reject);
  });
}
