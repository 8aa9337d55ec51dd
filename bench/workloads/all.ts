import { advance, submit } from './commands.js';
import { detail, grant, list, me, queue, queues } from './reads.js';
import type { Workload } from './workload.js';

/** Search joins these when the portal has it. */
export const workloads: readonly Workload[] = [queue, detail, list, me, queues, grant, submit, advance];
