import { Field, ObjectType } from 'type-graphql';
import { type Problem, Refusal, type UserErrorCode, userErrorCodes } from '../platform/errors.js';
import { registeredEnum } from './registered-enum.js';

export const UserErrorCodeEnum = registeredEnum('UserErrorCode', 'What kind of problem a command met.', userErrorCodes);

@ObjectType({ description: 'A problem that the caller can act on. Nothing was changed.' })
export class UserError {
  @Field(() => UserErrorCodeEnum, { description: 'What kind of problem it is.' })
  code!: UserErrorCode;

  @Field(() => String, { description: 'What was wrong and what would be right, for people.' })
  message!: string;

  @Field(() => [String], {
    description:
      'Where in the input: names and list positions, outermost first. Empty when it is about the whole request.',
  })
  path!: readonly string[];
}

/** What every mutation's payload has. */
@ObjectType()
export abstract class Payload {
  @Field(() => [UserError], { description: 'Why nothing was changed; empty when the command was accepted.' })
  errors!: readonly UserError[];
}

/**
 * Runs a command and answers its payload; refusals that the caller can act on become `errors`.
 * Authentication, authorization and limits stay GraphQL errors.
 */
export async function answer<Fields extends object>(
  work: () => Promise<Fields>,
): Promise<Partial<Fields> & { errors: readonly UserError[] }> {
  try {
    return { ...(await work()), errors: [] };
  } catch (error) {
    if (error instanceof Refusal && error.isForUser)
      return { ...nothing<Fields>(), errors: error.problems.map(userError) };
    throw error;
  }
}

function nothing<Fields extends object>(): Partial<Fields> {
  return {};
}

/** A problem as payloads report it. */
export function userError(problem: Problem): UserError {
  const code = Object.keys(userErrorCodes).find((known): known is UserErrorCode => known === problem.code) ?? 'INVALID';
  return Object.assign(new UserError(), { code, message: problem.message, path: problem.path });
}
