import { type Actor, standingOf } from '../lifecycle/actor.js';
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
  if (actor.kind === 'ANONYMOUS') throw Refusal.of('UNAUTHENTICATED', 'Sign in first.');
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

/** @throws Refusal when nobody is acting in person: what is signed by a person cannot be done by a machine. */
export function requirePerson(actor: Actor): {
  readonly personId: string;
  readonly name: string;
  readonly email: string;
} {
  if (actor.kind === 'PERSON') return actor;
  if (actor.kind === 'ANONYMOUS') throw Refusal.of('UNAUTHENTICATED', 'Sign in first.');
  throw Refusal.of('FORBIDDEN', 'Only a person can do this, signed in with their own account.');
}
