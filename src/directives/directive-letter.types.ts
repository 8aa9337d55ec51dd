import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { DateTime } from '../api/scalars.js';
import { UploadTarget } from '../documents/document.types.js';
import { Person } from '../identity/identity.types.js';

@ObjectType({ implements: Node, description: 'The letter by which an authority ordered, as a file. For staff.' })
export class DirectiveLetter extends Node {
  @Field(() => String, { description: 'The name of the file, for display.' })
  fileName!: string;

  @Field(() => String, { description: 'The type of its content, e.g. `application/pdf`.' })
  mediaType!: string;

  @Field(() => Float, { description: 'How large it is, in bytes: a whole number, which may be too large for an Int.' })
  size!: number;

  @Field(() => String, { description: 'SHA-256 of its bytes, in hexadecimal.' })
  sha256!: string;

  @Field(() => Person, { nullable: true, description: 'Who announced it.' })
  uploadedBy!: Person | null;

  @Field(() => DateTime, { description: 'When the upload was announced.' })
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When its bytes had been received and found as announced; null while they are waited for.',
  })
  completedAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where its bytes can be downloaded, without signing in, for 60 seconds after this answer. Null while there are none.',
  })
  downloadUrl!: string | null;
}

@InputType({ description: 'The letter of a directive, to be uploaded.' })
export class RequestDirectiveLetterUploadInput {
  @Field(() => ID, { description: 'The directive.' })
  directiveId!: string;

  @Field(() => String, { description: 'The name of the file. Folders and invisible characters are left out.' })
  fileName!: string;

  @Field(() => String, { description: 'The type of its content: one of those that documents may have.' })
  mediaType!: string;

  @Field(() => Float, { description: 'How large it is, in bytes: a whole number.' })
  size!: number;

  @Field(() => String, {
    description: 'SHA-256 of its bytes, as 64 hexadecimal digits: the one that was stated, when one was.',
  })
  sha256!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed since.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'The letter whose bytes have been sent.' })
export class CompleteDirectiveLetterUploadInput {
  @Field(() => ID, { description: 'The letter.' })
  letterId!: string;
}

@ObjectType({ description: 'What asking for an upload answers.' })
export class RequestDirectiveLetterUploadPayload extends Payload {
  @Field(() => DirectiveLetter, { nullable: true, description: 'The letter, which waits for its bytes.' })
  letter?: DirectiveLetter | null;

  @Field(() => UploadTarget, { nullable: true, description: 'Where and how to send the bytes.' })
  upload?: UploadTarget | null;
}
