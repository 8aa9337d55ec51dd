import { Field, ID, InputType } from 'type-graphql';
import { defaultLabels } from './default-template.js';
import type { LetterTemplateContent } from './letter-template.entity.js';

@InputType({ description: 'What a letter of one kind says.' })
export class LetterTextInput {
  @Field(() => String, { description: 'The outcome in a few words, at most 100 characters.' })
  outcome!: string;

  @Field(() => String, { description: 'The subject, at most 200 characters.' })
  subject!: string;

  @Field(() => [String], {
    description:
      '1 to 20 paragraphs of at most 2000 characters. `{{reference}}`, `{{organization}}`, `{{program}}`, `{{product}}`, `{{date}}`, `{{contact}}` and `{{templateVersion}}` are filled in; of approvals also `{{grant}}` and `{{grantEnds}}`, of refusals `{{appealBefore}}`. `{{conditions}}` and `{{reasons}}` are paragraphs of their own.',
  })
  paragraphs!: string[];
}

@InputType({ description: 'What the facts at the head of a letter, and what stands at its foot, are called.' })
export class LetterLabelsInput {
  @Field(() => String, { description: 'The reference of the application.' })
  reference!: string;

  @Field(() => String, { description: 'The reference of the application that was amended.' })
  amends!: string;

  @Field(() => String, { description: 'The organization.' })
  organization!: string;

  @Field(() => String, { description: 'The program.' })
  program!: string;

  @Field(() => String, { description: 'The product.' })
  product!: string;

  @Field(() => String, { description: 'The date of the decision.' })
  date!: string;

  @Field(() => String, { description: 'The outcome.' })
  outcome!: string;

  @Field(() => String, { description: 'The reference of the grant.' })
  grant!: string;

  @Field(() => String, { description: 'Who to ask.' })
  contact!: string;

  @Field(() => String, { description: 'The version of the template.' })
  template!: string;

  @Field(() => String, { description: 'The number of a page.' })
  page!: string;

  @Field(() => String, { description: 'What is said where characters had to be replaced by □.' })
  unshown!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'What is said after the first paragraph of an approval in principle, while access has to wait for the release; may hold the placeholders of an approval. In English when not given.',
  })
  inPrinciple?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'What stands for `{{grantEnds}}` in such a letter, because its time does not run yet. In English when not given.',
  })
  laterEnd?: string | null;
}

@InputType({ description: 'The text of decision letters.' })
export class LetterTemplateInput {
  @Field(() => String, { description: 'The language, as a tag such as `en` or `pt-BR`.' })
  language!: string;

  @Field(() => String, { description: 'Who writes, at most 200 characters.' })
  letterhead!: string;

  @Field(() => String, { description: 'Who to ask, and how, at most 500 characters.' })
  contact!: string;

  @Field(() => LetterLabelsInput, {
    nullable: true,
    description: 'What the facts are called; in English when not given.',
  })
  labels?: LetterLabelsInput | null;

  @Field(() => LetterTextInput, { description: 'Of an approval without conditions.' })
  approval!: LetterTextInput;

  @Field(() => LetterTextInput, { description: 'Of an approval with conditions; has to say `{{conditions}}`.' })
  approvalWithConditions!: LetterTextInput;

  @Field(() => LetterTextInput, {
    description: 'Of a refusal that can be appealed; has to say `{{reasons}}` and `{{appealBefore}}`.',
  })
  refusal!: LetterTextInput;

  @Field(() => LetterTextInput, { description: 'Of a refusal on appeal; has to say `{{reasons}}`.' })
  finalRefusal!: LetterTextInput;
}

@InputType({ description: 'The text of decision letters, and for whom.' })
export class PublishLetterTemplateInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The program whose letters it is for; not given, those of all programs that have none of their own.',
  })
  programId?: string | null;

  @Field(() => LetterTemplateInput, { description: 'The text.' })
  template!: LetterTemplateInput;

  @Field(() => Boolean, { nullable: true, description: 'Publish nothing, and only say what is wrong.' })
  dryRun?: boolean | null;
}

/** The text as it is kept. */
export function contentOf(input: LetterTemplateInput): LetterTemplateContent {
  const { language, letterhead, contact, labels, approval, approvalWithConditions, refusal, finalRefusal } = input;
  return {
    ...{ language, letterhead, contact },
    labels: { ...(labels ?? defaultLabels) },
    texts: {
      APPROVAL: { ...approval },
      APPROVAL_WITH_CONDITIONS: { ...approvalWithConditions },
      REFUSAL: { ...refusal },
      FINAL_REFUSAL: { ...finalRefusal },
    },
  };
}
