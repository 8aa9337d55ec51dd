import type { Statements } from './access/statements.js';
import type { Config } from './config.js';
import type { Doorway } from './doorway/doorway.js';
import type { Accounts } from './identity/accounts.js';
import type { Staff } from './identity/staff.js';
import type { StaffPasswords } from './identity/staff-passwords.js';
import { openReplica } from './open-database.js';
import type { Database } from './platform/database/open.js';
import type { JobQueue } from './platform/job-queue.js';
import type { Log } from './platform/logging.js';
import type { MetricsServer } from './platform/metrics.js';
import { beginMonths } from './platform/months.js';
import { assembleParts, type PortalOptions } from './portal-parts.js';
import { registerQueues } from './portal-queues.js';
import type { Webhooks } from './webhooks/webhooks.js';

export type { PortalOptions } from './portal-parts.js';

/** Everything of a running process, put together. */
export interface Portal {
  readonly database: Database;
  readonly doorway: Doorway;
  readonly staff: Staff;
  readonly staffPasswords: StaffPasswords;
  readonly accounts: Accounts;
  readonly webhooks: Webhooks;
  readonly statements: Statements;
  readonly jobs: JobQueue;
  /** Begins to answer requests and to work jobs, as the configuration says. */
  start(): Promise<{ readonly url: string | null; readonly metricsUrl: string | null }>;
  /** Takes no more work, finishes what is under way, and lets go of everything, within the time given. */
  stop(timeoutMs: number): Promise<void>;
}

/** Of the time to stop, what requests get; jobs get the same, and the rest is for closing. */
const shareOfStopping = 0.4;

/**
 * Puts the portal together. It does not migrate: the database must have the schema of this version.
 * @throws Refusal UNAVAILABLE or CONFLICT when the database cannot be used
 */
export async function createPortal(config: Config, options: PortalOptions): Promise<Portal> {
  const parts = await assembleParts(config, options);
  const { database, jobs, sender, transport } = parts;
  registerQueues(parts);
  // These are loaded only where they are wanted: GraphQL and HTTP are most of the program.
  const measuring = config.metricsPort === null ? null : await beginMeasuring(config.metricsPort);
  const api = config.run.includes('api') ? await import('./portal-api.js') : null;
  // Only queries are answered from a replica, and only here are they asked.
  const replica = api && (await openReplica(config, database, options.log));
  if (measuring && replica) {
    const { measureReplica } = await import('./platform/database/replica-metrics.js');
    measureReplica(measuring.metrics.registry, replica);
  }
  const http = api && (await api.createApi(parts, { metrics: measuring?.metrics ?? null, replica }));

  let metricsServer: MetricsServer | null = null;
  return {
    database,
    jobs,
    doorway: parts.doorway,
    staff: parts.staff,
    staffPasswords: parts.staffPasswords,
    accounts: parts.accounts,
    webhooks: parts.webhooks,
    statements: parts.statements,
    async start() {
      const works = config.run.includes('worker');
      await jobs.start({ work: works });
      metricsServer = (await measuring?.serve()) ?? null;
      const listening = await http?.listen({ host: config.host, port: config.port });
      // Whoever asks first is not kept waiting for what need not be there yet.
      if (works) {
        await beginMonths(database.kysely(), parts.clock.now()).catch(notBegun(parts.log));
        await jobs.beginWork();
      }
      return { url: listening?.url ?? null, metricsUrl: metricsServer?.url ?? null };
    },
    async stop(timeoutMs) {
      http?.drain();
      await http?.close(timeoutMs * shareOfStopping);
      await jobs.stop(timeoutMs * shareOfStopping);
      await sender.close();
      transport.close();
      await metricsServer?.close();
      await replica?.close();
      if (!options.database) await database.close();
    },
  };
}

async function beginMeasuring(port: number) {
  const { createMetrics, serveMetrics } = await import('./platform/metrics.js');
  const metrics = createMetrics();
  return { metrics, serve: () => serveMetrics(metrics, port) };
}

/** The portal works without new months, and a job begins them later. */
function notBegun(log: Log): (error: unknown) => void {
  return (error) => log.warn({ err: error }, 'Months could not be begun; the daily job tries again');
}
