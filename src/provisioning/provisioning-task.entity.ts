import { defineEntity, p } from '@mikro-orm/core';
import type { TaskKind, TaskStatus } from '../lifecycle/provisioning.js';
import { ids, key, moment, version } from '../platform/columns.js';

/** What a system is to do, or did, in a product for a grant. One is under way at a time. */
const schema = defineEntity({
  name: 'ProvisioningTask',
  tableName: 'provisioning_task',
  properties: {
    id: key(),
    grantId: p.uuid(),
    productCode: p.text(),
    kind: p.text().$type<TaskKind>(),
    status: p.text().$type<TaskStatus>(),
    /** The directives by which access is to be closed; empty when it is for another reason. */
    directiveIds: ids(),
    /** Since when it should be so; for a halt, since it is in force. */
    sinceAt: moment(),
    createdAt: moment(),
    dueAt: moment(),
    /** It is not handed out before: a time to wait after a failure, or a lease. */
    readyAt: moment(),
    attempts: p.integer(),
    /** Who has it, or did it; null for what was acknowledged by a key that no system is registered for. */
    systemId: p.uuid().nullable(),
    claimedUntil: moment().nullable(),
    reference: p.text().nullable(),
    finishedAt: moment().nullable(),
    failedAt: moment().nullable(),
    failureReason: p.text().nullable(),
    escalatedAt: moment().nullable(),
    readBackBy: p.uuid().nullable(),
    readBackAt: moment().nullable(),
    version: version(),
    updatedAt: moment(),
  },
});

export class ProvisioningTask extends schema.class {}
schema.setClass(ProvisioningTask);
