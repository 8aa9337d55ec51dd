import { inTransaction } from '../platform/transaction.js';
import { sampleProgram } from '../programs/sample-program.js';
import { acceptTerms, completeAnswers, pdf, uploadDocument } from './applying.js';
import type { DemoPortal } from './demo-portal.js';
import type { StoryClock } from './june-clock.js';
import { firstSignIn, MailFolder, password, signIn, signUp } from './people.js';
import { PortalClient, textAt, valueAt } from './portal-client.js';

/** Sessions last eight hours; who comes back later signs in again. */
const signedInForMs = 7 * 3_600_000;

/** A partner as it registers, with the seats that it asks for. */
export interface PartnerOfJune {
  readonly name: string;
  readonly email: string;
  readonly sector: string;
  readonly seats: number;
  readonly organizationId: string;
}

export type StaffOfJune = 'Imogen' | 'Saskia' | 'Hugo' | 'Rafael' | 'Dana';

const roles: Readonly<Record<StaffOfJune, string>> = {
  Imogen: 'INTAKE',
  Saskia: 'DECIDER',
  Hugo: 'DECIDER',
  Rafael: 'PROGRAM_MANAGER',
  Dana: 'PROGRAM_MANAGER',
};

/** Everybody of the story, each with a session that is as old as the story's clock says. */
export class JunePeople {
  readonly clock: StoryClock;
  readonly #demo: DemoPortal;
  readonly #mail: MailFolder;
  readonly #stranger: PortalClient;
  readonly #sessions = new Map<string, { readonly client: PortalClient; readonly since: number }>();

  constructor(demo: DemoPortal, clock: StoryClock) {
    this.#demo = demo;
    this.clock = clock;
    this.#mail = new MailFolder(demo.mailFolder);
    this.#stranger = new PortalClient(demo.url);
  }

  get mail(): MailFolder {
    return this.#mail;
  }

  /** The first administrator, with the one-time password. */
  async admin(): Promise<PortalClient> {
    const { email, oneTimePassword } = this.#demo.first;
    return this.#session(email, () => firstSignIn(this.#stranger, email, oneTimePassword));
  }

  /** Takes on everybody of the operator's. */
  async hire(): Promise<void> {
    const admin = await this.admin();
    for (const [name, role] of Object.entries(roles)) {
      const email = staffEmail(name);
      const added = await admin.must('addStaff', { name, email, roles: [role] }, 'oneTimePassword');
      await this.#session(email, () => firstSignIn(this.#stranger, email, textAt(added, 'oneTimePassword')));
    }
  }

  staff(name: StaffOfJune): Promise<PortalClient> {
    return this.as(staffEmail(name));
  }

  /** Somebody who has been here before. */
  as(email: string): Promise<PortalClient> {
    return this.#session(email, () => signIn(this.#stranger, email, password));
  }

  /** A machine with a key of the operator's, registered for these products. */
  async machine(name: string, duty: 'PROVISION' | 'READ_BACK', productCodes: readonly string[]): Promise<PortalClient> {
    const admin = await this.admin();
    const made = await admin.must('createApiKey', { name, scopes: ['GRANTS_PROVISION'] }, 'key apiKey { id }');
    const apiKeyId = textAt(made, 'apiKey', 'id');
    await admin.must('registerProvisioningSystem', { name, apiKeyId, productCodes, duties: [duty] });
    return this.#stranger.as(textAt(made, 'key'));
  }

  /** A program that releases a product and decides in one stage, so that the story is about something else. */
  async program(code: string, name: string, productCode: string, productName: string): Promise<string> {
    const { summary, version } = sampleProgram;
    const workflow = { ...version.workflow, stages: version.workflow.stages.slice(-1) };
    const input = { code, name, summary, productCode, productName, version: { ...version, workflow } };
    const made = await (await this.staff('Rafael')).must('createProgram', input, 'program { id }');
    return textAt(made, 'program', 'id');
  }

