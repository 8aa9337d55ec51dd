import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { RoutingRule } from '../../src/lifecycle/workflow.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { listAt, look, type Partner, Story } from '../journeys/story.js';

const { workflow } = sampleProgram.version;

/** A rule that says nothing but what is given. */
export function rule(key: string, changes: Partial<RoutingRule> = {}): RoutingRule {
  return { key, name: `The rule ${key}`, at: [], when: [], ...changes };
}

/** The workflow of the sample program with these rules. */
export function routedBy(...routing: readonly RoutingRule[]) {
  return { ...workflow, routing };
}

/** A portal with a program whose rules are changed, and applications to it. */
export class RoutingDesk {
  readonly story: Story;
  #partners = 0;

  private constructor(story: Story) {
    this.story = story;
  }

  static async open(): Promise<RoutingDesk> {
    const story = await Story.open();
    await story.staff('INTAKE');
    await story.staff('REVIEWER', 1);
    await story.staff('REVIEWER', 2);
    await story.staff('DECIDER', 1);
    await story.staff('DECIDER', 2);
    return new RoutingDesk(story);
  }

  /** Has the program's applications go by these rules from the next one on. */
  async publish(...routing: readonly RoutingRule[]): Promise<void> {
    const { programId } = this.story;
    const manager = await this.story.staff('PROGRAM_MANAGER');
    await manager.must('publishProgramWorkflow', { programId, workflow: routedBy(...routing) });
  }

  /** Why rules cannot be published: codes with paths, and messages. */
  async complaints(...routing: readonly object[]): Promise<{ readonly at: string; readonly message: string }[]> {
    const manager = await this.story.staff('PROGRAM_MANAGER');
    const input = { programId: this.story.programId, workflow: { ...workflow, routing }, dryRun: true };
    const { errors } = await manager.command('publishProgramWorkflow', input);
    return errors.map(({ code, path, message }) => ({ at: `${code} ${path.join('.')}`, message }));
  }

  partner(): Promise<Partner> {
    this.#partners += 1;
    const letter = String.fromCharCode(96 + this.#partners);
    return this.story.partner(`Rita Routed ${letter}`, `Routed Works ${letter}`);
  }

  /** Submitted by a partner of its own. */
  async submitted(): Promise<string> {
    return this.story.submitted(await this.partner());
  }

  /** At the first stage. */
  async inScreening(): Promise<string> {
    return this.story.inScreening(await this.partner());
  }

  async defineFlag(key: string): Promise<void> {
    const manager = await this.story.staff('PROGRAM_MANAGER');
    const meaning = { label: `Flag ${key}`, colour: 'RED', description: 'See why.' };
    await manager.must('createFlagDefinition', { key, ...meaning });
  }

  /** Where an application is, and in whose hands. */
  async whereIs(applicationId: string): Promise<Fields> {
    const auditor = await this.story.staff('AUDITOR');
    const seen = await look(auditor, applicationId, 'queue assignee { id } flags { definition { key } rule }');
    const flags = listAt(seen, 'flags').map((flag) => valueAt(flag, 'definition', 'key'));
    return { queue: valueAt(seen, 'queue'), assignee: valueAt(seen, 'assignee', 'id') ?? null, flags };
  }

  async staffId(client: PortalClient): Promise<string> {
    const me = textAt(await client.ask('{ viewer { person { id } } }'), 'viewer', 'person', 'id');
    const staff = listAt(await client.ask('{ staff { id person { id } } }'), 'staff');
    return textAt(
      staff.find((member) => valueAt(member, 'person', 'id') === me),
      'id',
    );
  }

  /** From now on, for a day. */
  async isAway(client: PortalClient): Promise<string> {
    const now = this.story.desk.clock.now().getTime();
    const input = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + 86_400_000).toISOString() };
    const set = await client.must('addAwayPeriod', input, 'staffMember { awayPeriods { id } }');
    return textAt(set, 'staffMember', 'awayPeriods', 0, 'id');
  }
}
