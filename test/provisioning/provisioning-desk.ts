import { type Fields, type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { listAt, Story } from '../journeys/story.js';

/** What tests look at of a task. */
export const taskFields =
  'id kind status attempts productCode reference failureReason claimedUntil finishedAt isOverdue escalatedAt awaitsReadBack version grant { id reference conditions organizationName }';

/** A registered system, and how it calls. */
export interface System {
  readonly id: string;
  readonly client: PortalClient;
}

/** A portal with systems that provision its product. */
export class ProvisioningDesk {
  readonly story: Story;
  #count = 0;

  private constructor(story: Story) {
    this.story = story;
  }

  static async open(): Promise<ProvisioningDesk> {
    return new ProvisioningDesk(await Story.open());
  }

  /** A key that may provision, and its id. */
  async key(scopes: readonly string[] = ['GRANTS_PROVISION']) {
    this.#count += 1;
    const admin = await this.story.staff('ADMIN');
    const made = await admin.must('createApiKey', { name: `Machine ${this.#count}`, scopes }, 'key apiKey { id }');
    const key = textAt(made, 'key');
    return { key, apiKeyId: textAt(made, 'apiKey', 'id'), client: this.story.desk.stranger.as(key) };
  }

  async system(duties: readonly string[] = ['PROVISION'], productCodes = ['mythos-5']): Promise<System> {
    const { id, client } = await this.#register(duties, productCodes);
    return { id, client };
  }

  /** The key with which a system of the product calls. */
  async keyOfSystem(duties: readonly string[]): Promise<string> {
    return (await this.#register(duties, ['mythos-5'])).key;
  }

  async #register(duties: readonly string[], productCodes: readonly string[]) {
    const { key, apiKeyId, client } = await this.key();
    const admin = await this.story.staff('ADMIN');
    const input = { name: `System ${this.#count}`, apiKeyId, productCodes, duties };
    const made = await admin.must('registerProvisioningSystem', input, 'system { id }');
    return { id: textAt(made, 'system', 'id'), key, client };
  }

  /** A grant that was approved a moment ago; and its partner. */
  async approved(): Promise<{ grantId: string; owner: PortalClient; email: string }> {
    this.#count += 1;
    const name = String.fromCharCode(97 + Math.floor(this.#count / 26), 97 + (this.#count % 26));
    const partner = await this.story.partner(`Paula Partner ${name}`, `Partner Utilities ${name}`);
    return { grantId: await this.story.granted(partner), owner: partner.owner, email: partner.email };
  }

  /** The same, opened by the system. */
  async opened(system: System) {
    const approved = await this.approved();
    const [task] = await claim(system);
    await system.client.must('completeProvisioningTask', { taskId: textAt(task, 'id'), reference: 'acct-1' });
    return approved;
  }

  async close(): Promise<void> {
    await this.story.close();
  }
}

/** Claims what there is, at most so much. */
export async function claim({ client }: System, limit = 100, more: Fields = {}): Promise<readonly unknown[]> {
  const answered = await client.must('claimProvisioningTasks', { limit, ...more }, `tasks { ${taskFields} }`);
  return listAt(answered, 'tasks');
}

/** The tasks that somebody sees, as they are handed out. */
export async function tasksSeenBy(client: PortalClient, filter: Fields = {}): Promise<readonly unknown[]> {
  const found = await client.ask(
    `query ($filter: ProvisioningTaskFilterInput) { provisioningTasks(filter: $filter, first: 100) { nodes { ${taskFields} } } }`,
    { filter },
  );
  return listAt(found, 'provisioningTasks', 'nodes');
}
