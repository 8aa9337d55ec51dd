import { defineEntity, p } from '@mikro-orm/core';
import type { AssignmentCause } from '../lifecycle/assignment.js';
import { key, moment } from '../platform/columns.js';

/** That somebody was given an application; kept, because work goes to whoever has waited longest for some. */
const schema = defineEntity({
  name: 'Assignment',
  tableName: 'assignment',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    staffId: p.uuid(),
    stageKey: p.text().nullable(),
    cause: p.text().$type<AssignmentCause>(),
    ruleKey: p.text().nullable(),
    assignedBy: p.uuid().nullable(),
    assignedAt: moment(),
  },
});

export class Assignment extends schema.class {}
schema.setClass(Assignment);
