import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requirePermission } from '../doorway/requirements.js';
import { activeGrantsOf } from '../grants/held-grants.queries.js';
import { noteNamedUsersScreened } from '../grants/named-user-screening.commands.js';
import { heldNamedUsers } from '../grants/named-user-standing.queries.js';
import { type Actor, organizationsOf, personOf, seesEveryOrganization, standingOf } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { Findings } from './findings.js';
import { grantsQueue } from './grants-job.js';
import { updateHits } from './hit-changes.commands.js';
import { matcherVersion } from './matcher.js';
import { type RunTrigger, ScreeningRun } from './screening.entity.js';
import { listsInForce } from './screening-list.queries.js';
import { readScreeningStanding } from './standing.queries.js';

interface ScreeningInput {
  readonly organizationId: string;
  readonly trigger: RunTrigger;
}

/**
 * Writes down what a screening found: the run, new hits, those that are to be judged again, and those that the list no
 * longer bears out.
 */
export function recordScreening(findings: Findings): Command<ScreeningInput, { runId: string }> {
  return {
    name: 'screening.screen',
    async run(work, { organizationId, trigger }) {
      requireMayScreen(work.actor, organizationId);
      await lockOrganization(work, organizationId);
      if (findings.lists.length === 0)
        throw Refusal.of('NOT_ALLOWED_NOW', 'No screening list is in force; an administrator imports one first.');
      await requireSameLists(work, findings);
      await requireLatest(work, organizationId, findings);
      const run = startRun(work, organizationId, trigger, findings);
      await work.em.flush();
      const heldBefore = await heldNamedUsers(work.sql, organizationId);
      const changes = await updateHits(work, run, findings);
      Object.assign(run, changes.counts);
      await noteScreened(work, run, findings);
      for (const report of changes.reports) report();
      recordRun(work, run);
      if (changes.concernOrganization) await alert(work, organizationId);
      await work.em.flush();
      const users = findings.subjects.filter(({ kind }) => kind === 'NAMED_USER').map(({ id }) => id);
      await noteNamedUsersScreened(work, organizationId, heldBefore, users);
      return { runId: run.id };
    },
  };
}

/**
 * @throws Refusal NOT_FOUND for whoever sees no such organization, FORBIDDEN for other roles, FOUR_EYES for staff who
 * belong to it
 */
export function requireMayScreen(actor: Actor, organizationId: string): void {
  requireIdentified(actor);
  if (!seesEveryOrganization(actor) && !organizationsOf(actor).includes(organizationId))
    throw Refusal.notFound('organization', ['organizationId']);
  requirePermission('screenOrganization', actor, organizationId);
  if (standingOf(actor, organizationId).belongsToOrganization)
    throw Refusal.of('FOUR_EYES', 'You belong to this organization, so other staff must screen it.');
}

/** Screenings of one organization are written down one after the other. */
async function lockOrganization({ sql: database }: Work, organizationId: string): Promise<void> {
  const found = await sql`select id from organization where id = ${organizationId} for no key update`.execute(database);
  if (found.rows.length === 0) throw Refusal.notFound('organization', ['organizationId']);
}

async function requireSameLists(work: Work, { lists }: Findings): Promise<void> {
  const now = await listsInForce(work.sql);
  const versions = (some: typeof now) => some.map(({ versionId }) => versionId).join();
  if (versions(now) !== versions(lists))
    throw Refusal.of('CONFLICT', 'A list changed while the organization was screened; screen it again.');
}

/** Of two screenings at a time, the one that looked first must not be written down last. */
async function requireLatest({ sql: database }: Work, organizationId: string, { at }: Findings): Promise<void> {
  const found = await sql`select 1 from organization_screening
    where organization_id = ${organizationId} and screened_at > ${at}`.execute(database);
  if (found.rows.length > 0)
    throw Refusal.of('CONFLICT', 'The organization was screened by somebody else meanwhile; screen it again.');
}

function startRun(work: Work, organizationId: string, trigger: RunTrigger, findings: Findings): ScreeningRun {
  return work.em.create(ScreeningRun, {
    id: work.ids.next(),
    organizationId,
    trigger,
    requestedBy: personOf(work.actor),
    at: findings.at,
    threshold: findings.threshold,
    matcher: matcherVersion,
    lists: findings.lists.map(({ code, number }) => ({ code, number })),
    subjects: findings.subjects.map(({ kind, name }) => ({ kind, name })),
    opened: 0,
    reopened: 0,
    carriedOver: 0,
    lapsed: 0,
  });
}

async function noteScreened({ sql: database }: Work, run: ScreeningRun, { lists }: Findings): Promise<void> {
  const versions = JSON.stringify(lists.map(({ versionId }) => versionId));
  await sql`insert into organization_screening (organization_id, run_id, screened_at, version_ids, threshold, matcher)
    values (${run.organizationId}, ${run.id}, ${run.at},
      array(select jsonb_array_elements_text(${versions}::jsonb)::uuid), ${run.threshold}, ${run.matcher})
    on conflict (organization_id) do update set run_id = excluded.run_id, screened_at = excluded.screened_at,
      version_ids = excluded.version_ids, threshold = excluded.threshold, matcher = excluded.matcher`.execute(database);
}

function recordRun(work: Work, run: ScreeningRun): void {
  const { organizationId, opened, reopened, carriedOver, lapsed } = run;
  const about = { subject: { kind: 'organization', id: organizationId }, organizationId } as const;
  const ids = {
    organizationId: encodeId('organization', organizationId),
    runId: encodeId('screeningrun', run.id),
  };
  work.record({ event: 'screening.completed', payload: { ...ids, opened, reopened, carriedOver, lapsed }, ...about });
  if (opened + reopened > 0)
    work.record({ event: 'screening.hits_found', payload: { ...ids, hits: opened + reopened }, ...about });
}

/** Tells of active grants that a hit concerns; those that their programs want suspended are suspended right afterwards. */
export async function alert(work: Work, organizationId: string, onlyGrantId: string | null = null): Promise<void> {
  const grants = await activeGrantsOf(work.sql, organizationId);
  const concerned = grants.filter(({ id }) => onlyGrantId === null || id === onlyGrantId);
  for (const grant of concerned) {
    work.record({
      event: 'screening.grant_affected',
      payload: {
        organizationId: encodeId('organization', organizationId),
        grantId: encodeId('grant', grant.id),
        reference: grant.reference,
        applicationId: encodeId('application', grant.applicationId),
        suspends: grant.suspendsOnHit ? 'YES' : 'NO',
      },
      subject: { kind: 'grant', id: grant.id },
      organizationId,
      applicationId: grant.applicationId,
    });
  }
  if (concerned.some(({ suspendsOnHit }) => suspendsOnHit)) work.enqueue(grantsQueue, { organizationId });
}

/** A grant became active; when its organization has a hit that is not cleared, that is told as it would be of an older one. */
export const noteActivatedGrant: Command<
  { readonly organizationId: string; readonly grantId: string },
  { organizationId: string }
> = {
  name: 'screening.noteActivatedGrant',
  async run(work, { organizationId, grantId }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Only the portal itself does this.');
    const standing = await readScreeningStanding(work.sql, organizationId);
    if (standing === 'HITS_OPEN' || standing === 'TRUE_MATCH') await alert(work, organizationId, grantId);
    return { organizationId };
  },
};
