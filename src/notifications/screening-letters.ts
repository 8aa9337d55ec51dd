import type { EventName } from '../events/catalogue.js';
import type { Audience, Letter, Matter } from './letters.js';

/** Who hears by e-mail of screening: staff who judge hits, and those who look after grants. Partners never do. */
export const screeningLetters = {
  'screening.hits_found': toJudges((matter) => ({
    subject: `${matter.organization}: screening hits to judge`,
    happened: `The screening of ${matter.organization} and its members found ${hits(matter)} that nobody has judged.`,
    next: 'Propose a judgement; another person confirms it. Nothing is approved before that.',
  })),
  'screening.adjudication_proposed': toJudges((matter) => ({
    subject: `${matter.organization}: a judgement of a screening hit waits`,
    happened: `${matter.field('verdict')} was proposed as the judgement of a screening hit on ${matter.organization}.`,
    next: 'Confirm it or decline it; whoever proposed it cannot.',
  })),
  'screening.adjudication_confirmed': [
    {
      to: 'PROGRAM_MANAGERS',
      write: (matter) => ({
        subject: `${matter.organization}: a screening hit was judged`,
        happened: `A screening hit on ${matter.organization} was found to be ${matter.field('verdict')}, by two people.`,
        next: 'Look at its grants: what was suspended for the hit may be reinstated once no hit is left, or is to be revoked.',
      }),
    },
  ],
  'screening.adjudication_declined': [
    {
      to: 'ADJUDICATOR',
      write: (matter) => ({
        subject: `${matter.organization}: your judgement of a screening hit was declined`,
        happened: `The judgement that you proposed of a screening hit on ${matter.organization} was declined.`,
        next: 'Read why; then a judgement can be proposed anew.',
      }),
    },
  ],
  'screening.grant_affected': to(['PROGRAM_MANAGERS', 'INTAKE', 'REVIEWERS'], (matter) => ({
    subject: `${matter.reference}: active, and there is a screening hit`,
    happened: `The grant ${matter.reference} of ${matter.organization} is active, and the organization has a screening hit that is not cleared.`,
    next:
      matter.field('suspends') === 'YES'
        ? 'The program has it suspended at once. Judge the hit.'
        : 'Judge the hit, and suspend the grant if it cannot wait.',
  })),
} as const satisfies Partial<Record<EventName, readonly Letter[]>>;

function toJudges(write: Letter['write']): readonly Letter[] {
  return to(['INTAKE', 'REVIEWERS'], write);
}

function to(audiences: readonly Audience[], write: Letter['write']): readonly Letter[] {
  return audiences.map((audience) => ({ to: audience, write }));
}

function hits(matter: Matter): string {
  const count = matter.field('hits');
  return count === '1' ? '1 hit' : `${count} hits`;
}
