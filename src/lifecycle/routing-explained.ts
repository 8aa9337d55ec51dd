import type { Choice } from './assignment.js';
import type { Routing } from './routing.js';

/** Where an application would go, and why, in a few sentences. */
export function routingExplained({ queue, chosen }: Routing, choice: Choice | null): string {
  const toQueue = `It goes to the queue “${queue}”`;
  if (!chosen) return `${toQueue}, which is the stage’s own: no rule says otherwise.`;
  const byRule = `${toQueue}, by the rule “${chosen.name}”.`;
  if (!choice) return `${byRule} The rule gives it to nobody.`;
  const one = choice.considered.find(({ candidate }) => candidate === choice.chosen);
  if (!one) return `${byRule} Nobody whom the rule names can take it now, so it waits there for somebody.`;
  const { candidate, isFallback } = one;
  const stepsIn = isFallback ? ', who steps in because nobody else can take it' : '';
  return `${byRule} It is given to ${candidate.name}${stepsIn}, with ${candidate.inHand} in hand besides.`;
}
