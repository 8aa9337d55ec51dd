import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';

/**
 * Puts what was compiled and the packages that it uses together in a few files, `dist/bundle/main.js` and
 * `dist/bundle/cli.js` among them. Most of a start was Node.js finding and reading 2,500 files (docs/adr/0041).
 * Does nothing when that is done already.
 */
const dist = join(import.meta.dirname, '../dist');
const bundle = join(dist, 'bundle');

/** They have native code, or read files that lie beside their own. */
const leftInPlace = [/^@electric-sql\/pglite/, '@node-rs/argon2', 'fontkit', 'pdfkit', 'pino', 'pino-pretty'];

/** What packages try to load and do without. */
const notInstalled = ['class-validator', 'pg-native', 'tinyglobby'];

/** What the bundle is made from: the compiler changes its record with whatever it writes. */
const madeFrom = [join(dist, '.tsbuildinfo'), join(import.meta.dirname, '../package-lock.json'), import.meta.filename];

function isUpToDate(): boolean {
  const made = join(bundle, 'main.js');
  if (!existsSync(made)) return false;
  const since = statSync(made).mtimeMs;
  return madeFrom.every((path) => statSync(path).mtimeMs <= since);
}

/** Has traces of the bundle tell lines of `src/`, as those of the compiled files do. */
const mapsOfCompiler: Plugin = {
  name: 'maps of the compiler',
  load(id) {
    if (!id.startsWith(dist)) return null;
    return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
  },
};

async function writeBundle(folder: string): Promise<void> {
  await using made = await rolldown({
    input: { main: join(dist, 'main.js'), cli: join(dist, 'cli.js') },
    platform: 'node',
    external: [...leftInPlace, ...notInstalled],
    plugins: [mapsOfCompiler],
    // What a package does when it is loaded, it goes on doing.
    treeshake: false,
    onLog(_level, log) {
      throw new Error(log.message);
    },
  });
  // Entities and types of the schema are called as their classes are, so those keep their names.
  const { output } = await made.write({ dir: folder, keepNames: true, sourcemap: true });
  const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  writeFileSync(join(folder, 'third-party-licences.txt'), licencesOf(modules));
}

const ofPackage = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The licences of the packages that are in the bundle, which ask to go along with what they are about. */
function licencesOf(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((id) => ofPackage.exec(id)?.[0] ?? []));
  const licences = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package comes without its text.';
    return `${name} ${version}: ${license}\n\n${text}\n`;
  });
  return licences.join(`\n${'-'.repeat(80)}\n\n`);
}

/** Nobody sees half of it: it is written beside, and takes the place of the one before. */
async function replaceBundle(): Promise<void> {
  const written = mkdtempSync(join(dist, '.bundle-'));
  const former = `${written}-former`;
  try {
    await writeBundle(written);
    if (existsSync(bundle)) renameSync(bundle, former);
    renameSync(written, bundle);
  } catch (error) {
    // Another build that ran meanwhile may have been first.
    if (!isUpToDate()) throw error;
  } finally {
    for (const folder of [written, former]) rmSync(folder, { recursive: true, force: true });
  }
}

if (!isUpToDate()) await replaceBundle();
