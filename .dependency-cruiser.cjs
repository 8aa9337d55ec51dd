/**
 * Which room of src/ may import from which: `npm run layers` checks it. Imports of types count like any other.
 *
 *   lifecycle                    nothing at all
 *   platform                     packages
 *   events                       lifecycle, platform
 *   doorway                      events, lifecycle, platform
 *   api                          doorway, lifecycle, platform
 *   the nouns                    all of these, and commands, queries and types of other nouns
 *   demo, generate               anything; only tests import them
 *   cli, entry points, composition  anything
 */
const nouns =
  'identity|organizations|programs|applications|documents|decision-letters|reviews|questions|screening|grants|waves|provisioning|bulk|webhooks|notifications|audit|reports|flags|correspondence|standard-texts|access|attestations|evidence';

/** The files right in src/ that put the rooms together. Every other file there is one that rooms may import. */
const composition = 'main|serve|cli|portal|schema|entities|first-start';

/** Files of a noun that others may import although they are neither commands nor queries nor types. */
const furtherDoors = [
  // The letters that identity wants written: an interface of its own, which notifications implements.
  '^src/identity/account-mail\\.ts$',
  // What is an e-mail address, and a person’s name: pure functions on texts.
  '^src/identity/email-address\\.ts$',
  // How a resolver gives a command on an application and presents the result; reviews gives such commands too.
  '^src/applications/application-commanding\\.ts$',
  // How the log is verified and signed, and how letters are set, for whoever shows it to others.
  '^src/audit/(anchor|audit-chain|checkpoint|verification)\\.ts$',
  '^src/decision-letters/letter-pdf\\.ts$',
  // Pure functions on questionnaires and answers.
  '^src/programs/questionnaire\\.ts$',
];

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
      name: 'nouns-meet-at-their-doors',
      comment:
        'A noun reaches another through its commands, queries and types; how the other is stored, resolved, routed and ' +
        'scheduled is its own business.',
      severity: 'error',
      from: { path: `^src/(${nouns})/` },
      to: { path: `^src/(${nouns})/`, pathNot: ['^src/$1/', '\\.(commands|queries|types)\\.ts$', ...furtherDoors] },
    },
    {
      name: 'rooms-do-not-know-the-whole',
      comment: 'Only entry points and composition import these.',
      severity: 'error',
      from: { path: `^src/(${nouns}|api|doorway|events|lifecycle|platform)/` },
      to: { path: [`^src/(${composition})\\.ts$`, '^src/(cli|demo|generate)/', '^test/'] },
    },
    {
      name: 'portal-for-entry-points',
      comment: 'Whoever needs a part is given the part; the whole portal is for those who start it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/((serve|cli|first-start)\\.ts$|(cli|demo|generate)/)' },
      to: { path: '^src/portal\\.ts$' },
    },
    {
      name: 'demo-is-not-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/demo/' },
      to: { path: '^src/demo/' },
    },
    {
      name: 'generators-are-not-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/generate/' },
      to: { path: '^src/generate/' },
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
    // TypeScript 7 has no compiler API. This parser finds imports and re-exports of types too, but not types written as
    // `import('…').Name`; test/contract/layers.test.ts sees to it that there are none.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
