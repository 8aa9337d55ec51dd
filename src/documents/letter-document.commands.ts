import type { Work } from '../doorway/command.js';
import { decisionLetterKey } from '../programs/program-version.queries.js';
import { Document } from './document.entity.js';

/** A letter of the portal whose bytes are in the storage already. */
export interface LetterFile {
  readonly applicationId: string;
  readonly organizationId: string;
  readonly fileName: string;
  readonly size: number;
  readonly sha256: string;
  readonly storageKey: string;
}

/** Makes a letter a document of its application, within the command that writes it. Nobody uploaded it or can remove it. */
export function addLetterDocument(work: Work, file: LetterFile): string {
  const document = work.em.create(Document, {
    id: work.ids.next(),
    ...file,
    requirementKey: decisionLetterKey,
    informationRequestId: null,
    isFromStaff: false,
    mediaType: 'application/pdf',
    status: 'AVAILABLE',
    uploadedBy: null,
    completedAt: work.now,
    removedAt: null,
    bytesRemovedAt: null,
    version: 1,
    createdAt: work.now,
    updatedAt: work.now,
  });
  return document.id;
}
