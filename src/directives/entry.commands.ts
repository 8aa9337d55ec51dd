import { LockMode } from '@mikro-orm/core';
import type { Command } from '../doorway/command.js';
import { requirePermission, requirePerson, requireText, requireVersion } from '../doorway/requirements.js';
import type { ScopeEntryStatus } from '../lifecycle/directive.js';
import { Organization } from '../organizations/organization.entity.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { loadForCommand } from './directive.commands.js';
import { DirectiveEntry } from './directive.entity.js';
import { codesConcerned, recordDirectiveEvent } from './directive-events.js';
import { changeRelease } from './release-change.commands.js';

const longestEvidence = 8000;

export interface MatchEntryInput {
  readonly entryId: string;
  readonly status: ScopeEntryStatus;
  /** Whose name it is; given when it is matched, and only then. */
  readonly organizationId: string | null;
  /** What shows it, or why it is doubted. */
  readonly evidence: string;
  readonly expectedVersion?: number | null;
}

/** Says whose name a printed name is, that it is doubted, or that nobody knows after all. */
export const matchDirectiveEntry: Command<MatchEntryInput, { directiveId: string }> = {
  name: 'directive.matchEntry',
  async run(work, { entryId, status, organizationId, evidence, expectedVersion }) {
    requirePermission('recordDirectives', work.actor, null);
    const found = await work.em.findOne(DirectiveEntry, { id: entryId });
    if (!found) throw Refusal.notFound('printed name', ['entryId']);
    const directive = await loadForCommand(work, { directiveId: found.directiveId }, 'matchEntry');
    const entry = await work.em.findOneOrFail(
      DirectiveEntry,
      { id: entryId },
      { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
    );
    requireVersion(entry.version, expectedVersion);
    const person = requirePerson(work.actor);
    if ((status === 'MATCHED') !== (organizationId !== null))
      throw Refusal.of('INVALID', 'Say whose name it is when it is matched, and only then.', ['organizationId']);
    if (organizationId && !(await work.em.findOne(Organization, { id: organizationId })))
      throw Refusal.notFound('organization', ['organizationId']);
    const said = requireText(evidence, ['evidence'], longestEvidence);
    const change = () =>
      Object.assign(entry, { status, organizationId, evidence: said, matchedBy: person.personId, matchedAt: work.now });
    if (directive.status === 'IN_FORCE')
      await changeRelease(work, directive.kind === 'DESIGNATE' ? null : await codesConcerned(work, directive), change);
    else change();
    await recordDirectiveEvent(work, directive, 'directive.entry_matched', {
      entryId: encodeId('directiveentry', entry.id),
      printedName: entry.printedName,
      result: status,
      organizationId: organizationId && encodeId('organization', organizationId),
    });
    return { directiveId: directive.id };
  },
};
