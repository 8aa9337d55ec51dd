import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ExportStatus } from '../lifecycle/named-user.js';
import { GrantCommandInput, GrantPayload } from './grant.types.js';
import { ExportStatusEnum, NamedUser } from './named-user.types.js';

@InputType({ description: 'Somebody to be named for a grant.' })
export class AddNamedUserInput extends GrantCommandInput {
  @Field(() => String, { description: 'Their name, on one line.' })
  displayName!: string;

  @Field(() => String, { description: 'Their e-mail address at work; once for each grant.' })
  email!: string;

  @Field(() => ExportStatusEnum, { description: 'How export rules stand to them, as you attest by this.' })
  exportStatus!: ExportStatus;
}

@InputType({ description: 'A named user.' })
export class NamedUserCommandInput {
  @Field(() => ID, { description: 'The user.' })
  namedUserId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The user’s version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'How export rules stand to a named user.' })
export class AttestNamedUserStatusInput extends NamedUserCommandInput {
  @Field(() => ExportStatusEnum, { description: 'What you attest.' })
  exportStatus!: ExportStatus;
}

@ObjectType({ description: 'What came of the command.' })
export class NamedUserPayload extends GrantPayload {
  @Field(() => NamedUser, { nullable: true, description: 'The user as named now; null when nothing was changed.' })
  namedUser?: NamedUser | null;
}
