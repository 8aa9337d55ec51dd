/**
 * What is left of a word when spellings that stand for one sound are made one and vowels are left out, so that
 * transliterations meet: Shcherbakov, Schtscherbakow and Chtcherbakov; Yevgeny and Evgenii; Muhammad and mhmd, which
 * is all that Arabic script writes of it. Letters that stand for several sounds give several; the first is the likeliest.
 */
export function soundsOf(word: string, { vowelless }: { readonly vowelless: boolean }): readonly string[] {
  const readings = new Set(vowelless ? readingsWithoutVowels(word.replaceAll('q', 'k')) : latinReadings(word));
  const spellings = vowelless ? singleSounds : allSounds;
  return [...new Set([...readings].map((reading) => soundOf(reading, spellings)))];
}

/**
 * J as in Jurij or in Jamal; ch as in Chernov, in Rachid or in Michail, but not where it is part of tch or sch; sch as in
 * Schmidt, in Schukow or in Tereschuk.
 */
function latinReadings(word: string): readonly string[] {
  const others = [
    [/j/g, 'y'],
    [/(?<![ts])ch/g, 'sh'],
    [/(?<![ts])ch/g, 'kh'],
    [/sch/g, 'zh'],
    [/sch/g, 'stch'],
  ] as const;
  return [word, ...others.map(([spelling, sound]) => word.replaceAll(spelling, sound))];
}

/** There, w and y stand for long vowels as often as for consonants, and an h at the end for none. */
function readingsWithoutVowels(word: string): readonly string[] {
  const open = word.replace(/(?<![dgkst])h$/, '');
  return [open.replaceAll(/(?<=.)[wy]/g, ''), open];
}

type Spelling = readonly [spelling: RegExp, sound: string];

function soundOf(word: string, spellings: readonly Spelling[]): string {
  let sound = word;
  for (const [spelling, letter] of spellings) sound = sound.replaceAll(spelling, letter);
  const start = /^[aeiouy]/.test(sound) ? 'a' : '';
  return start + sound.replaceAll(/[aeiouy]/g, '').replaceAll(/(.)\1+/g, '$1');
}

/** Several letters for one sound, as the languages of Latin letters have them; longer ones before those they hold. */
const latinSounds: readonly Spelling[] = [
  [/(?<=[aeiouy])h$/g, ''],
  [/(?<=.)x/g, 'ks'],
  [/ck|q/g, 'k'],
  [/schtsch|stsch|chtch|shch|szcz/g, 'x'],
  [/tsch|tch/g, 'q'],
  [/sch|sz/g, 'x'],
  [/sh/g, 'x'],
  [/ch|cz/g, 'q'],
  [/c/g, 'k'],
  [/tz|ts/g, 's'],
  [/dzh|dj/g, 'j'],
  [/ph/g, 'f'],
  [/ou(?=[aeiy])/g, 'w'],
];

const singleSounds: readonly Spelling[] = [
  [/z(?!h)/g, 's'],
  [/zh|j/g, 'z'],
  [/sh/g, 'x'],
  [/kh/g, 'h'],
  [/gh/g, 'g'],
  [/th/g, 't'],
  [/dh/g, 'd'],
  [/w/g, 'v'],
];

const allSounds = [...latinSounds, ...singleSounds];