  /** Signs up and registers an organization. */
  async partner(name: string, sector: string, seats: number): Promise<PartnerOfJune> {
    const first = name.split(' ')[0] ?? name;
    const email = `access@${first.toLowerCase()}.example`;
    const owner = await this.#session(email, () =>
      signUp(this.#stranger, this.#mail, { name: `${first} access desk`, email }),
    );
    const registered = {
      legalName: name,
      country: 'US',
      sector,
      website: `https://www.${first.toLowerCase()}.example`,
    };
    const registrationNumber = `${first.toUpperCase()}-${seats}`;
    const made = await owner.must('createOrganization', { ...registered, registrationNumber }, 'organization { id }');
    return { name, email, sector, seats, organizationId: textAt(made, 'organization', 'id') };
  }

  /** Applies with everything that is asked for, is taken in, and has an approval proposed. */
  async proposed(
    { email, organizationId, seats }: PartnerOfJune,
    programId: string,
  ): Promise<{ readonly applicationId: string; readonly decisionId: string }> {
    const owner = await this.as(email);
    const started = await owner.must('startApplication', { organizationId, programId }, 'application { id }');
    const applicationId = textAt(started, 'application', 'id');
    await owner.must('saveDraft', { applicationId, answers: { ...completeAnswers, seats } });
    for (const key of ['end-use-statement', 'security-program'])
      await uploadDocument(owner, applicationId, key, { fileName: `${key}.pdf`, bytes: pdf(key) });
    await acceptTerms(owner, applicationId);
    await owner.must('submitApplication', { applicationId });
    await (await this.staff('Imogen')).must('startReview', { applicationId });
    const saskia = await this.staff('Saskia');
    const fields = 'application { decisions { id } }';
    const made = await saskia.must('proposeDecision', { applicationId, outcome: 'APPROVE' }, fields);
    return { applicationId, decisionId: textAt(made, 'application', 'decisions', 0, 'id') };
  }

  /** The same, countersigned. @returns the grant */
  async granted(partner: PartnerOfJune, programId: string): Promise<string> {
    return this.countersigned(await this.proposed(partner, programId));
  }

  async countersigned(proposal: { readonly applicationId: string; readonly decisionId: string }): Promise<string> {
    const hugo = await this.staff('Hugo');
    const made = await hugo.must('countersignDecision', proposal, 'application { grant { id } }');
    return textAt(made, 'application', 'grant', 'id');
  }

  /** The check of access, as a member of the organization makes it. */
  async check({ email, organizationId }: PartnerOfJune, productCode: string, userId: string | null = null) {
    const found = await (await this.as(email)).ask(
      `query ($organizationId: ID!, $productCode: String!, $userId: ID) {
        accessCheck(organizationId: $organizationId, productCode: $productCode, userId: $userId) { decision reasons { code } } }`,
      { organizationId, productCode, userId },
    );
    const reasons = valueAt(found, 'accessCheck', 'reasons') as readonly unknown[];
    return { decision: textAt(found, 'accessCheck', 'decision'), reasons: reasons.map((one) => textAt(one, 'code')) };
  }

  /** Fields of a grant, as staff see it. */
  async grant(grantId: string, fields: string): Promise<unknown> {
    const rafael = await this.staff('Rafael');
    return valueAt(await rafael.ask(`query ($id: ID!) { grant(id: $id) { ${fields} } }`, { id: grantId }), 'grant');
  }

  /** Has a job done now that the clock would have done within the minute. */
  async turn(queue: string): Promise<void> {
    const { database, jobs } = this.#demo.portal;
    await inTransaction(database, (em) => jobs.enqueue(em, queue, [{}]));
  }

  async #session(email: string, begin: () => Promise<PortalClient>): Promise<PortalClient> {
    const now = this.clock.now().getTime();
    const kept = this.#sessions.get(email);
    if (kept && now - kept.since < signedInForMs) return kept.client;
    const client = await (kept ? signIn(this.#stranger, email, password) : begin());
    this.#sessions.set(email, { client, since: now });
    return client;
  }
}

function staffEmail(name: string): string {
  return `${name.toLowerCase()}@northlight.example`;
}
