import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, version } from '../platform/columns.js';

export const documentStatuses = {
  AWAITING_UPLOAD: 'Announced; its bytes have not been received and checked yet.',
  AVAILABLE: 'Received, and its size, SHA-256 and type are as announced.',
  REMOVED: 'Taken out by whoever provided it; revisions submitted earlier still hold it.',
} as const;

export type DocumentStatus = keyof typeof documentStatuses;

/** A file of an application: provided by the partner, given to it by staff, or a letter that the portal wrote. */
const schema = defineEntity({
  name: 'Document',
  tableName: 'document',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    organizationId: p.uuid(),
    requirementKey: p.text(),
    informationRequestId: p.uuid().nullable(),
    /** Given by staff. It is theirs alone until questions give it to the partner. */
    isFromStaff: p.boolean().default(false),
    fileName: p.text(),
    mediaType: p.text(),
    size: p.bigint('number'),
    sha256: p.text(),
    storageKey: p.text(),
    status: p.text().$type<DocumentStatus>(),
    /** Null for letters of the portal. */
    uploadedBy: p.uuid().nullable(),
    completedAt: moment().nullable(),
    removedAt: moment().nullable(),
    /** When the bytes of a removed document that no revision holds were deleted. */
    bytesRemovedAt: moment().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class Document extends schema.class {}
schema.setClass(Document);
