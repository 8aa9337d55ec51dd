import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { acceptedMediaType } from '../documents/document-content.js';
import type { DocumentLinks } from '../documents/document-links.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { defaultFieldResolver } from '../platform/reading/default-resolver.js';
import type { Storage } from '../platform/storage/storage.js';
import { directiveById, letterById } from './directive.queries.js';
import { DirectivePayload } from './directive.types.js';
import { completeDirectiveLetterUpload, requestDirectiveLetterUpload } from './directive-letter.commands.js';
import {
  CompleteDirectiveLetterUploadInput,
  DirectiveLetter,
  RequestDirectiveLetterUploadInput,
  RequestDirectiveLetterUploadPayload,
} from './directive-letter.types.js';

export interface DirectiveLetterResolverParts {
  readonly doorway: Doorway;
  readonly storage: Storage;
  readonly links: DocumentLinks;
  readonly maxDocumentBytes: number;
}

@Resolver(() => DirectiveLetter)
export class DirectiveLetterResolver {
  readonly #doorway: Doorway;
  readonly #links: DocumentLinks;
  readonly #request: ReturnType<typeof requestDirectiveLetterUpload>;
  readonly #complete: ReturnType<typeof completeDirectiveLetterUpload>;

  constructor({ doorway, storage, links, maxDocumentBytes }: DirectiveLetterResolverParts) {
    this.#doorway = doorway;
    this.#links = links;
    this.#request = requestDirectiveLetterUpload(maxDocumentBytes);
    this.#complete = completeDirectiveLetterUpload(storage);
  }

  @Mutation(() => RequestDirectiveLetterUploadPayload, {
    description:
      'Announces the letter of a directive. PUT its bytes to the URL answered, then call completeDirectiveLetterUpload. For program managers and administrators.',
  })
  requestDirectiveLetterUpload(
    @Arg('input', () => RequestDirectiveLetterUploadInput, { description: 'The letter to be uploaded.' })
    input: RequestDirectiveLetterUploadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(letterById, info, 'letter');
      const directiveId = decodeId('directive', input.directiveId, ['directiveId']);
      const { letterId, size } = await this.#doorway.execute(this.#request, { ...input, directiveId }, request.command);
      const { url, expiresAt } = this.#links.upload({ documentId: letterId, size }, request.reading.viewer.now);
      const headers = [{ name: 'Content-Type', value: acceptedMediaType(input.mediaType) }];
      return {
        letter: await request.reading.object(letterById, letterId, info, 'letter'),
        upload: { url, method: 'PUT', headers, expiresAt },
      };
    });
  }

  @Mutation(() => DirectivePayload, {
    description:
      'Makes a letter that of its directive once its bytes have been sent. Repeating it changes nothing. For program managers and administrators.',
  })
  completeDirectiveLetterUpload(
    @Arg('input', () => CompleteDirectiveLetterUploadInput, { description: 'The letter whose bytes have been sent.' })
    input: CompleteDirectiveLetterUploadInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(directiveById, info, 'directive');
      const letterId = decodeId('directiveletter', input.letterId, ['letterId']);
      const { directiveId } = await this.#doorway.execute(this.#complete, { letterId }, request.command);
      return { directive: await request.reading.object(directiveById, directiveId, info, 'directive') };
    });
  }

  @FieldResolver(() => String, { nullable: true })
  downloadUrl(@Root() letter: object, @Ctx() request: Request, @Info() info: GraphQLResolveInfo): string | null {
    const letterId: unknown = defaultFieldResolver(letter, {}, request, info);
    return typeof letterId === 'string' ? this.#links.download(letterId, request.reading.viewer.now) : null;
  }
}
