import type { StaffRole } from '../lifecycle/roles.js';
import type { Em } from '../platform/database/database.js';

/** To whom a message about an account goes. */
export interface Addressee {
  readonly email: string;
  readonly name: string;
}

/** A message with a link that works once. The token is the link's secret part, for people who call the API directly. */
export interface LinkLetter extends Addressee {
  readonly link: string;
  readonly token: string;
  /** How long the link works. */
  readonly validForHours: number;
}

/** Tells a person that they work for the operator now. */
export interface StaffLetter extends Addressee {
  readonly roles: readonly StaffRole[];
  /** True for who gets a one-time password. It is not in the letter: it is handed over in person. */
  readonly hasOneTimePassword: boolean;
}

/**
 * The messages that accounts need sent. Each call enqueues the message in the transaction of `em`, so that it goes out
 * exactly when what it tells of was committed.
 */
export interface AccountMail {
  /** Asks whoever signed up to show that the address is theirs. */
  verifyAddress(em: Em, letter: LinkLetter): Promise<void>;
  /** Tells the holder of an account that somebody tried to sign up with its address; the answer to that somebody does not. */
  addressAlreadyKnown(em: Em, letter: Addressee): Promise<void>;
  resetPassword(em: Em, letter: LinkLetter): Promise<void>;
  /** Lets the holder notice a change of password that they did not make. */
  passwordChanged(em: Em, letter: Addressee): Promise<void>;
  addedToStaff(em: Em, letter: StaffLetter): Promise<void>;
}
