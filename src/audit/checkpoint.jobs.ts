import type { KeyObject } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import type { Database } from '../platform/database/database.js';
import type { Queue } from '../platform/jobs.js';
import { signCheckpoint } from './checkpoint.js';
import { appendCheckpoint } from './checkpoint-file.js';

export interface CheckpointParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Whose log it is: the portal's public address. */
  readonly log: string;
  readonly privateKey: KeyObject;
  readonly file: string;
  /** Where checkpoints are told too, because a log that is shipped elsewhere outlives this machine. */
  readonly teller: { info(fields: object, message: string): void };
}

/**
 * Signs every five minutes how long the audit log is, where the database cannot reach it. Without that, somebody who can
 * write to the database could cut the newest records off unseen.
 */
export function auditCheckpoints(parts: CheckpointParts): Queue<object> {
  const { database, clock, file, teller } = parts;
  return {
    name: 'audit.checkpoint',
    retryLimit: 2,
    retryDelaySeconds: 20,
    expireInSeconds: 60,
    concurrency: 1,
    schedule: '*/5 * * * *',
    async handle() {
      const checkpoint = await signCheckpoint(database.kysely(), parts, clock.now());
      await appendCheckpoint(file, checkpoint);
      teller.info({ checkpoint }, 'Audit checkpoint');
    },
  };
}
