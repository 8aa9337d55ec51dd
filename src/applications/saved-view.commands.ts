import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireLine, requirePermission, requirePerson, requireVersion } from '../doorway/requirements.js';
import type { EventName } from '../events/catalogue.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { requireSearch } from './application-search.queries.js';
import type { ApplicationSort } from './application-sort.queries.js';
import { type GivenFilter, requireFilter } from './saved-filter.commands.js';
import { SavedView } from './saved-view.entity.js';

const longestName = 100;
const mostViews = 100;

export type SavedViewResult = { readonly viewId: string };

const sameName = 'You have another view with this name; choose another name.';
const duplicates = { saved_view_name_unique: sameName };

export interface CreateSavedViewInput {
  readonly name: string;
  readonly filter: GivenFilter;
  readonly search: string | null;
  readonly sort: ApplicationSort;
  readonly isShared: boolean;
}

/** Keeps a question about applications under a name, for oneself or for all staff. */
export const createSavedView: Command<CreateSavedViewInput, SavedViewResult> = {
  name: 'savedView.create',
  duplicates,
  async run(work, input) {
    const { personId } = requirePerson(work.actor);
    requirePermission('manageSavedViews', work.actor, null);
    const asked = {
      name: requireLine(input.name, ['name'], longestName),
      filter: requireFilter(input.filter),
      search: input.search === null ? null : requireSearch(input.search, ['search']),
    };
    await requireRoom(work, personId);
    const view = work.em.create(SavedView, {
      id: work.ids.next(),
      ownerId: personId,
      ...asked,
      sort: input.sort,
      isShared: input.isShared,
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    recordView(work, 'saved_view.created', view);
    return { viewId: view.id };
  },
};

/** What is undefined stays as it is. */
export interface UpdateSavedViewInput {
  readonly viewId: string;
  readonly name?: string;
  readonly filter?: GivenFilter;
  readonly search?: string | null;
  readonly sort?: ApplicationSort;
  readonly isShared?: boolean;
  readonly expectedVersion: number | null;
}

/** Changes a view of one's own. */
export const updateSavedView: Command<UpdateSavedViewInput, SavedViewResult> = {
  name: 'savedView.update',
  duplicates,
  async run(work, input) {
    const view = await loadOwn(work, input.viewId);
    requireVersion(view.version, input.expectedVersion);
    if (input.name !== undefined) view.name = requireLine(input.name, ['name'], longestName);
    if (input.filter !== undefined) view.filter = requireFilter(input.filter);
    if (input.search !== undefined) {
      view.search = input.search === null ? null : requireSearch(input.search, ['search']);
    }
    if (input.sort !== undefined) view.sort = input.sort;
    if (input.isShared !== undefined) view.isShared = input.isShared;
    view.updatedAt = work.now;
    recordView(work, 'saved_view.changed', view);
    return { viewId: view.id };
  },
};

/** Removes a view of one's own; for those it was shared with it is gone, too. */
export const removeSavedView: Command<{ readonly viewId: string }, SavedViewResult> = {
  name: 'savedView.remove',
  async run(work, { viewId }) {
    const view = await loadOwn(work, viewId);
    recordView(work, 'saved_view.removed', view);
    work.em.remove(view);
    return { viewId };
  },
};

/** @throws Refusal NOT_FOUND for a view that the actor does not see, FORBIDDEN for one that is shared by somebody else */
async function loadOwn(work: Work, viewId: string): Promise<SavedView> {
  const { personId } = requirePerson(work.actor);
  requirePermission('manageSavedViews', work.actor, null);
  const view = await work.em.findOne(SavedView, { id: viewId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!view || (view.ownerId !== personId && !view.isShared)) throw Refusal.notFound('saved view', ['viewId']);
  if (view.ownerId === personId) return view;
  throw Refusal.of('FORBIDDEN', 'Only who made a shared view changes or removes it. Make one of your own like it.');
}

function recordView(work: Work, event: Extract<EventName, `saved_view.${string}`>, { id, isShared }: SavedView): void {
  work.record({
    event,
    payload: { viewId: encodeId('savedview', id), sharing: isShared ? 'SHARED' : 'PRIVATE' },
    subject: { kind: 'savedview', id },
    organizationId: null,
  });
}

async function requireRoom(work: Work, ownerId: string): Promise<void> {
  // One at a time for each person, so that two made at one moment do not both fit into one place.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`saved views ${ownerId}`}, 0))`.execute(work.sql);
  if ((await work.em.count(SavedView, { ownerId })) < mostViews) return;
  throw Refusal.of('LIMIT_REACHED', `You have ${mostViews} views already. Remove one that is not needed.`);
}
