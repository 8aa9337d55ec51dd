import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import {
  requireAccepted,
  requireLine,
  requirePermission,
  requirePerson,
  requireText,
  requireVersion,
} from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { type DirectiveCommand, type DirectiveFacts, hoursToRatify, ruleOnDirective } from '../lifecycle/directive.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Authority, Directive, DirectiveEntry } from './directive.entity.js';
import { codesConcerned, ordersSha256, recordDirectiveEvent } from './directive-events.js';
import { type DirectiveInput, type EmergencyHaltInput, haltAtOnce, requireDirective } from './directive-input.js';
import { requireRecordable } from './recordable.queries.js';
import { changeRelease } from './release-change.commands.js';

const longestReason = 4000;
const hour = 3_600_000;

export type DirectiveResult = { readonly directiveId: string };
interface OneDirective {
  readonly directiveId: string;
  readonly expectedVersion?: number | null;
}

/** Registers an authority, so that what it orders can be recorded. */
export const registerAuthority: Command<
  { readonly name: string; readonly jurisdiction: string },
  { authorityId: string }
> = {
  name: 'authority.register',
  duplicates: { authority_name: 'This authority is registered already.' },
  async run(work, { name, jurisdiction }) {
    requirePermission('recordDirectives', work.actor, null);
    const line = requireLine(name, ['name'], 200);
    if (await work.em.findOne(Authority, { name: line }))
      throw Refusal.of('ALREADY_EXISTS', `“${line}” is registered already.`, ['name']);
    const made = work.em.create(Authority, {
      id: work.ids.next(),
      name: line,
      jurisdiction: requireLine(jurisdiction, ['jurisdiction'], 200),
      createdAt: work.now,
    });
    work.record({
      event: 'authority.registered',
      payload: { authorityId: encodeId('authority', made.id), name: line },
      subject: { kind: 'authority', id: made.id },
      organizationId: null,
    });
    return { authorityId: made.id };
  },
};

/** Records what an authority ordered. It binds nothing before another person puts it in force. */
export const recordDirective: Command<DirectiveInput, DirectiveResult> = {
  name: 'directive.record',
  duplicates: { directive_authority_id_reference_key: 'This directive of the authority is recorded already.' },
  async run(work, input) {
    const directive = await createDirective(work, input, false);
    return { directiveId: directive.id };
  },
};

/** Halts products at once, on one person's word. Another person ratifies it within 24 hours; it never lifts itself. */
export const orderEmergencyHalt: Command<EmergencyHaltInput, DirectiveResult> = {
  name: 'directive.orderEmergencyHalt',
  duplicates: { directive_authority_id_reference_key: 'This directive of the authority is recorded already.' },
  async run(work, input) {
    const directive = await createDirective(work, haltAtOnce(input, work.now), true);
    await putIn(work, directive, directive.recordedBy);
    return { directiveId: directive.id };
  },
};

/** Puts a directive in force: it binds from the moment it takes effect, or took effect. */
export const putDirectiveInForce: Command<OneDirective, DirectiveResult> = {
  name: 'directive.putInForce',
  async run(work, input) {
    const directive = await loadForCommand(work, input, 'putInForce');
    await putIn(work, directive, requirePerson(work.actor).personId);
    return { directiveId: directive.id };
  },
};

/** Withdraws a record that was made in error. What is in force is rescinded by its authority instead. */
export const withdrawDirective: Command<OneDirective & { readonly reason: string }, DirectiveResult> = {
  name: 'directive.withdraw',
  async run(work, { reason, ...input }) {
    const directive = await loadForCommand(work, input, 'withdraw');
    directive.status = 'WITHDRAWN';
    directive.withdrawnReason = requireText(reason, ['reason'], longestReason);
    await recordDirectiveEvent(work, directive, 'directive.withdrawn', { reason: directive.withdrawnReason });
    return { directiveId: directive.id };
  },
};

/** Confirms an emergency halt; late is better than never. */
export const ratifyHalt: Command<OneDirective, DirectiveResult> = {
  name: 'directive.ratify',
  async run(work, input) {
    const directive = await loadForCommand(work, input, 'ratify');
    directive.ratifiedBy = requirePerson(work.actor).personId;
    directive.ratifiedAt = work.now;
    await recordDirectiveEvent(work, directive, 'directive.ratified', {});
    return { directiveId: directive.id };
  },
};

/** Tells, once, that an emergency halt was not ratified in time; given by the portal itself. */
export const escalateRatification: Command<OneDirective, DirectiveResult> = {
  name: 'directive.escalate',
  async run(work, input) {
    const directive = await loadForCommand(work, input, 'escalate');
    directive.escalatedAt = work.now;
    const ratifyBy = directive.ratifyBy?.toISOString() ?? '';
    await recordDirectiveEvent(work, directive, 'directive.ratification_overdue', { ratifyBy });
    return { directiveId: directive.id };
  },
};

