import { sql } from 'kysely';
import { assemble, type Player } from '../permissions/cast.js';
import { copyApplication } from '../permissions/copies.js';
import { type SituationName, situationNames, situationsOf } from '../permissions/situations.js';
import type { TestPortal } from '../support/portal.js';
import { allIdeas, type Move } from './moves.js';
import { Play } from './play.js';
import { staffOf } from './secrets.js';
import { queriesForEverything } from './whole-view.js';

/** A portal with everybody in it, on which play after play is played. */
export interface Stage {
  /** Where a play can begin. */
  readonly beginnings: readonly SituationName[];
  /** Plays a script and answers what was wrong with what happened, with the story that led there. */
  play(beginning: SituationName, script: readonly Move[]): Promise<readonly string[]>;
  /** How much of what can be commanded was accepted in any play: from 0 to 1. */
  covered(): number;
}

export async function prepareStage(desk: TestPortal): Promise<Stage> {
  const cast = await assemble(desk);
  const situations = await situationsOf(desk, cast);
  const more: Player[] = [];
  for (const role of ['REVIEWER', 'DECIDER', 'DECIDER', 'DECIDER', 'PROGRAM_MANAGER'] as const) {
    const client = await desk.staff(role);
    more.push({ ...cast.player(role), name: `another ${role} (${more.length})`, client });
  }
  const players = [...cast.players, ...more];
  // Time passes quickly here, and nobody wants to sign in again.
  await sql`update auth_session set expires_at = '2100-01-01'`.execute(desk.database.kysely());
  const queries = await queriesForEverything(cast.player('AUDITOR').client);
  const { texts: staffNames } = await staffOf(desk.database, cast.organizationId);
  const accepted = new Set<string>();
  return {
    beginnings: situationNames.filter((name) => !/^(WITHDRAWN|CLOSED)/.test(name)),
    async play(beginning, script) {
      await sql`delete from recusal`.execute(desk.database.kysely());
      const applicationId = await copyApplication(desk.database, situations[beginning].applicationId);
      const play = new Play({ desk, players, applicationId, queries, staffNames, accepted });
      const problems = await play.perform(script);
      return problems.length === 0 ? [] : [`It began with ${beginning}.`, ...play.story, ...problems];
    },
    covered: () => accepted.size / allIdeas.length,
  };
}
