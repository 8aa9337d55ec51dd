import { LockMode } from '@mikro-orm/core';
import type { Command, Work } from '../doorway/command.js';
import { requireLine, requirePermission, requireText, requireVersion } from '../doorway/requirements.js';
import { personOf } from '../lifecycle/actor.js';
import { type StandardTextKind, standardCodeForm } from '../lifecycle/standard-texts.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { longestList } from '../platform/reading/projection.js';
import { programToApplyTo } from '../programs/program-version.queries.js';
import { StandardText, StandardTextVersion } from './standard-text.entity.js';

const longestCode = 60;
const longestTitle = 200;
/** As long as a condition or a reason that is written for one decision. */
const longestBody = 1000;

interface Words {
  readonly title: string;
  readonly text: string;
}

interface TextResult {
  readonly [name: string]: string;
  readonly standardTextId: string;
}

interface ChangeInput {
  readonly standardTextId: string;
  readonly expectedVersion?: number | null;
}

/** Puts a text into the library; decisions can take it from now on. */
export const createStandardText: Command<
  Words & { readonly kind: StandardTextKind; readonly code: string; readonly programId: string | null },
  TextResult
> = {
  name: 'standardText.create',
  duplicates: { standard_text_code_unique: 'The library has a text with this code already.' },
  async run(work, { kind, code, programId, ...words }) {
    requirePermission('manageStandardTexts', work.actor, null);
    if (!standardCodeForm.test(code) || code.length > longestCode) {
      const message = `A code is lower-case words joined by hyphens, at most ${longestCode} characters, not "${code.slice(0, 100)}".`;
      throw Refusal.of('INVALID', message, ['code']);
    }
    const worded = requireWords(words);
    if (programId !== null && !(await programToApplyTo(work.em, programId)))
      throw Refusal.notFound('program', ['programId']);
    if (await work.em.findOne(StandardText, { code }))
      throw Refusal.of('ALREADY_EXISTS', `The library has a text with the code "${code}" already.`, ['code']);
    const made = work.em.create(StandardText, {
      id: work.ids.next(),
      kind,
      code,
      programId,
      textVersion: 1,
      retiredAt: null,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    await work.em.flush();
    addVersion(work, made, worded);
    record(work, made, 'standard_text.created');
    return { standardTextId: made.id };
  },
};

/** Says it in other words from now on. Decisions keep the words that they took over. */
export const publishStandardTextVersion: Command<ChangeInput & Words, TextResult> = {
  name: 'standardText.publishVersion',
  async run(work, { standardTextId, expectedVersion, ...words }) {
    const found = await locked(work, standardTextId, expectedVersion);
    const worded = requireWords(words);
    const present = await work.em.findOneOrFail(StandardTextVersion, { standardTextId, number: found.textVersion });
    if (present.title === worded.title && present.body === worded.text)
      throw Refusal.of('INVALID', `Version ${present.number} says exactly this already.`, ['text']);
    if (found.textVersion >= longestList) {
      const message = `A text has at most ${longestList} versions. Retire it, and write another one.`;
      throw Refusal.of('LIMIT_REACHED', message, ['standardTextId']);
    }
    found.textVersion += 1;
    found.updatedAt = work.now;
    addVersion(work, found, worded);
    record(work, found, 'standard_text.published');
    return { standardTextId };
  },
};

/** Retires a text, so that no new proposal takes it, or takes it into use again. */
export const setStandardTextInUse: Command<ChangeInput & { readonly inUse: boolean }, TextResult> = {
  name: 'standardText.setInUse',
  async run(work, { standardTextId, inUse, expectedVersion }) {
    const found = await locked(work, standardTextId, expectedVersion);
    if ((found.retiredAt === null) === inUse)
      throw Refusal.of('NOT_ALLOWED_NOW', `This text is ${inUse ? 'in use' : 'retired'} already.`, ['inUse']);
    found.retiredAt = inUse ? null : work.now;
    found.updatedAt = work.now;
    record(work, found, inUse ? 'standard_text.reinstated' : 'standard_text.retired');
    return { standardTextId };
  },
};

async function locked(work: Work, id: string, expectedVersion?: number | null): Promise<StandardText> {
  requirePermission('manageStandardTexts', work.actor, null);
  const found = await work.em.findOne(StandardText, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!found) throw Refusal.notFound('standard text', ['standardTextId']);
  requireVersion(found.version, expectedVersion);
  return found;
}

function requireWords({ title, text }: Words): Words {
  return { title: requireLine(title, ['title'], longestTitle), text: requireText(text, ['text'], longestBody) };
}

function addVersion(work: Work, { id, textVersion }: StandardText, { title, text }: Words): void {
  work.em.create(StandardTextVersion, {
    id: work.ids.next(),
    standardTextId: id,
    number: textVersion,
    title,
    body: text,
    publishedBy: personOf(work.actor),
    publishedAt: work.now,
  });
}

type LibraryEvent =
  | 'standard_text.created'
  | 'standard_text.published'
  | 'standard_text.retired'
  | 'standard_text.reinstated';

function record(work: Work, { id, code, textVersion }: StandardText, event: LibraryEvent): void {
  work.record({
    event,
    payload: { standardTextId: encodeId('standardtext', id), code, textVersion },
    subject: { kind: 'standardtext', id },
    organizationId: null,
  });
}
