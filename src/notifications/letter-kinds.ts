import { eventDefinition, isEventName } from '../events/catalogue.js';
import { type AccountKind, accountKinds } from './account-kinds.js';
import { applicationLetters } from './application-letters.js';
import { correspondenceLetters } from './correspondence-letters.js';
import { grantLetters } from './grant-letters.js';
import { informationRequestLetters } from './information-request-letters.js';
import { capacities, type Letter, type Letters, type Mandatory } from './letters.js';
import { organizationLetters } from './organization-letters.js';
import { provisioningLetters } from './provisioning-letters.js';
import { releaseLetters } from './release-letters.js';
import { reopeningLetters } from './reopening-letters.js';
import { screeningLetters } from './screening-letters.js';
import { termsLetters } from './terms-letters.js';
import { workflowLetters } from './workflow-letters.js';

/** How somebody hears by e-mail of what happens. */
export const choices = {
  AT_ONCE: 'By an e-mail of its own, at once.',
  DAILY_DIGEST: 'By one e-mail a day, with everything else that is chosen so.',
  NEVER: 'Not by e-mail; it is shown in the portal.',
} as const;
export type Choice = keyof typeof choices;

/** How people hear who have not chosen. */
export const usualChoice: Choice = 'AT_ONCE';

/** Every letter about an event, by the event. */
const letters: Letters = {
  ...applicationLetters,
  ...workflowLetters,
  ...informationRequestLetters,
  ...correspondenceLetters,
  ...reopeningLetters,
  ...releaseLetters,
  ...grantLetters,
  ...termsLetters,
  ...provisioningLetters,
  ...organizationLetters,
  ...screeningLetters,
};

/** A kind of letter, of which somebody chooses how they get it: one for each event that letters are about. */
export interface LetterKind {
  /** The event's name; of letters about accounts, a name of its own. */
  readonly name: string;
  readonly description: string;
  /** What can be chosen. */
  readonly choices: readonly Choice[];
  /** Why it cannot be turned off; null when it can. */
  readonly because: string | null;
  /** Does nobody but staff get it? */
  readonly isForStaff: boolean;
}

const kinds: ReadonlyMap<string, LetterKind> = new Map(
  [
    ...Object.entries(letters).map(([name, about]) => kindOfEvent(name, about)),
    ...Object.entries(accountKinds).map(([name, kind]) => kindOfAccount(name, kind)),
  ].map((kind) => [kind.name, kind]),
);

/** Every kind of letter. */
export const letterKinds: readonly LetterKind[] = [...kinds.values()];

export function letterKind(name: string): LetterKind | undefined {
  return kinds.get(name);
}

export function lettersAbout(event: string): readonly Letter[] {
  return (Object.hasOwn(letters, event) && letters[event]) || [];
}

/** How somebody gets letters of this kind who chose so, or has not chosen. */
export function heldChoice(kind: LetterKind, chosen: unknown): Choice {
  return kind.choices.find((choice) => choice === chosen) ?? usualChoice;
}

export function canBeTurnedOff(kind: LetterKind): boolean {
  return kind.choices.includes('NEVER');
}

function kindOfEvent(name: string, about: readonly Letter[]): LetterKind {
  if (!isEventName(name)) throw new Error(`There is no event ${name} for a letter to be about.`);
  const mandatory = about.map((letter) => letter.mandatory).filter((one) => one !== undefined);
  return {
    name,
    description: eventDefinition(name).happens,
    ...permitted(mandatory.find(({ reaches }) => reaches === 'AT_ONCE') ?? mandatory[0]),
    isForStaff: about.every(({ to }) => capacities[to].as === 'STAFF'),
  };
}

function kindOfAccount(name: string, { happens, because, isForStaff }: AccountKind): LetterKind {
  return { name, description: happens, ...permitted({ reaches: 'AT_ONCE', because }), isForStaff: isForStaff === true };
}

function permitted(mandatory: Mandatory | undefined): Pick<LetterKind, 'choices' | 'because'> {
  if (!mandatory) return { choices: ['AT_ONCE', 'DAILY_DIGEST', 'NEVER'], because: null };
  const { reaches, because } = mandatory;
  return { choices: reaches === 'AT_ONCE' ? ['AT_ONCE'] : ['AT_ONCE', 'DAILY_DIGEST'], because };
}
