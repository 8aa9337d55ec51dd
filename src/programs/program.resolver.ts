import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Ctx, ID, Info, Mutation, Query, Resolver } from 'type-graphql';
import { PageArgs } from '../api/connection.js';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { createProgram, publishProgramVersion, publishProgramWorkflow, setProgramStatus } from './program.commands.js';
import type { ProgramStatus } from './program.entity.js';
import { programById, programReads } from './program.queries.js';
import { Program, ProgramConnection, ProgramPayload, ProgramStatusEnum } from './program.types.js';
import {
  CreateProgramInput,
  PublishProgramTermsInput,
  PublishProgramVersionInput,
  PublishProgramWorkflowInput,
  SetProgramStatusInput,
} from './program-inputs.types.js';
import { publishProgramTerms } from './program-terms.commands.js';

@Resolver()
export class ProgramResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Query(() => Program, { nullable: true, description: 'A program by its id or its code; null when there is none.' })
  program(
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) _id: string | null | undefined,
    @Arg('code', () => String, { nullable: true, description: 'Its code, when no id is given.' })
    _code: string | null | undefined,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(programReads.program, info);
  }

  @Query(() => ProgramConnection, { description: 'The programs, newest first.' })
  programs(
    @Arg('status', () => ProgramStatusEnum, { nullable: true, description: 'Only those that are open, or closed.' })
    _status: ProgramStatus | null | undefined,
    @Args(() => PageArgs) _page: PageArgs,
    @Ctx() { reading }: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return reading.field(programReads.programs, info);
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
      const { version, expectedVersion = null, dryRun } = input;
      return this.#doorway.execute(
        publishProgramVersion,
        { programId, version, expectedVersion, dryRun: dryRun ?? false },
        request.command,
      );
    });
  }

  @Mutation(() => ProgramPayload, {
    description:
      'Publishes a new version of a program in which only the workflow is another one; applications already started keep theirs. For program managers.',
  })
  publishProgramWorkflow(
    @Arg('input', () => PublishProgramWorkflowInput, { description: 'The program and its new workflow.' })
    input: PublishProgramWorkflowInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const programId = decodeId('program', input.programId, ['programId']);
      const { workflow, expectedVersion = null, dryRun } = input;
      return this.#doorway.execute(
        publishProgramWorkflow,
        { programId, workflow, expectedVersion, dryRun: dryRun ?? false },
        request.command,
      );
    });
  }

  @Mutation(() => ProgramPayload, {
    description:
      'Publishes a new version of a program in which only the terms are others, and asks whoever holds a grant to accept them, when a moment is given by which. For program managers.',
  })
  publishProgramTerms(
    @Arg('input', () => PublishProgramTermsInput, { description: 'The program and its new terms.' })
    input: PublishProgramTermsInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#answer(request, info, () => {
      const programId = decodeId('program', input.programId, ['programId']);
      const { terms, reacceptBy = null, expectedVersion = null, dryRun } = input;
      return this.#doorway.execute(
        publishProgramTerms,
        { programId, terms, reacceptBy, expectedVersion, dryRun: dryRun ?? false },
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
      request.reading.check(programById, info, 'program');
      const { programId } = await command();
      return { program: await request.reading.object(programById, programId, info, 'program') };
    });
  }
}
