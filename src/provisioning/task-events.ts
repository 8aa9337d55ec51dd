import type { Work } from '../doorway/command.js';
import type { EventName, EventPayload } from '../events/catalogue.js';
import { encodeId } from '../platform/ids.js';
import type { ProvisioningTask } from './provisioning-task.entity.js';

type TaskEvent = Extract<
  EventName,
  'provisioning.completed' | 'provisioning.failed' | 'provisioning.verified' | 'provisioning.contradicted'
>;
type Common = 'taskId' | 'kind' | 'grantId' | 'reference' | 'productCode' | 'systemId';

/** What of a grant the events of its tasks say. */
export interface GrantOfTask {
  readonly id: string;
  readonly reference: string;
  readonly applicationId: string;
  readonly organizationId: string;
}

export function recordTaskEvent<Name extends TaskEvent>(
  work: Work,
  {
    task,
    grant,
    systemId,
  }: { readonly task: ProvisioningTask; readonly grant: GrantOfTask; readonly systemId: string },
  event: Name,
  particulars: Omit<EventPayload<Name>, Common>,
): void {
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      taskId: encodeId('provisioningtask', task.id),
      kind: task.kind,
      grantId: encodeId('grant', grant.id),
      reference: grant.reference,
      productCode: task.productCode,
      systemId: encodeId('provisioningsystem', systemId),
      ...particulars,
    } as unknown as EventPayload<Name>,
    subject: { kind: 'provisioningtask', id: task.id },
    organizationId: grant.organizationId,
    applicationId: grant.applicationId,
  });
}

/** Tells that tasks of one product and kind are late, or go on failing. */
export function recordEscalation(
  work: Work,
  about: {
    readonly productCode: string;
    readonly kind: string;
    readonly because: 'OVERDUE' | 'FAILING';
    readonly subject: { readonly kind: 'product' | 'provisioningtask'; readonly id: string };
    readonly tasks: readonly { readonly id: string; readonly reference: string; readonly dueAt: Date }[];
  },
): void {
  const { subject, tasks, ...said } = about;
  const oldest = Math.min(...tasks.map(({ dueAt }) => dueAt.getTime()));
  work.record({
    event: 'provisioning.overdue',
    payload: {
      ...said,
      count: tasks.length,
      oldestDueAt: new Date(oldest).toISOString(),
      taskIds: tasks.map(({ id }) => encodeId('provisioningtask', id)),
      references: tasks.slice(0, referencesNamed).map(({ reference }) => reference),
    },
    subject,
    organizationId: null,
  });
}

/** A letter that names more is not read. */
const referencesNamed = 20;
