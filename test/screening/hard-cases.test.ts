import { describe, expect, it } from '@jest/globals';
import { defaultScreeningPolicy } from '../../src/lifecycle/screening.js';
import { type Listed, scoreMatch, type Wanted } from '../../src/screening/match-score.js';

const { threshold } = defaultScreeningPolicy;

function score(kind: Wanted['kind'], name: string, listedName: string, changes: Partial<Listed & Wanted> = {}): number {
  const listed: Listed = { kind, name: listedName, role: 'PRIMARY', countries: changes.countries ?? [] };
  return scoreMatch({ kind, name, country: changes.country ?? null }, listed).score;
}

/** Names of nobody, each as a list has it and as somebody else would write it. */
const samePeople: readonly (readonly [listed: string, otherwise: string])[] = [
  ['SHCHERBINOVSKY, Yevgeny Dmitrievich', 'Evgenii Schtscherbinowski'],
  ['Yuriy Zhavoronkov', 'Jurij Javoronkov'],
  ['Yuriy Zhavoronkov', 'Юрий Жаворонков'],
  ['Aleksandr Chernobrovin', 'Alexander Tschernobrowin'],
  ['Mohammed Abdullah al-Dhibari', 'محمد عبد الله الذيباري'],
  ['Mohammed Abdullah al-Dhibari', 'Muhammad Abdallah El Dhibari'],
  ['Hussein Kamal al-Rawashi', 'Dr. Husayn al Rawachi'],
  ['ZHOU Minghai', '周明海'],
  ['ZHOU Minghai', 'Ming-Hai Zhou'],
  ['Ελένη Παπαρρηγοπούλου', 'Eleni Paparrigopoulou'],
  ["Séamus O'Halligan", 'Seamus OHalligan'],
  ['María José Escarramán de la Vega', 'Maria J. Escarraman Vega'],
  ['Jürgen Großschädl', 'Juergen Grossschaedl'],
  ['Thorbjørn Ævarsson', 'Thorbjorn Aevarsson'],
  ['Vasiliy Tereschuk', 'Vassili Terestchouk'],
  ['Nguyễn Thị Hồng Vân', 'NGUYEN Thi Hong Van'],
  ['Mustafa Çağlayangil', 'Mustafa Caglayangil'],
];

const sameOrganizations: readonly (readonly [listed: string, otherwise: string])[] = [
  ['Zarechnaya Volna OOO', 'ООО «Заречная Волна»'],
  ['Zarechnaya Volna OOO', 'Zarechnaja Wolna GmbH'],
  ['Halcyon Tarbek Shipping Company Limited', 'HALCYON TARBEK SHPG CO., LTD.'],
  ['Halcyon Tarbek Shipping Company Limited', 'Tarbek-Halcyon Shipping'],
  ['Solanfax Construction GmbH', 'SOLANFAXCONSTRUCTION GMBH'],
  ['Blue Sternwick Trading L.L.C.', 'Bluesternwick Trading'],
  ['Vardenhall & Sons Intl. Ltd', 'Vardenhall and Sons International'],
  ['Beijing Xinglan Technology Co., Ltd.', '北京兴兰科技有限公司'],
  ['Al Mirqab General Trading FZE', 'شركة المرقاب للتجارة'],
  ['Quellmark Petrochemical Industries S.A.', 'Quelmark Petrochemicals'],
  ['Compañía Naviera Albacete S.A.', 'Compania Naviera Albacete'],
  ['Sociedad Estrellán de Inversiones, S.A. de C.V.', 'Estrellan Sociedad de Inversiones'],
  ['Orlenstahl Maschinenbau GmbH & Co. KG', 'Orlenstahl Maschinenbau'],
  ['Korvanta Defence Systems JSC', 'Korvanta Defense System'],
];

/** Alike to the eye, or in everything but what tells. */
const othersOfOneKind: readonly (readonly [Wanted['kind'], string, string])[] = [
  ['ORGANIZATION', 'Northern Light Shipping Ltd', 'Southern Light Shipping Ltd'],
  ['ORGANIZATION', 'International Trading Group', 'Halvorsen International Trading Group'],
  ['ORGANIZATION', 'Meridian Pinnacle Bank', 'Meridian Harbour Bank'],
  ['ORGANIZATION', 'Larkspur Incident Response', 'Larkspur Garden Nurseries'],
  ['ORGANIZATION', 'Cascadia Grid Operators', 'Cascadia Timber Exports'],
  ['ORGANIZATION', 'Delta Water Works', 'Delta Steel Works'],
  ['ORGANIZATION', 'First National Bank of Ostrand', 'First National Bank of Kestrelton'],
  ['PERSON', 'Ivan Petrovsky', 'Ivan Petrakov'],
  ['PERSON', 'Andrei Melikhov', 'Sergei Melikhov'],
  ['PERSON', 'Mohammed al-Darwani', 'Mohammed al-Kubrani'],
  ['PERSON', 'LI Na', 'LIU Ning'],
  ['PERSON', 'Wang Xiaoming', 'Wang Jianguo'],
  ['PERSON', 'ZHOU Junjing', 'ZHOU Junxing'],
  ['ORGANIZATION', 'Beijing Yangli Trading Co., Ltd.', 'Beijing Yongli Trading Co., Ltd.'],
  ['PERSON', 'John Langmore', 'Joan Langford'],
  ['PERSON', 'Maria Elena Castellano', 'Maria Castagnoli'],
];

