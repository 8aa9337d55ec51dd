import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePermission, requirePerson } from '../doorway/requirements.js';
import type { EventPayload } from '../events/catalogue.js';
import { liftTerms, suspendForTerms } from '../grants/terms-suspension.commands.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { dueOf, remindAtOf } from '../lifecycle/terms.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Attestation } from './attestation.entity.js';
import { organizationsToAsk, type RequiredTermsRow, requiredTerms, termsOf } from './attestation.queries.js';

/** How many organizations one command asks, each with an audit record of its own. */
const batch = 500;

/** What partners read of a suspension. */
const reason = 'The terms in force were not accepted in time. Accept them, and access is open again.';

/**
 * Asks organizations that hold a grant of a program to accept the terms that it requires. Given by the portal itself,
 * until there is none left to be asked.
 */
export const askForTerms: Command<{ readonly programId: string }, { readonly asked: number }> = {
  name: 'attestation.ask',
  async run(work, { programId }) {
    requireSystem(work);
    const terms = await requiredTerms(work.sql, programId);
    if (!terms) return { asked: 0 };
    const found = await organizationsToAsk(work.sql, terms, batch);
    const rows = found.map(({ organizationId, letInAt }) => {
      const dueAt = dueOf(terms, letInAt, work.now);
      return { id: work.ids.next(), organizationId, dueAt, remindAt: remindAtOf(work.now, dueAt) };
    });
    const asked = await sql<{ organizationId: string; dueAt: Date }>`
      insert into attestation (id, terms_version_id, program_id, organization_id, body_sha256, asked_at, due_at, remind_at)
      select given.id, ${terms.id}, ${terms.programId}, given."organizationId", ${terms.sha256}, ${work.now}, given."dueAt", given."remindAt"
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as given (id uuid, "organizationId" uuid, "dueAt" timestamptz, "remindAt" timestamptz)
      on conflict on constraint attestation_once do nothing
      returning organization_id as "organizationId", due_at as "dueAt"`.execute(work.sql);
    for (const { organizationId, dueAt } of asked.rows)
      record(work, 'terms.published', terms, organizationId, { dueAt: new Date(dueAt).toISOString() });
    return { asked: asked.rows.length };
  },
};

/** Reminds an organization of terms that it has not accepted yet, once. Given by the portal itself. */
export const remindOfTerms: Command<{ readonly attestationId: string }, { readonly attestationId: string }> = {
  name: 'attestation.remind',
  async run(work, { attestationId }) {
    requireSystem(work);
    const attestation = await lock(work, { id: attestationId });
    if (!attestation?.remindAt || attestation.remindAt > work.now || attestation.givenAt)
      throw Refusal.of('NOT_ALLOWED_NOW', 'There is nothing to remind of.');
    attestation.remindAt = null;
    const { organizationId, termsVersionId, dueAt } = attestation;
    const terms = await termsOf(work.sql, termsVersionId);
    record(work, 'attestation.due', terms, organizationId, { dueAt: dueAt.toISOString() });
    return { attestationId };
  },
};

interface Overdue {
  readonly attestationId: string;
  readonly grantId: string;
}

/** Suspends a grant whose organization did not accept the terms in time. Given by the portal itself. */
export const suspendOverdueGrant: Command<Overdue, { readonly grantId: string }> = {
  name: 'attestation.suspend',
  async run(work, { attestationId, grantId }) {
    requireSystem(work);
    // Whoever accepts them at this moment comes before or after, and is let in again in either case.
    const attestation = await lock(work, { id: attestationId });
    if (!attestation || attestation.givenAt || attestation.dueAt > work.now)
      throw Refusal.of('NOT_ALLOWED_NOW', 'The terms were accepted, or are not due.');
    await suspendForTerms(work, grantId, reason);
    return { grantId };
  },
};

export interface AcceptOrganizationTermsInput {
  readonly organizationId: string;
  readonly termsId: string;
}

/**
 * Accepts terms for an organization that was asked to. Grants that were suspended for want of it can be used again, unless
 * they are suspended for something else, too. Accepting twice changes nothing.
 */