/** Tells program managers, once, that a directive is to be reviewed; given by the portal itself. */
export const remindOfReview: Command<OneDirective, DirectiveResult> = {
  name: 'directive.remindOfReview',
  async run(work, input) {
    const directive = await loadForCommand(work, input, 'remindOfReview');
    directive.reviewRemindedAt = work.now;
    const reviewAt = directive.reviewAt?.toISOString() ?? '';
    await recordDirectiveEvent(work, directive, 'directive.review_due', { reviewAt });
    return { directiveId: directive.id };
  },
};

async function createDirective(work: Work, input: DirectiveInput, isEmergency: boolean): Promise<Directive> {
  requirePermission('recordDirectives', work.actor, null);
  const person = requirePerson(work.actor);
  const { entries, terms, ...said } = requireDirective(input, work.now);
  await requireRecordable(work.sql, { ...said, terms });
  await requireChangeable(work, said);
  const directive = work.em.create(Directive, {
    id: work.ids.next(),
    ...said,
    terms,
    status: 'RECORDED',
    recordedBy: person.personId,
    recordedAt: work.now,
    putInForceBy: null,
    inForceSince: null,
    isEmergency,
    ratifyBy: isEmergency ? new Date(work.now.getTime() + hoursToRatify * hour) : null,
    ratifiedBy: null,
    ratifiedAt: null,
    escalatedAt: null,
    reviewRemindedAt: null,
    letterId: null,
    withdrawnReason: null,
    version: 1,
    updatedAt: work.now,
  });
  await work.em.flush();
  entries.forEach(({ name, effect }, position) => {
    work.em.create(DirectiveEntry, {
      id: work.ids.next(),
      directiveId: directive.id,
      position,
      printedName: name,
      effect,
      status: 'UNMATCHED',
      organizationId: null,
      evidence: null,
      matchedBy: null,
      matchedAt: null,
      version: 1,
    });
  });
  const { letterSha256 } = said;
  await recordDirectiveEvent(work, directive, 'directive.recorded', { letterSha256 });
  return directive;
}

async function putIn(work: Work, directive: Directive, by: string): Promise<void> {
  const codes = directive.kind === 'DESIGNATE' ? null : await codesConcerned(work, directive);
  await changeRelease(work, codes, () => {
    directive.status = 'IN_FORCE';
    directive.inForceSince = work.now;
    directive.putInForceBy = by;
  });
  await recordDirectiveEvent(work, directive, 'directive.in_force', {
    effectiveAt: directive.effectiveAt.toISOString(),
    letterSha256: directive.letterSha256 ?? null,
    ordersSha256: await ordersSha256(work, directive),
  });
}

/** Only an authority changes what it ordered, and only what orders something itself. */
async function requireChangeable(
  work: Work,
  { changesId, authorityId }: Pick<DirectiveInput, 'changesId' | 'authorityId'>,
): Promise<void> {
  if (changesId === null) return;
  const changed = await work.em.findOne(Directive, { id: changesId });
  if (!changed) throw Refusal.notFound('directive', ['changesId']);
  if (changed.authorityId !== authorityId)
    throw Refusal.of('INVALID', 'A directive is changed by its own authority only.', ['changesId']);
  if (changed.kind === 'AMEND' || changed.kind === 'RESCIND')
    throw Refusal.of('INVALID', 'Name the directive that was amended, not the amendment.', ['changesId']);
  if (changed.status !== 'IN_FORCE')
    throw Refusal.of('NOT_ALLOWED_NOW', 'The directive to be changed is not in force.', ['changesId']);
}

/** Locks a directive and asks whether it may be done. */
export async function loadForCommand(
  work: Work,
  { directiveId, expectedVersion }: OneDirective,
  command: DirectiveCommand,
): Promise<Directive> {
  if (work.actor.kind !== 'SYSTEM') requirePermission('recordDirectives', work.actor, null);
  const directive = await work.em.findOne(Directive, { id: directiveId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!directive) throw Refusal.notFound('directive', ['directiveId']);
  requireVersion(directive.version, expectedVersion);
  requireAccepted(ruleOnDirective(command, factsOf(directive), standingOf(work.actor, null), work.now));
  directive.updatedAt = work.now;
  return directive;
}

function factsOf({ status, recordedBy, isEmergency, ...directive }: Directive): DirectiveFacts {
  return {
    ...{ status, recordedBy, isEmergency },
    ratifiedAt: directive.ratifiedAt ?? null,
    ratifyBy: directive.ratifyBy ?? null,
    escalatedAt: directive.escalatedAt ?? null,
    reviewAt: directive.reviewAt ?? null,
    reviewRemindedAt: directive.reviewRemindedAt ?? null,
    isLetterHashed: Boolean(directive.letterSha256),
    hasLetter: Boolean(directive.letterId),
  };
}
