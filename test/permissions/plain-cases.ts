import { sql } from 'kysely';
import { registerOrganization } from '../../src/demo/applying.js';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { PlainCommand } from '../../src/lifecycle/permissions.js';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { templateInput } from '../letters/letter-template.js';
import type { TestPortal } from '../support/portal.js';
import type { Cast, Player } from './cast.js';
import { ReleaseThings } from './release-things.js';

/** What the portal is started with, so that webhook endpoints can be registered where nobody listens. */
export const environment = { WEBHOOK_ALLOWED_HOSTS: '127.0.0.1:9' };
const url = 'http://127.0.0.1:9/hook';

/** A mutation by which a command without statuses is given. */
export interface PlainCase {
  readonly command: PlainCommand;
  readonly mutation: string;
  /** Who knows of what the command is about; for others it does not exist. */
  readonly seenBy: (player: Player) => boolean;
  /** Machines are told that it is for people, before anything is looked up. */
  readonly forPeople?: true;
  /** What whoever has the role is refused all the same, for being who they are. */
  readonly refused?: (player: Player) => string | null;
  /** Good input about an object that nobody has touched. */
  readonly input: (things: Things) => Promise<Fields> | Fields;
}

const everybody = () => true;
const whoSeesTheOrganization = (player: Player) => player.belongsToOrganization || player.seesSubmitted;
const whoSeesItsEndpoints = ({ roles }: Player) =>
  ['OWNER', 'ADMIN', 'AUDITOR'].some((role) => roles.some((one) => one === role));
const whoSeesTheOperatorsEndpoints = ({ roles }: Player) => roles.includes('ADMIN') || roles.includes('AUDITOR');

/** Of each endpoint command, for the partner's endpoints and for the operator's. */
function onEndpoints(command: 'managePartnerWebhooks' | 'manageOperatorWebhooks'): PlainCase[] {
  const ofPartner = command === 'managePartnerWebhooks';
  const seenBy = ofPartner ? whoSeesItsEndpoints : whoSeesTheOperatorsEndpoints;
  const endpoint = (things: Things) => things.endpoint(ofPartner);
  return [
    {
      command,
      mutation: 'createWebhookEndpoint',
      seenBy: ofPartner ? whoSeesTheOrganization : everybody,
      input: ({ organizationId }) => ({ url, eventTypes: [rareEvent], ...(ofPartner ? { organizationId } : {}) }),
    },
    ...['rotateWebhookSecret', 'removeWebhookEndpoint', 'pingWebhookEndpoint'].map((mutation) => ({
      command,
      mutation,
      seenBy,
      input: async (things: Things) => ({ endpointId: await endpoint(things) }),
    })),
    {
      command,
      mutation: 'updateWebhookEndpoint',
      seenBy,
      input: async (things) => ({ endpointId: await endpoint(things), description: 'Changed.' }),
    },
    {
      command,
      mutation: 'replayWebhookDelivery',
      seenBy,
      input: async (things) => ({ deliveryId: await things.delivery(await endpoint(things)) }),
    },
  ];
}

const flagMeaning = { label: 'Of note', colour: 'BLUE', description: 'Something is special here.' };

const standardWords = { title: 'Own systems', text: 'The product is used on own systems only.' };

const nextWeek = () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  return { startsAt: inDays(7), endsAt: inDays(14) };
};

const rareEvent = 'application.appealed';

