import { randomBytes } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { type LockedApplication, loadForCommand } from '../applications/application.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { Storage } from '../platform/storage/storage.js';
import { fromStaffKey, informationRequestKey, publishedVersion } from '../programs/program-version.queries.js';
import { type AnnouncedFile, announcedFile, requireArrived } from './announced-file.js';
import { Document } from './document.entity.js';
import { isGivenToPartner } from './document.queries.js';

/** The most documents of the partner that an application has at one time, and the most of staff. */
const mostDocuments = 50;

export interface RequestDocumentUploadInput extends AnnouncedFile {
  readonly applicationId: string;
  readonly requirementKey: string;
  /** The open question that the document helps to answer. */
  readonly informationRequestId: string | null;
}

export type DocumentResult = { readonly documentId: string };
export type UploadRequested = DocumentResult & { readonly size: number };

/** Announces a document, so that its bytes can be uploaded. */
export function requestDocumentUpload(maxDocumentBytes: number): Command<RequestDocumentUploadInput, UploadRequested> {
  return {
    name: 'document.requestUpload',
    async run(work, input) {
      const { personId } = requirePerson(work.actor);
      const isFromStaff = input.requirementKey === fromStaffKey;
      const { application } = await loadForCommand(
        work,
        input.applicationId,
        isFromStaff ? 'attachDocument' : 'addDocument',
      );
      const file = announcedFile(input, maxDocumentBytes);
      await requirePurpose(work, application, input);
      await requireRoom(work, application.id, isFromStaff);
      const document = work.em.create(Document, {
        id: work.ids.next(),
        applicationId: application.id,
        organizationId: application.organizationId,
        requirementKey: input.requirementKey,
        informationRequestId: input.informationRequestId,
        isFromStaff,
        ...file,
        storageKey: randomBytes(32).toString('hex'),
        status: 'AWAITING_UPLOAD',
        uploadedBy: personId,
        completedAt: null,
        removedAt: null,
        bytesRemovedAt: null,
        version: 1,
        createdAt: work.now,
        updatedAt: work.now,
      });
      recordDocumentEvent(work, document, 'upload_requested');
      changeBy(work, document, application);
      return { documentId: document.id, size: file.size };
    },
  };
}

/** Makes a document part of the application once its bytes have arrived. Completing it again changes nothing. */
export function completeDocumentUpload(
  storage: Pick<Storage, 'sizeOf'>,
): Command<{ readonly documentId: string }, DocumentResult> {
  return {
    name: 'document.completeUpload',
    async run(work, { documentId }) {
      const { document, application } = await loadDocument(work, documentId, 'addDocument');
      if (document.status === 'AVAILABLE') return { documentId };
      requirePresent(document);
      await requireArrived(storage, document, ['documentId']);
      document.status = 'AVAILABLE';
      document.completedAt = work.now;
      document.updatedAt = work.now;
      recordDocumentEvent(work, document, 'added');
      changeBy(work, document, application);
      return { documentId };
    },
  };
}

/** Takes a document out of the next revision; those submitted earlier keep it. */
export const removeDocument: Command<{ readonly documentId: string }, DocumentResult> = {
  name: 'document.remove',
  async run(work, { documentId }) {
    const { document, application } = await loadDocument(work, documentId, 'removeDocument');
    requirePresent(document);
    if (document.isFromStaff && (await wasGiven(work, documentId))) {
      const sentence = 'Questions gave this document to the partner, so it stays as it is.';
      throw Refusal.of('NOT_ALLOWED_NOW', sentence, ['documentId']);
    }
    markRemoved(work, document);
    changeBy(work, document, application);
    return { documentId };
  },
};

/** Gives up waiting for a document that was announced before a moment; the portal itself gives this command. */
export const abandonDocument: Command<
  { readonly documentId: string; readonly announcedBefore: string },
  DocumentResult
> = {
  name: 'document.abandon',
  async run(work, { documentId, announcedBefore }) {
    if (work.actor.kind !== 'SYSTEM') throw Refusal.of('FORBIDDEN', 'Only the portal itself does this.');
    const document = await lockDocument(work, documentId);
    const isDue = document.status === 'AWAITING_UPLOAD' && document.createdAt < new Date(announcedBefore);
    if (isDue) markRemoved(work, document);
    return { documentId };
  },
};

/**
 * Loads a document with its application locked, and asks the application's rules.
 * @throws Refusal NOT_FOUND when there is none that the actor may know of, or what the rules object
 */
async function loadDocument(
  work: Work,
  documentId: string,
  command: 'addDocument' | 'removeDocument',
): Promise<{ readonly document: Document; readonly application: LockedApplication['application'] }> {
  const { actor } = work;
  requirePerson(actor);
  const document = await work.em.findOne(Document, { id: documentId });
  if (!document || !(await isKnown(work, document))) throw Refusal.notFound('document', ['documentId']);
  const asked = document.isFromStaff ? 'attachDocument' : command;
  const { application } = await loadForCommand(work, document.applicationId, asked).catch((error: unknown) => {
    // An application that the actor may not see must not show through its document.
    if (error instanceof Refusal && error.code === 'NOT_FOUND') throw Refusal.notFound('document', ['documentId']);
    throw error;
  });
  return { document: await lockDocument(work, documentId), application };
}

