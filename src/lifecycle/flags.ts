/** The colours that a flag can have, with what they are usually taken for. */
export const flagColours = {
  GREY: 'Of note.',
  BLUE: 'To be known.',
  TEAL: 'Somebody’s special field.',
  GREEN: 'Good news.',
  YELLOW: 'To be looked at.',
  ORANGE: 'To be looked at closely.',
  RED: 'A danger.',
  PURPLE: 'Of high rank.',
} as const;

export type FlagColour = keyof typeof flagColours;
export const allFlagColours = Object.keys(flagColours) as FlagColour[];

/** What a flag is raised on. */
export const flagPlaces = {
  APPLICATION: 'The application.',
  ORGANIZATION: 'The organization that applies, and so all of its applications.',
} as const;

export type FlagPlace = keyof typeof flagPlaces;

/** The form of the key by which rules name a flag. */
export const flagKeyForm = /^[a-z0-9]+(-[a-z0-9]+)*$/;
