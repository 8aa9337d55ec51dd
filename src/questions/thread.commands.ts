import { loadForCommand, recordApplicationEvent } from '../applications/application.commands.js';
import type { Command } from '../doorway/command.js';
import { requirePerson, requireText } from '../doorway/requirements.js';
import { standingOf } from '../lifecycle/actor.js';
import { encodeId } from '../platform/ids.js';
import { addMessage, longestText, type RequestInput, requireOpenRequest } from './open-request.commands.js';

/** The most messages of a thread; what staff say when they ask again does not count. */
const mostMessages = 150;

/** Writes in the thread of the open request. That is talk: the request stays open, and the clock paused. */
export const writeInformationMessage: Command<RequestInput & { readonly text: string }, { applicationId: string }> = {
  name: 'application.discuss',
  async run(work, input) {
    const { application } = await loadForCommand(work, input.applicationId, 'discuss', input);
    const { personId } = requirePerson(work.actor);
    const request = await requireOpenRequest(work, input);
    const text = requireText(input.text, ['text'], longestText);
    const { belongsToOrganization } = standingOf(work.actor, application.organizationId);
    const side = belongsToOrganization ? 'PARTNER' : 'STAFF';
    const message = await addMessage(work, request, { side, text, most: mostMessages }, personId);
    const event = side === 'PARTNER' ? 'application.information_asked_back' : 'application.information_clarified';
    recordApplicationEvent(work, application, event, {
      informationRequestId: encodeId('inforequest', request.id),
      message,
    });
    return { applicationId: input.applicationId };
  },
};
