import { sql } from 'kysely';
import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database, RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { screeningThresholdSql } from '../programs/screening-policy.queries.js';
import type { Findings } from './findings.js';
import { matchesOf } from './matches.queries.js';
import { renewNames } from './name-renewal.js';
import { recordScreening, requireMayScreen } from './screening.commands.js';
import type { RunTrigger } from './screening.entity.js';
import { listsInForce } from './screening-list.queries.js';
import { subjectsOf } from './subjects.queries.js';

/** How often a screening is done over because something changed while it was under way. */
const mostTries = 3;

/** Screens organizations. What takes time happens outside the transaction that writes down the result. */
export class Screener {
  readonly #parts: { readonly database: Database; readonly doorway: Doorway; readonly clock: Clock };

  constructor(parts: { readonly database: Database; readonly doorway: Doorway; readonly clock: Clock }) {
    this.#parts = parts;
  }

  /**
   * Screens an organization and its members against every list in force.
   * @returns the run's id
   * @throws Refusal NOT_FOUND when there is no such organization, NOT_ALLOWED_NOW when there is no list
   */
  async screen(organizationId: string, trigger: RunTrigger, by: CommandContext): Promise<{ runId: string }> {
    const { doorway } = this.#parts;
    requireMayScreen(by.actor, organizationId);
    for (let attempt = 1; ; attempt += 1) {
      const findings = await this.#find(organizationId);
      try {
        return await doorway.execute(recordScreening(findings), { organizationId, trigger }, by);
      } catch (error) {
        const again = error instanceof Refusal && error.code === 'CONFLICT' && attempt < mostTries;
        if (!again) throw error;
      }
    }
  }

  /** Is there anything to screen against? */
  async hasLists(): Promise<boolean> {
    return (await listsInForce(this.#parts.database.kysely())).length > 0;
  }

  async #find(organizationId: string): Promise<Findings> {
    const { database, clock } = this.#parts;
    await renewNames(database);
    const at = clock.now();
    const kysely = database.kysely();
    const lists = await listsInForce(kysely);
    const subjects = lists.length > 0 ? await subjectsOf(kysely, organizationId) : [];
    const threshold = await thresholdFor(kysely, organizationId);
    const matches = await matchesOf(database, subjects, threshold);
    return { at, subjects, lists, threshold, matches };
  }
}

async function thresholdFor(database: RawSql, organizationId: string): Promise<number> {
  const found = await sql<{ threshold: number }>`
    select ${screeningThresholdSql(sql`${organizationId}::uuid`)} as threshold`.execute(database);
  const [row] = found.rows;
  if (!row) throw new Error('A threshold is always answered.');
  return row.threshold;
}
