import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, version } from '../platform/columns.js';
import type { ListFormat } from './list-formats.js';

/** A list of denied parties that an authority or a publisher keeps. */
const listSchema = defineEntity({
  name: 'ScreeningList',
  tableName: 'screening_list',
  properties: {
    id: key(),
    code: p.text(),
    format: p.text().$type<ListFormat>(),
    matcher: p.integer(),
    currentVersionId: p.uuid().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class ScreeningList extends listSchema.class {}
listSchema.setClass(ScreeningList);

export const listVersionStatuses = {
  IMPORTING: 'Being read; nobody is screened against it yet.',
  IN_FORCE: 'Everybody is screened against it.',
  SUPERSEDED: 'A later version took its place.',
  ABANDONED: 'Its import was given up before it was in force.',
} as const;

export type ListVersionStatus = keyof typeof listVersionStatuses;

/** A list as a file had it. */
const versionSchema = defineEntity({
  name: 'ScreeningListVersion',
  tableName: 'screening_list_version',
  properties: {
    id: key(),
    listId: p.uuid(),
    number: p.integer(),
    status: p.text().$type<ListVersionStatus>(),
    fileName: p.text(),
    fileSha256: p.text(),
    listedAt: moment(),
    rowsRead: p.integer(),
    entries: p.integer().nullable(),
    added: p.integer().nullable(),
    changed: p.integer().nullable(),
    removed: p.integer().nullable(),
    startedAt: moment(),
    completedAt: moment().nullable(),
  },
});

export class ScreeningListVersion extends versionSchema.class {}
versionSchema.setClass(ScreeningListVersion);
