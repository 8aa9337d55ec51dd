import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Payload } from '../api/payload.js';
import type { HitStatus, Verdict } from '../lifecycle/screening.js';
import type { SubjectKind } from './screening.entity.js';
import { HitStatusEnum, ScreeningHit, SubjectKindEnum, VerdictEnum } from './screening.types.js';
import { ScreeningRun } from './screening-run.types.js';

@InputType({ description: 'Which screening hits to list; what is not given does not narrow the list.' })
export class ScreeningHitFilterInput {
  @Field(() => [HitStatusEnum], { nullable: true, description: 'Only those in one of these statuses.' })
  statuses?: HitStatus[] | null;

  @Field(() => ID, { nullable: true, description: 'Only those of this organization and its members.' })
  organizationId?: string | null;

  @Field(() => SubjectKindEnum, {
    nullable: true,
    description: 'Only those about organizations, about members, or about named users.',
  })
  subjectKind?: SubjectKind | null;

  @Field(() => String, { nullable: true, description: 'Only those from the list with this code.' })
  listCode?: string | null;
}

@InputType({ description: 'An organization to screen.' })
export class ScreenOrganizationInput {
  @Field(() => ID, { description: 'The organization.' })
  organizationId!: string;
}

@InputType()
abstract class HitInput {
  @Field(() => ID, { description: 'The hit.' })
  hitId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The version you decided on; refused with CONFLICT when it has changed.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A judgement of a hit to propose.' })
export class ProposeAdjudicationInput extends HitInput {
  @Field(() => VerdictEnum, { description: 'What the hit is.' })
  verdict!: Verdict;

  @Field(() => String, { description: 'Why; for staff only.' })
  reason!: string;
}

@InputType({ description: 'A proposed judgement to confirm.' })
export class ConfirmAdjudicationInput extends HitInput {
  @Field(() => ID, { description: 'The judgement, so that it is the one you have read.' })
  adjudicationId!: string;
}

@InputType({ description: 'A proposed judgement to decline.' })
export class DeclineAdjudicationInput extends HitInput {
  @Field(() => ID, { description: 'The judgement, so that it is the one you have read.' })
  adjudicationId!: string;

  @Field(() => String, { description: 'Why; for staff only.' })
  reason!: string;
}

@ObjectType({ description: 'What came of the command.' })
export class ScreeningHitPayload extends Payload {
  @Field(() => ScreeningHit, { nullable: true, description: 'The hit as it is now; null when nothing was changed.' })
  hit?: ScreeningHit | null;
}

@ObjectType({ description: 'What came of the command.' })
export class ScreeningRunPayload extends Payload {
  @Field(() => ScreeningRun, { nullable: true, description: 'What the screening found; null when there was none.' })
  run?: ScreeningRun | null;
}
