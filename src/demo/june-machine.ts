import { type PortalClient, textAt, valueAt } from './portal-client.js';

/** A task as it is handed out. */
interface Task {
  readonly id: string;
  readonly kind: 'PROVISION' | 'CHANGE' | 'DEPROVISION';
  readonly version: number;
  readonly grant: { readonly id: string };
}

/**
 * A provisioning system and another that looks whether it did so, in miniature: they do what there is to do when the
 * story says so, and take as long as its clock says. `examples/provisioner` shows how one works by itself.
 */
export class JuneMachine {
  readonly #opener: PortalClient;
  readonly #reader: PortalClient;
  readonly #open = new Set<string>();

  constructor(opener: PortalClient, reader: PortalClient) {
    this.#opener = opener;
    this.#reader = reader;
  }

  /** What it has open in the product. */
  get open(): ReadonlySet<string> {
    return this.#open;
  }

  /**
   * Does what there is to do, one after another.
   * @param before called before each is taken in hand, and once more when there is nothing left
   * @returns how many there were
   */
  async work(before: (done: number) => void = () => undefined): Promise<number> {
    for (let done = 0; ; done += 1) {
      before(done);
      const claimed = await this.#opener.must(
        'claimProvisioningTasks',
        { limit: 1 },
        'tasks { id kind version grant { id } }',
      );
      const [task] = valueAt(claimed, 'tasks') as readonly Task[];
      if (!task) return done;
      if (task.kind === 'DEPROVISION') this.#open.delete(task.grant.id);
      else this.#open.add(task.grant.id);
      const reference = `account of ${task.grant.id}`;
      await this.#opener.must('completeProvisioningTask', {
        taskId: task.id,
        expectedVersion: task.version,
        reference,
      });
    }
  }

  /** Looks at each grant of which something was said, and says what is so. @returns how many there were */
  async look(): Promise<number> {
    const waiting = await this.#reader.ask(
      '{ provisioningTasks(filter: { awaitsReadBack: true }, first: 100) { nodes { grant { id } } } }',
    );
    const nodes = valueAt(waiting, 'provisioningTasks', 'nodes') as readonly unknown[];
    for (const node of nodes) {
      const grantId = textAt(node, 'grant', 'id');
      await this.#reader.must('reportReadBack', { grantId, isOpen: this.#open.has(grantId) });
    }
    return nodes.length;
  }
}
