import anyAscii from 'any-ascii';
import { isOneEditAway } from '../platform/edit-distance.js';
import { commonWords, legalForms, legalFormsInScript, meanings, shortForms, smallWords, titles } from './name-words.js';
import { soundsOf } from './sound.js';

/** What kind of party a name names. A list does not always say. */
export type PartyKind = 'ORGANIZATION' | 'PERSON' | 'UNKNOWN';

export interface Word {
  /** Lower-case ASCII. */
  readonly text: string;
  /** How it may sound, the likeliest first. */
  readonly sounds: readonly string[];
  /** Was it written in a script that leaves vowels out? */
  readonly vowelless: boolean;
  /** Could it be a Chinese word in Latin letters? */
  readonly syllabic: boolean;
  /** How much it says about who is meant: 1 is a word of one's own, less is a word that many names have. */
  readonly weight: number;
}

/** Words that stand together, as if they were one. */
export interface Run {
  readonly places: readonly number[];
  readonly joined: Word;
}

/** A name as it is compared. */
export interface NormalName {
  readonly words: readonly Word[];
  /** Two or three of its words at a time, because others may write them as one. */
  readonly runs: readonly Run[];
  /** What is looked up: its telling words, or all of them when none is telling. */
  readonly text: string;
  readonly sound: string;
}

const weights = { own: 1, common: 0.25, small: 0.1 } as const;

/** The longest name that is looked at, in words; whatever is longer is a description. */
const mostWords = 24;

type Written = Pick<Word, 'text' | 'vowelless'>;

/**
 * Makes names comparable: one alphabet, one case, short forms written out, and without what is no part of a name, which
 * are legal forms of organizations and titles of people.
 */
export function normalName(name: string, kind: PartyKind): NormalName {
  const key = `${kind} ${name}`;
  const known = remembered.get(key);
  if (known) return known;
  const made = makeComparable(name, kind);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(key, made);
  return made;
}

/** When everybody is screened, the same listed names come up again and again. */
const remembered = new Map<string, NormalName>();
const mostRemembered = 20_000;

function makeComparable(name: string, kind: PartyKind): NormalName {
  let written = wordsOf(name);
  if (kind !== 'PERSON') written = withoutLegalForms(written);
  if (kind !== 'ORGANIZATION') written = withoutTitles(written);
  if (kind === 'ORGANIZATION') written = written.flatMap(withCommonEndApart);
  const words = written.slice(0, mostWords).map((word) => wordOf(word, kind));
  const telling = words.filter(({ weight }) => weight === weights.own);
  const lookedUp = telling.length > 0 ? telling : words;
  const weighted = telling.length > 0 ? words : words.map((word) => ({ ...word, weight: weights.own }));
  return {
    words: weighted,
    runs: runsOf(weighted),
    text: lookedUp.map(({ text }) => text).join(' '),
    sound: lookedUp.map(({ sounds }) => sounds[0] ?? '').join(' '),
  };
}

function wordOf({ text: asWritten, vowelless }: Written, kind: PartyKind): Word {
  const text = shortForms.get(asWritten) ?? asWritten;
  return {
    text,
    sounds: soundsOf(text, { vowelless }),
    vowelless,
    syllabic: pinyin.test(text),
    weight: weightOf(text, kind),
  };
}

function weightOf(text: string, kind: PartyKind): number {
  if (smallWords.has(text)) return weights.small;
  if (kind === 'PERSON') return weights.own;
  if (singleWordForms.has(text)) return weights.small;
  return isCommon(text) ? weights.common : weights.own;
}

/** Common words that are long enough to be known when they are misspelt. */
const longCommonWords = [...commonWords, 'company', 'limited', 'corporation', 'incorporated'].filter(
  (word) => word.length >= 5,
);

/** So long, an end is no chance, and so is what stands before it. */
const longestEnds = longCommonWords.filter((word) => word.length >= 7).sort((one, other) => other.length - one.length);
const shortestBefore = 4;

/** A common word that is written together with the one before: Solanfaxconstruction. */
function withCommonEndApart(word: Written): Written[] {
  const { text } = word;
  if (isCommon(text)) return [word];
  const end = longestEnds.find((common) => text.endsWith(common) && text.length >= common.length + shortestBefore);
  if (end === undefined) return [word];
  return [
    { ...word, text: text.slice(0, -end.length) },
    { ...word, text: end },
  ];
}

/** Syllables of pinyin: which finals go with an initial. */
const pinyinFinals: readonly (readonly [initials: string, finals: string])[] = [
  ['', 'a ai an ang ao e ei en er ou'],
  ['b|p|m', 'a ai an ang ao ei en eng i ian iao ie in ing o u'],
  ['p|m', 'ou'],
  ['m', 'e iu'],
  ['f', 'a an ang ei en eng o ou u'],
  ['d|t|n|l', 'a ai an ang ao e eng i ian iao ie ing ong ou u uan uo'],
  ['d|n|l', 'ei iu'],
  ['d|n', 'en'],
  ['d|t|l', 'un'],
  ['d|t', 'ui'],
  ['d|l', 'ia'],
  ['n|l', 'iang in ue'],
  ['l', 'o'],
  ['g|k|h|zh|sh', 'ei'],
  ['g|k|h|zh|ch', 'ong'],
  ['g|k|h|zh|ch|sh', 'a ai an ang ao e en eng ou u ua uai uan uang ui un uo'],
  ['j|q|x', 'i ia ian iang iao ie in ing iong iu u uan ue un'],
  ['zh|ch|sh', 'i'],
  ['r', 'an ang ao e en eng i ong ou u uan ui un uo'],
  ['z|c|s', 'a ai an ang ao e en eng i ong ou u uan ui un uo'],
  ['z', 'ei'],
  ['y', 'a an ang ao e i in ing ong ou u uan ue un'],
  ['w', 'a ai an ang ei en eng o u'],
];
const pinyin = new RegExp(
  `^(?:${pinyinFinals.map(([initials, finals]) => `(?:${initials})(?:${finals.replaceAll(' ', '|')})`).join('|')})+$`,
);

