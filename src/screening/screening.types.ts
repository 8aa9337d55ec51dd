import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { NamedUser } from '../grants/named-user.types.js';
import { Person } from '../identity/identity.types.js';
import {
  allHitCommands,
  type HitCommand,
  type HitStatus,
  hitCommands,
  hitStatuses,
  type Verdict,
  verdicts,
} from '../lifecycle/screening.js';
import { type FactorName, factors } from './match-score.js';
import { type Likeness, likenesses } from './name-comparison.js';
import { type AdjudicationStatus, adjudicationStatuses, type SubjectKind, subjectKinds } from './screening.entity.js';

export const HitStatusEnum = registeredEnum('ScreeningHitStatus', 'Where a screening hit stands.', hitStatuses);
export const VerdictEnum = registeredEnum('ScreeningVerdict', 'What people make of a hit.', verdicts);
export const SubjectKindEnum = registeredEnum('ScreeningSubjectKind', 'Whom a hit is about.', subjectKinds);
const AdjudicationStatusEnum = registeredEnum(
  'AdjudicationStatus',
  'What became of a judgement.',
  adjudicationStatuses,
);
const LikenessEnum = registeredEnum(
  'NamePartLikeness',
  'How parts of two names were found to be the same.',
  likenesses,
);
const FactorEnum = registeredEnum('ScreeningFactor', 'What a score is made of.', factors);
const RoleEnum = registeredEnum('ListedNameRole', 'What kind of name a list gives.', {
  PRIMARY: 'The name under which the party is listed.',
  ALIAS: 'Another name of the party.',
});
const PartyKindEnum = registeredEnum('ListedPartyKind', 'What kind of party an entry of a list names.', {
  ORGANIZATION: 'A company, an authority or another organization.',
  PERSON: 'A person.',
  UNKNOWN: 'The list does not say.',
  OTHER: 'A ship, an aircraft or the like; nobody is compared with it.',
});
const CommandEnum = registeredEnum(
  'ScreeningHitCommand',
  'What can be done with a screening hit.',
  Object.fromEntries(allHitCommands.map((name) => [name, hitCommands[name].does])),
);

@ObjectType({ description: 'What became of a part of a name when two names were compared.' })
export class NamePart {
  @Field(() => String, {
    nullable: true,
    description: 'The part of the partner’s name; null when it has none like it.',
  })
  ours!: string | null;

  @Field(() => String, { nullable: true, description: 'The part of the listed name; null when it has none like it.' })
  listed!: string | null;

  @Field(() => LikenessEnum, { description: 'How they are the same.' })
  likeness!: Likeness;

  @Field(() => Int, { description: 'How like they are, out of 100.' })
  points!: number;
}

@ObjectType({ description: 'A part of a score.' })
export class ScoreFactor {
  @Field(() => FactorEnum, { description: 'What it is for.' })
  factor!: FactorName;

  @Field(() => Int, { description: 'What it adds to the score, or takes away.' })
  points!: number;
}

@ObjectType({ description: 'How a score came about. Its factors add up to the score, which is 100 at most.' })
export class ScoreExplanation {
  @Field(() => String, { description: 'The name on the list that is most like the partner’s.' })
  listedName!: string;

  @Field(() => RoleEnum, { description: 'What kind of name that is.' })
  role!: 'PRIMARY' | 'ALIAS';

  @Field(() => [NamePart], { description: 'What became of each part of the two names.' })
  parts!: readonly NamePart[];

  @Field(() => [ScoreFactor], { description: 'What the score is made of.' })
  factors!: readonly ScoreFactor[];
}

@ObjectType({ description: 'An entry of a screening list, as it was when it was matched.' })
export class ListedParty {
  @Field(() => String, { description: 'What the list itself calls the entry.' })
  reference!: string;

  @Field(() => PartyKindEnum, { description: 'What kind of party it is.' })
  kind!: 'ORGANIZATION' | 'PERSON' | 'UNKNOWN' | 'OTHER';

  @Field(() => [String], { description: 'Its names, the primary one first.' })
  names!: readonly string[];

  @Field(() => [String], { description: 'Its countries: two letters of ISO 3166-1 each.' })
  countries!: readonly string[];

