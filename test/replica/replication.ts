import type { Cluster } from './cluster.js';
import { until } from './waiting.js';

/** How long the replica may take to do as it is told, in milliseconds. */
const followsWithinMs = 20_000;

/** A primary and its replica, and how far the one is behind the other. */
export class Replication {
  readonly primary: Cluster;
  readonly replica: Cluster;

  constructor(primary: Cluster, replica: Cluster) {
    this.primary = primary;
    this.replica = replica;
  }

  /** From here on the replica receives what is done and shows nothing of it. */
  async pause(): Promise<void> {
    await this.replica.query('select pg_wal_replay_pause()');
    await until('the replica has paused', followsWithinMs, async () => {
      const { state } = await this.replica.query('select pg_get_wal_replay_pause_state() as state');
      return state === 'paused';
    });
  }

  async resume(): Promise<void> {
    await this.replica.query('select pg_wal_replay_resume()');
  }

  /** Waits until the replica shows everything that has been done up to now. */
  async caughtUp(): Promise<void> {
    const { wal } = await this.primary.query('select pg_current_wal_lsn()::text as wal');
    await until('the replica has caught up', followsWithinMs, async () => {
      const { has } = await this.replica.query(`select pg_last_wal_replay_lsn() >= '${wal}'::pg_lsn as has`);
      return has === true;
    });
  }
}
