import { randomBytes } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import { type LockedApplication, loadForCommand } from '../applications/application.commands.js';
import type { Command, Work } from '../doorway/command.js';
import { requirePerson } from '../doorway/requirements.js';
import { organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { type Problem, Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import type { Storage } from '../platform/storage/storage.js';
import { informationRequestKey, publishedVersion } from '../programs/program-version.queries.js';
import { Document } from './document.entity.js';
import { acceptedMediaType } from './document-content.js';
import { displayName } from './document-name.js';

/** The most documents an application has at one time. */
const mostDocuments = 50;

export interface RequestDocumentUploadInput {
  readonly applicationId: string;
  readonly requirementKey: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
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
      const { application } = await loadForCommand(work, input.applicationId, 'addDocument');
      const file = checkFile(input, maxDocumentBytes);
      await requirePurpose(work, application, input);
      const there = await work.em.count(Document, {
        applicationId: application.id,
        status: { $ne: 'REMOVED' },
        uploadedBy: { $ne: null },
      });
      if (there >= mostDocuments) {
        const sentence = `An application has at most ${mostDocuments} documents, and this one has ${there}. Remove one first.`;
        throw Refusal.of('LIMIT_REACHED', sentence, ['applicationId']);
      }
      const document = work.em.create(Document, {
        id: work.ids.next(),
        applicationId: application.id,
        organizationId: application.organizationId,
        requirementKey: input.requirementKey,
        informationRequestId: input.informationRequestId,
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
      application.updatedAt = work.now;
      recordDocumentEvent(work, document, 'document.upload_requested');
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
      // What the storage keeps was checked before it was kept, so that it is there says that it is right.
      const size = await storage.sizeOf(document.storageKey);
      if (size === null) {
        const sentence =
          'The bytes have not arrived: PUT them to the upload’s URL first. A refused upload leaves nothing.';
        throw Refusal.of('INCOMPLETE', sentence, ['documentId']);
      }
      if (size !== document.size) {
        const sentence = `${document.size} bytes were announced, and ${size} are there. Remove the document and upload it anew.`;
        throw Refusal.of('CONTENT_MISMATCH', sentence, ['documentId']);
      }
      document.status = 'AVAILABLE';
      document.completedAt = work.now;
      document.updatedAt = work.now;
      application.updatedAt = work.now;
      recordDocumentEvent(work, document, 'document.added');
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
    application.updatedAt = work.now;
    markRemoved(work, document);
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
  const isKnown =
    document !== null &&
    (organizationsOf(actor).includes(document.organizationId) ||
      (seesEveryOrganization(actor) && document.status === 'AVAILABLE'));
  if (!isKnown) throw Refusal.notFound('document', ['documentId']);
  const { application } = await loadForCommand(work, document.applicationId, command).catch((error: unknown) => {
    // An application that the actor may not see must not show through its document.
    if (error instanceof Refusal && error.code === 'NOT_FOUND') throw Refusal.notFound('document', ['documentId']);
    throw error;
  });
  return { document: await lockDocument(work, documentId), application };
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
  recordDocumentEvent(work, document, 'document.removed');
}

const sha256Form = /^[0-9a-f]{64}$/;

/** The description of the file as it is kept. @throws Refusal with everything that is wrong with it */
function checkFile({ fileName, mediaType, size, sha256 }: RequestDocumentUploadInput, maxDocumentBytes: number) {
  const problems: Problem[] = [];
  const given = sha256.toLowerCase();
  if (!Number.isSafeInteger(size) || size < 1) {
    problems.push({ code: 'INVALID', message: 'The size is a whole number of bytes, at least 1.', path: ['size'] });
  } else if (size > maxDocumentBytes) {
    const message = `A document has at most ${maxDocumentBytes} bytes, and this one has ${size}.`;
    problems.push({ code: 'LIMIT_REACHED', message, path: ['size'] });
  }
  if (!sha256Form.test(given)) {
    const message = 'Give the SHA-256 of the bytes as 64 hexadecimal digits.';
    problems.push({ code: 'INVALID', message, path: ['sha256'] });
  }
  const type = collect(problems, () => acceptedMediaType(mediaType));
  const name = collect(problems, () => displayName(fileName, type ?? 'text/plain'));
  if (problems.length > 0 || type === null || name === null) throw new Refusal(problems);
  return { fileName: name, mediaType: type, size, sha256: given };
}

/** The value, or null and the problems that a refusal named. */
function collect<T>(problems: Problem[], read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/** @throws Refusal when the program does not ask for such a document, or the question named is not open */
async function requirePurpose(
  work: Work,
  application: { readonly id: string; readonly programVersionId: string },
  { requirementKey, informationRequestId }: RequestDocumentUploadInput,
): Promise<void> {
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

type DocumentEvent = 'document.upload_requested' | 'document.added' | 'document.removed';

/** Reports an event of a document, on its application. */
export function recordDocumentEvent(work: Work, document: Document, event: DocumentEvent): void {
  const about = { subject: { kind: 'document', id: document.id } } as const;
  const where = { organizationId: document.organizationId, applicationId: document.applicationId };
  const payload = {
    applicationId: encodeId('application', document.applicationId),
    documentId: encodeId('document', document.id),
    requirement: document.requirementKey,
  };
  if (event === 'document.added') {
    work.record({ event, payload: { ...payload, sha256: document.sha256 }, ...about, ...where });
  } else {
    work.record({ event, payload, ...about, ...where });
  }
}
