import { type EventDefinition, number, text } from './event-definition.js';

const payload = {
  standardTextId: text('The text.'),
  code: text('Its code.'),
  textVersion: number('The version that proposals take.'),
};
const kept = { version: 1, audience: 'STAFF', delivered: false, payload } as const;

/** What happens to the library of conditions and reasons for refusal. Partners hear nothing of it. */
export const standardTextEvents = {
  'standard_text.created': { ...kept, happens: 'A condition or a reason for refusal was put into the library.' },
  'standard_text.published': { ...kept, happens: 'A text of the library was given other words.' },
  'standard_text.retired': { ...kept, happens: 'A text of the library was retired.' },
  'standard_text.reinstated': { ...kept, happens: 'A text of the library was taken into use again.' },
} as const satisfies Record<string, EventDefinition>;
