import type { Chance } from './chance.js';
import type { MadeUpName } from './made-up-names.js';

/** What happens to a name on its way from a list to a form that somebody fills in. */
type Noise = (name: string, chance: Chance, of: MadeUpName) => string;

/** One letter put in, left out, exchanged or swapped, in a word that is long enough to bear it. */
const typo: Noise = (name, chance) => {
  const words = name.split(' ');
  const long = words.flatMap((word, place) => (/^\p{Script=Latin}{5,}$/u.test(word) ? [place] : []));
  if (long.length === 0) return name;
  const place = chance.one(long);
  const word = words[place] ?? '';
  const at = 1 + chance.below(word.length - 2);
  const letter = chance.one([...'aeiourstnl']);
  const mistaken = chance.one([
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at + 1),
    word.slice(0, at) + (word[at + 1] ?? '') + (word[at] ?? '') + word.slice(at + 2),
  ]);
  return words.with(place, mistaken).join(' ');
};

const otherwise: Noise = (name, chance, { otherwise: spellings }) =>
  spellings.length > 0 ? chance.one(spellings) : name;

const reorder: Noise = (name, chance, { kind, country }) => {
  const words = name.split(' ');
  // Of three syllables, nobody but the bearer knows which is the surname.
  if (kind === 'PERSON' && country === 'CN' && words.length > 2) return name;
  if (kind === 'ORGANIZATION') {
    const form = formAtEnd.exec(name)?.[0] ?? '';
    const [first = '', ...others] = name.slice(0, name.length - form.length).split(' ');
    return /^[A-Z]+$/.test(first) ? `${others.join(' ')}, ${first}` : `${others.join(' ')} ${first}${form}`;
  }
  const [last = '', ...others] = words.toReversed();
  return chance.happens(0.5)
    ? `${last.toUpperCase()}, ${others.toReversed().join(' ')}`
    : [last, ...others.toReversed()].join(' ');
};

const forms = [
  'Limited',
  'L.L.C.',
  'G.m.b.H.',
  'SA',
  'BV',
  'Incorporated',
  'Corp.',
  'PLC',
  'Pvt. Ltd.',
  'Ltd. Şti.',
  'JSC',
  '',
];
const formAtEnd =
  /[ ,]*\b(Ltd|LLC|GmbH|S\.A\.|B\.V\.|Inc\.|FZE|S\.p\.A\.|Co\., Ltd\.|A\.S\.|Limited|Company|Est\.)\.?$/;

const legalForm: Noise = (name, chance, { kind }) => {
  if (kind === 'PERSON') return `${chance.one(['Mr.', 'Dr.', 'Prof.', 'MR', 'Sheikh'])} ${name}`;
  return `${name.replace(formAtEnd, '')} ${chance.one(forms)}`.trim();
};

const shortened: Noise = (name, chance, { kind, country }) => {
  if (kind === 'ORGANIZATION') {
    return name
      .replace('International', "Int'l")
      .replace('Technology', 'Tech.')
      .replace('Telecommunications', 'Telecom')
      .replace('Trading', chance.one(['Trdg', 'Trade', 'Trading']));
  }
  const words = name.split(' ');
  if (words.length < 3 || country === 'CN') return name;
  const middle = words.slice(1, -1);
  const left = chance.happens(0.5) ? [] : middle.map((word) => `${word.charAt(0)}.`);
  return [words[0], ...left, words.at(-1)].join(' ');
};

const joined: Noise = (name, chance) => {
  if (name.includes('-')) return name.replace('-', chance.one(['', ' ']));
  const words = name.split(' ');
  if (words.length < 3 || !words.slice(0, 2).every((word) => /^\p{Lu}\p{Ll}{2,}$/u.test(word))) return name;
  return [`${words[0]}${chance.one(['-', ''])}${words[1]?.toLowerCase()}`, ...words.slice(2)].join(' ');
};

const dressed: Noise = (name, chance) =>
  chance.one([
    name.toUpperCase(),
    name.toLowerCase(),
    name.normalize('NFD').replaceAll(/\p{M}/gu, ''),
    `“${name}”`,
    `${name} `.replaceAll(' ', '  '),
  ]);

export const noises = { otherwise, joined, shortened, reorder, legalForm, typo, dressed } as const satisfies Record<
  string,
  Noise
>;
export type NoiseName = keyof typeof noises;
const allNoises = Object.keys(noises) as NoiseName[];

/** The name as somebody else would write it, by one or two of these, in the order in which they happen to names. */
export function withNoise(
  of: MadeUpName,
  chance: Chance,
): { readonly name: string; readonly by: readonly NoiseName[] } {
  const chosen = chance.shuffled(allNoises).slice(0, 1 + chance.below(2));
  const by = allNoises.filter((noise) => chosen.includes(noise));
  return { name: by.reduce((name, noise) => noises[noise](name, chance, of), of.printed), by };
}
