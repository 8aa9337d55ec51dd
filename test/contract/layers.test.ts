import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectFolder } from '../../src/platform/project-folder.js';

/** On a machine that is busy with other tests. */
const slowlyMs = 180_000;

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Breaches of the rules between the rooms, each planted in a file of its own. */
const breaches: readonly (readonly [rule: string, file: string, line: string])[] = [
  ['lifecycle-stands-alone', 'src/lifecycle/of-platform.ts', "import type { Refusal } from '../platform/target.js';"],
  ['lifecycle-stands-alone', 'src/lifecycle/of-node.ts', "import { randomUUID } from 'node:crypto';"],
  ['lifecycle-stands-alone', 'src/lifecycle/of-package.ts', "import { sql } from 'kysely';"],
  ['platform-knows-no-portal', 'src/platform/of-lifecycle.ts', "export type { Rule } from '../lifecycle/target.js';"],
  ['platform-knows-no-portal', 'src/platform/http/of-noun.ts', "import '../../grants/target.queries.js';"],
  ['platform-knows-no-portal', 'src/platform/of-events.ts', "import type { E } from '../events/target.js';"],
  ['events-look-down', 'src/events/of-doorway.ts', "import type { D } from '../doorway/target.js';"],
  ['doorway-looks-down', 'src/doorway/of-api.ts', "import type { A } from '../api/target.js';"],
  ['api-looks-down', 'src/api/of-noun.ts', "import type { G } from '../grants/target.queries.js';"],
  ['nouns-meet-at-their-doors', 'src/reviews/of-entity.ts', "import type { G } from '../grants/target.entity.js';"],
  ['nouns-meet-at-their-doors', 'src/reviews/of-routes.ts', "export * from '../grants/target.routes.js';"],
  ['nouns-meet-at-their-doors', 'src/reviews/of-resolver.ts', "import { G } from '../grants/target.resolver.js';"],
  ['nouns-meet-at-their-doors', 'src/reviews/of-jobs.ts', "const jobs = await import('../grants/target.jobs.js');"],
  ['rooms-do-not-know-the-whole', 'src/reviews/of-portal.ts', "import type { Portal } from '../portal.js';"],
  ['portal-for-entry-points', 'src/version.ts', "import type { Portal } from './portal.js';"],
  ['demo-is-not-the-product', 'src/cli.ts', "import { people } from './demo/target.js';"],
  ['tests-are-not-the-product', 'src/serve.ts', "import '../test/target.js';"],
  ['packages-are-declared', 'src/reviews/of-dev-package.ts', "import { expect } from '@jest/globals';"],
  ['imports-are-there', 'src/reviews/of-nothing.ts', "import '../grants/missing.queries.js';"],
  ['no-cycles', 'src/grants/cycle-one.ts', "import type { Two } from './cycle-two.js';"],
];

const allowed: readonly (readonly [file: string, line: string])[] = [
  ['src/reviews/of-queries.ts', "import type { G } from '../grants/target.queries.js';"],
  ['src/grants/of-itself.ts', "import type { G } from './target.entity.js';"],
  ['src/demo/of-portal.ts', "import type { Portal } from '../portal.js';"],
  ['src/first-start.ts', "import type { Portal } from './portal.js';"],
  ['src/grants/cycle-two.ts', "import type { One } from './cycle-one.js';"],
];

const targets = [
  ...['platform', 'lifecycle', 'events', 'doorway', 'api', 'demo'].map((room) => `src/${room}/target.ts`),
  ...['entity', 'queries', 'routes', 'resolver', 'jobs'].map((kind) => `src/grants/target.${kind}.ts`),
  'src/portal.ts',
  'test/target.ts',
];

async function check(folder: string): Promise<readonly Violation[]> {
  const program = join(projectFolder, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
  const run = promisify(execFile)(process.execPath, [program, '-T', 'json', 'src', 'test'], options);
  const { stdout } = await run.catch((error: unknown) => {
    // The number of breaches is the exit code; the report is on the standard output all the same.
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string')
      return { stdout: error.stdout };
    throw error;
  });
  const report = JSON.parse(stdout) as { summary: { violations: Violation[] } };
  return report.summary.violations;
}

describe('the rules between the rooms', () => {
  let planted: string;
  let found: readonly Violation[];

  beforeAll(async () => {
    planted = mkdtempSync(join(tmpdir(), 'sallyport-layers-'));
    for (const name of ['.dependency-cruiser.cjs', 'package.json'])
      cpSync(join(projectFolder, name), join(planted, name));
    symlinkSync(join(projectFolder, 'node_modules'), join(planted, 'node_modules'));
    const files = [
      ...targets.map((file) => [file, ''] as const),
      ...allowed,
      ...breaches.map(([, file, line]) => [file, line] as const),
    ];
    for (const [file, line] of files) {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      writeFileSync(join(planted, file), `${line}\n`);
    }
    found = await check(planted);
  }, slowlyMs);

  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  it.each(breaches)('catch a breach of %s in %s', (rule, file) => {
    expect(found.filter(({ from }) => from === file).map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(allowed.slice(0, -1))('let %s be', (file) => {
    expect(found.filter(({ from }) => from === file)).toEqual([]);
  });

  it(
    'are kept by the project',
    async () => {
      const violations = await check(projectFolder);
      expect(violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
    },
    slowlyMs,
  );

  it('are not got round by types written as import(…), which the tool does not see', () => {
    const sources = readdirSync(join(projectFolder, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const hidden = sources.filter((name) =>
      /(?<!await )\bimport\(['"]/.test(readFileSync(join(projectFolder, 'src', name), 'utf8')),
    );
    expect(sources.length).toBeGreaterThan(100);
    expect(hidden).toEqual([]);
  });
});