export const plainCases: readonly PlainCase[] = [
  {
    command: 'createOrganization',
    mutation: 'createOrganization',
    seenBy: everybody,
    forPeople: true,
    input: (things) => ({
      legalName: 'Another Works',
      country: 'NL',
      sector: 'WATER_AND_WASTEWATER',
      website: 'https://www.example.org',
      registrationNumber: `NL-${things.number()}`,
    }),
  },
  {
    command: 'inviteMember',
    mutation: 'inviteMember',
    seenBy: whoSeesTheOrganization,
    input: (things) => things.newcomer(),
  },
  {
    command: 'revokeInvitation',
    mutation: 'revokeInvitation',
    seenBy: whoSeesTheOrganization,
    input: async (things) => ({ invitationId: await things.invitation() }),
  },
  {
    command: 'changeMemberRole',
    mutation: 'changeMemberRole',
    seenBy: whoSeesTheOrganization,
    input: async (things) => ({ ...(await things.member()), role: 'APPLICANT' }),
  },
  {
    command: 'removeMember',
    mutation: 'removeMember',
    seenBy: whoSeesTheOrganization,
    input: (things) => things.member(),
  },
  {
    command: 'startApplication',
    mutation: 'startApplication',
    seenBy: whoSeesTheOrganization,
    input: async (things) => ({ organizationId: things.organizationId, programId: await things.program() }),
  },
  {
    command: 'acceptOrganizationTerms',
    mutation: 'acceptOrganizationTerms',
    seenBy: whoSeesTheOrganization,
    input: async (things) => ({ organizationId: things.organizationId, termsId: await things.termsAskedFor() }),
  },
  {
    command: 'markOperatorOrganization',
    mutation: 'proposeOperatorOrganization',
    seenBy: everybody,
    input: async (things) => ({ organizationId: await things.anotherOrganization(), isOperator: true }),
  },
  ...['confirmOperatorOrganization', 'declineOperatorOrganization'].map((mutation) => ({
    command: 'markOperatorOrganization' as const,
    mutation,
    seenBy: everybody,
    input: async (things: Things) => ({ organizationId: await things.proposedAsOperators() }),
  })),
  {
    command: 'createPartnerKey',
    mutation: 'createApiKey',
    seenBy: whoSeesTheOrganization,
    forPeople: true,
    input: ({ organizationId }) => ({ organizationId, name: 'A machine', scopes: ['READ'] }),
  },
  {
    command: 'createPartnerKey',
    mutation: 'revokeApiKey',
    seenBy: whoSeesTheOrganization,
    input: async (things) => ({ apiKeyId: await things.key(true) }),
  },
  {
    command: 'createOperatorKey',
    mutation: 'createApiKey',
    seenBy: everybody,
    input: () => ({ name: 'A machine', scopes: ['READ', 'GRANTS_PROVISION'] }),
  },
  {
    command: 'createOperatorKey',
    mutation: 'revokeApiKey',
    seenBy: ({ seesSubmitted }) => seesSubmitted,
    input: async (things) => ({ apiKeyId: await things.key(false) }),
  },
  ...onEndpoints('managePartnerWebhooks'),
  ...onEndpoints('manageOperatorWebhooks'),
  {
    command: 'manageStaff',
    mutation: 'addStaff',
    seenBy: everybody,
    input: (things) => ({ email: `new${things.number()}@operator.example.org`, name: 'New', roles: ['INTAKE'] }),
  },
  {
    command: 'manageStaff',
    mutation: 'setStaffRoles',
    seenBy: everybody,
    input: async (things) => ({ staffId: await things.staff(), roles: ['REVIEWER'] }),
  },
  {
    command: 'manageStaff',
    mutation: 'deactivateStaff',
    seenBy: everybody,
    input: async (things) => ({ staffId: await things.staff() }),
  },
  {
    command: 'manageLetterTemplates',
    mutation: 'publishLetterTemplate',
    seenBy: everybody,
    input: async (things) => ({ programId: await things.program(), template: templateInput }),
  },
  {
    command: 'manageStandardTexts',
    mutation: 'createStandardText',
    seenBy: everybody,
    input: (things) => ({ ...standardWords, kind: 'CONDITION', code: `condition-${things.number()}` }),
  },
  {
    command: 'manageStandardTexts',
    mutation: 'publishStandardTextVersion',
    seenBy: everybody,
    input: async (things) => ({
      title: 'Other words',
      text: 'In other words.',
      standardTextId: await things.standardText(),
    }),
  },
  {
    command: 'manageStandardTexts',
    mutation: 'setStandardTextInUse',
    seenBy: everybody,
    input: async (things) => ({ inUse: false, standardTextId: await things.standardText() }),
  },
  {
    command: 'manageFlags',
    mutation: 'createFlagDefinition',
    seenBy: everybody,
    input: (things) => ({ ...flagMeaning, key: `flag-${things.number()}` }),
  },
  {
    command: 'manageFlags',
    mutation: 'updateFlagDefinition',
    seenBy: everybody,
    input: async (things) => ({
      ...flagMeaning,
      flagDefinitionId: (await things.flagDefinition()).id,
      retired: true,
    }),
  },
  {
    command: 'raiseFlags',
    mutation: 'raiseFlag',
    seenBy: whoSeesTheOrganization,
    refused: ({ belongsToOrganization }) => (belongsToOrganization ? 'FOUR_EYES' : null),
    input: async (things) => {
      const { organizationId } = things;
      return { organizationId, flag: (await things.flagDefinition()).key, reason: 'A hunch.' };
    },
  },
  {
    command: 'raiseFlags',
    mutation: 'lowerFlag',
    seenBy: ({ seesSubmitted, belongsToOrganization }) => seesSubmitted && !belongsToOrganization,
    input: async (things) => ({ flagId: await things.flag(), reason: 'It was nothing.' }),
  },
  {
    command: 'setOwnAwayPeriods',
    mutation: 'addAwayPeriod',
    seenBy: everybody,
    forPeople: true,
    input: () => nextWeek(),
  },
  {
    command: 'setAwayPeriodsOfOthers',
    mutation: 'addAwayPeriod',
    seenBy: everybody,
    forPeople: true,
    input: async (things) => ({ ...nextWeek(), staffId: await things.staff() }),
  },
  {
    command: 'setAwayPeriodsOfOthers',
    mutation: 'removeAwayPeriod',
    seenBy: everybody,
    forPeople: true,
    input: async (things) => ({ awayPeriodId: await things.awayPeriod() }),
  },
  {
    command: 'rateOrganizations',
    mutation: 'setOrganizationRisk',
    seenBy: whoSeesTheOrganization,
    refused: ({ belongsToOrganization }) => (belongsToOrganization ? 'FOUR_EYES' : null),
    input: ({ organizationId }) => ({ organizationId, rating: 'LOW', reason: 'A hunch.' }),
  },
  {
    command: 'screenOrganization',
    mutation: 'screenOrganization',
    seenBy: whoSeesTheOrganization,
    refused: ({ belongsToOrganization }) => (belongsToOrganization ? 'FOUR_EYES' : null),
    input: ({ organizationId }) => ({ organizationId }),
  },
  ...['assignApplications', 'startReviews', 'advanceStages', 'countersignDecisions'].map((mutation) => ({
    command: 'giveBulkCommands' as const,
    mutation,
    seenBy: everybody,
    forPeople: true as const,
    input: () => ({ applicationIds: [encodeId('application', randomIds.next())] }),
  })),
  {
    command: 'chooseNotifications',
    mutation: 'chooseNotifications',
    seenBy: everybody,
    forPeople: true,
    input: () => ({ digestHour: 9 }),
  },
  {
    command: 'manageSavedViews',
    mutation: 'createSavedView',
    seenBy: everybody,
    forPeople: true,
    input: (things) => ({ name: `A view ${things.number()}`, filter: { isOverdue: true } }),
  },
  {
    command: 'managePrograms',
    mutation: 'createProgram',
    seenBy: everybody,
    input: (things) => ({ ...sampleProgram, code: `program-${things.number()}` }),
  },
  {
    command: 'managePrograms',
    mutation: 'publishProgramVersion',
    seenBy: everybody,
    input: async (things) => ({ programId: await things.program(), version: sampleProgram.version }),
  },
  {
    command: 'managePrograms',
    mutation: 'publishProgramWorkflow',
    seenBy: everybody,
    input: async (things) => ({ programId: await things.program(), workflow: sampleProgram.version.workflow }),
  },
  {
    command: 'managePrograms',
    mutation: 'publishProgramTerms',
    seenBy: everybody,
    input: async (things) => ({
      programId: await things.program(),
      terms: { label: `terms-${things.number()}`, body: 'Anew.' },
    }),
  },
  {
    command: 'managePrograms',
    mutation: 'setProgramStatus',
    seenBy: everybody,
    input: async (things) => ({ programId: await things.program(), status: 'CLOSED' }),
  },
  {
    command: 'stateRelease',
    mutation: 'proposeReleaseStatus',
    seenBy: everybody,
    input: async ({ release }) => ({
      productId: (await release.product()).id,
      status: 'GENERAL',
      reason: 'It is tame.',
    }),
  },
  ...['confirmReleaseStatus', 'declineReleaseStatus'].map((mutation) => ({
    command: 'stateRelease' as const,
    mutation,
    seenBy: everybody,
    input: async ({ release }: Things) => ({ productId: await release.productWithProposal() }),
  })),
  {
    command: 'planRollouts',
    mutation: 'planWave',
    seenBy: everybody,
    input: ({ release }) => release.waveInput(),
  },
  ...['confirmWave', 'closeWave'].map((mutation) => ({
    command: 'planRollouts' as const,
    mutation,
    seenBy: everybody,
    input: async ({ release }: Things) => ({
      waveId: await release.wave(),
      ...(mutation === 'closeWave' ? { reason: 'Too early.' } : {}),
    }),
  })),
  {
    command: 'planRollouts',
    mutation: 'planRestoration',
    seenBy: everybody,
    input: ({ release }) => release.restorationInput(),
  },
  ...['confirmRestoration', 'stopRestoration'].map((mutation) => ({
    command: 'planRollouts' as const,
    mutation,
    seenBy: everybody,
    input: async ({ release }: Things) => ({
      restorationId: await release.restoration(),
      ...(mutation === 'stopRestoration' ? { reason: 'Too early.' } : {}),
    }),
  })),
  {
    command: 'recordDirectives',
    mutation: 'registerAuthority',
    seenBy: everybody,
    input: (things) => ({ name: `Ministry ${things.number()}`, jurisdiction: 'NL' }),
  },
  {
    command: 'recordDirectives',
    mutation: 'recordDirective',
    seenBy: everybody,
    input: async ({ release }) => {
      const terms = { products: [(await release.product()).code] };
      return { ...(await release.letter()), kind: 'HALT', terms };
    },
  },
  {
    command: 'recordDirectives',
    mutation: 'orderEmergencyHalt',
    seenBy: everybody,
    input: async ({ release }) => ({ ...(await release.letter()), products: [(await release.product()).code] }),
  },
  {
    command: 'recordDirectives',
    mutation: 'putDirectiveInForce',
    seenBy: everybody,
    input: async ({ release }) => ({ directiveId: await release.directive() }),
  },
  {
    command: 'recordDirectives',
    mutation: 'withdrawDirective',
    seenBy: everybody,
    input: async ({ release }) => ({ directiveId: await release.directive(), reason: 'Typed twice.' }),
  },
  {
    command: 'recordDirectives',
    mutation: 'ratifyHalt',
    seenBy: everybody,
    input: async ({ release }) => ({ directiveId: await release.emergencyHalt() }),
  },
  {
    command: 'recordDirectives',
    mutation: 'requestDirectiveLetterUpload',
    seenBy: everybody,
    input: ({ release }) => release.letterFile(),
  },
  {
    command: 'recordDirectives',
    mutation: 'completeDirectiveLetterUpload',
    seenBy: everybody,
    input: async ({ release }) => ({ letterId: await release.uploadedLetter() }),
  },
  {
    command: 'recordDirectives',
    mutation: 'matchDirectiveEntry',
    seenBy: everybody,
    input: async ({ release }) => ({
      entryId: await release.entry(),
      status: 'DISPUTED',
      evidence: 'Two are called so.',
    }),
  },
  {
    command: 'manageProvisioningSystems',
    mutation: 'registerProvisioningSystem',
    seenBy: everybody,
    forPeople: true,
    input: (things) => things.newSystem(),
  },
  {
    command: 'manageProvisioningSystems',
    mutation: 'updateProvisioningSystem',
    seenBy: everybody,
    input: async (things) => ({ systemId: await things.system(), isActive: false }),
  },
  {
    command: 'setProvisioningTimes',
    mutation: 'setProvisioningTimes',
    seenBy: everybody,
    input: async ({ release }) => ({
      productId: (await release.product()).id,
      closeWithinMinutes: 30,
      openWithinMinutes: 600,
    }),
  },
];

