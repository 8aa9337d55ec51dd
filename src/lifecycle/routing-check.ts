import { rolesThatHandle } from './assignment.js';
import type { Complaints } from './complaints.js';
import { allRiskRatings } from './risk.js';
import type { Role, StaffRole } from './roles.js';
import {
  type AnswerCondition,
  type FlagToRaise,
  intakeClock,
  type RoutingCondition,
  type RoutingRule,
  type Workflow,
} from './workflow.js';

/** What routing rules are judged by. */
export interface RoutingSurroundings {
  /** The JSON Schema of the answers. */
  readonly questionnaire: Readonly<Record<string, unknown>>;
  readonly sectors: readonly string[];
  /** Keys of the flags that can be raised. */
  readonly flags: readonly string[];
  /** Who works for the operator, by their ids as the API has them; nobody while a portal is set up. */
  readonly people: readonly { readonly staffId: string; readonly roles: readonly StaffRole[] }[];
}

const mostRules = 100;
const mostConditions = 20;
const mostValues = 250;
const mostPeople = 50;
const mostFlags = 10;
const deepestPath = 10;
const longestValue = 500;
const countryForm = /^[A-Z]{2}$/;
const productForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;

type Path = readonly string[];
type Known = RoutingSurroundings | null;

/** Everything that is wrong with the routing rules of a workflow. */
export function checkRouting(workflow: Workflow, known: Known, check: Complaints): void {
  const rules = workflow.routing ?? [];
  if (check.isTooLong(['routing'], rules, mostRules, 'A workflow has at most', 'routing rules')) return;
  rules.forEach((rule, position) => {
    const path = ['routing', String(position)];
    const earlier = rules.slice(0, position).map(({ key }) => key);
    check.key([...path, 'key'], rule.key, 'routing rule', earlier);
    check.text([...path, 'name'], rule.name, 'A routing rule');
    checkStagesOf(rule, workflow, [...path, 'at'], check);
    if (!check.isTooLong([...path, 'when'], rule.when, mostConditions, 'A rule has at most', 'conditions'))
      rule.when.forEach((condition, number) => {
        checkCondition(condition, known, [...path, 'when', String(number)], check);
      });
    checkOutcome(rule, path, check);
    checkFlags(rule.raiseFlags ?? [], known, [...path, 'raiseFlags'], check);
    checkPeople(rule, workflow, known, path, check);
  });
}

function checkStagesOf({ at }: RoutingRule, workflow: Workflow, path: Path, check: Complaints): void {
  const places = [intakeClock, ...workflow.stages.map(({ key }) => key)];
  at.forEach((key, position) => {
    if (!places.includes(key))
      check.invalid([...path, String(position)], `There is no stage "${key}": it is one of ${places.join(', ')}.`);
    if (at.indexOf(key) < position) check.invalid([...path, String(position)], `The stage "${key}" is named twice.`);
  });
}

function checkCondition(condition: RoutingCondition, known: Known, path: Path, check: Complaints): void {
  const { sectorIn, countryIn, productIn, riskIn, answer, flaggedWith } = condition;
  const all = { sectorIn, countryIn, productIn, riskIn, answer, flaggedWith };
  const given = Object.values(all).filter((one) => one != null).length;
  if (given !== 1) check.invalid(path, `A condition is one of ${Object.keys(all).join(', ')}, and this says ${given}.`);
  if (sectorIn)
    checkWords(sectorIn, [...path, 'sectorIn'], check, (sector) =>
      known && !known.sectors.includes(sector) ? `There is no sector "${sector}".` : null,
    );
  if (countryIn)
    checkWords(countryIn, [...path, 'countryIn'], check, (country) =>
      countryForm.test(country) ? null : `A country is two capital letters of ISO 3166-1, not "${country}".`,
    );
  if (productIn)
    checkWords(productIn, [...path, 'productIn'], check, (product) =>
      productForm.test(product)
        ? null
        : `A product’s code is lower-case words joined by hyphens, not "${product.slice(0, 60)}".`,
    );
  if (riskIn)
    checkWords(riskIn, [...path, 'riskIn'], check, (risk) =>
      allRiskRatings.some((known) => known === risk)
        ? null
        : `A rating is one of ${allRiskRatings.join(', ')}, not "${risk.slice(0, 60)}".`,
    );
  if (answer) checkAnswer(answer, known, [...path, 'answer'], check);
  if (flaggedWith) checkWords(flaggedWith, [...path, 'flaggedWith'], check, (flag) => flagProblem(flag, known));
}

function checkAnswer(answer: AnswerCondition, known: Known, path: Path, check: Complaints): void {
  const { equals, in: among, greaterThan } = answer;
  const given = [equals, among, greaterThan].filter((one) => one != null).length;
  if (given !== 1) check.invalid(path, `Say one of equals, in and greaterThan; this says ${given}.`);
  if (among) checkWords(among, [...path, 'in'], check, () => null);
  if (equals != null && equals.length > longestValue)
    check.invalid([...path, 'equals'], `At most ${longestValue} characters are compared.`);
  if (answer.path.length === 0 || answer.path.length > deepestPath)
    check.invalid([...path, 'path'], `Say which answer: 1 to ${deepestPath} names, outermost first.`);
  else if (known) {
    const missing = unknownStep(known.questionnaire, answer.path);
    if (missing) check.invalid([...path, 'path'], missing);
  }
}

