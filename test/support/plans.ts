import { CompiledQuery } from 'kysely';
import type { RawSql } from '../../src/platform/database/database.js';

/** A node of PostgreSQL's plan, as `explain (format json)` tells of it. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  /** How often it ran: 0 when what came before was enough. */
  readonly 'Actual Loops': number;
  readonly 'Actual Rows': number;
  readonly Plans?: readonly PlanNode[];
}

/** Runs a statement and answers every node of how PostgreSQL did it, the outermost first. */
export async function planOf(database: RawSql, text: string, values: readonly unknown[]): Promise<readonly PlanNode[]> {
  const explain = `explain (analyze, costs off, timing off, format json) ${text}`;
  const { rows } = await database.executeQuery<{ 'QUERY PLAN': unknown }>(CompiledQuery.raw(explain, [...values]));
  const plan = rows[0]?.['QUERY PLAN'];
  const [{ Plan }] = (typeof plan === 'string' ? JSON.parse(plan) : plan) as [{ readonly Plan: PlanNode }];
  return nodesOf(Plan);
}

/** The tables, or partitions, of which rows were looked for. */
export function tablesRead(nodes: readonly PlanNode[]): readonly string[] {
  const read = nodes.filter((node) => node['Relation Name'] !== undefined && node['Actual Loops'] > 0);
  return [...new Set(read.map((node) => String(node['Relation Name'])))];
}

function nodesOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
