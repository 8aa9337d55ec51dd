import { type EventDefinition, list, maybe, number, text } from './event-definition.js';

const system = {
  systemId: text('The system.'),
  name: text('What people call it.'),
};
const registered = {
  ...system,
  apiKeyId: text('The key that it calls with.'),
  productCodes: list('The products that it is for.'),
  duties: list('PROVISION, READ_BACK, or both.'),
  isActive: text('YES or NO.'),
};
const task = {
  taskId: text('The task.'),
  kind: text('PROVISION, CHANGE or DEPROVISION.'),
  grantId: text('The grant.'),
  reference: text('The grant’s reference, as people quote it.'),
  productCode: text('The product.'),
  systemId: maybe('The system that speaks; null for a key that no system is registered for.'),
};

/** How access is opened and closed in products. Partners hear of it as events of their grants. */
export const provisioningEvents = {
  'provisioning_system.registered': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A machine was registered that opens and closes access, or looks whether it is open.',
    payload: registered,
  },
  'provisioning_system.updated': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'What such a machine is for was changed, or it was given another key.',
    payload: registered,
  },
  'product.provisioning_times_set': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'It was set how long it may take to close access to a product, and to open it.',
    payload: {
      productId: text('The product.'),
      productCode: text('The product’s code.'),
      closeWithinMinutes: number('In how many minutes access is to be closed.'),
      openWithinMinutes: number('In how many minutes access is to be opened.'),
    },
  },
  'provisioning.claimed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A system took tasks in hand.',
    payload: { ...system, taskIds: list('The tasks.'), claimedUntil: text('Until when they are its own.') },
  },
  'provisioning.completed': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'A system said that a task is done.',
    payload: { ...task, systemReference: maybe('The reference under which the product knows it.') },
  },
  'provisioning.failed': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'A system could not do a task. It is tried again.',
    payload: { ...task, reason: text('Why.'), attempts: number('How often it was tried.') },
  },
  'provisioning.overdue': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Access was not closed, or not opened, in the time set for it, or could not be after several attempts.',
    payload: {
      productCode: text('The product.'),
      kind: text('PROVISION, CHANGE or DEPROVISION.'),
      because: text('OVERDUE or FAILING.'),
      count: number('How many tasks it is about.'),
      oldestDueAt: text('When the first of them was due.'),
      taskIds: list('The tasks.'),
      references: list('The references of the first grants among them.'),
    },
  },
  'provisioning.verified': {
    version: 1,
    audience: 'STAFF',
    delivered: false,
    happens: 'Another system has seen that what was said to be done is so.',
    payload: task,
  },
  'provisioning.contradicted': {
    version: 1,
    audience: 'STAFF',
    delivered: true,
    happens: 'Another system has seen that what was said to be done is not so. It is to be done again.',
    payload: { ...task, found: text('OPEN or CLOSED: how access was found.') },
  },
} as const satisfies Record<string, EventDefinition>;
