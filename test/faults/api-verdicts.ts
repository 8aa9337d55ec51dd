import { createHash } from 'node:crypto';
import type { PortalClient } from '../../src/demo/portal-client.js';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import type { KnownDocument, Ledger } from './ledger.js';
import type { Verdict } from './verdict.js';

/** How many requests are made at once. */
const atOnce = 6;

/** Gives every acknowledged command again under its key; whether it did anything, the audit log tells. */
export async function repeatedCommands(ledger: Ledger): Promise<Verdict> {
  const violations: string[] = [];
  await inParallel(ledger.acknowledged, async ({ key, name, answer, again }) => {
    const repeated = await again().catch((error: unknown) => String(error));
    if (repeated !== answer) violations.push(`${name} (${key}) was answered ${answer} and then ${repeated}`);
  });
  return { promise: 'every command given again under its key is answered the same', violations };
}

/** Downloads every document whose upload was acknowledged. */
export async function keptDocuments(owner: PortalClient, documents: readonly KnownDocument[]): Promise<Verdict> {
  const violations: string[] = [];
  await inParallel([...Map.groupBy(documents, ({ applicationId }) => applicationId)], async ([id, ofOne]) => {
    const found = await owner.ask('query ($id: ID!) { application(id: $id) { documents { id downloadUrl } } }', { id });
    const shown = valueAt(found, 'application', 'documents');
    for (const document of ofOne) {
      const link = Array.isArray(shown) && shown.find((candidate) => valueAt(candidate, 'id') === document.id);
      const problem = link ? await problemWith(textAt(link, 'downloadUrl'), document) : 'is not shown';
      if (problem) violations.push(`${document.id} ${problem}`);
    }
  });
  return { promise: 'every document whose upload was acknowledged has its bytes', violations };
}

async function problemWith(url: string, { sha256 }: KnownDocument): Promise<string | null> {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (!response.ok) return `cannot be downloaded: ${response.status}`;
  return createHash('sha256').update(bytes).digest('hex') === sha256 ? null : 'has other bytes than were sent';
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
