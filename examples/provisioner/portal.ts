/** Something to do in the product, as the portal hands it out. */
export interface Task {
  readonly id: string;
  readonly kind: 'PROVISION' | 'CHANGE' | 'DEPROVISION';
  readonly version: number;
  readonly attempts: number;
  readonly grant: {
    readonly id: string;
    readonly reference: string;
    readonly organizationName: string;
    readonly conditions: readonly string[];
  };
}

/** What the portal said to a report: accepted, or refused with these codes. */
export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly codes: readonly string[] };

/** The portal did not answer, or not in a way that says anything. Whether it heard is not known. */
export class Unreachable extends Error {}

/** No answer of a working portal takes longer. */
const patienceMs = 30_000;

const taskFields = 'id kind version attempts grant { id reference organizationName conditions }';

/** The part of the API that a provisioning system uses, called with one key. */
export class Portal {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url;
    this.#key = key;
  }

  /** Takes tasks in hand, closing access first. Nobody else is given them until the lease is over. */
  async claim(limit: number, leaseSeconds: number): Promise<readonly Task[]> {
    const { errors, tasks } = await this.#give<{ tasks: readonly Task[] | null }>(
      'claimProvisioningTasks',
      { limit, leaseSeconds },
      `tasks { ${taskFields} }`,
    );
    if (tasks) return tasks;
    throw new Error(`The portal hands out nothing: ${errors.map(({ message }) => message).join(' ')}`);
  }

  /** Says that a task is done. The key makes it safe to say it again when no answer came. */
  complete({ id: taskId, version: expectedVersion }: Task, reference: string): Promise<Verdict> {
    return this.#report(
      'completeProvisioningTask',
      { taskId, expectedVersion, reference },
      `${taskId}-${expectedVersion}`,
    );
  }

  /** Says that it could not be done. The portal hands it out again later. */
  fail({ id: taskId, version: expectedVersion }: Task, reason: string): Promise<Verdict> {
    return this.#report(
      'failProvisioningTask',
      { taskId, expectedVersion, reason },
      `${taskId}-${expectedVersion}-failed`,
    );
  }

  /** Grants whose tasks are done, and were not yet seen to be so. */
  async grantsToLookAt(): Promise<readonly string[]> {
    const answered = await this.#ask<{ provisioningTasks: { nodes: readonly { grant: { id: string } }[] } }>(
      '{ provisioningTasks(filter: { awaitsReadBack: true }, first: 100) { nodes { grant { id } } } }',
      {},
    );
    return answered.provisioningTasks.nodes.map(({ grant }) => grant.id);
  }

  /** Says how access was found. */
  readBack(grantId: string, isOpen: boolean): Promise<Verdict> {
    return this.#report('reportReadBack', { grantId, isOpen });
  }

  async #report(mutation: string, input: object, idempotencyKey?: string): Promise<Verdict> {
    const { errors } = await this.#give(mutation, input, '', idempotencyKey);
    return errors.length === 0 ? { accepted: true } : { accepted: false, codes: errors.map(({ code }) => code) };
  }

  async #give<Payload>(mutation: string, input: object, selection: string, idempotencyKey?: string) {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { given: ${mutation}(input: $input) { errors { code message } ${selection} } }`;
    const { given } = await this.#ask<{
      given: Payload & { errors: readonly { readonly code: string; readonly message: string }[] };
    }>(query, { input }, idempotencyKey);
    return given;
  }

  async #ask<Data>(query: string, variables: object, idempotencyKey?: string): Promise<Data> {
    const response = await fetch(`${this.#url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${this.#key}`,
        ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    }).catch((error: unknown) => {
      throw new Unreachable('The portal does not answer.', { cause: error });
    });
    const body = (await response.json().catch(() => {
      throw new Unreachable(`The portal answered ${response.status}, and no JSON.`);
    })) as { data?: Data | null; errors?: readonly { message: string; extensions?: { code?: string } }[] };
    if (body.data && !body.errors?.length) return body.data;
    const code = body.errors?.[0]?.extensions?.code;
    const message = body.errors?.[0]?.message ?? `The portal answered ${response.status}.`;
    // What is no fault of this request passes: a database that is away, too many requests, a bug.
    if (response.status >= 500 || code === 'UNAVAILABLE' || code === 'RATE_LIMITED' || code === 'INTERNAL_SERVER_ERROR')
      throw new Unreachable(message);
    throw new Error(message);
  }
}
