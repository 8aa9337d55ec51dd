import { freePort } from '../../src/demo/demo-portal.js';
import { entities, tablesWithoutEntity } from '../../src/entities.js';
import { openPostgresDatabase } from '../../src/platform/database/open.js';
import { createLog } from '../../src/platform/logging.js';
import { createPortal } from '../../src/portal.js';
import type { TestPortal } from './portal.js';

/** Another process's portal on the same database, with connections of its own. */
export interface PortalBeside {
  readonly url: string;
  /** Stops as a process does that is told to. */
  stop(): Promise<void>;
}

/**
 * Opens a portal beside another, as a second process is. An embedded database has only one process; there it is a second
 * portal within it.
 */
export async function openBeside({ config, database, clock }: TestPortal): Promise<PortalBeside> {
  const log = createLog({ level: 'silent', format: 'json' });
  const port = await freePort();
  const shape = { entities, tablesWithoutEntity, statementTimeoutMs: 30_000, applicationName: 'sallyport-beside' };
  const own = database.url ? await openPostgresDatabase({ url: database.url, poolSize: 4, ...shape }) : null;
  const beside = await createPortal({ ...config, port, run: ['api'] }, { log, database: own ?? database, clock });
  const { url } = await beside.start();
  let stopped: Promise<void> | null = null;
  return {
    url: String(url),
    stop: () => {
      stopped ??= beside.stop(5_000).then(() => own?.close());
      return stopped;
    },
  };
}