  @Field(() => Boolean, { description: 'Whether the list reads like this now.' })
  isListed!: boolean;

  @Field(() => String, { description: 'The list within the list, such as an authority’s; empty when not given.' })
  source!: string;

  @Field(() => String, { description: 'The programs under which it is listed; empty when not given.' })
  programs!: string;

  @Field(() => String, { description: 'Its addresses; empty when not given.' })
  addresses!: string;

  @Field(() => String, { description: 'A person’s dates of birth; empty when not given.' })
  datesOfBirth!: string;

  @Field(() => String, { description: 'Numbers of papers and registers; empty when not given.' })
  identifiers!: string;

  @Field(() => String, { description: 'What the list adds; empty when it adds nothing.' })
  remarks!: string;

  @Field(() => String, { description: 'Where to read more; empty when not given.' })
  url!: string;
}

@ObjectType({ description: 'What was found: a name of the partner’s, and the entry it is like.' })
export class ScreeningMatch {
  @Field(() => Int, { description: 'How like they are, out of 100.' })
  score!: number;

  @Field(() => String, { description: 'The name that was looked for.' })
  subjectName!: string;

  @Field(() => ScoreExplanation, { description: 'How the score came about.' })
  explanation!: ScoreExplanation;

  @Field(() => ListedParty, { description: 'The entry.' })
  entry!: ListedParty;

  @Field(() => DateTime, { description: 'When it was found.' })
  foundAt!: Date;
}

@ObjectType({ implements: Node, description: 'What somebody made of a hit, and what another person said to that.' })
export class Adjudication extends Node {
  @Field(() => VerdictEnum, { description: 'What the hit is.' })
  verdict!: Verdict;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => AdjudicationStatusEnum, { description: 'What became of it.' })
  status!: AdjudicationStatus;

  @Field(() => Person, { nullable: true, description: 'Who proposed it.' })
  proposedBy!: Person | null;

  @Field(() => DateTime, { description: 'When it was proposed.' })
  proposedAt!: Date;

  @Field(() => Person, { nullable: true, description: 'Who confirmed or declined it.' })
  decidedBy!: Person | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was confirmed or declined.' })
  decidedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was declined.' })
  declinedReason!: string | null;
}

@ObjectType({
  implements: Node,
  description: 'Somebody of a partner’s is called like an entry of a screening list. For staff only.',
})
export class ScreeningHit extends Node {
  @Field(() => HitStatusEnum, { description: 'Where it stands.' })
  status!: HitStatus;

  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => String, { description: 'The organization’s legal name.' })
  organizationName!: string;

  @Field(() => SubjectKindEnum, {
    description: 'Whether it is about the organization, one of its members or a user it named.',
  })
  subjectKind!: SubjectKind;

  @Field(() => Person, {
    nullable: true,
    description: 'The member it is about; null when it is about the organization.',
  })
  person!: Person | null;

  @Field(() => NamedUser, { nullable: true, description: 'The named user; null when it is about anybody else.' })
  namedUser!: NamedUser | null;

  @Field(() => String, { description: 'The code of the list.' })
  listCode!: string;

  @Field(() => ScreeningMatch, { description: 'What was found last.' })
  match!: ScreeningMatch;

  @Field(() => [ScreeningMatch], { description: 'Everything that was found, first first.' })
  matches!: readonly ScreeningMatch[];

  @Field(() => [Adjudication], { description: 'What people made of it, first first.' })
  adjudications!: readonly Adjudication[];

  @Field(() => ID, {
    nullable: true,
    description: 'The hit on the same person in another organization whose judgement holds here too.',
  })
  carriedFromHitId!: string | null;

  @Field(() => [CommandEnum], { description: 'Exactly the commands that would be accepted from you now.' })
  availableCommands!: readonly HitCommand[];

  @Field(() => DateTime, { description: 'When it was first found.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;

  @Field(() => Int, { description: 'Counts the changes; pass it as `expectedVersion`.' })
  version!: number;
}

export const ScreeningHitConnection = connectionOf(ScreeningHit, 'ScreeningHit', 'screening hits');