/** Makes the objects that commands are about, each anew. */
export class Things {
  readonly organizationId: string;
  readonly release: ReleaseThings;
  readonly #desk: TestPortal;
  readonly #cast: Cast;
  #count = 100;
  #proposer: Promise<PortalClient> | null = null;
  #newcomer: Promise<PortalClient> | null = null;

  constructor(desk: TestPortal, cast: Cast) {
    this.#desk = desk;
    this.#cast = cast;
    this.organizationId = cast.organizationId;
    this.release = new ReleaseThings(desk);
  }

  number(): number {
    this.#count += 1;
    return this.#count;
  }

  newcomer() {
    const email = `newcomer${this.number()}@partner.example.org`;
    return { organizationId: this.organizationId, email, role: 'VIEWER' };
  }

  async invitation(): Promise<string> {
    const made = await this.#owner.must('inviteMember', this.newcomer(), 'invitation { id }');
    return textAt(made, 'invitation', 'id');
  }

  /** A member who has never signed in. */
  async member(): Promise<{ organizationId: string; personId: string }> {
    const { organizationId } = this;
    const [personId, id] = [randomIds.next(), randomIds.next()];
    const email = `member${this.number()}@partner.example.org`;
    await sql`with person as (
        insert into auth_user (id, name, email, email_verified, created_at, updated_at)
        values (${personId}, 'A member', ${email}, true, now(), now()) returning id)
      insert into membership (id, organization_id, user_id, role, created_at, updated_at)
      select ${id}, ${decodeId('organization', organizationId)}, id, 'VIEWER', now(), now() from person`.execute(
      this.#database,
    );
    return { organizationId, personId: encodeId('person', personId) };
  }