export const acceptOrganizationTerms: Command<AcceptOrganizationTermsInput, { readonly organizationId: string }> = {
  name: 'attestation.give',
  async run(work, { organizationId, termsId }) {
    requireIdentified(work.actor);
    const isSeen = organizationsOf(work.actor).includes(organizationId) || seesEveryOrganization(work.actor);
    if (!isSeen) throw Refusal.notFound('organization', ['organizationId']);
    requirePermission('acceptOrganizationTerms', work.actor, organizationId);
    const person = requirePerson(work.actor);
    const attestation = await lock(work, { organizationId, termsVersionId: termsId });
    if (!attestation) {
      const message = 'The organization was not asked to accept these terms.';
      throw Refusal.of('NOT_ALLOWED_NOW', message, ['termsId']);
    }
    if (attestation.givenAt) return { organizationId };
    const { programId } = attestation;
    const required = await requiredTerms(work.sql, programId);
    if (required?.id !== termsId) throw outdated(required);
    attestation.givenAt = work.now;
    attestation.givenBy = person.personId;
    attestation.ipAddress = work.ipAddress;
    attestation.remindAt = null;
    record(work, 'attestation.given', required, organizationId, {});
    await liftTerms(work, { organizationId, programId }, acceptedReason(required));
    return { organizationId };
  },
};

/**
 * Takes terms that were accepted for an application, which is submitted, as accepted by its organization, where their
 * program asks partners for them: whoever was asked has answered, and whoever was not is asked no more. Within the command
 * that submits.
 */
export async function attestWithApplication(work: Work, applicationId: string): Promise<void> {
  const given = await sql<{ termsId: string; organizationId: string }>`
    insert into attestation as asked (id, terms_version_id, program_id, organization_id, body_sha256, asked_at, due_at, given_at, given_by, ip_address)
    select ${work.ids.next()}::uuid, t.id, t.program_id, accepted.organization_id, accepted.body_sha256, accepted.accepted_at, t.reaccept_by,
      accepted.accepted_at, accepted.accepted_by, accepted.ip_address
    from application as a
      join program_version as version on version.id = a.program_version_id
      join terms_version as t on t.id = version.terms_version_id and t.reaccept_by is not null
      join terms_acceptance as accepted on accepted.application_id = a.id and accepted.terms_version_id = t.id
    where a.id = ${applicationId}
    on conflict on constraint attestation_once do update set given_at = excluded.given_at, given_by = excluded.given_by,
      ip_address = excluded.ip_address, remind_at = null where asked.given_at is null
    returning terms_version_id as "termsId", organization_id as "organizationId"`.execute(work.sql);
  const [row] = given.rows;
  if (!row) return;
  const { organizationId } = row;
  const terms = await termsOf(work.sql, row.termsId);
  record(work, 'attestation.given', terms, organizationId, {});
  const required = await requiredTerms(work.sql, terms.programId);
  if (required?.id !== terms.id) return;
  await liftTerms(work, { organizationId, programId: terms.programId }, acceptedReason(terms));
}

/** What partners read of grants that can be used again. */
function acceptedReason({ label }: RequiredTermsRow): string {
  return `The terms “${label}” were accepted.`;
}

function outdated(required: RequiredTermsRow | null): Refusal {
  const instead = required ? ` It asks for “${required.label}”, ${encodeId('terms', required.id)}.` : '';
  return Refusal.of('INVALID', `The program asks for these terms no more.${instead}`, ['termsId']);
}

function requireSystem({ actor }: Work): void {
  if (actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'The portal does this by itself.');
}

function lock(work: Work, which: Partial<Pick<Attestation, 'id' | 'organizationId' | 'termsVersionId'>>) {
  return work.em.findOne(Attestation, which, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

function record<Name extends 'terms.published' | 'attestation.due' | 'attestation.given'>(
  work: Work,
  event: Name,
  { id, programId, programCode, label, sha256 }: RequiredTermsRow,
  organizationId: string,
  more: Name extends 'attestation.given' ? Record<string, never> : { readonly dueAt: string },
): void {
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      programId: encodeId('program', programId),
      programCode,
      termsId: encodeId('terms', id),
      label,
      sha256,
      ...more,
    } as unknown as EventPayload<Name>,
    subject: { kind: 'terms', id },
    organizationId,
  });
}
