import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type GraphQLSchema, graphql } from 'graphql';
import { sql } from 'kysely';
import { buildSchema } from 'type-graphql';
import { NodeResolver } from '../../src/api/node.resolver.js';
import type { Request } from '../../src/api/request.js';
import { documentById } from '../../src/documents/document.queries.js';
import { DocumentResolver } from '../../src/documents/document.resolver.js';
import type { Actor } from '../../src/lifecycle/actor.js';
import { encodeId, randomIds } from '../../src/platform/ids.js';
import { defaultFieldResolver } from '../../src/platform/reading/default-resolver.js';
import { nobodyListens, readingFor } from '../support/reading.js';
import { type Desk, openDesk, pdf, sha256Of } from './document-desk.js';

const fields = 'id requirementKey fileName mediaType size sha256 status createdAt completedAt downloadUrl';

describe('Documents over GraphQL', () => {
  let desk: Desk;
  let schema: GraphQLSchema;

  beforeAll(async () => {
    desk = await openDesk();
    const resolvers = new Map<unknown, object>([
      [DocumentResolver, new DocumentResolver({ ...desk, maxDocumentBytes: desk.limit })],
      [NodeResolver, new NodeResolver({ document: documentById })],
    ]);
    schema = await buildSchema({
      resolvers: [DocumentResolver, NodeResolver],
      container: { get: (type) => resolvers.get(type) },
      validate: false,
    });
  });

  afterAll(() => desk.close());

  const run = async (source: string, variableValues: Record<string, unknown>, actor: Actor = desk.applicant) => {
    const contextValue: Request = {
      actor,
      reading: readingFor(desk.database, actor, desk.time.now),
      command: desk.as(actor),
      changes: nobodyListens,
      arrivals: nobodyListens,
      userAgent: null,
      sessionToken: null,
      setSessionCookie: () => {},
    };
    const { data, errors } = await graphql({
      schema,
      source,
      variableValues,
      contextValue,
      fieldResolver: defaultFieldResolver,
    });
    if (errors) throw errors[0];
    return JSON.parse(JSON.stringify(data));
  };

  const announcement = (bytes: Uint8Array) => ({
    applicationId: encodeId('application', desk.applicationId),
    requirementKey: 'end-use-statement',
    fileName: '../../Statement.pdf',
    mediaType: 'application/pdf',
    size: bytes.byteLength,
    sha256: sha256Of(bytes),
  });
  const requestUpload = `mutation ($input: RequestDocumentUploadInput!) { requestDocumentUpload(input: $input) {
    document { ${fields} } upload { url method headers { name value } expiresAt } errors { code message path } } }`;
  const completeUpload = `mutation ($input: CompleteDocumentUploadInput!) { completeDocumentUpload(input: $input) {
    document { ${fields} } errors { code path } } }`;
  const remove = `mutation ($input: RemoveDocumentInput!) { removeDocument(input: $input) {
    document { status again: downloadUrl } errors { code path } } }`;

  test('a document is announced, sent as told, completed, downloaded and removed', async () => {
    const bytes = pdf();
    const { requestDocumentUpload: asked } = await run(requestUpload, { input: announcement(bytes) });
    expect(asked.errors).toEqual([]);
    expect(asked.document).toEqual({
      id: expect.stringMatching(/^document_/),
      requirementKey: 'end-use-statement',
      fileName: 'Statement.pdf',
      mediaType: 'application/pdf',
      size: 1000,
      sha256: sha256Of(bytes),
      status: 'AWAITING_UPLOAD',
      createdAt: desk.time.now.toISOString(),
      completedAt: null,
      downloadUrl: null,
    });
    const { url, method, headers, expiresAt } = asked.upload;
    expect(new Date(expiresAt).getTime()).toBe(desk.time.now.getTime() + 15 * 60_000);
    const sent = await fetch(url, {
      method,
      headers: headers.map(({ name, value }: { name: string; value: string }) => [name, value]),
      body: bytes,
    });
    expect(sent.status).toBe(201);

    const input = { documentId: asked.document.id };
    const { completeDocumentUpload: completed } = await run(completeUpload, { input });
    expect(completed).toMatchObject({
      errors: [],
      document: { status: 'AVAILABLE', completedAt: desk.time.now.toISOString() },
    });
    const downloaded = await fetch(completed.document.downloadUrl);
    expect(sha256Of(Buffer.from(await downloaded.arrayBuffer()))).toBe(sha256Of(bytes));

    const { removeDocument: removed } = await run(remove, { input });
    expect(removed).toEqual({
      errors: [],
      document: { status: 'REMOVED', again: expect.stringContaining('/documents/') },
    });
  });

  test('what is refused is told as errors of the payload, with the path', async () => {
    const input = { ...announcement(pdf()), size: 0 };
    const { requestDocumentUpload: asked } = await run(requestUpload, { input });
    expect(asked).toEqual({
      document: null,
      upload: null,
      errors: [{ code: 'INVALID', path: ['size'], message: expect.stringContaining('at least 1') }],
    });
    const wrongKind = { ...announcement(pdf()), applicationId: encodeId('program', randomIds.next()) };
    expect((await run(requestUpload, { input: wrongKind })).requestDocumentUpload.errors).toEqual([
      expect.objectContaining({ code: 'INVALID_ID', path: ['applicationId'] }),
    ]);
    const unknown = { documentId: encodeId('document', randomIds.next()) };
    expect((await run(completeUpload, { input: unknown })).completeDocumentUpload.errors).toEqual([
      { code: 'NOT_FOUND', path: ['documentId'] },
    ]);
  });

  test('a document is shown to its organization, and to staff once they are to see it', async () => {
    await desk.setStatus('DRAFT');
    const provided = await desk.provide(pdf());
    const { documentId: waiting } = await desk.request();
    const { documentId: dropped } = await desk.request();
    await desk.remove(dropped);
    const seenBy = async (actor: Actor) => {
      const seen = [];
      for (const id of [provided, waiting, dropped]) {
        const { node } = await run(
          'query ($id: ID!) { node(id: $id) { id } }',
          { id: encodeId('document', id) },
          actor,
        );
        seen.push(node !== null);
      }
      return seen;
    };

    expect(await seenBy(desk.viewer)).toEqual([true, true, true]);
    expect(await seenBy(desk.foreigner)).toEqual([false, false, false]);
    expect(await seenBy({ kind: 'ANONYMOUS' })).toEqual([false, false, false]);
    expect(await seenBy(desk.reviewer)).toEqual([false, false, false]);
    await desk.setStatus('SUBMITTED');
    expect(await seenBy(desk.reviewer)).toEqual([true, false, false]);
  });

  test('staff go on seeing a document that was taken out after a revision held it', async () => {
    await desk.setStatus('RETURNED');
    const documentId = await desk.provide(pdf());
    await sql`insert into application_revision (id, application_id, number, answers, documents, submitted_by, submitted_at)
      values (${randomIds.next()}, ${desk.applicationId}, 1, '{}', '[]', ${desk.applicant.personId}, ${desk.time.now})`.execute(
      desk.database.kysely(),
    );
    desk.time.now = new Date(desk.time.now.getTime() + 60_000);
    await desk.remove(documentId);
    const query = 'query ($id: ID!) { node(id: $id) { ... on Document { status downloadUrl } } }';
    const { node } = await run(query, { id: encodeId('document', documentId) }, desk.reviewer);
    expect(node.status).toBe('REMOVED');
    expect((await fetch(node.downloadUrl)).status).toBe(200);
  });
});
