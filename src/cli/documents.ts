import type { Command } from 'commander';
import { jsonOption, type ListOptions, say, sayList } from './output.js';

export function addDocumentsCommand(parent: Command): void {
  const documents = parent
    .command('documents [folder]')
    .description('the trusted documents of a folder (that of TRUSTED_DOCUMENTS), or what is wrong with them')
    .option(jsonOption[0], 'print a persisted query manifest, for building clients')
    .action(async (given: string | undefined, options: ListOptions) => {
      const folder = given ?? process.env.TRUSTED_DOCUMENTS;
      if (!folder) return documents.error('error: name a folder, or set TRUSTED_DOCUMENTS');
      await list(folder, options);
    });
}

/** Needs no database and no other part of the configuration, so that a build can ask it. */
async function list(folder: string, { json }: ListOptions): Promise<void> {
  const { buildPortalSchema } = await import('../schema.js');
  const { manifestOf } = await import('../platform/graphql/trusted-documents.js');
  const { readTrustedFolder } = await import('../platform/graphql/trusted-folder.js');
  const found = readTrustedFolder(folder, buildPortalSchema());
  if (json) return say(JSON.stringify(manifestOf(found), null, 2));
  sayList(
    found.map(({ id, name, operation, file }) => ({ id, operation: name, type: operation.operation, file })),
    {},
    '',
  );
}
