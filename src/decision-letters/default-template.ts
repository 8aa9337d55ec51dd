import type { LetterLabels, LetterTemplateContent } from './letter-template.entity.js';

/** How letters name the template that comes with the portal; counted up whenever its text changes. */
export const defaultTemplateVersion = 'built-in/1';

export const defaultLabels: LetterLabels = {
  reference: 'Reference',
  amends: 'Amendment of',
  organization: 'Organization',
  program: 'Program',
  product: 'Product',
  date: 'Date of the decision',
  outcome: 'Outcome',
  grant: 'Grant',
  contact: 'Questions to',
  template: 'Template',
  page: 'Page',
  unshown: '□ stands for a character that this letter cannot show. The portal shows the text as it was written.',
};

/** What letters of approvals in principle say where their template says nothing of its own. */
export const defaultInPrinciple = {
  inPrinciple:
    'It is approved in principle: access begins, without applying again, when the release of {{product}} permits it to {{organization}}, and the time of grant {{grant}} is counted from then.',
  laterEnd: 'the end of that time',
} as const;

/** What letters say for programs for which nothing else was published. */
export const defaultTemplate: LetterTemplateContent = {
  language: 'en',
  letterhead: 'Access desk',
  contact: 'the access desk, through the portal, naming the reference',
  labels: defaultLabels,
  texts: {
    APPROVAL: {
      outcome: 'Approved',
      subject: 'Your application {{reference}} is approved',
      paragraphs: [
        'We have decided on application {{reference}}, by which {{organization}} asked for access to {{product}} under the program “{{program}}”.',
        'The application is approved. Access is given as grant {{grant}}, which holds until {{grantEnds}}. It can be used once the portal shows it as active.',
        'If you have questions about this decision, please ask {{contact}}.',
      ],
    },
    APPROVAL_WITH_CONDITIONS: {
      outcome: 'Approved with conditions',
      subject: 'Your application {{reference}} is approved with conditions',
      paragraphs: [
        'We have decided on application {{reference}}, by which {{organization}} asked for access to {{product}} under the program “{{program}}”.',
        'The application is approved. Access is given as grant {{grant}}, which holds until {{grantEnds}}. It can be used once the portal shows it as active, and under these conditions only:',
        '{{conditions}}',
        'If you have questions about this decision, please ask {{contact}}.',
      ],
    },
    REFUSAL: {
      outcome: 'Refused',
      subject: 'Your application {{reference}} is refused',
      paragraphs: [
        'We have decided on application {{reference}}, by which {{organization}} asked for access to {{product}} under the program “{{program}}”.',
        'The application is refused, for these reasons:',
        '{{reasons}}',
        'You may appeal against this decision once, through the portal, until {{appealBefore}}. People who took no part in it will then decide again.',
        'If you have questions about this decision, please ask {{contact}}.',
      ],
    },
    FINAL_REFUSAL: {
      outcome: 'Appeal refused',
      subject: 'Your appeal on application {{reference}} is refused',
      paragraphs: [
        'You appealed against the refusal of application {{reference}}, by which {{organization}} asked for access to {{product}} under the program “{{program}}”. People who took no part in that decision have decided again.',
        'The application stays refused, for these reasons:',
        '{{reasons}}',
        'This decision is final.',
        'If you have questions about this decision, please ask {{contact}}.',
      ],
    },
  },
};
