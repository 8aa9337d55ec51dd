import { createHash } from 'node:crypto';
import { byJob } from '../doorway/by-job.js';
import type { Doorway } from '../doorway/doorway.js';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { Ids } from '../platform/ids.js';
import type { Queue } from '../platform/jobs.js';
import type { Storage } from '../platform/storage/storage.js';
import { decisionsWithoutLetter, letterSource } from './decision-facts.queries.js';
import { recordDecisionLetter } from './decision-letter.commands.js';
import { letterFrom } from './letter-content.js';
import { letterAsPdf } from './letter-pdf.js';

export const letterQueue = 'decision-letters.write';

/** A decision that has become final; without one, those are looked for that have no letter after all. */
export interface LetterJob {
  readonly decisionId?: string;
}

export interface LetterWritingParts {
  readonly doorway: Doorway;
  readonly database: Database;
  readonly storage: Pick<Storage, 'write' | 'remove'>;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** How far back letters that are missing are looked for, and how many one run writes. */
const lookBackMs = 14 * 24 * 60 * 60 * 1000;
const batch = 200;

/** Writes the letter of each final decision, once. Until then the decision stands without it. */
export function letterWriting(parts: LetterWritingParts): Queue<LetterJob> {
  const { database, clock } = parts;
  return {
    name: letterQueue,
    // For some hours, with growing pauses; whatever is missing then, the schedule finds.
    retryLimit: 8,
    retryDelaySeconds: 15,
    expireInSeconds: 600,
    concurrency: 1,
    schedule: '23 * * * *',
    async handle({ decisionId }, signal) {
      if (decisionId !== undefined) return writeLetter(parts, decisionId);
      const since = new Date(clock.now().getTime() - lookBackMs);
      const failures: unknown[] = [];
      for (const id of await decisionsWithoutLetter(database.kysely(), since, batch)) {
        signal.throwIfAborted();
        // One that cannot be written keeps none of the others from being written.
        await writeLetter(parts, id).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, `${failures.length} decisions have no letter yet.`);
    },
  };
}

async function writeLetter({ doorway, database, storage, ids }: LetterWritingParts, decisionId: string): Promise<void> {
  const source = await letterSource(database.kysely(), decisionId);
  if (!source) return;
  const { applicationId, organizationId, template, facts } = source;
  const bytes = await letterAsPdf(letterFrom(template.content, facts));
  const sha256 = sha256Of(bytes);
  // The same letter has the same place, so that writing it again leaves nothing behind.
  const storageKey = sha256Of(`${decisionId} ${sha256}`);
  await storage.write(storageKey, once(bytes), async () => {}).catch(unlessThere);
  const recorded = await doorway.execute(
    recordDecisionLetter,
    {
      decisionId,
      kind: facts.kind,
      templateId: template.id,
      templateVersion: template.version,
      file: {
        ...{ applicationId, organizationId, sha256, storageKey },
        fileName: `${facts.reference} decision.pdf`,
        size: bytes.byteLength,
      },
    },
    byJob(letterQueue, ids),
  );
  // Another run was first, and something had changed its name in between.
  if (recorded.storageKey !== storageKey) await storage.remove(storageKey);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Refusal && error.code === 'ALREADY_EXISTS')) throw error;
}

function sha256Of(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
