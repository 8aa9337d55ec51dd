/**
 * Which room of src/ may import from which: `npm run layers` checks it. Imports of types count like any other.
 *
 *   lifecycle                    nothing at all
 *   platform                     packages
 *   events                       lifecycle, platform
 *   doorway                      events, lifecycle, platform
 *   api                          doorway, lifecycle, platform
 *   the nouns                    all of these, and of other nouns what is no entity, resolver, route or job
 *   demo                         anything, and only tests import it
 *   entry points and composition anything
 */
const nouns =
  'identity|organizations|programs|applications|documents|reviews|screening|grants|webhooks|notifications|audit';

/** The files right in src/ that put the rooms together. Every other file there is one that rooms may import. */
const composition = 'main|cli|portal|schema|entities|first-start';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one thing, or need a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'lifecycle-stands-alone',
      comment: 'The rules are pure: no part of the project, no package, nothing of Node.',
      severity: 'error',
      from: { path: '^src/lifecycle/' },
      to: { pathNot: '^src/lifecycle/' },
    },
    {
      name: 'platform-knows-no-portal',
      comment: 'What any service needs must not know what this one is about.',
      severity: 'error',
      from: { path: '^src/platform/' },
      to: { path: '^(src|test)/', pathNot: '^src/platform/' },
    },
    {
      name: 'events-look-down',
      severity: 'error',
      from: { path: '^src/events/' },
      to: { path: '^(src|test)/', pathNot: '^src/(events|lifecycle|platform)/' },
    },
    {
      name: 'doorway-looks-down',
      severity: 'error',
      from: { path: '^src/doorway/' },
      to: { path: '^(src|test)/', pathNot: '^src/(doorway|events|lifecycle|platform)/' },
    },
    {
      name: 'api-looks-down',
      severity: 'error',
      from: { path: '^src/api/' },
      to: { path: '^(src|test)/', pathNot: '^src/(api|doorway|lifecycle|platform)/' },
    },
    {
      name: 'nouns-keep-their-insides',
      comment:
        'A noun reaches another through its commands, queries, types and the classes it offers; how the other is stored, ' +
        'resolved, routed and scheduled is its own business.',
      severity: 'error',
      from: { path: `^src/(${nouns})/` },
      to: { path: `^src/(${nouns})/[^/]+\\.(entity|resolver|routes|jobs|sweep)\\.ts$`, pathNot: '^src/$1/' },
    },
    {
      name: 'rooms-do-not-know-the-whole',
      comment: 'Only entry points and composition import these.',
      severity: 'error',
      from: { path: `^src/(${nouns}|api|doorway|events|lifecycle|platform)/` },
      to: { path: [`^src/(${composition})\\.ts$`, '^src/(generate|demo)/', '^test/'] },
    },
    {
      name: 'portal-for-entry-points',
      comment: 'Whoever needs a part is given the part; the whole portal is for those who start it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/((main|cli|first-start)\\.ts$|(demo|generate)/)' },
      to: { path: '^src/portal\\.ts$' },
    },
    {
      name: 'demo-is-not-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/demo/' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'tests-are-not-the-product',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'packages-are-declared',
      comment: 'What the portal imports is in "dependencies": not only in "devDependencies", and not by luck.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-are-there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // TypeScript 7 has no compiler API. Seen: this parser finds type-only imports and re-exports too.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
