import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import type { Cast } from '../faults/cast.js';

/** What somebody reads again and again, and what must be so whatever others do meanwhile. */
interface Reading {
  readonly by: PortalClient;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** @returns what is wrong with the answer; null when nothing is */
  readonly problem: (data: unknown) => string | null;
}

/** Reads lists and details until the season is over. */
export class Readers {
  answers = 0;
  readonly complaints: string[] = [];

  /** @param atOnce how many requests are under way at any moment */
  async read(cast: Cast, season: { readonly isOpen: boolean }, atOnce: number): Promise<void> {
    await Promise.all(
      Array.from({ length: atOnce }, async (_, number) => {
        const readings = readingsOf(cast, cast.organizationIds[number % cast.organizationIds.length] ?? '');
        while (season.isOpen) for (const reading of readings) await this.#once(reading);
      }),
    );
  }

  async #once({ by, query, variables, problem }: Reading): Promise<void> {
    try {
      const wrong = problem(await by.ask(query, variables));
      if (wrong) this.complaints.push(wrong);
      this.answers += 1;
    } catch (error) {
      this.complaints.push(error instanceof Error ? error.message : String(error));
    }
  }
}

function readingsOf(cast: Cast, organizationId: string): readonly Reading[] {
  let most = 0;
  return [
    {
      by: cast.owner,
      query: `query ($id: ID!) { applications(first: 20, filter: { organizationId: $id }) { totalCount nodes { id status
        organization { id } timeline(first: 5) { nodes { type occurredAt } } grant { id status isUsable } } } }`,
      variables: { id: organizationId },
      problem(data) {
        const count = Number(valueAt(data, 'applications', 'totalCount'));
        const nodes = valueAt(data, 'applications', 'nodes');
        if (!Array.isArray(nodes)) return 'no list of applications came back';
        if (count < most) return `${organizationId} had ${most} applications and then ${count}`;
        most = count;
        const moments = JSON.stringify(nodes).match(/"occurredAt":"[^"]*"/g) ?? [];
        if (!moments.every((moment) => /T[\d:.]+Z"$/.test(moment))) return `not in UTC: ${moments[0]}`;
        return nodes.every((node) => valueAt(node, 'organization', 'id') === organizationId)
          ? null
          : 'an application of another organization came back';
      },
    },
    {
      by: cast.intake,
      query: `{ queue(name: "intake") { totalCount nodes { id availableCommands organization { legalName } } }
        applications(first: 20) { nodes { id reference status submittedAt } } }`,
      variables: {},
      problem: (data) => (Array.isArray(valueAt(data, 'queue', 'nodes')) ? null : 'no queue came back'),
    },
    {
      by: cast.provisioning,
      query: '{ grants(first: 20) { totalCount nodes { id status } } }',
      variables: {},
      problem: (data) => (Array.isArray(valueAt(data, 'grants', 'nodes')) ? null : 'no grants came back'),
    },
  ];
}
