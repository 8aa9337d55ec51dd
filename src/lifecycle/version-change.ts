import type { ApplicationFacts } from './application-guards.js';
import { type Objection, objection, type Ruling } from './ruling.js';
import { type Stage, stageByKey, type Workflow } from './workflow.js';

/** Which stage of the new workflow takes the place of one that it does not have. */
export interface StageReplacement {
  readonly from: string;
  readonly to: string;
}

/** What is wrong with replacements for any application. */
export function checkReplacements(target: Workflow, replacements: readonly StageReplacement[]): Objection[] {
  return replacements.flatMap(({ from, to }, position): Objection[] => {
    const path = ['stages', String(position)];
    const unknown = stageByKey(target, to) === null;
    const twice = replacements.slice(0, position).some((other) => other.from === from);
    return [
      ...(unknown
        ? objection('INVALID', `The new version has no stage "${to}"; it has ${keysOf(target)}.`, [...path, 'to'])
        : []),
      ...(twice ? objection('INVALID', `The stage "${from}" is replaced twice.`, [...path, 'from']) : []),
    ];
  });
}

/** Where an application goes on under another workflow; a stage of null is none: intake, or with the partner. */
export function stageUnder(
  target: Workflow,
  { status, stageKey }: Pick<ApplicationFacts, 'status' | 'stageKey'>,
  replacements: readonly StageReplacement[],
): { readonly stage: Stage | null; readonly objections: Ruling } {
  if (stageKey === null) return { stage: null, objections: [] };
  // An appeal is decided where decisions are proposed, and nowhere else.
  if (status === 'UNDER_APPEAL') return { stage: target.stages.at(-1) ?? null, objections: [] };
  const to = replacements.find(({ from }) => from === stageKey)?.to ?? stageKey;
  const stage = stageByKey(target, to);
  if (stage) return { stage, objections: [] };
  const message = `The new version has no stage "${stageKey}", at which the application is. Say which of ${keysOf(target)} takes its place.`;
  return { stage: null, objections: objection('REQUIRED', message, ['stages']) };
}

/**
 * What the new version asks of a partner beyond what the application was submitted under. It can only be given in a
 * corrected revision, so it stands in the way of whatever is under review.
 */
export function newDemands(under: readonly Objection[], before: readonly Objection[]): Objection[] {
  const known = new Set(before.map(nameOf));
  return under.filter((problem) => !known.has(nameOf(problem)));
}

function nameOf({ code, path = [] }: Objection): string {
  return [code, ...path].join(' ');
}

function keysOf({ stages }: Workflow): string {
  return stages.map(({ key }) => key).join(', ');
}