  async program(): Promise<string> {
    const programId = await this.#desk.program({ code: `program-${this.number()}` });
    return encodeId('program', programId);
  }

  /** New terms of a program, which the organization was asked to accept. */
  async termsAskedFor(): Promise<string> {
    const manager = this.#cast.player('PROGRAM_MANAGER').client;
    const reacceptBy = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const input = { programId: await this.program(), terms: { label: 'again', body: 'Anew.' }, reacceptBy };
    const made = await manager.must('publishProgramTerms', input, 'program { currentVersion { terms { id } } }');
    const termsId = textAt(made, 'program', 'currentVersion', 'terms', 'id');
    await sql`insert into attestation (id, terms_version_id, program_id, organization_id, body_sha256, asked_at, due_at)
      select ${randomIds.next()}, id, program_id, ${decodeId('organization', this.organizationId)}, body_sha256, now(), reaccept_by
      from terms_version where id = ${decodeId('terms', termsId)}`.execute(this.#database);
    return termsId;
  }

  anotherOrganization(): Promise<string> {
    const number = this.number();
    return this.#registrar().then((person) => registerOrganization(person, `Works ${number}`, `NL-${number}`));
  }

  /** An organization that somebody proposed to be the operator's own, which none is. */
  async proposedAsOperators(): Promise<string> {
    const organizationId = await this.anotherOrganization();
    await sql`update organization set is_operator = false where is_operator`.execute(this.#database);
    this.#proposer ??= this.#desk.staff('ADMIN');
    await (await this.#proposer).must('proposeOperatorOrganization', { organizationId, isOperator: true });
    return organizationId;
  }

  #registrar(): Promise<PortalClient> {
    this.#newcomer ??= this.#desk.person('Rita Registrar');
    return this.#newcomer;
  }

  async key(ofPartner: boolean): Promise<string> {
    const { organizationId } = this;
    const input = { name: 'A machine', scopes: ['READ'], ...(ofPartner ? { organizationId } : {}) };
    const made = await (ofPartner ? this.#owner : this.#admin).must('createApiKey', input, 'apiKey { id }');
    return textAt(made, 'apiKey', 'id');
  }

  /** A machine that could be registered. */
  async newSystem(): Promise<Fields> {
    const key = { name: 'A provisioner', scopes: ['GRANTS_PROVISION'] };
    const apiKeyId = textAt(await this.#admin.must('createApiKey', key, 'apiKey { id }'), 'apiKey', 'id');
    const { code } = await this.release.product();
    return { name: `System ${this.number()}`, apiKeyId, productCodes: [code], duties: ['PROVISION'] };
  }

  async system(): Promise<string> {
    const made = await this.#admin.must('registerProvisioningSystem', await this.newSystem(), 'system { id }');
    return textAt(made, 'system', 'id');
  }

  async endpoint(ofPartner: boolean): Promise<string> {
    const { organizationId } = this;
    const input = { url, eventTypes: [rareEvent], ...(ofPartner ? { organizationId } : {}) };
    const made = await (ofPartner ? this.#owner : this.#admin).must(
      'createWebhookEndpoint',
      input,
      'webhookEndpoint { id }',
    );
    return textAt(made, 'webhookEndpoint', 'id');
  }

  /** A delivery to an endpoint that was made long ago. */
  async delivery(endpointId: string): Promise<string> {
    const made = await sql<{ id: string }>`
      insert into webhook_delivery (id, endpoint_id, event_id, event, body, status, delivered_at, created_at)
      select webhook_delivery_id(event_id, endpoint_id), endpoint_id, event_id, ${rareEvent}, '{}', 'DELIVERED', now(), now()
      from (values (${decodeId('endpoint', endpointId)}::uuid, ${randomIds.next()}::uuid)) as d (endpoint_id, event_id)
      returning id`.execute(this.#database);
    return encodeId('delivery', String(made.rows[0]?.id));
  }

  async staff(): Promise<string> {
    const email = `helper${this.number()}@operator.example.org`;
    const made = await this.#admin.must(
      'addStaff',
      { email, name: 'Helper', roles: ['AUDITOR'] },
      'staffMember { id }',
    );
    return textAt(made, 'staffMember', 'id');
  }

  async flagDefinition(): Promise<{ id: string; key: string }> {
    const key = `flag-${this.number()}`;
    const made = await this.#admin.must('createFlagDefinition', { ...flagMeaning, key }, 'flagDefinition { id }');
    return { key, id: textAt(made, 'flagDefinition', 'id') };
  }

  async standardText(): Promise<string> {
    const input = { ...standardWords, kind: 'REFUSAL_REASON', code: `reason-${this.number()}` };
    const manager = this.#cast.player('PROGRAM_MANAGER').client;
    return textAt(await manager.must('createStandardText', input, 'standardText { id }'), 'standardText', 'id');
  }

  /** Raised on the organization. */
  async flag(): Promise<string> {
    const { key } = await this.flagDefinition();
    const input = { organizationId: this.organizationId, flag: key, reason: 'A hunch.' };
    return textAt(await this.#cast.player('REVIEWER').client.must('raiseFlag', input, 'flag { id }'), 'flag', 'id');
  }

  async awayPeriod(): Promise<string> {
    const input = { ...nextWeek(), staffId: await this.staff() };
    const made = await this.#admin.must('addAwayPeriod', input, 'staffMember { awayPeriods { id } }');
    return textAt(made, 'staffMember', 'awayPeriods', 0, 'id');
  }

  async addressOf(player: Player): Promise<string> {
    const found = await player.client.ask('{ viewer { person { email } } }');
    return String(valueAt(found, 'viewer', 'person', 'email'));
  }

  get #owner() {
    return this.#cast.player('OWNER').client;
  }

  get #admin() {
    return this.#cast.player('ADMIN').client;
  }

  get #database() {
    return this.#desk.database.kysely();
  }
}
