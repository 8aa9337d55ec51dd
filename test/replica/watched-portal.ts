import { freePort } from '../../src/demo/demo-portal.js';
import { outcomes, type ReplicaOutcome } from '../../src/platform/database/replica.js';
import { PortalProcess } from '../faults/portal-process.js';
import type { Premises } from '../faults/premises.js';
import { until } from './waiting.js';

/** How long a process may take to see that its replica is away or back, in milliseconds. */
const noticesWithinMs = 20_000;

/** How often each thing happened that can become of a statement. */
export type Outcomes = Readonly<Record<ReplicaOutcome, number>>;

/** A process of the portal that is asked who answered. */
export class WatchedPortal {
  readonly url: string;
  readonly #metricsUrl: string;
  readonly #process: PortalProcess;
  /** What it logged about its replica. */
  readonly reports: string[] = [];
  readonly errors: string[] = [];
  readonly ownEnds: string[] = [];

  private constructor(environment: Readonly<Record<string, string>>, port: number, metricsPort: number) {
    this.url = `http://127.0.0.1:${port}`;
    this.#metricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
    this.#process = new PortalProcess(
      { ...environment, LOG_LEVEL: 'info', PORT: String(port), METRICS_PORT: String(metricsPort) },
      {
        endedByItself: (account) => this.ownEnds.push(account),
        loggedError: (line) => this.errors.push(line),
        said: (line) => {
          if (line.includes('"The replica is')) this.reports.push(line);
        },
      },
    );
  }

  static async start(
    premises: Premises,
    environment: Readonly<Record<string, string>>,
    leftovers: AsyncDisposableStack,
  ): Promise<WatchedPortal> {
    const variables = { ...premises.environment, ...environment };
    const portal = new WatchedPortal(variables, await freePort(), await freePort());
    leftovers.defer(() => portal.#process.kill());
    await portal.#process.ready;
    return portal;
  }

  stop(): Promise<number | null> {
    return this.#process.stop();
  }

  /** What became of the statements so far. */
  async outcomes(): Promise<Outcomes> {
    const text = await (await fetch(this.#metricsUrl)).text();
    const count = (outcome: ReplicaOutcome) =>
      Number(new RegExp(`^sallyport_replica_reads_total{outcome="${outcome}"} (\\d+)`, 'm').exec(text)?.[1] ?? 0);
    const [answered, behind, failed, unused] = outcomes.map(count);
    return { answered: answered ?? 0, behind: behind ?? 0, failed: failed ?? 0, unused: unused ?? 0 };
  }

  /** What became of the statements of this work; nobody else may ask meanwhile. */
  async outcomesOf(work: () => Promise<unknown>): Promise<Outcomes> {
    const before = await this.outcomes();
    await work();
    const after = await this.outcomes();
    const since = (outcome: ReplicaOutcome) => after[outcome] - before[outcome];
    return { answered: since('answered'), behind: since('behind'), failed: since('failed'), unused: since('unused') };
  }

  /** What /readyz says: its status, and whether the replica is all right. */
  async readiness(): Promise<string> {
    const response = await fetch(`${this.url}/readyz`);
    const { checks } = (await response.json()) as { checks: readonly { name: string; ok: boolean }[] };
    return `${response.status}, replica ${checks.find(({ name }) => name === 'replica')?.ok ? 'in use' : 'not in use'}`;
  }

  async readinessBecomes(wanted: string): Promise<void> {
    await until(`/readyz says "${wanted}"`, noticesWithinMs, async () => (await this.readiness()) === wanted);
  }
}
