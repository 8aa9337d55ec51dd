import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import type { Storage } from '../platform/storage/storage.js';
import {
  completeDocumentUpload,
  type DocumentResult,
  removeDocument,
  requestDocumentUpload,
} from './document.commands.js';
import { documentById } from './document.queries.js';
import {
  CompleteDocumentUploadInput,
  CompleteDocumentUploadPayload,
  Document,
  RemoveDocumentInput,
  RemoveDocumentPayload,
  RequestDocumentUploadInput,
  RequestDocumentUploadPayload,
} from './document.types.js';
import { acceptedMediaType } from './document-content.js';
import type { DocumentLinks } from './document-links.js';

export interface DocumentResolverParts {
  readonly doorway: Doorway;
  readonly storage: Storage;
  readonly links: DocumentLinks;
  readonly maxDocumentBytes: number;
}

@Resolver(() => Document)
export class DocumentResolver {
  readonly #doorway: Doorway;
  readonly #links: DocumentLinks;
  readonly #request: ReturnType<typeof requestDocumentUpload>;
  readonly #complete: ReturnType<typeof completeDocumentUpload>;

  constructor({ doorway, storage, links, maxDocumentBytes }: DocumentResolverParts) {
    this.#doorway = doorway;
    this.#links = links;
    this.#request = requestDocumentUpload(maxDocumentBytes);
    this.#complete = completeDocumentUpload(storage);
  }

  @Mutation(() => RequestDocumentUploadPayload, {
    description:
      'Announces a document of an application. PUT its bytes to the URL answered, then call completeDocumentUpload.',
  })
  requestDocumentUpload(
    @Arg('input', () => RequestDocumentUploadInput, { description: 'The document to be uploaded.' })
    input: RequestDocumentUploadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(documentById, info, 'document');
      const asked = input.informationRequestId;
      const command = {
        ...input,
        applicationId: decodeId('application', input.applicationId, ['applicationId']),
        informationRequestId: decodeGivenId('inforequest', asked, ['informationRequestId']),
      };
      const { documentId, size } = await this.#doorway.execute(this.#request, command, request.command);
      const { url, expiresAt } = this.#links.upload({ documentId, size }, request.reading.viewer.now);
      const headers = [{ name: 'Content-Type', value: acceptedMediaType(input.mediaType) }];
      return {
        document: await request.reading.object(documentById, documentId, info, 'document'),
        upload: { url, method: 'PUT', headers, expiresAt },
      };
    });
  }

  @Mutation(() => CompleteDocumentUploadPayload, {
    description:
      'Makes a document part of the application once its bytes have been sent. Repeating it changes nothing.',
  })
  completeDocumentUpload(
    @Arg('input', () => CompleteDocumentUploadInput, { description: 'The document whose bytes have been sent.' })
    input: CompleteDocumentUploadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(
      request,
      info,
      (command) => this.#doorway.execute(this.#complete, command, request.command),
      input,
    );
  }

  @Mutation(() => RemoveDocumentPayload, {
    description: 'Takes a document out of the application. Revisions submitted earlier keep it.',
  })
  removeDocument(
    @Arg('input', () => RemoveDocumentInput, { description: 'The document to take out.' }) input: RemoveDocumentInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(
      request,
      info,
      (command) => this.#doorway.execute(removeDocument, command, request.command),
      input,
    );
  }

  @FieldResolver(() => String, { nullable: true })
  downloadUrl(@Root() document: object, @Ctx() request: Request, @Info() info: GraphQLResolveInfo): string | null {
    const documentId: unknown = defaultFieldResolver(document, {}, request, info);
    return typeof documentId === 'string' ? this.#links.download(documentId, request.reading.viewer.now) : null;
  }

  #answer(
    request: Request,
    info: GraphQLResolveInfo,
    command: (input: DocumentResult) => Promise<DocumentResult>,
    input: { readonly documentId: string },
  ) {
    return answer(async () => {
      request.reading.check(documentById, info, 'document');
      const { documentId } = await command({ documentId: decodeId('document', input.documentId, ['documentId']) });
      return {
        document: await request.reading.object(documentById, documentId, info, 'document'),
      };
    });
  }
}
