import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PortalClient, textAt } from './portal-client.js';

/** A new password for a person who has to choose one. */
export const password = 'correct horse battery staple 42';

/** How long a message may take to be written, in milliseconds. */
const mailWithinMs = 20_000;
const lookEveryMs = 30;

/** The folder that the portal writes its mail to when it has no mail server. */
export class MailFolder {
  readonly #folder: string;
  readonly #read = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The next message to this address that was not taken before and whose text matches. */
  async next(recipient: string, form: RegExp = /./): Promise<string> {
    const deadline = Date.now() + mailWithinMs;
    while (Date.now() < deadline) {
      for (const name of await this.#unread()) {
        const message = unfold(await readFile(join(this.#folder, name), 'utf8'));
        if (!message.toLowerCase().includes(`to: ${recipient.toLowerCase()}`) || !form.test(message)) continue;
        this.#read.add(name);
        return message;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, lookEveryMs);
      });
    }
    throw new Error(`No such message to ${recipient} came within ${mailWithinMs / 1000} s.`);
  }

  async #unread(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith('.eml') && !this.#read.has(name)).sort();
  }
}

/** Undoes quoted-printable, which long lines are sent in (RFC 2045, section 6.7). */
function unfold(message: string): string {
  return message
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The token in a message: 32 random bytes in base64url, on a line of its own. */
export function tokenIn(message: string): string {
  const token = /^([\w-]{43})\r?$/m.exec(message)?.[1];
  if (!token) throw new Error(`There is no token in this message:\n${message}`);
  return token;
}

/** Signs up with a verified address, and signs in, all by the API and the mail. */
export async function signUp(
  portal: PortalClient,
  mail: MailFolder,
  person: { readonly name: string; readonly email: string },
): Promise<PortalClient> {
  await portal.must('signUp', { ...person, password });
  const token = tokenIn(await mail.next(person.email, /Confirm your e-mail address/));
  await portal.must('verifyEmail', { token });
  return signIn(portal, person.email, password);
}

export async function signIn(portal: PortalClient, email: string, secret: string): Promise<PortalClient> {
  const session = await portal.must('signIn', { email, password: secret }, 'token');
  return portal.as(textAt(session, 'token'));
}

/** A member of staff signs in for the first time, with the one-time password, and chooses a password. */
export async function firstSignIn(portal: PortalClient, email: string, oneTimePassword: string): Promise<PortalClient> {
  const session = await signIn(portal, email, oneTimePassword);
  await session.must('changePassword', { currentPassword: oneTimePassword, newPassword: password });
  return session;
}
