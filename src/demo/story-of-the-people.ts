import type { FirstStart } from '../first-start.js';
import type { Portal } from '../portal.js';
import { registerOrganization } from './applying.js';
import { firstSignIn, type MailFolder, signUp, tokenIn } from './people.js';
import { type PortalClient, textAt, valueAt } from './portal-client.js';
import type { ProvisionerKeys } from './provisioner.js';
import type { WebhookReceiver } from './receiver.js';
import { expectSame, type Story } from './story.js';

/** What the story is played with. */
export interface Stage {
  readonly story: Story;
  readonly stranger: PortalClient;
  readonly mail: MailFolder;
  readonly portal: Portal;
  readonly first: FirstStart;
  readonly partnerReceiver: WebhookReceiver;
  readonly operatorReceiver: WebhookReceiver;
  /** Starts the reference client of `examples/provisioner`; it works until the story is over. */
  startProvisioner(keys: ProvisionerKeys): void;
}

/** Who plays. */
export interface Cast {
  readonly owner: PortalClient;
  readonly applicant: PortalClient;
  readonly organizationId: string;
  readonly programId: string;
  readonly intake: PortalClient;
  readonly reviewers: readonly [PortalClient, PortalClient];
  readonly deciders: readonly [PortalClient, PortalClient, PortalClient, PortalClient];
  readonly managers: readonly [PortalClient, PortalClient];
}

/** Everybody signs up or in, by the API and by mail. */
export async function peopleOfTheStory(stage: Stage): Promise<Cast> {
  const { story, stranger, mail, first } = stage;
  story.chapter('People');
  const owner = await story.step('Olga signs up, verifies her address and signs in', () =>
    signUp(stranger, mail, { name: 'Olga Owner', email: 'olga@tidewater.example' }),
  );
  const organizationId = await story.step('she registers Tidewater Utilities District', () =>
    registerOrganization(owner, 'Tidewater Utilities District', 'TW-1902'),
  );
  const applicant = await story.step('she invites Anton, who signs up and joins as applicant', async () => {
    const email = 'anton@tidewater.example';
    await owner.must('inviteMember', { organizationId, email, role: 'APPLICANT' });
    const invitation = await mail.next(email, /invite/i);
    const anton = await signUp(stranger, mail, { name: 'Anton Applicant', email });
    const joined = await anton.must('acceptInvitation', { token: tokenIn(invitation) }, 'organization { legalName }');
    expectSame(valueAt(joined, 'organization', 'legalName'), 'Tidewater Utilities District');
    return anton;
  });
  const admin = await story.step('the first administrator signs in with the one-time password and changes it', () =>
    firstSignIn(stranger, first.email, first.oneTimePassword),
  );
  const hire = async (name: string, role: string): Promise<PortalClient> => {
    const email = `${name.toLowerCase()}@operator.example`;
    const added = await admin.must('addStaff', { name, email, roles: [role] }, 'oneTimePassword');
    return firstSignIn(stranger, email, textAt(added, 'oneTimePassword'));
  };
  const staff = await story.step('adds intake, reviewers, deciders and program managers, who sign in', async () => ({
    intake: await hire('Imogen', 'INTAKE'),
    reviewers: [await hire('Amara', 'REVIEWER'), await hire('Ben', 'REVIEWER')] as const,
    deciders: [
      await hire('Saskia', 'DECIDER'),
      await hire('Hugo', 'DECIDER'),
      await hire('Mei', 'DECIDER'),
      await hire('Noor', 'DECIDER'),
    ] as const,
    managers: [await hire('Rafael', 'PROGRAM_MANAGER'), await hire('Dana', 'PROGRAM_MANAGER')] as const,
  }));
  const keyFor = async (name: string, duty: string): Promise<string> => {
    const made = await admin.must('createApiKey', { name, scopes: ['GRANTS_PROVISION'] }, 'key apiKey { id }');
    const apiKeyId = textAt(made, 'apiKey', 'id');
    const products = await admin.ask('{ products { code } }');
    const productCodes = [textAt(products, 'products', 0, 'code')];
    await admin.must('registerProvisioningSystem', { name, apiKeyId, productCodes, duties: [duty] });
    return textAt(made, 'key');
  };
  await story.step(
    'registers a system that opens and closes access, and another that looks whether it is so',
    async () => {
      const provisioner = await keyFor('Provisioning', 'PROVISION');
      const readBack = await keyFor('Read-back', 'READ_BACK');
      const machine = stranger.as(provisioner);
      expectSame(await machine.ask('{ applications { totalCount } }'), { applications: { totalCount: 0 } });
      stage.startProvisioner({ provisioner, readBack });
    },
  );
  await story.step('Tidewater and the operator each register a webhook endpoint', async () => {
    await listen(owner, organizationId, stage.partnerReceiver);
    await listen(admin, null, stage.operatorReceiver);
  });
  const programs = await owner.ask('{ programs(status: OPEN) { nodes { id } } }');
  const programId = textAt(programs, 'programs', 'nodes', 0, 'id');
  return { owner, applicant, organizationId, programId, ...staff };
}

async function listen(client: PortalClient, organizationId: string | null, receiver: WebhookReceiver): Promise<void> {
  const made = await client.must(
    'createWebhookEndpoint',
    { organizationId, url: receiver.url, description: 'Demo receiver', eventTypes: [] },
    'secret',
  );
  receiver.trust(textAt(made, 'secret'));
}
