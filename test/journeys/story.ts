import { completeDraft, registerOrganization, startApplication } from '../../src/demo/applying.js';
import { signIn, tokenIn } from '../../src/demo/people.js';
import { type Fields, type PortalClient, PortalRefusal, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { StaffRole } from '../../src/lifecycle/roles.js';
import { encodeId } from '../../src/platform/ids.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { addressOf, bySystem, openTestPortal, type TestPortal, type TestPortalOptions } from '../support/portal.js';

/** The password that everybody chooses in these stories. */
const password = 'correct horse battery staple 42';

/** A partner organization and the person who registered it. */
export interface Partner {
  readonly owner: PortalClient;
  readonly organizationId: string;
  readonly email: string;
}

/** How a decision reads before it is proposed. */
export interface Ruling {
  readonly outcome: 'APPROVE' | 'APPROVE_WITH_CONDITIONS' | 'REFUSE';
  readonly reasons?: readonly string[];
  readonly conditions?: readonly string[];
  readonly reasonCodes?: readonly string[];
  readonly conditionCodes?: readonly string[];
  readonly internalNote?: string;
  readonly inPrinciple?: boolean;
}

export const refusal: Ruling = { outcome: 'REFUSE', reasons: ['The end use is not described well enough.'] };

/** A portal with an open program, and the steps that stories have in common. */
export class Story {
  readonly desk: TestPortal;
  readonly programId: string;
  readonly #staff = new Map<string, PortalClient>();
  readonly #staffEmails = new Map<string, string>();

  private constructor(desk: TestPortal, programId: string) {
    this.desk = desk;
    this.programId = programId;
  }

  static async open(options: TestPortalOptions = {}): Promise<Story> {
    const desk = await openTestPortal(options);
    return new Story(desk, encodeId('program', await desk.program()));
  }

  close(): Promise<void> {
    return this.desk.close();
  }

  /** The first member of staff in this role, the second, and so on; each signs in when first asked for. */
  async staff(role: StaffRole, which = 1): Promise<PortalClient> {
    const name = `${role} ${which}`;
    const here = this.#staff.get(name);
    if (here) return here;
    const email = this.#staffEmails.get(name);
    const client = email ? await this.signInAgain(email) : await this.desk.staff(role);
    this.#staff.set(name, client);
    this.#staffEmails.set(name, email ?? (await emailOf(client)));
    return client;
  }

  /** Lets time pass. Sessions may end by it; staff sign in again when they are next asked for. */
  pass(milliseconds: number): void {
    this.desk.clock.advance(milliseconds);
    this.#staff.clear();
  }

  /** Takes on everybody whom it takes to work the sample program, so that a version of it can be published. */
  async takeOnEverybody(): Promise<void> {
    const needed: readonly StaffRole[] = ['INTAKE', 'REVIEWER', 'REVIEWER', 'DECIDER', 'DECIDER', 'PROGRAM_MANAGER'];
    for (const [number, role] of needed.entries()) {
      const email = `colleague${number}@operator.example.org`;
      await this.desk.portal.staff.add({ email, name: `Colleague ${number}`, roles: [role] }, bySystem);
    }
  }

  async partner(person: string, legalName: string): Promise<Partner> {
    const owner = await this.desk.person(person);
    const organizationId = await registerOrganization(owner, legalName, `NL-${legalName}`);
    return { owner, organizationId, email: addressOf(person) };
  }

  /** A colleague who was invited and has joined. */
  async colleague(partner: Partner, name: string, role: 'OWNER' | 'APPLICANT' | 'VIEWER'): Promise<PortalClient> {
    const email = addressOf(name);
    await partner.owner.must('inviteMember', { organizationId: partner.organizationId, email, role });
    const token = await this.invitationToken(email);
    const colleague = await this.desk.person(name);
    await colleague.must('acceptInvitation', { token });
    return colleague;
  }

  /** The token in the next letter that invites somebody. */
  async invitationToken(email: string): Promise<string> {
    return tokenIn(await this.desk.mail.next(email, /invites you to join/));
  }

  /** Signs in again, as people must after the clock was put forward by more than a working day. */
  signInAgain(email: string): Promise<PortalClient> {
    return signIn(this.desk.stranger, email, password);
  }

  /** The token of another session, for requests that no client would send. */
  async session(email: string): Promise<string> {
    return textAt(await this.desk.stranger.must('signIn', { email, password }, 'token'), 'token');
  }

  draft(partner: Partner): Promise<string> {
    return startApplication(partner.owner, partner.organizationId, this.programId);
  }

  submitted(partner: Partner): Promise<string> {
    return this.submittedTo(partner, this.programId);
  }

  /** To another program than that of most stories. */
  async submittedTo(partner: Partner, programId: string): Promise<string> {
    const applicationId = await startApplication(partner.owner, partner.organizationId, programId);
    await completeDraft(partner.owner, applicationId);
    await partner.owner.must('submitApplication', { applicationId });
    return applicationId;
  }

  /** Taken in, at the stage of screening. */
  async inScreening(partner: Partner, programId = this.programId): Promise<string> {
    const applicationId = await this.submittedTo(partner, programId);
    await (await this.staff('INTAKE')).must('startReview', { applicationId });
    return applicationId;
  }

  /** At the stage where reviewers recommend. */
  async inTechnicalReview(partner: Partner, programId = this.programId): Promise<string> {
    const applicationId = await this.inScreening(partner, programId);
    await (await this.staff('INTAKE')).must('advanceStage', { applicationId });
    return applicationId;
  }

  /** Recommended by two reviewers and at the last stage. */
  async atDecision(partner: Partner, programId = this.programId): Promise<string> {
    const applicationId = await this.inTechnicalReview(partner, programId);
    for (const which of [1, 2]) {
      const reviewer = await this.staff('REVIEWER', which);
      await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound.' });
    }
    await (await this.staff('REVIEWER')).must('advanceStage', { applicationId });
    return applicationId;
  }

  /** Proposed by the first decider; answers the decision's id. */
  async propose(applicationId: string, ruling: Ruling): Promise<string> {
    const proposer = await this.staff('DECIDER', 1);
    await proposer.must('proposeDecision', { applicationId, ...ruling });
    return proposedDecision(proposer, applicationId);
  }

  /** Proposed by the first decider and countersigned by the second. */
  async decided(partner: Partner, ruling: Ruling): Promise<string> {
    const applicationId = await this.atDecision(partner);
    const decisionId = await this.propose(applicationId, ruling);
    await (await this.staff('DECIDER', 2)).must('countersignDecision', { applicationId, decisionId });
    return applicationId;
  }

  /** Approved; answers the id of the grant, which is not provisioned yet. */
  async granted(partner: Partner): Promise<string> {
    const applicationId = await this.decided(partner, { outcome: 'APPROVE' });
    return textAt(await look(partner.owner, applicationId, 'grant { id }'), 'grant', 'id');
  }

  /** Puts a job on a queue, as the schedule does. */
  async run(queue: string): Promise<void> {
    const { jobs, database } = this.desk.portal;
    await inTransaction(database, (em) => jobs.enqueue(em, queue, [{}]));
  }

  /** A machine of the operator with an API key that may acknowledge provisioning. */
  async provisioner(): Promise<PortalClient> {
    const admin = await this.staff('ADMIN');
    const created = await admin.must('createApiKey', { name: 'Provisioning', scopes: ['GRANTS_PROVISION'] }, 'key');
    return this.desk.stranger.as(textAt(created, 'key'));
  }
}

export const minute = 60_000;
export const day = 24 * 60 * minute;

async function emailOf(client: PortalClient): Promise<string> {
  return textAt(await client.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
}

/** The id of a member of staff who asks. */
export async function staffIdOf(client: PortalClient): Promise<string> {
  const me = textAt(await client.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
  const staff = listAt(await client.ask('{ staff { id person { id } } }'), 'staff');
  return textAt(
    staff.find((member) => valueAt(member, 'person', 'id') === me),
    'id',
  );
}

/** What somebody sees of an application; null when they see nothing. */
export async function look(client: PortalClient, applicationId: string, fields: string): Promise<Fields | null> {
  const found = await client.ask(`query ($id: ID!) { application(id: $id) { ${fields} } }`, { id: applicationId });
  return fieldsAt(found, 'application');
}

export async function lookAtGrant(client: PortalClient, grantId: string, fields: string): Promise<Fields | null> {
  return fieldsAt(await client.ask(`query ($id: ID!) { grant(id: $id) { ${fields} } }`, { id: grantId }), 'grant');
}

/** The decision that waits for a countersignature. */
export async function proposedDecision(staff: PortalClient, applicationId: string): Promise<string> {
  const decisions = listAt(await look(staff, applicationId, 'decisions { id status }'), 'decisions');
  return textAt(
    decisions.find((decision) => valueAt(decision, 'status') === 'PROPOSED'),
    'id',
  );
}

/**
 * The types of the events on a timeline, first first, leaving out how the draft came about, and the letters, which are
 * written when they are written.
 */
export async function timelineOf(client: PortalClient, applicationId: string): Promise<readonly string[]> {
  const seen = await look(client, applicationId, 'timeline(first: 100) { nodes { type } }');
  const all = listAt(seen, 'timeline', 'nodes').map((event) => textAt(event, 'type'));
  const types = all.filter((type) => type !== 'document.letter_written');
  return types.reverse().slice(types.indexOf('application.submitted'));
}

/** How long something that a job does may take. */
const jobsWithinMs = 20_000;
const lookEveryMs = 30;

/** Waits until something holds that a job brings about. @throws what it threw last, when it does not come to hold */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  const deadline = Date.now() + jobsWithinMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, lookEveryMs);
    });
  }
}

/** How a command was refused: the codes of its payload, or the one code of a request that failed as a whole. */
export async function codesOf(client: PortalClient, command: string, input: Fields): Promise<readonly string[]> {
  try {
    return (await client.command(command, input)).errors.map(({ code }) => code);
  } catch (error) {
    if (error instanceof PortalRefusal) return [error.code];
    throw error;
  }
}

export function listAt(answer: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = valueAt(answer, ...path);
  if (Array.isArray(value)) return value;
  throw new Error(`The answer holds no list at ${path.join('.')}: ${JSON.stringify(answer)}`);
}

export function numberAt(answer: unknown, ...path: readonly (string | number)[]): number {
  const value = valueAt(answer, ...path);
  if (typeof value === 'number') return value;
  throw new Error(`The answer holds no number at ${path.join('.')}: ${JSON.stringify(answer)}`);
}

function fieldsAt(answer: unknown, name: string): Fields | null {
  const value = valueAt(answer, name);
  return typeof value === 'object' && value !== null ? { ...value } : null;
}
