import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Premises } from '../faults/premises.js';
import type { Verdict } from '../faults/verdict.js';
import type { Ground } from './ground.js';

const compiled = (file: string) => fileURLToPath(new URL(`../../dist/${file}`, import.meta.url));

/** What should have ended by itself is ended after this long, in milliseconds. */
const endsWithinMs = 180_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program of the portal to its end. */
export function runToEnd(
  file: string,
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ended> {
  return new Promise((settle) => {
    const options = { env: environment, timeout: endsWithinMs };
    const child = execFile(process.execPath, [compiled(file), ...args], options, (_error, stdout, stderr) =>
      settle({ code: child.exitCode, output: `${stdout}${stderr}` }),
    );
  });
}

/**
 * What an operator meets on the first day: the portal says what it needs behind a pooler, what it says is right, and the
 * migrations run by way of the pooler.
 */
export async function beginnings(premises: Premises, ground: Ground): Promise<readonly Verdict[]> {
  const { DATABASE_POOLER: _untold, ...unaware } = premises.environment;
  const untold = await runToEnd('bundle/main.js', unaware);
  await ground.pooler.ignoreParameters(['statement_timeout', 'idle_in_transaction_session_timeout', 'options']);
  const ignored = await runToEnd('bundle/main.js', unaware);
  await ground.pooler.ignoreParameters([]);
  const unfit = await runToEnd('bundle/main.js', premises.environment);
  const statements = [...unfit.output.matchAll(/^ {2}(alter role .*;)$/gm)].map(([, statement]) => statement);
  for (const statement of statements) await ground.run(String(statement));
  await ground.pooler.reconnect();
  const migrated = await runToEnd('bundle/cli.js', premises.environment, 'migrate');
  return [
    {
      promise: 'a portal that was not told of the pooler does not start, and says what to set',
      violations: [untold, ignored].filter((end) => !isRefusal(end, /DATABASE_POOLER=transaction/)).map(account),
    },
    {
      promise: 'sessions without limits are refused, with the statements that give the role what is needed',
      violations: isRefusal(unfit, /statement_timeout = '30s'/) && statements.length > 1 ? [] : [account(unfit)],
    },
    {
      promise: 'after these statements, the migrations run by way of the pooler',
      violations: migrated.code === 0 && /Applied pg-boss/.test(migrated.output) ? [] : [account(migrated)],
    },
  ];
}

/** Plays the demo by way of the pooler; it makes a database of its own and takes it away again. */
export async function demonstration(ground: Ground): Promise<Verdict> {
  await ground.run(`alter role ${ground.database} set timezone = 'UTC'; alter role ${ground.database} set
    statement_timeout = '30s'; alter role ${ground.database} set idle_in_transaction_session_timeout = '60s'`);
  const environment = { DATABASE_URL: ground.pooler.urlOf('postgres'), DATABASE_POOLER: 'transaction' };
  const played = await runToEnd('demo/main.js', environment);
  const isDone = played.code === 0 && /All \d+ steps did what they say/.test(played.output);
  return { promise: 'the whole demo goes by way of the pooler', violations: isDone ? [] : [account(played)] };
}

function isRefusal({ code, output }: Ended, says: RegExp): boolean {
  return code === 1 && says.test(output);
}

function account({ code, output }: Ended): string {
  return `it ended with ${code} and said: ${output.slice(-2_000)}`;
}
