import { editDistance, isOneEditAway } from '../platform/edit-distance.js';
import type { NormalName, Word } from './normal-name.js';

/** How parts of two names were found to be the same, or not. */
export const likenesses = {
  SAME: 'The same word.',
  TYPO: 'The same word but for a few letters.',
  SOUND: 'Two spellings of one sound, as transliterations have them.',
  INITIAL: 'An initial, and a word that begins with it.',
  JOINED: 'One word here, several there.',
  NEAR: 'But for a letter the same word, and yet another name: the lists have both, or both are Chinese.',
  MISSING: 'In one of the names only.',
} as const;

export type Likeness = keyof typeof likenesses;

/** What became of a part of a name. */
export interface NamePart {
  /** Of the name that is looked for; null when it has nothing like it. */
  readonly ours: string | null;
  /** Of the name on the list. */
  readonly listed: string | null;
  readonly likeness: Likeness;
  /** How like they are, from 0 to 100. */
  readonly points: number;
  /** How much it counts. */
  readonly weight: number;
}

export interface NameComparison {
  /** From 0 to 100. */
  readonly score: number;
  readonly parts: readonly NamePart[];
}

/** Below this, two words are two words. */
const leastLike = 0.78;
const soundLike = 0.93;
const initialLike = 0.88;
const initialCounts = 0.5;
const joinedLike = 0.97;
/** A letter apart, and two names all the same. Two other words that agree make up for it; one does not. */
const nearLike = 0.55;

/** How much what only one name has counts, when the rest agrees: people leave out middle names and second surnames. */
const leftOutCounts = 0.25;

interface Pair {
  readonly ours: readonly number[];
  readonly listed: readonly number[];
  readonly likeness: Likeness;
  readonly value: number;
  readonly weight: number;
}

export interface ComparedAs {
  /** Are they names of people, of which words are left out and shortened? */
  readonly people: boolean;
  /** Words of names on the lists: what is spelt like one of these is no misspelling of another. */
  readonly known?: ReadonlySet<string>;
}

interface Circumstances extends Required<ComparedAs> {
  /** Are the telling words of both names Chinese ones? There, a letter makes another name. */
  readonly areSyllabic: boolean;
}

const nothingKnown: ReadonlySet<string> = new Set();

/** Compares two names word by word, in whatever order the words stand. */
export function compareNames(
  ours: NormalName,
  listed: NormalName,
  { people, known = nothingKnown }: ComparedAs,
): NameComparison {
  const telling = [...ours.words, ...listed.words].filter(({ weight }) => weight >= 1);
  const areSyllabic = telling.every(({ syllabic }) => syllabic);
  const pairs = bestPairs(ours, listed, { people, known, areSyllabic });
  const alone = [...unpaired(ours.words, pairs, 'ours'), ...unpaired(listed.words, pairs, 'listed')];
  const agreed = sum(pairs.map(({ weight, value }) => weight * value));
  const paired = sum(pairs.map(({ weight }) => weight));
  const agreeing = pairs.filter(({ weight, likeness }) => weight >= 1 && isAgreement(likeness)).length;
  const forgiven = people && agreeing >= 2 && oneSided(alone) ? leftOutCounts : 1;
  const missing = sum(alone.map(({ weight }) => weight)) * forgiven;
  const score = paired === 0 ? 0 : (2 * agreed) / (2 * paired + missing);
  return { score: Math.round(score * 100), parts: [...pairs.map((pair) => partOf(pair, ours, listed)), ...alone] };
}

function isAgreement(likeness: Likeness): boolean {
  return likeness !== 'INITIAL' && likeness !== 'NEAR';
}

function partOf({ ours, listed, likeness, value, weight }: Pair, our: NormalName, their: NormalName): NamePart {
  return {
    ours: textAt(our.words, ours),
    listed: textAt(their.words, listed),
    likeness,
    points: Math.round(value * 100),
    weight,
  };
}

/** Names that differ only in where their telling words are set apart. */
function* wholePair(ours: readonly Word[], listed: readonly Word[]): Generator<Pair> {
  const [our, their] = [tellingPlaces(ours), tellingPlaces(listed)];
  const [apart, there] = [our.map((place) => ours[place]?.text), their.map((place) => listed[place]?.text)];
  if (apart.join('') !== there.join('') || apart.join(' ') === there.join(' ')) return;
  const weight = Math.max(our.length, their.length);
  yield { ours: our, listed: their, likeness: 'JOINED', value: joinedLike, weight };
}

function tellingPlaces(words: readonly Word[]): number[] {
  return words.flatMap(({ weight }, place) => (weight >= 1 ? [place] : []));
}

/** The pairs of words that are alike, best first, each word once. */
function bestPairs(ours: NormalName, listed: NormalName, circumstances: Circumstances): Pair[] {
  const possible = [
    ...wholePair(ours.words, listed.words),
    ...singlePairs(ours.words, listed.words, circumstances),
    ...joinedPairs(ours, listed, circumstances),
  ];
  possible.sort((one, other) => other.value * other.weight - one.value * one.weight || other.value - one.value);
  const taken = { ours: new Set<number>(), listed: new Set<number>() };
  return possible.filter((pair) => {
    if (pair.ours.some((place) => taken.ours.has(place)) || pair.listed.some((place) => taken.listed.has(place))) {
      return false;
    }
    for (const place of pair.ours) taken.ours.add(place);
    for (const place of pair.listed) taken.listed.add(place);
    return true;
  });
}

