import { Counter, Gauge, type Registry } from 'prom-client';
import { outcomes, type Replica } from './replica.js';

/** Registers what is counted of a replica; the figures are read when they are asked for. */
export function measureReplica(registry: Registry, replica: Replica): void {
  const reads = new Counter({
    name: 'sallyport_replica_reads_total',
    help:
      'Statements that a replica might have answered: "answered" by it, or by the primary because the replica was ' +
      '"behind" what the reader had to see, "failed" or was "unused".',
    labelNames: ['outcome'],
    registers: [],
    collect() {
      this.reset();
      for (const outcome of outcomes) this.inc({ outcome }, replica.count(outcome));
    },
  });
  const lag = new Gauge({
    name: 'sallyport_replica_lag_seconds',
    help: 'How far the replica was behind when it was last looked at.',
    registers: [],
    collect() {
      this.set(replica.lagMs / 1_000);
    },
  });
  const used = new Gauge({
    name: 'sallyport_replica_used',
    help: '1 while the replica may answer, 0 while it is away, too far behind, or not a replica at all.',
    registers: [],
    collect() {
      this.set(replica.problem === null ? 1 : 0);
    },
  });
  registry.registerMetric(reads);
  registry.registerMetric(lag);
  registry.registerMetric(used);
}
