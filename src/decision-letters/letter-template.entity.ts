import { defineEntity, p } from '@mikro-orm/core';
import { key, moment } from '../platform/columns.js';

export const letterKinds = {
  APPROVAL: 'Tells that access is granted.',
  APPROVAL_WITH_CONDITIONS: 'Tells that access is granted, and under which conditions.',
  REFUSAL: 'Tells that access is refused, why, and until when the partner may appeal.',
  FINAL_REFUSAL: 'Tells that an appeal was refused, and why.',
} as const;

export type LetterKind = keyof typeof letterKinds;
export const allLetterKinds = Object.keys(letterKinds) as LetterKind[];

/** What a letter of one kind says. */
export interface LetterText {
  /** The outcome in a few words. */
  readonly outcome: string;
  readonly subject: string;
  /** With placeholders, such as `{{organization}}`; `{{conditions}}` and `{{reasons}}` are paragraphs of their own. */
  readonly paragraphs: readonly string[];
}

/** What the facts at the head of every letter are called, in the language of the template. */
export interface LetterLabels {
  readonly reference: string;
  readonly amends: string;
  readonly organization: string;
  readonly program: string;
  readonly product: string;
  readonly date: string;
  readonly outcome: string;
  readonly grant: string;
  readonly contact: string;
  readonly template: string;
  readonly page: string;
  /** What is said under a letter in which characters had to be replaced. */
  readonly unshown: string;
  /** Stands after the first paragraph of an approval whose access has to wait for the release; with placeholders. */
  readonly inPrinciple?: string | null;
  /** Stands for the end of a grant whose time does not run yet. */
  readonly laterEnd?: string | null;
}

export interface LetterTemplateContent {
  /** A language tag, such as `en` or `pt-BR`. */
  readonly language: string;
  /** Who writes. */
  readonly letterhead: string;
  /** Who to ask, and how. */
  readonly contact: string;
  readonly labels: LetterLabels;
  readonly texts: Readonly<Record<LetterKind, LetterText>>;
}

/** A version of the text of decision letters, of one program or of all. Never changed once published. */
const schema = defineEntity({
  name: 'LetterTemplate',
  tableName: 'letter_template',
  properties: {
    id: key(),
    /** Null: for every program that has none of its own. */
    programId: p.uuid().nullable(),
    number: p.integer(),
    content: p.json<LetterTemplateContent>(),
    publishedBy: p.uuid().nullable(),
    publishedAt: moment(),
  },
});

export class LetterTemplate extends schema.class {}
schema.setClass(LetterTemplate);
