import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTime } from '../api/scalars.js';
import { ApplicationCommandInput } from '../applications/application-inputs.types.js';
import { mostGiven } from '../lifecycle/information-request.js';

@InputType({ description: 'A question to the partner.' })
export class InformationQuestionInput {
  @Field(() => String, { description: 'What you want to know; the partner sees it.' })
  text!: string;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether there is no response without an answer to it.' })
  isRequired!: boolean;

  @Field(() => [String], {
    defaultValue: [],
    description: 'The documents that it asks for, in words, such as “a network plan”; at most 20.',
  })
  documents!: string[];
}

@InputType({ description: 'Questions to the partner.' })
export class RequestInformationInput extends ApplicationCommandInput {
  @Field(() => [InformationQuestionInput], { description: 'The questions, 1 to 20.' })
  questions!: InformationQuestionInput[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the answers are due; twenty working days from now when not given.',
  })
  dueAt?: Date | null;

  @Field(() => [ID], {
    nullable: true,
    description: `Documents that staff provided as \`from-staff\`, for the partner to read; at most ${mostGiven}. From then on they stay.`,
  })
  documentIds?: string[] | null;
}

@InputType()
export abstract class InformationRequestCommandInput extends ApplicationCommandInput {
  @Field(() => ID, { description: 'The information request.' })
  informationRequestId!: string;
}

@InputType({ description: 'An answer to a question.' })
export class InformationAnswerInput {
  @Field(() => Int, { description: 'The number of the question.' })
  question!: number;

  @Field(() => String, { description: 'The answer. Empty, and without documents, it takes the saved answer away.' })
  text!: string;

  @Field(() => [ID], {
    defaultValue: [],
    description: 'Documents of the application that go with it, uploaded before; at most 20.',
  })
  documentIds!: string[];
}

@InputType({ description: 'Answers to save, without giving them to staff.' })
export class SaveInformationAnswersInput extends InformationRequestCommandInput {
  @Field(() => [InformationAnswerInput], { description: 'Answers; saved ones to other questions stay.' })
  answers!: InformationAnswerInput[];
}

@InputType({ description: 'The response to an information request.' })
export class RespondToInformationRequestInput extends InformationRequestCommandInput {
  @Field(() => [InformationAnswerInput], {
    defaultValue: [],
    description: 'Answers that are given besides those saved before, or in their place.',
  })
  answers!: InformationAnswerInput[];
}

@InputType({ description: 'A message in the thread of an information request.' })
export class WriteInformationMessageInput extends InformationRequestCommandInput {
  @Field(() => String, { description: 'What you write; the other side is told by e-mail that you did.' })
  text!: string;
}

@InputType({ description: 'A wish for more time to answer.' })
export class RequestDueDateExtensionInput extends InformationRequestCommandInput {
  @Field(() => DateTime, { description: 'Until when you want to answer; later than the due date, within a year.' })
  dueAt!: Date;

  @Field(() => String, { description: 'Why.' })
  reason!: string;
}

@InputType({ description: 'More time to answer.' })
export class ExtendDueDateInput extends InformationRequestCommandInput {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Until when; when not given, until when the partner asks for.',
  })
  dueAt?: Date | null;
}

@InputType({ description: 'A wish for more time that is refused.' })
export class RefuseDueDateExtensionInput extends InformationRequestCommandInput {
  @Field(() => String, { description: 'Why; the partner sees it.' })
  reason!: string;
}

@InputType({ description: 'An information request that needs no answer any more.' })
export class WithdrawInformationRequestInput extends InformationRequestCommandInput {
  @Field(() => String, { description: 'Why; the partner sees it.' })
  reason!: string;
}

@InputType({ description: 'An answered information request to ask again.' })
export class ReopenInformationRequestInput extends InformationRequestCommandInput {
  @Field(() => String, { description: 'What is still wanted. It is written in the thread.' })
  reason!: string;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the answers are due; twenty working days from now when not given.',
  })
  dueAt?: Date | null;
}
