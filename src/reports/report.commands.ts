import type { Command } from '../doorway/command.js';
import { requireIdentified, requirePermission } from '../doorway/requirements.js';
import type { Actor } from '../lifecycle/actor.js';
import type { ReportPeriod } from '../lifecycle/report-period.js';
import { encodeId, type IdKind } from '../platform/ids.js';

export interface ExportReportInput {
  /** As its address names it. */
  readonly report: string;
  readonly period: ReportPeriod | null;
  readonly programId: string | null;
}

/** Puts on record that somebody takes a report out of the portal: before the first line of it leaves. */
export const exportReport: Command<ExportReportInput, { report: string }> = {
  name: 'report.export',
  async run(work, { report, period, programId }) {
    requirePermission('readReports', work.actor, null);
    work.record({
      event: 'report.exported',
      payload: {
        report,
        from: period?.from.toISOString() ?? null,
        to: period?.to.toISOString() ?? null,
        programId: programId === null ? null : encodeId('program', programId),
      },
      subject: exporter(work.actor),
      organizationId: null,
    });
    return { report };
  },
};

function exporter(actor: Actor): { readonly kind: IdKind; readonly id: string } {
  requireIdentified(actor);
  if (actor.kind === 'PERSON') return { kind: 'person', id: actor.personId };
  if (actor.kind === 'MACHINE') return { kind: 'apikey', id: actor.keyId };
  throw new Error('The portal itself exports no reports.');
}