function* singlePairs(ours: readonly Word[], listed: readonly Word[], circumstances: Circumstances): Generator<Pair> {
  for (const [our, one] of ours.entries()) {
    for (const [their, other] of listed.entries()) {
      const like = likenessOf(one, other, circumstances);
      const weight = ((one.weight + other.weight) / 2) * (like?.likeness === 'INITIAL' ? initialCounts : 1);
      if (like) yield { ours: [our], listed: [their], ...like, weight };
    }
  }
}

/** Two or three words that stand together on one side and are one word on the other. */
function* joinedPairs(ours: NormalName, listed: NormalName, circumstances: Circumstances): Generator<Pair> {
  for (const { places, joined } of ours.runs) {
    for (const [their, other] of listed.words.entries())
      yield* joinedPair(joined, other, circumstances, { ours: places, listed: [their] });
  }
  for (const { places, joined } of listed.runs) {
    for (const [our, one] of ours.words.entries())
      yield* joinedPair(joined, one, circumstances, { ours: [our], listed: places });
  }
}

function* joinedPair(
  joined: Word,
  other: Word,
  { areSyllabic }: Circumstances,
  places: Pick<Pair, 'ours' | 'listed'>,
): Generator<Pair> {
  const value = joinedValue(joined, other);
  if (value === 0) return;
  const isNear = areSyllabic && joined.text !== other.text;
  const found = isNear ? ({ likeness: 'NEAR', value: nearLike } as const) : ({ likeness: 'JOINED', value } as const);
  yield { ...places, ...found, weight: (joined.weight + other.weight) / 2 };
}

/** So short that what nearly joins to it by chance is nothing. */
const shortestJoined = 5;

function joinedValue(joined: Word, other: Word): number {
  if (joined.text === other.text) return joinedLike;
  if (other.text.length < shortestJoined) return 0;
  const typed = typedValue(joined.text, other.text);
  if (typed >= leastLike) return typed * joinedLike;
  return soundAlike(joined, other, 3) ? soundLike * joinedLike : 0;
}

function likenessOf(
  one: Word,
  other: Word,
  { people, known, areSyllabic }: Circumstances,
): { likeness: Likeness; value: number } | null {
  if (one.text === other.text) return { likeness: 'SAME', value: 1 };
  const [short, long] = one.text.length <= other.text.length ? [one.text, other.text] : [other.text, one.text];
  if (short.length === 1) {
    return people && long.startsWith(short) ? { likeness: 'INITIAL', value: initialLike } : null;
  }
  const typed = typedValue(one.text, other.text);
  if (soundAlike(one, other, 2) && soundLike >= typed) return { likeness: 'SOUND', value: soundLike };
  if (typed < leastLike) return null;
  const isOther = known.has(one.text) || (areSyllabic && one.syllabic && other.syllabic);
  return isOther ? { likeness: 'NEAR', value: nearLike } : { likeness: 'TYPO', value: typed };
}

/** How much of the letters must agree too, unless one of the words is of a script that leaves vowels out. */
function leastInCommon(sound: string): number {
  return sound.length <= 2 ? 0.6 : 0.5;
}

function soundAlike(one: Word, other: Word, shortest: number): boolean {
  const sound = one.sounds.find((heard) => heard.length >= shortest && other.sounds.includes(heard));
  if (sound === undefined) return false;
  if (one.vowelless || other.vowelless) return true;
  // In these languages there is one spelling of a sound, and the vowels tell words apart: Li, Lu, Liu, Luo.
  if (one.syllabic && other.syllabic) return false;
  const inCommon = 1 - editDistance(one.text, other.text) / Math.max(one.text.length, other.text.length);
  return inCommon >= leastInCommon(sound);
}

/** In a word of so many letters, two mistakes leave enough of it. */
const longWord = 11;

/** How like two words are by their letters. A mistake counts less than the share of the word that it is. */
function typedValue(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  if (longest < 4 || Math.abs(one.length - other.length) > 2) return 0;
  if (one === other) return 1;
  if (isOneEditAway(one, other)) return 1 - 0.8 / longest;
  return longest >= longWord && editDistance(one, other) === 2 ? 1 - 1.6 / longest : 0;
}

function unpaired(words: readonly Word[], pairs: readonly Pair[], side: 'ours' | 'listed'): NamePart[] {
  const taken = new Set(pairs.flatMap((pair) => pair[side]));
  return words
    .filter((_word, place) => !taken.has(place))
    .map(({ text, weight }) => ({
      ours: side === 'ours' ? text : null,
      listed: side === 'listed' ? text : null,
      likeness: 'MISSING',
      points: 0,
      weight,
    }));
}

/** Is everything that is missing missing from the same name? Then one may be the other, told shorter. */
function oneSided(alone: readonly NamePart[]): boolean {
  const telling = alone.filter(({ weight }) => weight >= 1);
  return telling.every(({ ours }) => ours === null) || telling.every(({ listed }) => listed === null);
}

function textAt(words: readonly Word[], places: readonly number[]): string {
  return places.map((place) => words[place]?.text ?? '').join(' ');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
