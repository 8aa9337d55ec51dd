import type { FastifyInstance } from 'fastify';
import type { Log } from '../logging.js';
import { TookTooLong, within } from './deadline.js';

/** One thing the portal needs, and what is wrong with it, if anything. */
export interface ReadinessCheck {
  readonly name: string;
  readonly problem: string | null;
  /** Whether the portal answers as well without it; then it is shown, and whoever looks after it logs its troubles. */
  readonly isDispensable?: boolean;
}

export interface Health {
  readonly ready: () => Promise<readonly ReadinessCheck[]>;
  readonly isDraining: () => boolean;
  readonly log: Log;
}

/** A check that takes longer has failed. */
const answerWithinMs = 5_000;

/**
 * /livez says that the process runs and touches nothing. /readyz says whether it should be sent requests: strangers may
 * ask, so it names what fails and keeps the reason for the log.
 */
export function answerHealth(app: FastifyInstance, { ready, isDraining, log }: Health): void {
  let complained = '';
  app.get('/livez', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isDraining()) return reply.code(503).send({ status: 'draining', checks: [] });
    const checks = await checked(ready);
    const failed = checks.filter((check) => check.problem !== null && !check.isDispensable);
    const complaint = failed.map((check) => `${check.name}: ${check.problem}`).join('; ');
    if (complaint !== complained) {
      complained = complaint;
      if (complaint) log.warn({ checks: failed.map((check) => check.name) }, `Not ready: ${complaint}`);
      else log.info('Ready again');
    }
    return reply.code(failed.length === 0 ? 200 : 503).send({
      status: failed.length === 0 ? 'ok' : 'unavailable',
      checks: checks.map((check) => ({ name: check.name, ok: check.problem === null })),
    });
  });
}

async function checked(ready: Health['ready']): Promise<readonly ReadinessCheck[]> {
  try {
    return await within(answerWithinMs, ready());
  } catch (error) {
    const problem = error instanceof TookTooLong ? 'took too long' : error instanceof Error ? error.message : 'failed';
    return [{ name: 'checks', problem }];
  }
}
