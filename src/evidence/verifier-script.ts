import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../platform/project-folder.js';

/** What the script is made of, each part after those that it needs: the portal's own rules among them. */
const parts = [
  'lifecycle/ruling',
  'lifecycle/release',
  'lifecycle/release-scope',
  'lifecycle/release-history',
  'lifecycle/usability',
  'audit/audit-chain',
  'evidence/archive-lines',
  'evidence/typed-id',
  'evidence/lines',
  'evidence/release-records',
  'evidence/judging',
  'evidence/verifier/opened-archive',
  'evidence/verifier/troubles',
  'evidence/verifier/check-files',
  'evidence/verifier/check-log',
  'evidence/verifier/check-release',
  'evidence/verifier/check-grants',
  'evidence/verifier/verify',
];

const heading = `#!/usr/bin/env node
// Checks the evidence beside it: node verify.mjs --help. It is put together of these parts of the portal, compiled:
// ${parts.join(', ')}.
`;

const importForm = /^import (?:(\{[^}]*\}) from )?'([^']+)';\n/gm;

/**
 * The script that verifies an archive, in one file that needs nothing but Node.js: the compiled parts one after the other.
 * What they import from one another is all in one place then, and what they import from Node.js comes first.
 */
export function verifierScript(): string {
  const fromNode = new Map<string, Set<string>>();
  const bodies = parts.map((part) => {
    const compiled = readFileSync(join(projectFolder, 'dist', `${part}.js`), 'utf8');
    for (const [, names = '', from = ''] of compiled.matchAll(importForm)) {
      if (!from.startsWith('node:')) continue;
      const known = fromNode.get(from) ?? new Set();
      for (const name of names.slice(1, -1).split(',')) known.add(name.trim());
      fromNode.set(from, known);
    }
    const body = compiled
      .replaceAll(importForm, '')
      .replaceAll(/^export (?=async |function |const |class )/gm, '')
      .replaceAll(/^export \{\};\n/gm, '')
      .replaceAll(/^\/\/# sourceMappingURL=.*\n?/gm, '');
    return `// ${part}\n\n${body.trim()}\n`;
  });
  const imports = [...fromNode].map(([from, names]) => `import { ${[...names].join(', ')} } from '${from}';\n`);
  return [heading, imports.join(''), ...bodies].join('\n');
}
