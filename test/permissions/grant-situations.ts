import { sql } from 'kysely';
import { completeDraft, startApplication } from '../../src/demo/applying.js';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { expireGrant, suspendGrant } from '../../src/grants/grant.commands.js';
import type { GrantCommand, GrantStatus } from '../../src/lifecycle/grant.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import type { TestDatabase } from '../support/database.js';
import { bySystem, type TestPortal } from '../support/portal.js';
import type { Cast } from './cast.js';
import { copyGrant } from './copies.js';

/** A place where a grant can stand, and a grant that stands there, to be copied. */
export interface GrantSituation {
  readonly status: GrantStatus;
  /** What is refused here although role and status allow it. */
  readonly refused: Partial<Record<GrantCommand, string>>;
  readonly grantId: string;
}

/** Known before there is a portal, because tests are named before they run. */
export const grantSituationNames = [
  'APPROVED_IN_PRINCIPLE',
  'WAITLISTED',
  'PENDING_PROVISIONING',
  'ACTIVE',
  'SUSPENDED',
  'SUSPENDED by the portal itself',
  'SUSPENDED and closed in the product',
  'EXPIRED',
  'REVOKED',
  'SURRENDERED',
] as const;

export type GrantSituationName = (typeof grantSituationNames)[number];

/** Brings a grant into every situation by the commands that lead there; staff who do so take no part afterwards. */
export async function grantSituationsOf(
  desk: TestPortal,
  cast: Cast,
): Promise<Record<GrantSituationName, GrantSituation>> {
  const manager = await desk.staff('PROGRAM_MANAGER');
  const { client: owner } = cast.player('OWNER');
  const { client: provisioner } = cast.player('provisioning key');
  const reason = { reason: 'Misuse.' };

  const pending = await approvedGrant(desk, cast);
  const from = async (grantId: string, client: PortalClient, mutation: string, input: object = {}): Promise<string> => {
    const copy = await copyGrant(desk.database.kysely(), grantId);
    await client.must(mutation, { grantId: copy, ...input });
    return copy;
  };
  const active = await from(pending, provisioner, 'acknowledgeProvisioning');
  const suspended = await from(active, manager, 'suspendGrant', reason);
  const reviewed = await copyGrant(desk.database.kysely(), active);
  const review = { grantId: decodeId('grant', reviewed), cause: 'REVIEW', ...reason } as const;
  await desk.portal.doorway.execute(suspendGrant, review, bySystem);
  const expired = await copyGrant(desk.database.kysely(), active);
  await endTheTimeOf(desk.database, expired);
  await desk.portal.doorway
    .execute(expireGrant, { grantId: decodeId('grant', expired) }, bySystem)
    // The portal's own clockwork may have been there first.
    .catch(() => null);
  const waiting = await copyGrant(desk.database.kysely(), pending);
  await sql`update access_grant set status = 'WAITLISTED' where id = ${decodeId('grant', waiting)}`.execute(
    desk.database.kysely(),
  );
  const inPrinciple = await copyInPrinciple(desk.database, pending);
  return {
    APPROVED_IN_PRINCIPLE: { status: 'APPROVED_IN_PRINCIPLE', refused: {}, grantId: inPrinciple },
    WAITLISTED: { status: 'WAITLISTED', refused: {}, grantId: waiting },
    PENDING_PROVISIONING: { status: 'PENDING_PROVISIONING', refused: {}, grantId: pending },
    ACTIVE: { status: 'ACTIVE', refused: {}, grantId: active },
    SUSPENDED: { status: 'SUSPENDED', refused: { suspend: 'ALREADY_EXISTS' }, grantId: suspended },
    'SUSPENDED by the portal itself': { status: 'SUSPENDED', refused: {}, grantId: reviewed },
    'SUSPENDED and closed in the product': {
      status: 'SUSPENDED',
      refused: { acknowledgeDeprovisioning: 'ALREADY_EXISTS', suspend: 'ALREADY_EXISTS' },
      grantId: await from(suspended, provisioner, 'acknowledgeDeprovisioning'),
    },
    EXPIRED: { status: 'EXPIRED', refused: {}, grantId: expired },
    REVOKED: { status: 'REVOKED', refused: {}, grantId: await from(active, manager, 'revokeGrant', reason) },
    SURRENDERED: { status: 'SURRENDERED', refused: {}, grantId: await from(active, owner, 'surrenderGrant') },
  };
}

/** A copy that waits for the release of a product which is halted, so that the portal's own clockwork does not let it in. */
async function copyInPrinciple(database: TestDatabase, grantId: string): Promise<string> {
  const copy = await copyGrant(database.kysely(), grantId);
  await sql`with halted as (
      insert into product select (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid(), 'code', 'halted',
        'stated_status', 'HALTED'))).* from product as p
      where p.code = (select product_code from access_grant where id = ${decodeId('grant', copy)}) returning code)
    update access_grant set status = 'APPROVED_IN_PRINCIPLE', product_code = halted.code from halted
    where id = ${decodeId('grant', copy)}`.execute(database.kysely());
  return copy;
}

/** Makes a grant's time be over since a moment ago. */
export async function endTheTimeOf(database: TestDatabase, grantId: string): Promise<void> {
  await sql`update access_grant set starts_at = now() - interval '1 year', ends_at = now() - interval '1 minute'
    where id = ${decodeId('grant', grantId)}`.execute(database.kysely());
}

/** The grant that follows an approval under a program whose only stage is the decision. */
async function approvedGrant(desk: TestPortal, cast: Cast): Promise<string> {
  const { workflow } = sampleProgram.version;
  const programId = await desk.program({
    version: { ...sampleProgram.version, workflow: { ...workflow, stages: workflow.stages.slice(-1) } },
  });
  const owner = cast.player('OWNER').client;
  const [handler, countersigner] = [await desk.staff('INTAKE', 'DECIDER'), await desk.staff('DECIDER')];
  const applicationId = await startApplication(owner, cast.organizationId, encodeId('program', programId));
  await completeDraft(owner, applicationId);
  await owner.must('submitApplication', { applicationId });
  await handler.must('startReview', { applicationId });
  const proposed = await handler.must(
    'proposeDecision',
    { applicationId, outcome: 'APPROVE' },
    'application { decisions { id } }',
  );
  const decisionId = textAt(proposed, 'application', 'decisions', 0, 'id');
  const decided = await countersigner.must(
    'countersignDecision',
    { applicationId, decisionId },
    'application { grant { id } }',
  );
  return textAt(decided, 'application', 'grant', 'id');
}
