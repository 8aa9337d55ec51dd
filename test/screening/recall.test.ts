import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultScreeningPolicy } from '../../src/lifecycle/screening.js';
import type { FoundMatch } from '../../src/screening/findings.js';
import { importList } from '../../src/screening/list-import.js';
import { matchesOf } from '../../src/screening/matches.queries.js';
import { bySystem, openTestPortal, type TestPortal } from '../support/portal.js';
import { Chance } from './chance.js';
import { openSanctionsText, writeList } from './list-files.js';
import { type MadeUpName, madeUpName } from './made-up-names.js';
import { type NoiseName, withNoise } from './noise.js';

/** Names of the list that are looked for, each as somebody else would write it; and as many that are not on the list. */
const fixtureSize = 500;
/** Entries of the list in all, because the longer it is, the more there is to be confused with; the longest last. */
const listSizes = [5_000, 20_000] as const;
const longestList = Math.max(...listSizes);
const seed = 20_261_124;

interface Query {
  readonly id: string;
  readonly of: MadeUpName;
  readonly name: string;
  readonly by: readonly NoiseName[];
}

describe('screening', () => {
  let desk: TestPortal;
  let folder: string;
  let listed: readonly Query[];
  let unlisted: readonly Query[];
  let onLists: readonly MadeUpName[];

  beforeAll(async () => {
    desk = await openTestPortal();
    folder = mkdtempSync(join(tmpdir(), 'sallyport-recall-'));
    const chance = new Chance(seed);
    const names = differentNames(chance, longestList + fixtureSize);
    onLists = names.slice(0, longestList);
    const query = (of: MadeUpName, place: number): Query => ({ id: `entry-${place}`, of, ...withNoise(of, chance) });
    listed = onLists.slice(0, fixtureSize).map(query);
    unlisted = names.slice(longestList).map(query);
  }, 60_000);

  afterAll(async () => {
    await desk.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The list with so many entries; those of a shorter one are the first of a longer. */
  async function importFirst(size: number): Promise<void> {
    const entries = onLists.slice(0, size).map(({ kind, printed, country }, place) => ({
      id: `entry-${place}`,
      kind,
      name: printed,
      countries: [country],
    }));
    const file = writeList(folder, 'made-up.csv', openSanctionsText(entries));
    const list = { file, code: 'made-up', format: 'OPENSANCTIONS', listedAt: null, acceptRemovals: false } as const;
    await importList(desk.portal, list, bySystem);
  }

  /** The matches of each of these, at the threshold that holds when nothing else is said. */
  async function screened(queries: readonly Query[]): Promise<ReadonlyMap<string, readonly FoundMatch[]>> {
    const subjects = queries.map(({ id, of, name }) => ({
      kind: of.kind,
      id,
      name,
      country: of.kind === 'PERSON' ? null : of.country,
      significance: '',
    }));
    const matches = await matchesOf(desk.database, subjects, defaultScreeningPolicy.threshold);
    return new Map(subjects.map(({ id }) => [id, matches.filter(({ subject }) => subject.id === id)]));
  }

  it.each(listSizes)(
    'among %i entries finds at least 98 of 100 listed names however they are written, and at most 5 of 100 others',
    async (listSize) => {
      await importFirst(listSize);
      const [found, confused] = [await screened(listed), await screened(unlisted)];
      const missed = listed.filter(({ id }) => !found.get(id)?.some(({ reference }) => reference === id));
      const wronged = unlisted.filter(({ id }) => (confused.get(id)?.length ?? 0) > 0);
      const recall = share(listed.length - missed.length, listed.length);
      const falseHits = share(wronged.length, unlisted.length);
      process.stdout.write(
        [
          `Screening, ${fixtureSize} names each against ${listSize} entries at threshold ${defaultScreeningPolicy.threshold}:`,
          `  found of those listed      ${recall.toFixed(1)} % (${listed.length - missed.length} of ${listed.length})`,
          `  hit of those not listed    ${falseHits.toFixed(1)} % (${wronged.length} of ${unlisted.length})`,
          ...shares(listed, missed).map((line) => `  ${line}`),
          '',
        ].join('\n'),
      );
      expect(recall).toBeGreaterThanOrEqual(98);
      expect(falseHits).toBeLessThanOrEqual(5);
    },
    300_000,
  );
});

function share(part: number, whole: number): number {
  return (100 * part) / whole;
}

/** How many were found of those that each kind of noise had gone over. */
function shares(all: readonly Query[], missed: readonly Query[]): string[] {
  const kinds = [...new Set(all.flatMap(({ by }) => by))].sort();
  return kinds.map((kind) => {
    const [of, lost] = [all, missed].map((some) => some.filter(({ by }) => by.includes(kind)).length);
    return `${kind.padEnd(26)} ${share((of ?? 0) - (lost ?? 0), of ?? 1).toFixed(1)} % of ${of}`;
  });
}

/** So many names of which no two have the same root. */
function differentNames(chance: Chance, count: number): readonly MadeUpName[] {
  const names = new Map<string, MadeUpName>();
  while (names.size < count) {
    const name = madeUpName(chance);
    const key = `${name.kind} ${name.root}`;
    if (!names.has(key)) names.set(key, name);
  }
  return [...names.values()];
}
