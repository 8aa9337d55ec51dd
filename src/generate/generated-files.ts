import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { variables } from '../config.js';
import { buildPortalSchema } from '../schema.js';
import { withEventList } from '../webhooks/webhook-docs.js';
import { lifecyclePage } from './lifecycle-page.js';
import { code, table, withPart } from './markdown.js';

/** The folder that holds the project: two levels above this file, compiled or not. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));

interface GeneratedFile {
  /** From the project's folder. */
  readonly path: string;
  /** What should be in the file, given what is in it now. */
  readonly content: (present: string) => string;
}

/** Every file that is printed, as a whole or in part, from what the code says. */
const files: readonly GeneratedFile[] = [
  { path: 'schema.graphql', content: schemaText },
  { path: 'docs/lifecycle.md', content: lifecyclePage },
  { path: 'docs/webhooks.md', content: withEventList },
  { path: 'README.md', content: (present) => withPart(present, 'configuration', configurationTable()) },
];

/** A file that does not say what the code says. */
export interface StaleFile {
  readonly path: string;
  /** What it should say. */
  readonly content: string;
}

/** Compares every generated file of a project folder with what the code says. */
export function staleFiles(folder: string = projectFolder): StaleFile[] {
  return files.flatMap(({ path, content }) => {
    const present = textOf(`${folder}/${path}`);
    const wanted = content(present);
    return wanted === present ? [] : [{ path, content: wanted }];
  });
}

/** The whole schema with its descriptions, in an order that does not depend on that of the code. */
export function schemaText(): string {
  const schema = printSchema(lexicographicSortSchema(buildPortalSchema()));
  return `# Printed from the code by "npm run generate".\n\n${schema}\n`;
}

function configurationTable(): string {
  return table(
    ['variable', 'what for', 'default'],
    Object.entries(variables).map(([name, { describes, byDefault }]) => [code(name), describes, byDefault]),
  );
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
