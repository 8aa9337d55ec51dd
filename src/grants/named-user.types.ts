import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import {
  type ExportStatus,
  exportStatuses,
  type NamedUserBlock as NamedUserBlockName,
  namedUserBlocks,
} from '../lifecycle/named-user.js';

export const ExportStatusEnum = registeredEnum(
  'ExportStatus',
  'How export rules stand to a named user.',
  exportStatuses,
);

const blocks = registeredEnum('NamedUserBlockCode', 'Why a named user may not use the grant.', namedUserBlocks);

@ObjectType({ description: 'Something that keeps a named user from using the grant.' })
export class NamedUserBlock {
  @Field(() => blocks, { description: 'What it is.' })
  code!: NamedUserBlockName;

  @Field(() => String, { description: 'The same for people, with what can be done about it.' })
  message!: string;
}

@ObjectType({
  implements: Node,
  description: 'Somebody who may use a grant, as the partner named them. Nobody’s nationality is asked for or kept.',
})
export class NamedUser extends Node {
  @Field(() => ID, { description: 'The grant they are named for.' })
  grantId!: string;

  @Field(() => String, { description: 'Their name.' })
  displayName!: string;

  @Field(() => String, { description: 'Their e-mail address at work.' })
  email!: string;

  @Field(() => ExportStatusEnum, { description: 'How export rules stand to them, as the partner attested last.' })
  exportStatus!: ExportStatus;

  @Field(() => Person, { nullable: true, description: 'Who attested that.' })
  attestedBy!: Person | null;

  @Field(() => DateTime, { description: 'When that was attested.' })
  attestedAt!: Date;

  @Field(() => Person, { nullable: true, description: 'Who named them.' })
  addedBy!: Person | null;

  @Field(() => DateTime, { description: 'When they were named.' })
  addedAt!: Date;

  @Field(() => Person, { nullable: true, description: 'Who removed them; null while they are named.' })
  removedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When they were removed; null while they are named.' })
  removedAt!: Date | null;

  @Field(() => Boolean, {
    description:
      'Whether something keeps this user, and not the others, from using the grant. Whether anybody can is `Grant.isUsable`.',
  })
  isBlocked!: boolean;

  @Field(() => [NamedUserBlock], { description: 'What keeps them from it; empty when nothing does.' })
  blocks!: readonly NamedUserBlock[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the name was last looked for on the screening lists. Staff only; null for partners.',
  })
  screenedAt!: Date | null;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

export const NamedUserConnection = connectionOf(NamedUser, 'NamedUser', 'named users');
