import { createRequire } from 'node:module';
import { type Font, openSync } from 'fontkit';

const here = createRequire(import.meta.url);

/** DejaVu Sans, which may be embedded in any document. */
export interface LetterFonts {
  readonly plain: Font;
  readonly bold: Font;
}

let opened: LetterFonts | null = null;

/** Opened with the first letter and kept, because reading their tables takes longer than setting a letter. */
export function letterFonts(): LetterFonts {
  opened ??= { plain: open('DejaVuSans.ttf'), bold: open('DejaVuSans-Bold.ttf') };
  return opened;
}

function open(name: string): Font {
  const font = openSync(here.resolve(`dejavu-fonts-ttf/ttf/${name}`));
  if (!('layout' in font)) throw new Error(`${name} holds more than one font.`);
  // A shape is told to readers as the text for which it was first asked, and one that was first a part of another shape
  // (a Latin B within a Cyrillic В) as none. So each is asked for as what it is, before any letter can.
  for (const codePoint of font.characterSet) {
    if (!ligature.test(String.fromCodePoint(codePoint))) font.glyphForCodePoint(codePoint);
  }
  return font;
}

/** Shapes for which texts ask by the letters that they join, and only so. */
const ligature = /[\ufb00-\ufb06]/;

/** Stands for what cannot be shown. */
export const replacement = '□';

/** Scripts that are written from left to right, letter by letter, as the letters are set. */
const setScripts =
  /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{Script=Georgian}\p{Script=Common}\p{Script=Inherited}]$/u;

/** What has no shape of its own, or turns the direction of what follows. */
const unfit = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/u;

let shapes: ReadonlySet<number> | null = null;

/** The code points for which there is a shape in both fonts. */
function shown(): ReadonlySet<number> {
  if (shapes) return shapes;
  const { plain, bold } = letterFonts();
  const inBold = new Set(bold.characterSet);
  shapes = new Set(plain.characterSet.filter((codePoint) => inBold.has(codePoint)));
  return shapes;
}

/** The text as it can be set: lines stay lines, and what cannot be shown is replaced where everybody sees it. */
export function settable(text: string): string {
  const known = shown();
  let set = '';
  for (const character of plainly(text)) {
    set += character === '\n' || canBeSet(character, known) ? character : replacement;
  }
  return set;
}

function plainly(text: string): string {
  const composed = text.normalize('NFC').replaceAll(/[\ufb00-\ufb06]/g, (joined) => joined.normalize('NFKC'));
  return composed.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ');
}

function canBeSet(character: string, known: ReadonlySet<number>): boolean {
  return setScripts.test(character) && !unfit.test(character) && known.has(character.codePointAt(0) ?? 0);
}
