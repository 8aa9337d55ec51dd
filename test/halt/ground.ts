import { join } from 'node:path';
import { completeDraft, registerOrganization, startApplication } from '../../src/demo/applying.js';
import { firstSignIn, MailFolder, signUp } from '../../src/demo/people.js';
import { PortalClient, textAt } from '../../src/demo/portal-client.js';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { migrateUp } from '../../src/platform/database/migrations.js';
import { encodeId } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/logging.js';
import { createPortal, type Portal } from '../../src/portal.js';
import { createProgram } from '../../src/programs/program.commands.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { outboxIsEmpty } from '../faults/outbox.js';
import type { Premises } from '../faults/premises.js';

/** A product, and one active grant for it, from which many are made. */
export interface HaltedProduct {
  readonly code: string;
  readonly grantId: string;
}

export interface Ground {
  readonly manager: PortalClient;
  readonly authorityId: string;
  /** The one that is halted while everything goes well, and the one during whose halt a process is killed. */
  readonly products: readonly [HaltedProduct, HaltedProduct];
}

const bySystem = {
  actor: { kind: 'SYSTEM', name: 'trial' },
  requestId: 'trial',
  ipAddress: null,
  idempotencyKey: null,
} as const;

/** Prepares a new database with a portal in this process, which is closed again before the others start. */
export async function prepareGround(premises: Premises, receiverUrl: string): Promise<Ground> {
  const database = await premises.openDatabase();
  try {
    await migrateUp(database);
    const portal = await createPortal(premises.config, {
      log: createLog({ level: 'silent', format: 'json' }),
      database,
    });
    await portal.start();
    try {
      return await furnish(portal, premises, receiverUrl);
    } finally {
      await portal.stop(5_000);
    }
  } finally {
    await database.close();
  }
}

async function furnish(portal: Portal, premises: Premises, receiverUrl: string): Promise<Ground> {
  const stranger = new PortalClient(premises.url);
  const hire = async (name: string, ...roles: StaffRole[]) => {
    const email = `${name}@operator.example`;
    const { oneTimePassword } = await portal.staff.add({ email, name, roles }, bySystem);
    return firstSignIn(stranger, email, String(oneTimePassword));
  };
  const people = {
    intake: await hire('imogen', 'INTAKE', 'DECIDER', 'ADMIN'),
    decider: await hire('saskia', 'DECIDER'),
    manager: await hire('mei', 'PROGRAM_MANAGER'),
    owner: await signUp(stranger, new MailFolder(join(premises.config.dataDir, 'mail')), {
      name: 'Olga Owner',
      email: 'olga@partner.example',
    }),
  };
  const organizationId = await registerOrganization(people.owner, 'Tidewater Utilities', 'TU-1');
  const made = await people.intake.must('createApiKey', { name: 'Provisioning', scopes: ['GRANTS_PROVISION'] }, 'key');
  const machine = stranger.as(textAt(made, 'key'));
  const granted = async (code: string): Promise<HaltedProduct> => {
    const programId = await decisionOnlyProgram(portal, code);
    const grantId = await approved(people, organizationId, programId);
    await machine.must('acknowledgeProvisioning', { grantId });
    return { code, grantId };
  };
  const products = [await granted('mythos-5'), await granted('fable-5')] as const;
  const authority = await people.manager.must(
    'registerAuthority',
    { name: 'Bureau of Technology Security', jurisdiction: 'US' },
    'authority { id }',
  );
  await outboxIsEmpty(portal.database, 30_000);
  // Endpoints come last, so that they hear of nothing that happened before.
  const endpoint = { url: receiverUrl, description: 'Trial', eventTypes: ['grant.suspended'] };
  await people.intake.must('createWebhookEndpoint', { ...endpoint, organizationId: null });
  await people.owner.must('createWebhookEndpoint', { ...endpoint, organizationId });
  return { manager: people.manager, authorityId: textAt(authority, 'authority', 'id'), products };
}

async function decisionOnlyProgram(portal: Portal, productCode: string): Promise<string> {
  const { workflow } = sampleProgram.version;
  const version = { ...sampleProgram.version, workflow: { ...workflow, stages: workflow.stages.slice(-1) } };
  const program = { ...sampleProgram, code: `for-${productCode}`, productCode, productName: productCode, version };
  const { programId } = await portal.doorway.execute(createProgram, program, bySystem);
  return encodeId('program', programId);
}

async function approved(
  { owner, intake, decider }: Readonly<Record<'owner' | 'intake' | 'decider', PortalClient>>,
  organizationId: string,
  programId: string,
): Promise<string> {
  const applicationId = await startApplication(owner, organizationId, programId);
  await completeDraft(owner, applicationId);
  await owner.must('submitApplication', { applicationId });
  await intake.must('startReview', { applicationId });
  const proposed = await intake.must(
    'proposeDecision',
    { applicationId, outcome: 'APPROVE' },
    'application { decisions { id } }',
  );
  const decisionId = textAt(proposed, 'application', 'decisions', 0, 'id');
  const decided = await decider.must(
    'countersignDecision',
    { applicationId, decisionId },
    'application { grant { id } }',
  );
  return textAt(decided, 'application', 'grant', 'id');
}