/** Misspelt, a common word tells no more. */
function isCommon(text: string): boolean {
  if (commonWords.has(text)) return true;
  return text.length >= 5 && longCommonWords.some((word) => isOneEditAway(word, text));
}

const eastAsian = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
const withoutVowels = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
const arabicArticle = /^ال(?=\S{2})/;
const arabicVowelAtStart = /^[اأإآٱع](?=\p{Script=Arabic})/u;

/** One letter, which can be several in Latin letters: Ю. */
const initial = /^\p{L}\.?$/u;

const otherScript = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Han}\p{Script=Hangul}\p{Script=Katakana}]/u;

/** The words of a name in lower-case ASCII, whatever script it is written in. */
function wordsOf(name: string): Written[] {
  let text = name.normalize('NFKC').replaceAll(/\p{Cf}/gu, '');
  if (otherScript.test(text)) {
    for (const form of legalFormsInScript) text = text.replaceAll(form, ' ');
    for (const [written, meant] of meanings) text = text.replaceAll(written, ` ${meant} `);
  }
  // Each syllable is a word; whether several are one word in Latin letters, the comparison tries out.
  text = text.replaceAll(eastAsian, (run) => ` ${anyAscii(run).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')} `);
  return text.split(/[\s\p{Pd}]+/u).flatMap((part) => {
    const vowelless = withoutVowels.test(part);
    if (initial.test(part))
      return inLatin(part)
        .slice(0, 1)
        .map((word) => ({ text: word.charAt(0), vowelless }));
    const readable = part.replace(arabicArticle, 'al ').replace(arabicVowelAtStart, 'a');
    return inLatin(readable).map((word) => ({ text: word, vowelless }));
  });
}

function inLatin(text: string): string[] {
  const latin = anyAscii(text)
    .toLowerCase()
    .replaceAll(/[&+]/g, ' and ')
    .replaceAll(/['’`"]/g, '');
  return latin
    .split(/[^a-z0-9.]+/)
    .flatMap(withoutDots)
    .filter((word) => word !== '');
}

/** `s.a.r.l.` is one word, `j.r.smith` is three. */
function withoutDots(written: string): string[] {
  const parts = written.split('.').filter((part) => part !== '');
  const together = parts.join('');
  const isAbbreviation = parts.length > 1 && parts.every((part) => part.length <= 2);
  return isAbbreviation && singleWordForms.has(together) ? [together] : parts;
}

const singleWordForms = new Set(legalForms.filter((form) => !form.includes(' ')));
const formsOfWords = legalForms.map((form) => form.split(' ')).sort((one, other) => other.length - one.length);
const formsByFirst = Map.groupBy(formsOfWords, ([first]) => first);
const formsByLast = Map.groupBy(formsOfWords, (form) => form.at(-1));

/** Legal forms stand at either end, sometimes several. A name that is nothing else is left as it is. */
function withoutLegalForms(words: readonly Written[]): Written[] {
  let left = [...words];
  for (;;) {
    const fits = (form: readonly string[]) => form.length < left.length;
    const atEnd = formsByLast
      .get(left.at(-1)?.text)
      ?.find((form) => fits(form) && standsAt(left, left.length - form.length, form));
    const atStart = formsByFirst.get(left[0]?.text)?.find((form) => fits(form) && standsAt(left, 0, form));
    if (atEnd) left = left.slice(0, -atEnd.length);
    else if (atStart) left = left.slice(atStart.length);
    else return left;
  }
}

function standsAt(words: readonly Written[], place: number, form: readonly string[]): boolean {
  return form.every((word, position) => words[place + position]?.text === word);
}

function withoutTitles(words: readonly Written[]): Written[] {
  const first = words.findIndex(({ text }) => !titles.has(text));
  return first > 0 && words.length - first > 1 ? words.slice(first) : [...words];
}

function runsOf(words: readonly Word[]): Run[] {
  return words.flatMap((_word, from) =>
    [2, 3].flatMap((length) => {
      const within = words.slice(from, from + length);
      return within.length < length
        ? []
        : [{ places: within.map((_one, place) => from + place), joined: joined(within) }];
    }),
  );
}

function joined(words: readonly Word[]): Word {
  const sound = words.map(({ sounds: [first = ''] }) => first).join('');
  return {
    text: words.map(({ text }) => text).join(''),
    sounds: [sound.replaceAll(/(?<=.)a/g, '').replaceAll(/(.)\1+/g, '$1')],
    vowelless: words.some(({ vowelless }) => vowelless),
    syllabic: words.every(({ syllabic }) => syllabic),
    weight: Math.max(...words.map(({ weight }) => weight)),
  };
}
