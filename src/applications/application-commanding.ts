import type { GraphQLResolveInfo } from 'graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command, CommandResult } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId, type IdKind } from '../platform/ids.js';
import { applicationById } from './application-lists.queries.js';

/**
 * Gives a command on an application and answers with the application as it is then, as every such mutation does.
 * `otherIds` names the input's other ids, or lists of them, and what they are ids of; an input with ids further within is made when
 * it is asked for.
 */
export function answerWithApplication<
  Input extends { readonly applicationId: string },
  Result extends CommandResult & { readonly applicationId: string },
>(
  doorway: Doorway,
  command: Command<Input, Result>,
  given: Input | (() => Input),
  request: Request,
  info: GraphQLResolveInfo,
  otherIds: { readonly [Name in keyof Input]?: IdKind } = {},
) {
  return answer(async () => {
    const input = typeof given === 'function' ? given() : given;
    const applicationId = decodeId('application', input.applicationId, ['applicationId']);
    const reading = request.reading.prepared(applicationById, applicationId, info, 'application');
    const decoded: Record<string, string | readonly string[]> = {};
    for (const [name, kind] of Object.entries<IdKind | undefined>(otherIds)) {
      const given: unknown = Reflect.get(input, name);
      if (kind && typeof given === 'string') decoded[name] = decodeId(kind, given, [name]);
      if (kind && Array.isArray(given))
        decoded[name] = given.map((text, position) => decodeId(kind, String(text), [name, String(position)]));
    }
    const known = { ...input, applicationId, ...decoded };
    const changed = await doorway.executeAndAsk(command, known, request.command, reading.question);
    return { application: reading.read(changed) };
  });
}
