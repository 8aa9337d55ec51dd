import { defineEntity, p } from '@mikro-orm/core';
import { ids, key, moment, version } from '../platform/columns.js';

/** A note that staff write for each other. What it says is in its versions. */
const noteSchema = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    organizationId: p.uuid(),
    authorId: p.uuid(),
    writtenAt: moment(),
    correctedAt: moment().nullable(),
    /** Also the number of the version that stands. */
    version: version(),
  },
});

export class Note extends noteSchema.class {}
noteSchema.setClass(Note);

/** What a note says, or said before it was corrected. */
const versionSchema = defineEntity({
  name: 'NoteVersion',
  tableName: 'note_version',
  properties: {
    id: key(),
    noteId: p.uuid(),
    applicationId: p.uuid(),
    number: p.integer(),
    text: p.text(),
    /** The members of staff who are mentioned. */
    mentioned: ids(),
    writtenAt: moment(),
  },
});

export class NoteVersion extends versionSchema.class {}
versionSchema.setClass(NoteVersion);
