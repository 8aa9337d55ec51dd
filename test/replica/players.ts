import { join } from 'node:path';
import { registerOrganization, startApplication } from '../../src/demo/applying.js';
import { MailFolder, signUp, tokenIn } from '../../src/demo/people.js';
import { PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { Cast } from '../faults/cast.js';
import type { Premises } from '../faults/premises.js';

/** A draft of one of the writer's organizations, and who else may see it. */
export interface Draft {
  readonly applicationId: string;
  /** A key of that organization. */
  readonly machine: PortalClient;
}

/** Who writes and who reads. */
export interface Players {
  /** Owns the organizations of the drafts and does something. */
  readonly writer: PortalClient;
  readonly drafts: readonly [Draft, ...Draft[]];
  /** A member of all of these organizations. */
  readonly colleague: PortalClient;
  /** A key of the operator's, which may see every organization. */
  readonly operatorMachine: PortalClient;
  /** Owns another organization. */
  readonly outsider: PortalClient;
  /** A member of staff, who sees every organization. */
  readonly staff: PortalClient;
}

export async function assemblePlayers(cast: Cast, premises: Premises, url: string): Promise<Players> {
  const mail = new MailFolder(join(premises.config.dataDir, 'mail'));
  const stranger = new PortalClient(url);
  const writer = cast.owner.at(url);
  const email = 'carla@partner.example';
  const colleague = await signUp(stranger, mail, { name: 'Carla Colleague', email });
  const outsider = await signUp(stranger, mail, { name: 'Otto Outsider', email: 'otto@elsewhere.example' });
  await registerOrganization(outsider, 'Elsewhere', 'EW-1');
  const key = async (client: PortalClient, input: object) =>
    stranger.as(
      textAt(await client.must('createApiKey', { name: 'Reader', scopes: ['READ'], ...input }, 'key'), 'key'),
    );
  const drafts: Draft[] = [];
  for (const organizationId of cast.organizationIds) {
    await writer.must('inviteMember', { organizationId, email, role: 'APPLICANT' });
    await colleague.must('acceptInvitation', { token: tokenIn(await mail.next(email, /invite/i)) });
    const applicationId = await startApplication(writer, organizationId, cast.programId);
    drafts.push({ applicationId, machine: await key(writer, { organizationId }) });
  }
  const [first, ...rest] = drafts;
  if (!first) throw new Error('The writer needs an organization.');
  return {
    writer,
    drafts: [first, ...rest],
    colleague,
    operatorMachine: await key(cast.intake.at(url), {}),
    outsider,
    staff: cast.reviewers[0].at(url),
  };
}

/** Writes a number into a draft. */
export async function write(client: PortalClient, { applicationId }: Draft, number: number): Promise<void> {
  await client.must('saveDraft', { applicationId, answers: { seats: number } });
}

/** Reads the number that was written last, as this reader is shown it. */
export async function read(client: PortalClient, { applicationId }: Draft): Promise<number> {
  const found = await client.ask('query ($id: ID!) { application(id: $id) { answers } }', { id: applicationId });
  return Number(valueAt(found, 'application', 'answers', 'seats') ?? 0);
}

/** How many organizations this reader is shown. */
export async function countOrganizations(client: PortalClient): Promise<number> {
  return Number(valueAt(await client.ask('{ organizations { totalCount } }'), 'organizations', 'totalCount'));
}
