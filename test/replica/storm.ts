import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../faults/chance.js';
import { type Players, read, write } from './players.js';
import type { Replication } from './replication.js';

/** How long the replica stands still and goes on, in turns, in milliseconds. */
const turn = [50, 250] as const;

export interface Storm {
  readonly writes: number;
  readonly reads: number;
  readonly violations: readonly string[];
}

/**
 * Every writer changes a draft through one process and reads it through the other, as do a colleague and a machine whom
 * the writer told, while the replica stops and goes on. Nobody may be shown less than they know of.
 */
export async function storm(
  players: Players,
  replication: Replication,
  processes: readonly [string, string],
  roundsEach: number,
  chance: Chance,
): Promise<Storm> {
  const violations: string[] = [];
  let reads = 0;
  let isOver = false;
  const stopAndGo = (async () => {
    while (!isOver) {
      await replication.pause();
      await pause(chance.between(...turn));
      await replication.resume();
      await pause(chance.between(...turn));
    }
  })();
  await Promise.all(
    players.drafts.map(async (draft) => {
      const readers = [players.writer, players.colleague, draft.machine];
      for (let number = 1; number <= roundsEach; number += 1) {
        await write(players.writer.at(chance.oneOf(processes)), draft, number);
        const shown = await Promise.all(readers.map((reader) => read(reader.at(chance.oneOf(processes)), draft)));
        reads += shown.length;
        shown.forEach((found, reader) => {
          if (found !== number) violations.push(`reader ${reader} knew of ${number} and was shown ${found}`);
        });
      }
    }),
  );
  isOver = true;
  await stopAndGo;
  return { writes: players.drafts.length * roundsEach, reads, violations };
}
