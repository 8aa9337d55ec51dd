import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { Refusal } from '../platform/errors.js';
import type { Anchor } from './anchor.js';

export interface DropAuditMonthsInput {
  readonly anchor: Anchor;
  /** No record that is this young or younger may go. RFC 3339. */
  readonly olderThan: string;
}

/**
 * Drops the months of the audit log up to the one that the anchor's record ends. The database refuses it when a younger
 * record is among them, or the anchor fits no record.
 */
export const dropAuditMonths: Command<DropAuditMonthsInput, { lastSequence: number }> = {
  name: 'auditLog.dropMonths',
  async run(work, { anchor, olderThan }) {
    requirePortal(work);
    const { firstSequence, sequence, hash, lastAt, policy } = anchor;
    const last = await sql<{ id: string }>`select id from audit_record where sequence = ${sequence}`.execute(work.sql);
    await writeAnchor(work, anchor);
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

/** Keeps the same anchor with the signature of another key, for when the one that signed it is not the portal's any more. */
export const renewAuditAnchor: Command<{ readonly anchor: Anchor }, { lastSequence: number }> = {
  name: 'auditLog.renewAnchor',
  async run(work, { anchor }) {
    requirePortal(work);
    await writeAnchor(work, anchor);
    // There is one: the record of the drop.
    const first = await sql<{ id: string }>`
      select id from audit_record where sequence > ${anchor.sequence} order by sequence limit 1`.execute(work.sql);
    work.record({
      event: 'audit_log.anchor_renewed',
      payload: { lastSequence: anchor.sequence, lastHash: anchor.hash },
      subject: { kind: 'event', id: String(first.rows[0]?.id) },
      organizationId: null,
    });
    return { lastSequence: anchor.sequence };
  },
};

function requirePortal({ actor }: Work): void {
  if (actor.kind === 'SYSTEM') return;
  throw Refusal.of('FORBIDDEN', 'Only the portal says where its audit log begins.');
}

async function writeAnchor(work: Work, anchor: Anchor): Promise<void> {
  const { firstSequence, sequence, hash, lastAt, policy, log, at, signature } = anchor;
  await sql`insert into audit_anchor (sequence, hash, first_sequence, last_at, policy, log, at, signature)
    values (${sequence}, ${hash}, ${firstSequence}, ${lastAt}, ${policy}, ${log}, ${at}, ${signature})`.execute(
    work.sql,
  );
}
