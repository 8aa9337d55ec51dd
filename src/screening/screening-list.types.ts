import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { allListFormats, formatDefinition, type ListFormat } from './list-formats.js';
import { type ListVersionStatus, listVersionStatuses } from './screening-list.entity.js';

const statuses = registeredEnum('ScreeningListVersionStatus', 'Where a version of a list stands.', listVersionStatuses);

const formats = registeredEnum(
  'ScreeningListFormat',
  'How a list’s file is made.',
  Object.fromEntries(allListFormats.map((name) => [name, formatDefinition(name).describes])),
);

@ObjectType({ description: 'A screening list as a file had it.' })
export class ScreeningListVersion {
  @Field(() => Int, { description: 'Counts the list’s versions, from 1.' })
  number!: number;

  @Field(() => statuses, { description: 'Where it stands.' })
  status!: ListVersionStatus;

  @Field(() => String, { description: 'The name of the file.' })
  fileName!: string;

  @Field(() => String, { description: 'SHA-256 of the file, in hexadecimal.' })
  sha256!: string;

  @Field(() => DateTime, { description: 'The date of the list: as it was given, or that of the file.' })
  listedAt!: Date;

  @Field(() => Int, { nullable: true, description: 'How many entries it has; null before all of it was read.' })
  entries!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many of them are new.' })
  added!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many of them are not as before.' })
  changed!: number | null;

  @Field(() => Int, { nullable: true, description: 'How many entries of the version before are gone.' })
  removed!: number | null;

  @Field(() => DateTime, { description: 'When its import began.' })
  startedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was put in force.' })
  completedAt!: Date | null;
}

@ObjectType({
  implements: Node,
  description: 'A list of denied parties that everybody is screened against. For staff only.',
})
export class ScreeningList extends Node {
  @Field(() => String, { description: 'What the operator calls it.' })
  code!: string;

  @Field(() => formats, { description: 'How its files are made.' })
  format!: ListFormat;

  @Field(() => ScreeningListVersion, { nullable: true, description: 'The version in force; null before the first is.' })
  currentVersion!: ScreeningListVersion | null;

  @Field(() => [ScreeningListVersion], { description: 'Every version, newest first.' })
  versions!: readonly ScreeningListVersion[];

  @Field(() => DateTime, { description: 'When it was first imported.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When a version of it was last put in force.' })
  updatedAt!: Date;
}
