import { join } from 'node:path';
import { registerOrganization } from '../../src/demo/applying.js';
import { firstSignIn, MailFolder, signUp } from '../../src/demo/people.js';
import { PortalClient, textAt } from '../../src/demo/portal-client.js';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { migrateUp } from '../../src/platform/database/migrations.js';
import { encodeId } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/logging.js';
import { createPortal, type Portal } from '../../src/portal.js';
import { createProgram } from '../../src/programs/program.commands.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { outboxIsEmpty } from './outbox.js';
import type { Premises } from './premises.js';
import { operator, type Receivers } from './receiver.js';

/** Who takes part, signed in. Sessions outlive the processes. */
export interface Cast {
  readonly owner: PortalClient;
  /** One for each client that applies at the same time. */
  readonly organizationIds: readonly string[];
  readonly programId: string;
  readonly termsId: string;
  readonly intake: PortalClient;
  readonly intakeStaffId: string;
  readonly reviewers: readonly [PortalClient, PortalClient];
  /** The second pair decides appeals against the first. */
  readonly deciders: readonly [PortalClient, PortalClient, PortalClient, PortalClient];
  readonly provisioning: PortalClient;
}

const bySystem = {
  actor: { kind: 'SYSTEM', name: 'trial' },
  requestId: 'trial',
  ipAddress: null,
  idempotencyKey: null,
} as const;

/** Prepares a new database, with a portal in this process that is closed again before the others start. */
export async function assembleCast(premises: Premises, receivers: Receivers, organizations: number): Promise<Cast> {
  const database = await premises.openDatabase();
  try {
    await migrateUp(database);
    const log = createLog({ level: 'silent', format: 'json' });
    const portal = await createPortal(premises.config, { log, database });
    await portal.start();
    try {
      return await invite(portal, premises, receivers, organizations);
    } finally {
      await portal.stop(5_000);
    }
  } finally {
    await database.close();
  }
}

async function invite(portal: Portal, premises: Premises, receivers: Receivers, organizations: number): Promise<Cast> {
  const stranger = new PortalClient(premises.url);
  const { programId } = await portal.doorway.execute(createProgram, sampleProgram, bySystem);
  const mail = new MailFolder(join(premises.config.dataDir, 'mail'));
  const owner = await signUp(stranger, mail, { name: 'Olga Owner', email: 'olga@partner.example' });
  const organizationIds: string[] = [];
  for (let number = 1; number <= organizations; number += 1) {
    organizationIds.push(await registerOrganization(owner, `Water Board ${number}`, `WB-${number}`));
  }
  const hire = async (name: string, ...roles: StaffRole[]) => {
    const email = `${name}@operator.example`;
    const { staffId, oneTimePassword } = await portal.staff.add({ email, name, roles }, bySystem);
    return { staffId, client: await firstSignIn(stranger, email, String(oneTimePassword)) };
  };
  const intake = await hire('imogen', 'INTAKE', 'ADMIN');
  const client = async (name: string, role: StaffRole) => (await hire(name, role)).client;
  const reviewers = [await client('amara', 'REVIEWER'), await client('ben', 'REVIEWER')] as const;
  const deciders = [
    await client('saskia', 'DECIDER'),
    await client('hugo', 'DECIDER'),
    await client('mei', 'DECIDER'),
    await client('noor', 'DECIDER'),
  ] as const;
  const made = await intake.client.must('createApiKey', { name: 'Provisioning', scopes: ['GRANTS_PROVISION'] }, 'key');
  const found = await owner.ask('query ($id: ID!) { program(id: $id) { currentVersion { terms { id } } } }', {
    id: encodeId('program', programId),
  });

  // Endpoints come last, so that they hear of nothing that happened before.
  await outboxIsEmpty(portal.database, 30_000);
  await listen(intake.client, null, receivers);
  for (const organizationId of organizationIds) await listen(owner, organizationId, receivers);
  return {
    owner,
    organizationIds,
    programId: encodeId('program', programId),
    termsId: textAt(found, 'program', 'currentVersion', 'terms', 'id'),
    intake: intake.client,
    intakeStaffId: encodeId('staff', intake.staffId),
    reviewers,
    deciders,
    provisioning: stranger.as(textAt(made, 'key')),
  };
}

async function listen(client: PortalClient, organizationId: string | null, receivers: Receivers): Promise<void> {
  const endpoint = organizationId ?? operator;
  const input = { organizationId, url: receivers.urlOf(endpoint), description: 'Trial', eventTypes: [] };
  const made = await client.must('createWebhookEndpoint', input, 'secret');
  receivers.trust(endpoint, textAt(made, 'secret'));
}
