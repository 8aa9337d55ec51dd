import { CompiledQuery, sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import type { ApplicationRule } from '../lifecycle/application.js';
import type { ApplicationFacts } from '../lifecycle/application-guards.js';
import type { RawSql } from '../platform/database/database.js';
import { entityOf } from '../platform/database/entity-of-row.js';
import { Application, type ApplicationClock } from './application.entity.js';
import { applicationFactsSql, toApplicationFacts } from './application-facts.queries.js';

/** How often a locked row is read again: once locked, nobody else can change it. */
const attempts = 2;

/** An application's row with what is asked of it beside; a moment is PostgreSQL's text, or JSON's within `clock`. */
type Row = Record<string, unknown> & {
  readonly version: number;
  readonly facts: unknown;
  readonly clock: readonly IntervalRow[];
  readonly version_seen: number;
};

interface IntervalRow {
  readonly id: string;
  readonly stage_key: string;
  readonly kind: 'RUNNING' | 'PAUSED';
  readonly started_at: string;
  readonly ended_at: string | null;
}

/** What each command asks, by its rule. */
const statements = new Map<ApplicationRule, string>();

/**
 * Locks an application until the transaction ends, and reads what the rule of a command wants to know of it; null when it
 * is not there.
 */
export async function lockApplication(
  work: Work,
  applicationId: string,
  rule: ApplicationRule,
): Promise<{ readonly application: Application; readonly facts: ApplicationFacts } | null> {
  const statement = statements.get(rule) ?? statementOf(work.sql, rule);
  statements.set(rule, statement);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const found = await work.sql.executeQuery<Row>(CompiledQuery.raw(statement, [applicationId]));
    const [row] = found.rows;
    if (!row) return null;
    const { facts, clock, version_seen, ...columns } = row;
    // Who had to wait for the lock got the row as it is now, and beside it what was true before: read again.
    if (version_seen !== row.version) continue;
    const application = entityOf(work.em, Application, columns);
    application.clock = clockOf(clock);
    return { application, facts: toApplicationFacts(facts) };
  }
  throw new Error(`Application ${applicationId} changed while it was locked.`);
}

function clockOf(rows: readonly IntervalRow[]): ApplicationClock {
  const intervals = rows.map(({ id, stage_key, kind, started_at, ended_at }) => ({
    id,
    stageKey: stage_key,
    kind,
    startedAt: new Date(started_at),
    endedAt: ended_at === null ? null : new Date(ended_at),
  }));
  return {
    closed: intervals.filter(({ endedAt }) => endedAt !== null),
    open: intervals.find(({ endedAt }) => endedAt === null) ?? null,
  };
}

function statementOf(database: RawSql, rule: ApplicationRule): string {
  const facts = applicationFactsSql((name) => sql.ref(`a.${name}`), rule);
  return sql`
    select a.*, ${facts} as facts,
      (select coalesce(json_agg(c order by c.started_at), '[]'::json) from clock_interval c where c.application_id = a.id) as clock,
      (select seen.version from application seen where seen.id = a.id) as version_seen
    from application a where a.id = ${null} for no key update of a`.compile(database).sql;
}
