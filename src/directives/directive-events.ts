import { createHash } from 'node:crypto';
import type { Work } from '../doorway/command.js';
import type { EventName, EventPayload } from '../events/catalogue.js';
import { ordersText } from '../lifecycle/release-history.js';
import { encodeId } from '../platform/ids.js';
import { Authority, Directive, DirectiveEntry } from './directive.entity.js';

type DirectiveEvent = Extract<EventName, `directive.${string}`>;
type Common = 'directiveId' | 'reference' | 'authority' | 'kind' | 'productCodes';

/** The products that a directive is about: its own, and those of the directive that it changes. */
export async function codesConcerned(work: Work, { terms, changesId }: Directive): Promise<readonly string[]> {
  const changed = changesId ? await work.em.findOneOrFail(Directive, { id: changesId }) : null;
  return [...new Set([...(terms?.products ?? []), ...(changed?.terms?.products ?? [])])].sort();
}

/** The hash of what a directive orders, which its record holds when it is put in force. */
export async function ordersSha256(work: Work, directive: Directive): Promise<string> {
  const authority = await work.em.findOneOrFail(Authority, { id: directive.authorityId });
  const entries = await work.em.find(DirectiveEntry, { directiveId: directive.id }, { orderBy: { position: 'asc' } });
  const { reference, kind, changesId, issuedAt, effectiveAt, expiresAt, terms } = directive;
  const text = ordersText({
    ...{ authority: authority.name, reference, kind, changesId: changesId ?? null, terms: terms ?? null, entries },
    issuedAt: issuedAt.toISOString(),
    effectiveAt: effectiveAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
  });
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

export async function recordDirectiveEvent<Name extends DirectiveEvent>(
  work: Work,
  directive: Directive,
  event: Name,
  particulars: Omit<EventPayload<Name>, Common>,
): Promise<void> {
  const authority = await work.em.findOneOrFail(Authority, { id: directive.authorityId });
  work.record({
    event,
    // The compiler cannot put a generic payload together from its two parts.
    payload: {
      directiveId: encodeId('directive', directive.id),
      reference: directive.reference,
      authority: authority.name,
      kind: directive.kind,
      productCodes: await codesConcerned(work, directive),
      ...particulars,
    } as unknown as EventPayload<Name>,
    subject: { kind: 'directive', id: directive.id },
    organizationId: null,
  });
}
