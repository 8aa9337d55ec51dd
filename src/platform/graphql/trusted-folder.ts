import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphQLSchema } from 'graphql';
import { messageOf } from '../database/database.js';
import { type Problem, Refusal } from '../errors.js';
import { queryLimits, weighing } from './limits.js';
import { type TrustedDocument, trustedDocument } from './trusted-documents.js';

/**
 * Reads every `*.graphql` file that is right in the folder, in the order of their names.
 * @throws Refusal with everything that is wrong with any of them
 */
export function readTrustedFolder(folder: string, schema: GraphQLSchema): readonly TrustedDocument[] {
  const files = filesIn(folder);
  const rules = { schema, limits: queryLimits, weigh: weighing(schema, queryLimits) };
  const problems: Problem[] = [];
  const documents = files.flatMap((file) => {
    try {
      return trustedDocument(file, textOf(file), rules);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  if (problems.length > 0) throw new Refusal(problems);
  return documents;
}

function filesIn(folder: string): string[] {
  const files = namesIn(folder)
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw Refusal.of('INVALID', `${folder} holds no trusted documents: files whose names end in .graphql.`, [folder]);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw Refusal.of('NOT_FOUND', `${folder} cannot be read: ${messageOf(error)}.`, [folder]);
  }
}

/** The text, of which the id is made: so it has to be the file's bytes, and nothing that stands in for some of them. */
function textOf(file: string): string {
  const bytes = bytesOf(file);
  if (!isUtf8(bytes)) throw Refusal.of('INVALID', `${file} cannot be read: it is not UTF-8.`, [file]);
  return bytes.toString('utf8');
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw Refusal.of('INVALID', `${file} cannot be read: ${messageOf(error)}.`, [file]);
  }
}
