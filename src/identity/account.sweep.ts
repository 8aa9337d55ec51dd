import type { Queue } from '../platform/jobs.js';
import type { Accounts } from './accounts.js';

/** Forgets every hour what is over anyway: sessions and links past their time, and counted attempts. */
export function accountSweep(accounts: Accounts): Queue<object> {
  return {
    name: 'accounts.sweep',
    retryLimit: 3,
    retryDelaySeconds: 60,
    expireInSeconds: 15 * 60,
    concurrency: 1,
    schedule: '37 * * * *',
    handle: () => accounts.sweep(),
  };
}
