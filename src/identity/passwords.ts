import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Problem } from '../platform/errors.js';
import { newToken } from '../platform/secrets.js';

/** Argon2id with the least costs that OWASP recommends: 19 MiB of memory, two passes, one lane. */
const costs = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;

/** Long enough that guessing is hopeless at the rates that the limits allow. */
export const shortestPassword = 12;
/** Long enough for any sentence; a bound, because hashing is work. */
export const longestPassword = 128;
/** Fewer than this, and it is a key held down. */
const fewestDifferentCharacters = 5;

/** Characters that people do not mistake for each other when they copy a password by hand. */
const legible = '23456789abcdefghjkmnpqrstuvwxyz';
const oneTimeGroups = 5;
const oneTimeGroupLength = 4;

/** A generated password, and what is kept of it. */
export interface OneTimePassword {
  readonly password: string;
  readonly passwordHash: string;
}

/** Hashes and checks passwords. One memory-hard computation each: never call it while a transaction is open. */
export class Passwords {
  /** What the password of an unknown address is compared with, so that it takes as long as that of a known one. */
  readonly #decoy: Promise<string> = hash(newToken(), costs);

  hash(password: string): Promise<string> {
    return hash(canonical(password), costs);
  }

  /** Is this the password? Takes equally long when there is no account to compare with. */
  async matches(password: string, storedHash: string | null): Promise<boolean> {
    const tooLong = lengthOf(password) > longestPassword;
    const right = await verify(storedHash ?? (await this.#decoy), canonical(tooLong ? '' : password));
    return right && storedHash !== null && !tooLong;
  }

  /** About 99 bits of chance in five legible groups. */
  async oneTime(): Promise<OneTimePassword> {
    const groups = Array.from({ length: oneTimeGroups }, () =>
      Array.from({ length: oneTimeGroupLength }, () => legible.charAt(randomInt(legible.length))).join(''),
    );
    const password = groups.join('-');
    return { password, passwordHash: await this.hash(password) };
  }
}

/** Every reason why this person cannot have this password; none when they can. */
export function checkPassword(
  password: string,
  holder: { readonly email: string; readonly name: string },
  path: readonly string[],
): Problem[] {
  const length = lengthOf(password);
  if (length < shortestPassword || length > longestPassword) {
    const range = `A password has ${shortestPassword} to ${longestPassword} characters; this one has ${length}.`;
    return [{ code: 'INVALID', message: `${range} Four or five unrelated words make a good one.`, path }];
  }
  if (!password.isWellFormed()) {
    return [{ code: 'INVALID', message: 'A password must be well-formed Unicode.', path }];
  }
  const [mailbox = ''] = holder.email.split('@');
  if ([holder.email, mailbox, holder.name].some((known) => plain(known) === plain(password))) {
    return [{ code: 'INVALID', message: 'Your name or e-mail address is not a password; choose another one.', path }];
  }
  if (new Set(plain(password)).size < fewestDifferentCharacters) {
    return [
      { code: 'INVALID', message: `A password has at least ${fewestDifferentCharacters} different characters.`, path },
    ];
  }
  return [];
}

/** One text for the same characters typed on different systems. */
function canonical(password: string): string {
  return password.normalize('NFKC');
}

function lengthOf(password: string): number {
  return [...password].length;
}

function plain(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s/gu, '');
}
