import { advance, submit } from './commands.js';
import { detail, grant, list, me, queue, queues, search } from './reads.js';
import type { Workload } from './workload.js';

export const workloads: readonly Workload[] = [queue, detail, list, me, queues, search, grant, submit, advance];
