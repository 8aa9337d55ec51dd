import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { variables } from '../config-variables.js';
import { readTrustedFolder } from '../platform/graphql/trusted-folder.js';
import { projectFolder } from '../platform/project-folder.js';
import { buildPortalSchema } from '../schema.js';
import { withEventList } from '../webhooks/webhook-docs.js';
import { limitsTable, operationsTable, rateLimitsTable, requestErrorTable, userErrorTable } from './api-tables.js';
import { lifecyclePage } from './lifecycle-page.js';
import { code, table, withPart } from './markdown.js';

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
  { path: 'docs/api.md', content: apiGuide },
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
    const present = textOf(join(folder, path));
    const wanted = contentFor(path, present, content);
    return wanted === present ? [] : [{ path, content: wanted }];
  });
}

function contentFor(path: string, present: string, content: GeneratedFile['content']): string {
  try {
    return content(present);
  } catch (cause) {
    throw new Error(`${path} cannot be brought up to date. ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

/** The whole schema with its descriptions, in an order that does not depend on that of the code. */
export function schemaText(): string {
  const schema = printSchema(lexicographicSortSchema(buildPortalSchema()));
  return `# Printed from the code by "npm run generate".\n\n${schema}\n`;
}

function apiGuide(present: string): string {
  const parts = {
    operations: operationsTable(readTrustedFolder(join(projectFolder, 'operations'), buildPortalSchema())),
    'user errors': userErrorTable(),
    'request errors': requestErrorTable(),
    limits: limitsTable(),
    'rate limits': rateLimitsTable(),
  };
  return Object.entries(parts).reduce((document, [name, part]) => withPart(document, name, part), present);
}

function configurationTable(): string {
  return table(
    ['variable', 'what for', 'default'],
    Object.entries(variables).map(([name, { describes, byDefault }]) => [
      code(name),
      describes,
      byDefault.replaceAll('<', '\\<'),
    ]),
  );
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
