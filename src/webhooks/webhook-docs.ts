import { eventDefinition } from '../events/catalogue.js';
import { deliveredEvents } from './event-types.js';

/** Between these lines `docs/webhooks.md` is generated. */
const begin = '<!-- events: begin (generated) -->';
const end = '<!-- events: end -->';

/** The list of every event type that endpoints can be sent, for people, in Markdown. */
export function webhookDocs(): string {
  return deliveredEvents.map(described).join('\n');
}

/**
 * The document with its generated part brought up to date.
 * @throws Error when the document has lost the lines that mark the part
 */
export function withEventList(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document lacks the lines "${begin}" and "${end}".`);
  return `${document.slice(0, from)}${begin}\n\n${webhookDocs()}\n${document.slice(to)}`;
}

function described(name: (typeof deliveredEvents)[number]): string {
  const { version, audience, happens, payload } = eventDefinition(name);
  const hears = audience === 'PARTNER' ? 'the organization and the operator' : 'the operator only';
  const fields = Object.entries(payload).map(([field, { type, nullable, description }]) => {
    const kind = { string: 'text', integer: 'whole number', boolean: 'true or false', strings: 'list of texts' }[type];
    return `| \`${field}\` | ${kind}${nullable ? ' or null' : ''} | ${description} |`;
  });
  return `### ${name}

${happens} Version ${version}; heard by ${hears}.

| data | type | meaning |
|---|---|---|
${fields.join('\n')}
`;
}
