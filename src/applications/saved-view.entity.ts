import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, version } from '../platform/columns.js';
import type { ApplicationSort } from './application-sort.queries.js';

/** A filter as it is given to the API, without what it leaves open: ids in the API's form, moments in RFC 3339. */
export type SavedFilter = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** A question about applications that somebody of staff keeps under a name. */
const schema = defineEntity({
  name: 'SavedView',
  tableName: 'saved_view',
  properties: {
    id: key(),
    ownerId: p.uuid(),
    name: p.text(),
    filter: p.json<SavedFilter>(),
    search: p.text().nullable(),
    sort: p.text().$type<ApplicationSort>(),
    isShared: p.boolean(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class SavedView extends schema.class {}
schema.setClass(SavedView);
