import { Field, ID, InputType } from 'type-graphql';
import { ApplicationCommandInput } from '../applications/application-inputs.types.js';

@InputType({ description: 'An application to reopen, and why.' })
export class ProposeReopeningInput extends ApplicationCommandInput {
  @Field(() => String, { description: 'Why, for the partner, who reads it once the application is reopened.' })
  reason!: string;

  @Field(() => String, { description: 'What the error was, for staff. Partners never see it.' })
  internalReason!: string;
}

@InputType({ description: 'A proposal to reopen an application, to confirm.' })
export class ConfirmReopeningInput extends ApplicationCommandInput {
  @Field(() => ID, { description: 'The proposal that you have read and agree with.' })
  reopeningId!: string;
}

@InputType({ description: 'A proposal to reopen an application, to decline.' })
export class DeclineReopeningInput extends ConfirmReopeningInput {
  @Field(() => String, { description: 'Why. Partners never see it.' })
  reason!: string;
}
