import { defaultInPrinciple } from './default-template.js';
import type { LetterKind, LetterTemplateContent } from './letter-template.entity.js';
import { type ListPlaceholder, listOf, type Placeholder, placeholderForm } from './template-check.js';

/** What a letter tells of, whatever its template says. */
export interface DecisionFacts {
  readonly kind: LetterKind;
  readonly reference: string;
  /** The reference of the application that this one amends; null when it amends none. */
  readonly amends: string | null;
  readonly organization: string;
  readonly program: string;
  readonly product: string;
  readonly decidedAt: Date;
  readonly conditions: readonly string[];
  readonly reasons: readonly string[];
  readonly appealBefore: Date | null;
  readonly grant: string | null;
  readonly grantEndsAt: Date | null;
  /** An approval whose access waits until the product’s release permits it. */
  readonly isInPrinciple: boolean;
  readonly templateVersion: string;
}

/** A letter as it is to be set: no placeholder is left in it. */
export interface Letter {
  readonly language: string;
  readonly letterhead: string;
  readonly subject: string;
  readonly reference: string;
  /** The moment that the file bears, so that it is the same whenever it is made. */
  readonly at: Date;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** Paragraphs, and lists of what is counted. */
  readonly blocks: readonly (string | readonly string[])[];
  readonly pageLabel: string;
  readonly unshownNote: string;
}

type Words = Readonly<Record<Exclude<Placeholder, ListPlaceholder>, string>>;

/** Fills a template in. What is filled in is not looked through for placeholders again. */
export function letterFrom(template: LetterTemplateContent, facts: DecisionFacts): Letter {
  const { language, letterhead } = template;
  const labels = { ...template.labels, ...inPrincipleOf(template.labels) };
  const text = template.texts[facts.kind];
  const lists = { conditions: facts.conditions, reasons: facts.reasons };
  const words: Words = {
    reference: facts.reference,
    organization: facts.organization,
    program: facts.program,
    product: facts.product,
    date: dateIn(language, facts.decidedAt),
    contact: template.contact,
    templateVersion: facts.templateVersion,
    grant: facts.grant ?? '',
    grantEnds: grantEndsIn(facts, language, labels.laterEnd),
    appealBefore: facts.appealBefore ? momentIn(language, facts.appealBefore) : '',
  };
  return {
    language,
    letterhead,
    subject: filled(text.subject, words),
    reference: facts.reference,
    at: facts.decidedAt,
    facts: [
      [labels.reference, facts.reference],
      ...(facts.amends ? [[labels.amends, facts.amends] as const] : []),
      [labels.organization, facts.organization],
      [labels.program, facts.program],
      [labels.product, facts.product],
      [labels.date, words.date],
      [labels.outcome, text.outcome],
      ...(facts.grant ? [[labels.grant, facts.grant] as const] : []),
      [labels.contact, template.contact],
      [labels.template, facts.templateVersion],
    ],
    blocks: paragraphsOf(text.paragraphs, facts, labels.inPrinciple).map((paragraph) => {
      const list = listOf(paragraph);
      return list ? lists[list] : filled(paragraph, words);
    }),
    pageLabel: labels.page,
    unshownNote: labels.unshown,
  };
}

function inPrincipleOf({ inPrinciple, laterEnd }: LetterTemplateContent['labels']) {
  return {
    inPrinciple: inPrinciple ?? defaultInPrinciple.inPrinciple,
    laterEnd: laterEnd ?? defaultInPrinciple.laterEnd,
  };
}

function paragraphsOf(paragraphs: readonly string[], { isInPrinciple }: DecisionFacts, sentence: string) {
  return isInPrinciple ? [...paragraphs.slice(0, 1), sentence, ...paragraphs.slice(1)] : paragraphs;
}

/** The time of a grant that has to wait is counted from when it begins. */
function grantEndsIn({ isInPrinciple, grantEndsAt }: DecisionFacts, language: string, laterEnd: string): string {
  if (isInPrinciple) return laterEnd;
  return grantEndsAt ? dateIn(language, grantEndsAt) : '';
}

function filled(text: string, words: Words): string {
  const known: Readonly<Record<string, string>> = words;
  return text.replaceAll(placeholderForm, (whole, name: string) =>
    Object.hasOwn(known, name) ? (known[name] ?? '') : whole,
  );
}

const day = { year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' } as const;

function dateIn(language: string, moment: Date): string {
  return new Intl.DateTimeFormat(language, day).format(moment);
}

function momentIn(language: string, moment: Date): string {
  const form = { ...day, hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'short' } as const;
  return new Intl.DateTimeFormat(language, form).format(moment);
}