/** What is not provided yet, and what the other side keeps to itself, is nobody else's to know. */
async function isKnown(work: Work, document: Document): Promise<boolean> {
  const isOwn = organizationsOf(work.actor).includes(document.organizationId);
  if (isOwn) return !document.isFromStaff || wasGiven(work, document.id);
  return seesEveryOrganization(work.actor) && (document.isFromStaff || document.status === 'AVAILABLE');
}

async function wasGiven(work: Work, documentId: string): Promise<boolean> {
  const found = await sql`select from document as d where d.id = ${documentId}
    and ${isGivenToPartner((name) => sql.ref(`d.${name}`))}`.execute(work.sql);
  return found.rows.length > 0;
}

/** The partner provides documents for the application; what staff provide leaves it as it is. */
function changeBy({ now }: Work, { isFromStaff }: Document, application: LockedApplication['application']): void {
  if (!isFromStaff) application.updatedAt = now;
}

async function requireRoom(work: Work, applicationId: string, isFromStaff: boolean): Promise<void> {
  const there = await work.em.count(Document, {
    applicationId,
    isFromStaff,
    status: { $ne: 'REMOVED' },
    uploadedBy: { $ne: null },
  });
  if (there < mostDocuments) return;
  const sentence = `An application has at most ${mostDocuments} documents, and this one has ${there}. Remove one first.`;
  throw Refusal.of('LIMIT_REACHED', sentence, ['applicationId']);
}

function lockDocument(work: Work, id: string): Promise<Document> {
  return work.em.findOneOrFail(Document, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}

function requirePresent(document: Document): void {
  if (document.uploadedBy === null)
    throw Refusal.of('NOT_ALLOWED_NOW', 'This is a letter of the portal; it stays as it is.', ['documentId']);
  if (document.status !== 'REMOVED') return;
  throw Refusal.of('NOT_ALLOWED_NOW', 'This document was removed; ask for a new upload.', ['documentId']);
}

function markRemoved(work: Work, document: Document): void {
  document.status = 'REMOVED';
  document.removedAt = work.now;
  document.updatedAt = work.now;
  recordDocumentEvent(work, document, 'removed');
}

/** @throws Refusal when the program does not ask for such a document, or the question named is not open */
async function requirePurpose(
  work: Work,
  application: { readonly id: string; readonly programVersionId: string },
  { requirementKey, informationRequestId }: RequestDocumentUploadInput,
): Promise<void> {
  if (requirementKey === fromStaffKey) {
    if (informationRequestId === null) return;
    const sentence = 'Documents of staff help to answer nothing; name them when you ask.';
    throw Refusal.of('INVALID', sentence, ['informationRequestId']);
  }
  const { version } = await publishedVersion(work.em, application.programVersionId);
  const keys = version.documentRequirements.map((requirement) => requirement.key);
  if (requirementKey !== informationRequestKey && !keys.includes(requirementKey)) {
    const sentence = `This is not a document that the program asks for. Those are: ${[...keys, informationRequestKey].join(', ')}.`;
    throw Refusal.of('INVALID', sentence, ['requirementKey']);
  }
  if (informationRequestId === null) {
    if (requirementKey !== informationRequestKey) return;
    const sentence = 'Name the information request that the document helps to answer.';
    throw Refusal.of('REQUIRED', sentence, ['informationRequestId']);
  }
  const open = await sql`select 1 from information_request where id = ${informationRequestId}
    and application_id = ${application.id} and status = 'OPEN'`.execute(work.sql);
  if (open.rows.length > 0) return;
  const sentence = 'This is not the open information request of the application.';
  throw Refusal.of('INVALID', sentence, ['informationRequestId']);
}

type DocumentChange = 'upload_requested' | 'added' | 'removed';

/** Reports an event of a document, on its application. */
export function recordDocumentEvent(work: Work, document: Document, change: DocumentChange): void {
  const by = document.isFromStaff ? ('document.staff_' as const) : ('document.' as const);
  const about = { subject: { kind: 'document', id: document.id } } as const;
  const where = { organizationId: document.organizationId, applicationId: document.applicationId };
  const payload = {
    applicationId: encodeId('application', document.applicationId),
    documentId: encodeId('document', document.id),
    requirement: document.requirementKey,
  };
  if (change === 'added') {
    work.record({ event: `${by}${change}`, payload: { ...payload, sha256: document.sha256 }, ...about, ...where });
  } else {
    work.record({ event: `${by}${change}`, payload, ...about, ...where });
  }
}
