import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { Payload } from '../api/payload.js';
import { DateTime, JsonObject } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { ApplicationSortEnum } from './application.types.js';
import { ApplicationFilterInput } from './application-inputs.types.js';
import type { ApplicationSort } from './application-sort.queries.js';

@ObjectType({
  implements: Node,
  description: 'A question about applications that somebody of staff keeps under a name. Staff only.',
})
export class SavedView extends Node {
  @Field(() => String, { description: 'What its owner calls it.' })
  name!: string;

  @Field(() => JsonObject, { description: 'Which applications: pass it to `applications` as `filter`.' })
  filter!: object;

  @Field(() => String, { nullable: true, description: 'What is searched for: pass it as `search`.' })
  search!: string | null;

  @Field(() => ApplicationSortEnum, { description: 'In which order: pass it as `sort`.' })
  sort!: ApplicationSort;

  @Field(() => Boolean, { description: 'Do all staff see it?' })
  isShared!: boolean;

  @Field(() => Person, { nullable: true, description: 'Who made it, and alone can change it.' })
  owner!: Person | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

export const SavedViewConnection = connectionOf(SavedView, 'SavedView', 'saved views');

@InputType({ description: 'A view to keep.' })
export class CreateSavedViewInput {
  @Field(() => String, {
    description: 'What to call it: one line of at most 100 characters, unlike your other views.',
  })
  name!: string;

  @Field(() => ApplicationFilterInput, { nullable: true, description: 'Which applications; all when not given.' })
  filter?: ApplicationFilterInput | null;

  @Field(() => String, { nullable: true, description: 'What to search for.' })
  search?: string | null;

  @Field(() => ApplicationSortEnum, { nullable: true, description: 'In which order; newest first when not given.' })
  sort?: ApplicationSort | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether all staff see it; only you when not given.' })
  isShared?: boolean | null;
}

@InputType({ description: 'A view, and what to change of it; what is not given stays as it is.' })
export class UpdateSavedViewInput {
  @Field(() => ID, { description: 'The view.' })
  viewId!: string;

  @Field(() => String, { nullable: true, description: 'What to call it.' })
  name?: string | null;

  @Field(() => ApplicationFilterInput, {
    nullable: true,
    description: 'Which applications, in place of the filter there is; null for all.',
  })
  filter?: ApplicationFilterInput | null;

  @Field(() => String, { nullable: true, description: 'What to search for; null for nothing.' })
  search?: string | null;

  @Field(() => ApplicationSortEnum, { nullable: true, description: 'In which order.' })
  sort?: ApplicationSort | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether all staff see it.' })
  isShared?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A view to remove.' })
export class RemoveSavedViewInput {
  @Field(() => ID, { description: 'The view.' })
  viewId!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class SavedViewPayload extends Payload {
  @Field(() => SavedView, { nullable: true, description: 'The view as it is now; null when nothing was changed.' })
  savedView?: SavedView | null;
}

@ObjectType({ description: 'What came of the command.' })
export class RemoveSavedViewPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The view that is gone; null when nothing was changed.' })
  viewId?: string | null;
}
