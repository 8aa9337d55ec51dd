import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../api/connection.js';
import { Node } from '../api/node.js';
import { registeredEnum } from '../api/registered-enum.js';
import { DateTime } from '../api/scalars.js';
import { Person } from '../identity/identity.types.js';
import { type ScreeningStanding, screeningStandings } from '../lifecycle/screening.js';
import { type RunTrigger, runTriggers, type SubjectKind } from './screening.entity.js';
import { SubjectKindEnum } from './screening.types.js';

const TriggerEnum = registeredEnum('ScreeningTrigger', 'Why an organization was screened.', runTriggers);
const StandingEnum = registeredEnum(
  'ScreeningStanding',
  'How an organization stands with the lists in force.',
  screeningStandings,
);

@ObjectType({ description: 'A version of a list that was screened against.' })
export class ScreenedList {
  @Field(() => String, { description: 'The list’s code.' })
  code!: string;

  @Field(() => Int, { description: 'The version’s number.' })
  number!: number;
}

@ObjectType({ description: 'Who was screened.' })
export class ScreenedSubject {
  @Field(() => SubjectKindEnum, { description: 'The organization, a member or a named user.' })
  kind!: SubjectKind;

  @Field(() => String, { description: 'The name that was looked for.' })
  name!: string;
}

@ObjectType({
  implements: Node,
  description:
    'A screening of an organization and its members: against what, how and with what result. For staff only.',
})
export class ScreeningRun extends Node {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;

  @Field(() => TriggerEnum, { description: 'Why it was screened.' })
  trigger!: RunTrigger;

  @Field(() => Person, { nullable: true, description: 'Who asked for it; null when the portal did it by itself.' })
  requestedBy!: Person | null;

  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field(() => Int, { description: 'The least score that made a hit.' })
  threshold!: number;

  @Field(() => Int, { description: 'The version of the rules by which names were compared.' })
  matcher!: number;

  @Field(() => [ScreenedList], { description: 'The lists.' })
  lists!: readonly ScreenedList[];

  @Field(() => [ScreenedSubject], { description: 'Who was screened.' })
  subjects!: readonly ScreenedSubject[];

  @Field(() => Int, { description: 'How many hits were new.' })
  opened!: number;

  @Field(() => Int, {
    description: 'How many hits were to be judged again, because the entry or the name had changed.',
  })
  reopened!: number;

  @Field(() => Int, { description: 'How many hits an earlier judgement on the same person and entry settled.' })
  carriedOver!: number;

  @Field(() => Int, { description: 'How many hits closed by themselves, because the list had changed.' })
  lapsed!: number;
}

export const ScreeningRunConnection = connectionOf(ScreeningRun, 'ScreeningRun', 'screening runs');

@ObjectType({ description: 'How an organization stands with the screening lists. For staff only.' })
export class OrganizationScreening {
  @Field(() => StandingEnum, { description: 'How it stands.' })
  standing!: ScreeningStanding;

  @Field(() => Boolean, {
    description: 'Whether it was screened as it is now, against every list in force, by the rules of today.',
  })
  isCurrent!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When it was screened last; null when it never was.' })
  lastScreenedAt!: Date | null;

  @Field(() => Int, { description: 'Hits that nobody has judged, or that could not be told.' })
  openHits!: number;

  @Field(() => Int, { description: 'Hits that were found to be true.' })
  trueMatches!: number;
}
