import type { Objection } from './ruling.js';

/** What a program lays down for the grants that follow: their seats, their renewal and their recertification. */
export interface GrantPolicy {
  /** The question whose answer says how many seats a grant has; null when none does. */
  readonly seatsQuestion: string | null;
  /** How many it has when that is not answered, or not asked. */
  readonly defaultSeats: number;
  /** The question whose answer lists the environments or regions it is for; null when none does. */
  readonly regionsQuestion: string | null;
  /** Days before a grant's end from which it can be renewed. */
  readonly renewalOpensDays: number;
  /** Keys of the stages that renewals pass, besides the last; null for all. */
  readonly renewalStages: readonly string[] | null;
  /** Every so many days a grant is recertified; null for never. */
  readonly recertifyEveryDays: number | null;
  /** Days before a recertification is due from which it can be given. */
  readonly recertifyNoticeDays: number;
}

export const defaultGrantPolicy: GrantPolicy = {
  seatsQuestion: 'seats',
  defaultSeats: 1,
  regionsQuestion: null,
  renewalOpensDays: 60,
  renewalStages: null,
  recertifyEveryDays: null,
  recertifyNoticeDays: 30,
};

/** A policy as a program manager gives it: what is not said is as the portal does it by itself. */
export type GivenGrantPolicy = { readonly [Field in keyof GrantPolicy]?: GrantPolicy[Field] | undefined };

export function wholeGrantPolicy(given: GivenGrantPolicy): GrantPolicy {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultGrantPolicy, ...Object.fromEntries(said) };
}

/** The most seats a grant can have. */
export const mostSeats = 100_000;

/** What of a version its policy is judged by. */
export interface PolicySurroundings {
  /** The questions that are asked at the root of the questionnaire. */
  readonly questions: readonly string[];
  readonly stages: readonly string[];
}

/** Every reason why a policy cannot be published; a question of the portal's own choice need not be asked. */
export function checkGrantPolicy(policy: GrantPolicy, { questions, stages }: PolicySurroundings): Objection[] {
  const problems: Objection[] = [];
  const object = (field: keyof GrantPolicy, message: string) =>
    problems.push({ code: 'INVALID', message, path: [field] });
  const whole = (field: keyof GrantPolicy, value: number, least: number, most: number) => {
    if (!Number.isInteger(value) || value < least || value > most)
      object(field, `This is a whole number from ${least} to ${most}.`);
  };
  for (const field of ['seatsQuestion', 'regionsQuestion'] as const) {
    const question = policy[field];
    if (question === null || question === defaultGrantPolicy[field] || questions.includes(question)) continue;
    object(field, `The questionnaire has no question "${question}".`);
  }
  whole('defaultSeats', policy.defaultSeats, 1, mostSeats);
  whole('renewalOpensDays', policy.renewalOpensDays, 1, 3660);
  whole('recertifyNoticeDays', policy.recertifyNoticeDays, 1, 366);
  if (policy.recertifyEveryDays !== null)
    whole('recertifyEveryDays', policy.recertifyEveryDays, policy.recertifyNoticeDays + 1, 3660);
  for (const key of policy.renewalStages ?? []) {
    if (!stages.includes(key)) object('renewalStages', `The workflow has no stage "${key}".`);
  }
  return problems;
}

type Answers = Readonly<Record<string, unknown>>;

/** How many seats were asked for, and so are granted. */
export function seatsIn({ seatsQuestion, defaultSeats }: GrantPolicy, answers: Answers): number {
  const answer = seatsQuestion === null ? null : answers[seatsQuestion];
  const isNumber = typeof answer === 'number' && Number.isInteger(answer) && answer >= 1;
  return isNumber ? Math.min(answer, mostSeats) : defaultSeats;
}

/** The environments or regions that were asked for: an answer that is a list, or one. */
export function regionsIn({ regionsQuestion }: GrantPolicy, answers: Answers): string[] {
  const answer = regionsQuestion === null ? [] : answers[regionsQuestion];
  const listed: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  return [...new Set(listed.filter((one): one is string => typeof one === 'string' && one.trim() !== ''))];
}

const dayMs = 24 * 60 * 60 * 1000;

/** From when a grant that ends then can be renewed. */
export function renewalOpensAt(endsAt: Date, { renewalOpensDays }: Pick<GrantPolicy, 'renewalOpensDays'>): Date {
  return new Date(endsAt.getTime() - renewalOpensDays * dayMs);
}