describe('a name', () => {
  it.each(samePeople)('%s is found as %s', (listed, otherwise) => {
    expect(score('PERSON', otherwise, listed)).toBeGreaterThanOrEqual(threshold);
  });

  it.each(sameOrganizations)('%s is found as %s', (listed, otherwise) => {
    expect(score('ORGANIZATION', otherwise, listed)).toBeGreaterThanOrEqual(threshold);
  });

  it.each(othersOfOneKind)('of a %s, %s, is not taken for %s', (kind, name, listed) => {
    expect(score(kind, name, listed)).toBeLessThan(threshold);
  });

  it('that is the same scores 100, whatever its case, its marks and its legal form', () => {
    expect(score('ORGANIZATION', 'TIDEWATER FARLEIGH, LLC', 'Tidewater Farleigh Ltd.')).toBe(100);
    expect(score('PERSON', 'farleigh, josé', 'José Farleigh')).toBe(100);
  });

  it('of nothing but common words and legal forms is compared all the same', () => {
    expect(score('ORGANIZATION', 'General Trading Company', 'General Trading Co. Ltd')).toBe(100);
    expect(score('ORGANIZATION', 'Limited Company', 'Limited Company')).toBe(100);
    expect(score('ORGANIZATION', '???', '...')).toBe(0);
  });
});

describe('a word that other names on the lists have', () => {
  const near = (name: string, listedName: string, known: readonly string[]) => {
    const listed: Listed = { kind: 'PERSON', name: listedName, role: 'PRIMARY', countries: [] };
    return scoreMatch({ kind: 'PERSON', name, country: null }, listed, new Set(known));
  };

  it('is not taken for another one misspelt', () => {
    const alone = near('Pavel Gordenov', 'Pavel Gordetov', ['pavel', 'gordetov']);
    expect(alone.score).toBeGreaterThanOrEqual(threshold);
    const { score: among, explanation } = near('Pavel Gordenov', 'Pavel Gordetov', ['pavel', 'gordetov', 'gordenov']);
    expect(among).toBeLessThan(threshold);
    expect(explanation.parts).toContainEqual(
      expect.objectContaining({ ours: 'gordenov', listed: 'gordetov', likeness: 'NEAR' }),
    );
  });

  it('is taken for it all the same when two other words agree, or when it sounds the same', () => {
    const known = ['gordenov', 'muhammad'];
    const { score } = near('Pavel Viktorovich Gordenov', 'Pavel Viktorovich Gordetov', known);
    expect(score).toBeGreaterThanOrEqual(threshold);
    expect(near('Muhammad Dhibari', 'Mohammed Dhibari', known).score).toBeGreaterThanOrEqual(threshold);
  });
});

describe('a country', () => {
  const name = ['Quellmark Marine', 'Quellmarc Marine'] as const;
  const alone = score('ORGANIZATION', ...name);

  it('that the list names adds a little, and others take some away', () => {
    const here = score('ORGANIZATION', ...name, { country: 'NL', countries: ['DE', 'NL'] });
    const elsewhere = score('ORGANIZATION', ...name, { country: 'NL', countries: ['PA'] });
    expect(here).toBeGreaterThan(alone);
    expect(elsewhere).toBeLessThan(alone);
  });

  it('does not hide a name that is the same', () => {
    const elsewhere = score('ORGANIZATION', 'Quellmark Marine', 'Quellmark Marine', {
      country: 'NL',
      countries: ['PA'],
    });
    expect(elsewhere).toBeGreaterThanOrEqual(threshold);
  });

  it('counts for nothing when either is not known', () => {
    expect(score('ORGANIZATION', ...name, { country: 'NL' })).toBe(alone);
    expect(score('PERSON', 'Jo Quell', 'Jo Quell', { countries: ['PA'] })).toBe(100);
  });
});

describe('a score', () => {
  it('is explained: which names, which parts, which factors', () => {
    const { score: total, explanation } = scoreMatch(
      { kind: 'ORGANIZATION', name: 'Tarbeck Halcyon Shipping BV', country: 'NL' },
      { kind: 'ORGANIZATION', name: 'Halcyon Tarbek Chartering Ltd', role: 'ALIAS', countries: ['PA'] },
    );
    expect(explanation).toMatchObject({ listedName: 'Halcyon Tarbek Chartering Ltd', role: 'ALIAS' });
    expect(explanation.parts.map(({ ours, listed, likeness }) => [ours, listed, likeness])).toEqual(
      expect.arrayContaining([
        ['halcyon', 'halcyon', 'SAME'],
        ['tarbeck', 'tarbek', 'SOUND'],
        ['shipping', null, 'MISSING'],
        [null, 'chartering', 'MISSING'],
      ]),
    );
    expect(explanation.factors).toEqual([
      { factor: 'NAMES', points: expect.any(Number) },
      { factor: 'OTHER_COUNTRY', points: -5 },
    ]);
    expect(explanation.factors.reduce((sum, { points }) => sum + points, 0)).toBe(total);
  });
});
