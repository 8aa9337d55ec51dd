import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, readConfig } from '../../src/config.js';
import { freePort } from '../../src/demo/demo-portal.js';
import { firstSignIn, MailFolder, signUp } from '../../src/demo/people.js';
import { PortalClient } from '../../src/demo/portal-client.js';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import type { Clock } from '../../src/platform/clock.js';
import { createLog } from '../../src/platform/logging.js';
import { createPortal, type Portal, type PortalOptions } from '../../src/portal.js';
import { type CreateProgramInput, createProgram } from '../../src/programs/program.commands.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { openTestDatabase, type TestDatabase } from './database.js';

/** The circumstances of commands that the portal gives itself. */
export const bySystem = {
  actor: { kind: 'SYSTEM', name: 'test' },
  requestId: 'test',
  ipAddress: null,
  idempotencyKey: null,
} as const;

/** A clock that runs as clocks do and can be put forward. */
export class TestClock implements Clock {
  #ahead = 0;

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  advance(milliseconds: number): void {
    this.#ahead += milliseconds;
  }
}

/** A whole portal of a test's own: real HTTP, a database of its own, mail in a folder. */
export interface TestPortal {
  readonly url: string;
  readonly config: Config;
  readonly database: TestDatabase;
  readonly portal: Portal;
  readonly clock: TestClock;
  readonly mail: MailFolder;
  /** Calls the API as a stranger. */
  readonly stranger: PortalClient;
  /** Signs somebody up, by the API and the mail. */
  person(name: string): Promise<PortalClient>;
  /** A member of staff with these roles, who has signed in and chosen a password. */
  staff(...roles: StaffRole[]): Promise<PortalClient>;
  /** Creates the sample program, or one that differs from it; answers its database id. */
  program(changes?: Partial<CreateProgramInput>): Promise<string>;
  close(): Promise<void>;
}

export interface TestPortalOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly portal?: Partial<PortalOptions>;
}

export async function openTestPortal(options: TestPortalOptions = {}): Promise<TestPortal> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sallyport-test-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = readConfig({
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: url,
    SECRET_KEY: randomBytes(32).toString('base64'),
    ...options.environment,
  });
  const database = await openTestDatabase();
  const clock = new TestClock();
  const log = createLog({ level: (process.env.TEST_LOG as Config['logLevel']) ?? 'silent', format: 'json' });
  // What comes by the clock comes when a test calls for it: a minute that is over in between is chance.
  const own = { log, database, clock, webhookRetries: [50, 50, 50], answerAfterMs: 30, schedules: false };
  const portal = await createPortal(config, { ...own, ...options.portal });
  await portal.start();
  const stranger = new PortalClient(url);
  const mail = new MailFolder(join(dataDir, 'mail'));
  let staffCount = 0;
  return {
    url,
    config,
    database,
    portal,
    clock,
    mail,
    stranger,
    person: (name) => signUp(stranger, mail, { name, email: addressOf(name) }),
    async staff(...roles) {
      staffCount += 1;
      const email = `staff${staffCount}@operator.example.org`;
      const name = `Staff ${roles.join(' ').toLowerCase().replaceAll('_', ' ')} ${staffCount}`;
      const { oneTimePassword } = await portal.staff.add({ email, name, roles }, bySystem);
      return firstSignIn(stranger, email, String(oneTimePassword));
    },
    async program(changes = {}) {
      const { programId } = await portal.doorway.execute(createProgram, { ...sampleProgram, ...changes }, bySystem);
      return programId;
    },
    async close() {
      await portal.stop(5_000);
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export function addressOf(name: string): string {
  return `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@partner.example.org`;
}
