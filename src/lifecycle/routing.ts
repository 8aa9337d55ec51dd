import type { RiskRating } from './risk.js';
import { intakeClock, type RoutingCondition, type RoutingRule, stageByKey, type Workflow } from './workflow.js';

/** What rules ask of an application. */
export interface RoutingFacts {
  readonly sector: string;
  readonly country: string;
  /** The code of the program's product. */
  readonly product: string;
  readonly risk: RiskRating;
  readonly answers: unknown;
  /** Keys of the flags that are up on it or on its organization. */
  readonly flags: readonly string[];
}

/** What became of a rule. */
export const ruleOutcomes = {
  CHOSEN: 'All of it holds, and no rule before decided: it says where the application goes.',
  FLAGGED: 'All of it holds, and it only raises flags: the rules after it are tried, and know of them.',
  NOT_MATCHED: 'Something of it does not hold.',
  TOO_LATE: 'All of it holds, but a rule before has decided.',
  ELSEWHERE: 'It is about other stages.',
} as const;

export type RuleOutcome = keyof typeof ruleOutcomes;

/** A condition of a rule, in words, and what was found. */
export interface Clause {
  readonly asked: string;
  readonly found: string;
  readonly holds: boolean;
}

export interface RuleVerdict {
  readonly rule: RoutingRule;
  readonly outcome: RuleOutcome;
  /** None when it is about other stages, or holds always. */
  readonly clauses: readonly Clause[];
}

/** Where an application goes, and why. */
export interface Routing {
  readonly queue: string;
  /** The rule that decided; null when none did. */
  readonly chosen: RoutingRule | null;
  /** Those that only raise flags. */
  readonly flagging: readonly RoutingRule[];
  readonly verdicts: readonly RuleVerdict[];
}

/** Every queue that applications of this workflow can be in, each once. */
export function queuesOf({ intake, stages, routing }: Workflow): readonly string[] {
  const ofRules = (routing ?? []).flatMap(({ queue }) => queue ?? []);
  return [...new Set([intake.queue, ...stages.map(({ queue }) => queue), ...ofRules])];
}

/** The rules that are about a stage, or about intake. Where there are none, nothing need be known. */
export function rulesAt(workflow: Workflow, stageKey: string | null): readonly RoutingRule[] {
  return (workflow.routing ?? []).filter((rule) => isAbout(rule, stageKey));
}

function isAbout({ at }: RoutingRule, stageKey: string | null): boolean {
  return at.length === 0 || at.includes(stageKey ?? intakeClock);
}

/** A rule that says neither queue nor people does not end the search. */
function onlyFlags({ queue, reviewerIds, role }: RoutingRule): boolean {
  return !queue && !role && (reviewerIds ?? []).length === 0;
}

/** Tries the rules in order. The first that holds decides, unless all it does is raise flags. */
export function routingAt(workflow: Workflow, stageKey: string | null, facts: RoutingFacts): Routing {
  const flags = new Set(facts.flags);
  const flagging: RoutingRule[] = [];
  let chosen: RoutingRule | null = null;
  const verdicts = (workflow.routing ?? []).map((rule): RuleVerdict => {
    if (!isAbout(rule, stageKey)) return { rule, outcome: 'ELSEWHERE', clauses: [] };
    const clauses = rule.when.map((condition) => clauseOf(condition, { ...facts, flags: [...flags] }));
    if (clauses.some(({ holds }) => !holds)) return { rule, outcome: 'NOT_MATCHED', clauses };
    if (chosen) return { rule, outcome: 'TOO_LATE', clauses };
    if (onlyFlags(rule)) {
      flagging.push(rule);
      for (const { flag } of rule.raiseFlags ?? []) flags.add(flag);
      return { rule, outcome: 'FLAGGED', clauses };
    }
    chosen = rule;
    return { rule, outcome: 'CHOSEN', clauses };
  });
  return { queue: queueOf(workflow, stageKey, chosen), chosen, flagging, verdicts };
}

function queueOf(workflow: Workflow, stageKey: string | null, rule: RoutingRule | null): string {
  return rule?.queue ?? (stageByKey(workflow, stageKey) ?? workflow.intake).queue;
}

function clauseOf(condition: RoutingCondition, facts: RoutingFacts): Clause {
  const { sectorIn, countryIn, productIn, riskIn, answer, flaggedWith } = condition;
  if (sectorIn) return oneOf('The sector', facts.sector, sectorIn);
  if (countryIn) return oneOf('The country', facts.country, countryIn);
  if (productIn) return oneOf('The product', facts.product, productIn);
  if (riskIn) return oneOf('The risk', facts.risk, riskIn);
  if (answer) return answerClause(answer, facts.answers);
  return flagClause(flaggedWith ?? [], facts.flags);
}

function oneOf(what: string, found: string, wanted: readonly string[]): Clause {
  return { asked: `${what} is ${either(wanted)}.`, found, holds: wanted.includes(found) };
}

function flagClause(wanted: readonly string[], up: readonly string[]): Clause {
  const found = up.length === 0 ? 'No flag is up.' : `These flags are up: ${[...up].sort().join(', ')}.`;
  return { asked: `It is flagged with ${either(wanted)}.`, found, holds: wanted.some((flag) => up.includes(flag)) };
}

function answerClause(answer: NonNullable<RoutingCondition['answer']>, answers: unknown): Clause {
  const { path, equals, in: among, greaterThan } = answer;
  const place = `The answer to ${path.join('.')}`;
  const value = valueAt(answers, path);
  const single: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = value === undefined ? 'It was not answered.' : shortened(JSON.stringify(value));
  if (greaterThan != null) {
    const holds = single.some((one) => typeof one === 'number' && one > greaterThan);
    return { asked: `${place} is greater than ${greaterThan}.`, found, holds };
  }
  const wanted = equals == null ? (among ?? []) : [equals];
  const holds = single.some((one) => isScalar(one) && wanted.includes(String(one)));
  return { asked: `${place} is ${either(wanted)}.`, found, holds };
}

function valueAt(answers: unknown, path: readonly string[]): unknown {
  let value = answers;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

const longestShown = 200;

function shortened(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function either(words: readonly string[]): string {
  return words.join(' or ');
}
