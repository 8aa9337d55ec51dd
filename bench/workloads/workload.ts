import type { Sample } from '../dataset/sample.js';

export const serverNames = ['portal', 'limit', 'joined', 'postgraphile', 'mercurius'] as const;
export type ServerName = (typeof serverNames)[number];

/** One question or command, by whoever holds the session. */
export interface Ask {
  readonly token: string;
  /** For the portal, the limit and Mercurius, with ids as the API writes them. */
  readonly variables: Readonly<Record<string, string>>;
  /** For PostGraphile, with ids as the database has them. */
  readonly rowVariables: Readonly<Record<string, unknown>>;
}

/** The data of an answer. */
export type Data = Readonly<Record<string, unknown>>;

export interface Workload {
  readonly name: string;
  readonly describes: string;
  readonly kind: 'read' | 'command';
  /** What the portal is asked, and Mercurius too unless it has no part in this. */
  readonly document: string;
  readonly withMercurius: boolean;
  readonly postgraphile: PostgraphilePart | null;
  asks(sample: Sample): readonly Ask[];
}

/** The nearest that PostGraphile can be asked. */
export interface PostgraphilePart {
  readonly document: string;
  /** What of an answer both give, in the same form, to be compared; null for commands. */
  readonly compared: { portal(data: Data): unknown; postgraphile(data: Data): unknown } | null;
  /** How its work differs. */
  readonly differs: string;
}

/** Is this workload asked of this server? */
export function hasPart(workload: Workload, server: ServerName): boolean {
  if (server === 'mercurius') return workload.withMercurius;
  if (server === 'postgraphile') return workload.postgraphile !== null;
  return server === 'portal' || server === 'limit' || workload.kind === 'read';
}

/** The request that asks this of that server. */
export function callOf(
  workload: Workload,
  server: ServerName,
  ask: Ask,
): { path: string; token: string; body: object } {
  const { token, variables } = ask;
  if (server === 'limit' || server === 'joined') return { path: `/${workload.name}`, token, body: variables };
  const body =
    server === 'postgraphile'
      ? { query: workload.postgraphile?.document ?? '', variables: ask.rowVariables }
      : { query: workload.document, variables };
  return { path: '/graphql', token, body };
}

/** One of a list, going round. */
export function nth<Item>(items: readonly Item[], position: number): Item {
  const item = items[position % items.length];
  if (item === undefined) throw new Error('There is nothing to choose from.');
  return item;
}
