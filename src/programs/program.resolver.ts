import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { selectionOf, selectionWithin } from '../platform/reading/selection.js';
import { createProgram, publishProgramVersion, setProgramStatus } from './program.commands.js';
import type { ProgramStatus } from './program.entity.js';
import { readProgram, readProgramByCode, readPrograms } from './program.queries.js';
import {
  CreateProgramInput,
  Program,
  ProgramConnection,
  ProgramPayload,
  ProgramStatusEnum,
  PublishProgramVersionInput,
  SetProgramStatusInput,
} from './program.types.js';

@Resolver()
export class ProgramResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => Program, { nullable: true, description: 'A program by its id or its code; null when there is none.' })
  program(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id: string | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Its code, when no id is given.' }) code:
      | string
      | null
      | undefined,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    if (id) return readProgram(request.reading, selectionOf(info), decodeId('program', id, ['id']));
    return code ? readProgramByCode(request.reading, selectionOf(info), code) : null;
  }

  @Query(() => ProgramConnection, { description: 'The programs, newest first.' })
  programs(
    @Arg('status', () => ProgramStatusEnum, { nullable: true, description: 'Only those that are open, or closed.' })
    status: ProgramStatus | null | undefined,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return readPrograms(request.reading, selectionOf(info), status ?? null, page);
  }

  @Mutation(() => ProgramPayload, { description: 'Creates a program; it is open at once. For program managers.' })
  createProgram(
    @Arg('input', () => CreateProgramInput, { description: 'The program and its first version.' })
    input: CreateProgramInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => this.#doorway.execute(createProgram, input, request.command));
  }

  @Mutation(() => ProgramPayload, {
    description:
      'Publishes a new version of a program; applications already started keep theirs. For program managers.',
  })
  publishProgramVersion(
    @Arg('input', () => PublishProgramVersionInput, { description: 'The program and its new version.' })
    input: PublishProgramVersionInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const programId = decodeId('program', input.programId, ['programId']);
      const expectedVersion = input.expectedVersion ?? null;
      return this.#doorway.execute(
        publishProgramVersion,
        { programId, version: input.version, expectedVersion },
        request.command,
      );
    });
  }

  @Mutation(() => ProgramPayload, {
    description:
      'Opens a program for applications, or closes it; applications already started go on. For program managers.',
  })
  setProgramStatus(
    @Arg('input', () => SetProgramStatusInput, { description: 'The program and what it should be.' })
    input: SetProgramStatusInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const programId = decodeId('program', input.programId, ['programId']);
      const { status, expectedVersion = null } = input;
      return this.#doorway.execute(setProgramStatus, { programId, status, expectedVersion }, request.command);
    });
  }

  #answer(request: Request, info: GraphQLResolveInfo, command: () => Promise<{ programId: string }>) {
    return answer(async () => {
      const { programId } = await command();
      const selection = selectionWithin(selectionOf(info), 'program');
      return { program: await readProgram(request.reading, selection, programId) };
    });
  }
}
