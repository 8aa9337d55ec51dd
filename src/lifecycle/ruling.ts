/** Why a command is not accepted. The codes are the portal's error codes of the same names. */
export interface Objection {
  readonly code:
    | 'FORBIDDEN'
    | 'NOT_ALLOWED_NOW'
    | 'INCOMPLETE'
    | 'FOUR_EYES'
    | 'EXPIRED'
    | 'ALREADY_EXISTS'
    | 'REQUIRED'
    | 'INVALID'
    | 'CONTENT_MISMATCH'
    | 'LIMIT_REACHED';
  readonly message: string;
  readonly path?: readonly string[];
}

/** What the rules say about a command: accepted when there is no objection. */
export type Ruling = readonly Objection[];

export const accepted: Ruling = [];

export function objection(code: Objection['code'], message: string, path?: readonly string[]): Ruling {
  return [path ? { code, message, path } : { code, message }];
}
