import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { type DocumentStatus, documentStatuses } from './document.entity.js';
import { acceptedMediaTypes } from './document-content.js';

export const DocumentStatusEnum = registeredEnum('DocumentStatus', 'How far a document has come.', documentStatuses);

@ObjectType({
  implements: Node,
  description: 'A file of an application: provided by the partner, given to it by staff, or a letter of the portal.',
})
export class Document extends Node {
  @Field(() => String, {
    description:
      'The key of the program’s requirement it is provided for, or `information-request`; of letters `decision-letter`, and of documents of staff `from-staff`.',
  })
  requirementKey!: string;

  @Field(() => Boolean, {
    description: 'Whether staff provide it. Partners see it once questions give it to them, and then it stays.',
  })
  isFromStaff!: boolean;

  @Field(() => String, { description: 'The name of the file, for display.' })
  fileName!: string;

  @Field(() => String, { description: 'The type of its content, e.g. `application/pdf`.' })
  mediaType!: string;

  @Field(() => Float, { description: 'How large it is, in bytes: a whole number, which may be too large for an Int.' })
  size!: number;

  @Field(() => String, { description: 'SHA-256 of its bytes, in hexadecimal.' })
  sha256!: string;

  @Field(() => DocumentStatusEnum, { description: 'How far it has come.' })
  status!: DocumentStatus;

  @Field(() => DateTime, { description: 'When the upload was announced.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When its bytes had been received and found as announced.' })
  completedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where its bytes can be downloaded, without signing in, for 60 seconds after this answer. Null while there are none.',
  })
  downloadUrl!: string | null;
}

@ObjectType({ description: 'A header to send along with the bytes.' })
export class UploadHeader {
  @Field(() => String, { description: 'The header’s name.' })
  name!: string;

  @Field(() => String, { description: 'The header’s value.' })
  value!: string;
}

@ObjectType({ description: 'Where and how to send the bytes of a document. The URL is a secret.' })
export class UploadTarget {
  @Field(() => String, { description: 'Where to send them: good for one successful upload, without signing in.' })
  url!: string;

  @Field(() => String, { description: 'The HTTP method: PUT, with the bytes as the body.' })
  method!: string;

  @Field(() => [UploadHeader], { description: 'The headers to send along.' })
  headers!: readonly UploadHeader[];

  @Field(() => DateTime, { description: 'When the upload must have begun at the latest.' })
  expiresAt!: Date;
}

@InputType({ description: 'A document to be uploaded.' })
export class RequestDocumentUploadInput {
  @Field(() => ID, { description: 'The application it belongs to.' })
  applicationId!: string;

  @Field(() => String, {
    description:
      'The key of the program’s requirement it is provided for, or `information-request`. Staff give `from-staff`, for documents that questions are to give the partner.',
  })
  requirementKey!: string;

  @Field(() => String, {
    description:
      'The name of the file. Folders and invisible characters are left out, and it is cut to 200 characters.',
  })
  fileName!: string;

  @Field(() => String, { description: `The type of its content: one of ${acceptedMediaTypes.join(', ')}.` })
  mediaType!: string;

  @Field(() => Float, { description: 'How large it is, in bytes: a whole number.' })
  size!: number;

  @Field(() => String, { description: 'SHA-256 of its bytes, as 64 hexadecimal digits.' })
  sha256!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The open information request that it helps to answer; needed with `information-request`.',
  })
  informationRequestId?: string | null;
}

@ObjectType({ description: 'What asking for an upload answers.' })
export class RequestDocumentUploadPayload extends Payload {
  @Field(() => Document, { nullable: true, description: 'The document, which waits for its bytes.' })
  document!: Document | null;

  @Field(() => UploadTarget, { nullable: true, description: 'Where and how to send the bytes.' })
  upload!: UploadTarget | null;
}

@InputType({ description: 'The document whose bytes have been sent.' })
export class CompleteDocumentUploadInput {
  @Field(() => ID, { description: 'The document.' })
  documentId!: string;
}

@ObjectType({ description: 'What completing an upload answers.' })
export class CompleteDocumentUploadPayload extends Payload {
  @Field(() => Document, { nullable: true, description: 'The document, which is now part of the application.' })
  document!: Document | null;
}

@InputType({ description: 'The document to take out.' })
export class RemoveDocumentInput {
  @Field(() => ID, { description: 'The document.' })
  documentId!: string;
}

@ObjectType({ description: 'What removing a document answers.' })
export class RemoveDocumentPayload extends Payload {
  @Field(() => Document, { nullable: true, description: 'The document, which is no longer part of the application.' })
  document!: Document | null;
}
