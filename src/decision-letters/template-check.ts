import type { Objection } from '../lifecycle/ruling.js';
import {
  allLetterKinds,
  type LetterKind,
  type LetterLabels,
  type LetterTemplateContent,
  type LetterText,
} from './letter-template.entity.js';

const longest = {
  language: 35,
  letterhead: 200,
  contact: 500,
  label: 300,
  outcome: 100,
  subject: 200,
  paragraph: 2000,
};
const mostParagraphs = 20;

/** What can be put into a letter of any kind. */
const inEveryLetter = [
  'reference',
  'organization',
  'program',
  'product',
  'date',
  'contact',
  'templateVersion',
] as const;

/** What else there is in letters of one kind, and which of these a letter of the kind must not leave out. */
const ofKind = {
  APPROVAL: { further: ['grant', 'grantEnds'], needed: [] },
  APPROVAL_WITH_CONDITIONS: { further: ['grant', 'grantEnds', 'conditions'], needed: ['conditions'] },
  REFUSAL: { further: ['reasons', 'appealBefore'], needed: ['reasons', 'appealBefore'] },
  FINAL_REFUSAL: { further: ['reasons'], needed: ['reasons'] },
} as const;

type Kinds = (typeof ofKind)[LetterKind];
export type Placeholder = (typeof inEveryLetter)[number] | Kinds['further'][number];

/** Those that are lists, and so take a paragraph of their own. */
export const listPlaceholders = ['conditions', 'reasons'] as const;
export type ListPlaceholder = (typeof listPlaceholders)[number];

export const placeholderForm = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The list that a paragraph stands for, when it is one. */
export function listOf(paragraph: string): ListPlaceholder | null {
  return listPlaceholders.find((name) => paragraph.trim().replaceAll(/\s/g, '') === `{{${name}}}`) ?? null;
}

/** Everything that is wrong with a template, each with its path; nothing when it can be published. */
export function checkTemplate(template: LetterTemplateContent): Objection[] {
  return [
    ...checkLanguage(template.language),
    ...checkText(template.letterhead, ['letterhead'], longest.letterhead),
    ...checkText(template.contact, ['contact'], longest.contact),
    ...checkLabels(template.labels),
    ...allLetterKinds.flatMap((kind) => checkKind(kind, template.texts[kind])),
  ];
}

/** What the text of a kind is called in the input of the API. */
export const nameOfKind: Readonly<Record<LetterKind, string>> = {
  APPROVAL: 'approval',
  APPROVAL_WITH_CONDITIONS: 'approvalWithConditions',
  REFUSAL: 'refusal',
  FINAL_REFUSAL: 'finalRefusal',
};

function checkLanguage(language: string): Objection[] {
  if (language.length <= longest.language) {
    try {
      if (Intl.getCanonicalLocales(language).length > 0) return [];
    } catch {
      // Not a language tag; said below.
    }
  }
  return [{ code: 'INVALID', message: 'Give the language as a tag, such as en, el or pt-BR.', path: ['language'] }];
}

function checkLabels(labels: LetterLabels): Objection[] {
  const { inPrinciple, laterEnd, ...names } = labels;
  const given = Object.entries({ ...names, ...(laterEnd ? { laterEnd } : {}) });
  return [
    ...given.flatMap(([name, text]) => checkText(text, ['labels', name], longest.label)),
    ...(inPrinciple ? checkSentence(inPrinciple, ['labels', 'inPrinciple']) : []),
  ];
}

function checkSentence(text: string, path: readonly string[]): Objection[] {
  return [...checkText(text, path, longest.paragraph), ...checkPlaceholders('APPROVAL', text, path)];
}

function checkKind(kind: LetterKind, text: LetterText): Objection[] {
  const at = (...path: string[]) => [nameOfKind[kind], ...path];
  const problems = [
    ...checkText(text.outcome, at('outcome'), longest.outcome),
    ...checkText(text.subject, at('subject'), longest.subject),
    ...checkPlaceholders(kind, text.subject, at('subject')),
  ];
  if (text.paragraphs.length === 0 || text.paragraphs.length > mostParagraphs) {
    const message = `A letter has 1 to ${mostParagraphs} paragraphs, and this one has ${text.paragraphs.length}.`;
    return [...problems, { code: 'LIMIT_REACHED', message, path: at('paragraphs') }];
  }
  for (const [position, paragraph] of text.paragraphs.entries()) {
    const path = at('paragraphs', String(position));
    problems.push(...checkText(paragraph, path, longest.paragraph), ...checkPlaceholders(kind, paragraph, path));
  }
  for (const name of ofKind[kind].needed) {
    const isThere = text.paragraphs.some((paragraph) => namesIn(paragraph).includes(name));
    if (isThere) continue;
    const message = `A letter of this kind has to say {{${name}}} in one of its paragraphs.`;
    problems.push({ code: 'REQUIRED', message, path: at('paragraphs') });
  }
  return problems;
}

function checkText(text: string, path: readonly string[], most: number): Objection[] {
  if (text.trim() === '') return [{ code: 'REQUIRED', message: 'This must not be empty.', path }];
  if (text.length <= most) return [];
  const message = `At most ${most} characters fit here, and these are ${text.length}.`;
  return [{ code: 'INVALID', message, path }];
}

function namesIn(text: string): string[] {
  return [...text.matchAll(placeholderForm)].map(([, name]) => name ?? '');
}

function checkPlaceholders(kind: LetterKind, text: string, path: readonly string[]): Objection[] {
  const known: readonly string[] = [...inEveryLetter, ...ofKind[kind].further];
  const problems: Objection[] = [];
  for (const name of namesIn(text)) {
    if (!known.includes(name)) {
      const message = `There is no {{${name.slice(0, 60)}}} in a letter of this kind. Those are: ${known.join(', ')}.`;
      problems.push({ code: 'INVALID', message, path });
    } else if (listPlaceholders.some((list) => list === name) && listOf(text) === null) {
      problems.push({ code: 'INVALID', message: `{{${name}}} is a list: give it a paragraph of its own.`, path });
    }
  }
  if (/\{\{|\}\}/.test(text.replaceAll(placeholderForm, ''))) {
    problems.push({ code: 'INVALID', message: 'A placeholder is not closed: they look like {{reference}}.', path });
  }
  return problems;
}
