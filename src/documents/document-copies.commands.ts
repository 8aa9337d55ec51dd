import type { Work } from '../doorway/command.js';
import { recordDocumentEvent } from './document.commands.js';
import { Document } from './document.entity.js';

/**
 * Gives a draft the documents that another application of the organization had, within the command that starts it: the
 * same bytes, under ids of their own, so that one can be taken out and the other stays. Letters and what answered a
 * question are left behind.
 * @param requirements keys of what the draft is asked for
 */
export async function copyDocuments(
  work: Work,
  fromApplicationId: string,
  draftId: string,
  requirements: readonly string[],
): Promise<void> {
  const there = await work.em.find(
    Document,
    {
      applicationId: fromApplicationId,
      status: 'AVAILABLE',
      uploadedBy: { $ne: null },
      informationRequestId: null,
      requirementKey: { $in: [...requirements] },
    },
    { orderBy: { id: 'asc' } },
  );
  for (const { organizationId, requirementKey, fileName, mediaType, size, sha256, storageKey, uploadedBy } of there) {
    const copy = work.em.create(Document, {
      id: work.ids.next(),
      applicationId: draftId,
      ...{ organizationId, requirementKey, fileName, mediaType, size, sha256, storageKey },
      informationRequestId: null,
      status: 'AVAILABLE',
      uploadedBy: uploadedBy ?? null,
      completedAt: work.now,
      removedAt: null,
      bytesRemovedAt: null,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    recordDocumentEvent(work, copy, 'document.added');
  }
}
