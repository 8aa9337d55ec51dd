import { type Actor, type PersonActor, standingOf } from '../lifecycle/actor.js';
import { type PlainCommand, ruleOnPlainCommand } from '../lifecycle/permissions.js';
import type { Ruling } from '../lifecycle/ruling.js';
import { Refusal } from '../platform/errors.js';

/** @throws Refusal with every objection, when there is one. */
export function requireAccepted(ruling: Ruling): void {
  if (ruling.length > 0) throw new Refusal(ruling.map((objection) => ({ ...objection, path: objection.path ?? [] })));
}

/** @throws Refusal UNAUTHENTICATED for strangers, FORBIDDEN when the role does not allow the command. */
export function requirePermission(command: PlainCommand, actor: Actor, organizationId: string | null): void {
  if (actor.kind === 'SYSTEM') return;
  requireIdentified(actor);
  requireAccepted(ruleOnPlainCommand(command, standingOf(actor, organizationId)));
}

/** @throws Refusal CONFLICT when the caller decided on an older version of the object than there is. */
export function requireVersion(version: number, expected: number | null | undefined): void {
  if (expected != null && expected !== version) {
    throw Refusal.of(
      'CONFLICT',
      `This changed since you read it: you expected version ${expected}, and it is at version ${version}. Read it again.`,
      ['expectedVersion'],
    );
  }
}

/** @throws Refusal UNAUTHENTICATED for strangers, before anything is looked up for them. */
export function requireIdentified(actor: Actor): void {
  if (actor.kind === 'ANONYMOUS') {
    throw Refusal.of(
      'UNAUTHENTICATED',
      'Sign in first: send `Authorization: Bearer …` with a session token or an API key.',
    );
  }
}

/** @throws Refusal when nobody is acting in person: what is signed by a person cannot be done by a machine. */
export function requirePerson(actor: Actor): PersonActor {
  if (actor.kind === 'PERSON') return actor;
  requireIdentified(actor);
  throw Refusal.of('FORBIDDEN', 'Only a person can do this, signed in with their own account.');
}

/**
 * A text that somebody wrote, without white space around it.
 * @throws Refusal REQUIRED when it is empty, INVALID when it is too long
 */
export function requireText(text: string, path: readonly string[], longest: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw Refusal.of('REQUIRED', 'This must not be empty.', path);
  if (trimmed.length > longest) {
    const message = `At most ${longest} characters fit here, and these are ${trimmed.length}.`;
    throw Refusal.of('INVALID', message, path);
  }
  return trimmed;
}

/** What breaks a line, or makes it read as something else: control characters, separators, changes of direction. */
const unfitForOneLine = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/**
 * The same for a name or a number, which stands in headings and in lists.
 * @throws Refusal INVALID, too, when it is more than one line or not what it looks like
 */
export function requireLine(text: string, path: readonly string[], longest: number): string {
  const line = requireText(text, path, longest);
  if (!unfitForOneLine.test(line)) return line;
  throw Refusal.of('INVALID', 'This must be one line, without control characters and marks of direction.', path);
}

/** A list of texts, such as conditions or reasons. */
export function requireTexts(
  texts: readonly string[],
  path: readonly string[],
  most: number,
  longest: number,
): string[] {
  if (texts.length > most)
    throw Refusal.of('LIMIT_REACHED', `At most ${most} fit here, and these are ${texts.length}.`, path);
  return texts.map((text, position) => requireText(text, [...path, String(position)], longest));
}
