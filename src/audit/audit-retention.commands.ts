import { sql } from 'kysely';
import type { Command } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import type { Anchor } from './anchor.js';

export interface DropAuditMonthsInput {
  readonly anchor: Anchor;
  /** No record that is this young or younger may go. RFC 3339. */
  readonly olderThan: string;
}

/**
 * Drops the months of the audit log up to the one that the anchor's record ends. The portal does it by its retention; no
 * user may ask for it. The database refuses it when a younger record is among them, or the anchor fits no record.
 */
export const dropAuditMonths: Command<DropAuditMonthsInput, { lastSequence: number }> = {
  name: 'auditLog.dropMonths',
  async run(work, { anchor, olderThan }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Only the portal drops months of the audit log.');
    const { firstSequence, sequence, hash, lastAt, policy, log, at, signature } = anchor;
    const last = await sql<{ id: string }>`select id from audit_record where sequence = ${sequence}`.execute(work.sql);
    await sql`insert into audit_anchor (sequence, hash, first_sequence, last_at, policy, log, at, signature)
      values (${sequence}, ${hash}, ${firstSequence}, ${lastAt}, ${policy}, ${log}, ${at}, ${signature})`.execute(
      work.sql,
    );
    await sql`select audit_drop_months(${sequence}, ${olderThan})`.execute(work.sql);
    work.record({
      event: 'audit_log.months_dropped',
      payload: { firstSequence, lastSequence: sequence, lastAt, lastHash: hash, policy },
      subject: { kind: 'event', id: String(last.rows[0]?.id) },
      organizationId: null,
    });
    return { lastSequence: sequence };
  },
};