/** What is wrong with a path, as far as the schema says which questions there are. */
function unknownStep(questionnaire: unknown, path: Path): string | null {
  let schema = questionnaire;
  for (const step of path) {
    const properties = fieldOf(schema, 'properties');
    if (typeof properties !== 'object' || properties === null) return null;
    if (!Object.hasOwn(properties, step))
      return `The questionnaire has no question "${step}" there: it has ${Object.keys(properties).join(', ')}.`;
    schema = Reflect.get(properties, step);
  }
  return null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function checkOutcome(
  { queue, reviewerIds, role, fallbackIds, raiseFlags }: RoutingRule,
  path: Path,
  check: Complaints,
) {
  const isForSomebody = Boolean(role) || (reviewerIds ?? []).length > 0;
  if (!queue && !isForSomebody && (raiseFlags ?? []).length === 0)
    check.invalid(path, 'This rule does nothing: say a queue, reviewers, a role, or flags to raise.');
  if (!isForSomebody && (fallbackIds ?? []).length > 0)
    check.invalid(
      [...path, 'fallbackIds'],
      'Who steps in when nobody else can needs a role or reviewers to step in for.',
    );
  if (queue != null) check.queue([...path, 'queue'], queue);
}

function checkFlags(flags: readonly FlagToRaise[], known: Known, path: Path, check: Complaints): void {
  if (check.isTooLong(path, flags, mostFlags, 'A rule raises at most', 'flags')) return;
  flags.forEach(({ flag, on, expiresAfterDays }, position) => {
    const here = [...path, String(position)];
    const problem = flagProblem(flag, known);
    if (problem) check.invalid([...here, 'flag'], problem);
    if (flags.slice(0, position).some((other) => other.flag === flag && other.on === on))
      check.invalid([...here, 'flag'], `The flag "${flag}" is raised there twice.`);
    if (expiresAfterDays != null)
      check.whole([...here, 'expiresAfterDays'], expiresAfterDays, [1, 3660], 'A flag expires after a number of days');
  });
}

/** Whoever a rule names must be able to work wherever the rule is about. */
function checkPeople(rule: RoutingRule, workflow: Workflow, known: Known, path: Path, check: Complaints): void {
  const everywhere = [intakeClock, ...workflow.stages.map(({ key }) => key)];
  const places = (rule.at.length === 0 ? everywhere : rule.at).filter((key) => everywhere.includes(key));
  const unable = (roles: readonly Role[]) =>
    places.find((place) => !rolesThatHandle(workflow, place).some((role) => roles.includes(role)));
  const complain = (at: Path, who: string, place: string) =>
    check.invalid(
      at,
      `${who} does not handle the stage “${place}”: ${rolesThatHandle(workflow, place).join(', ')} do. Say with "at" which stages the rule is about.`,
    );
  if (rule.role) {
    const { role } = rule;
    const place = unable([role]);
    if (place) complain([...path, 'role'], role, place);
    else if (known && known.people.length > 0 && !known.people.some(({ roles }) => roles.includes(role)))
      check.invalid([...path, 'role'], `Nobody of the staff is ${role}.`);
  }
  for (const field of ['reviewerIds', 'fallbackIds'] as const) {
    const ids = rule[field] ?? [];
    if (check.isTooLong([...path, field], ids, mostPeople, 'A rule names at most', 'people')) continue;
    ids.forEach((id, position) => {
      const here = [...path, field, String(position)];
      if (ids.indexOf(id) < position) check.invalid(here, 'This person is named twice.');
      if (!known) return;
      const person = known.people.find(({ staffId }) => staffId === id);
      if (!person) check.invalid(here, `Nobody who works for the operator has the id "${id.slice(0, 60)}".`);
      const place = person && unable(person.roles);
      if (place) complain(here, 'This person', place);
    });
  }
}

function flagProblem(flag: string, known: Known): string | null {
  if (!known || known.flags.includes(flag)) return null;
  const those = known.flags.length > 0 ? `those are ${known.flags.join(', ')}` : 'none is defined yet';
  return `There is no flag "${flag}" that can be raised: ${those}.`;
}

function checkWords(
  words: readonly string[],
  path: Path,
  check: Complaints,
  problemOf: (word: string) => string | null,
): void {
  if (words.length === 0) check.invalid(path, 'Name at least one.');
  if (check.isTooLong(path, words, mostValues, 'A condition names at most', 'values')) return;
  words.forEach((word, position) => {
    const here = [...path, String(position)];
    const problem = word.length > longestValue ? `At most ${longestValue} characters are compared.` : problemOf(word);
    if (problem) check.invalid(here, problem);
    if (words.indexOf(word) < position) check.invalid(here, `"${word}" is named twice.`);
  });
}
