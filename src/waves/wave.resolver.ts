import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import type { Command } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { decodeId } from '../platform/ids.js';
import { closeWave, confirmWave, planWave } from './wave.commands.js';
import { waveById } from './wave.queries.js';
import { CloseWaveInput, PlanWaveInput, Wave, WaveCommandInput, WavePayload } from './wave.types.js';

@Resolver(() => Wave)
export class WaveResolver {
  readonly #doorway: Doorway;

  constructor(doorway: Doorway) {
    this.#doorway = doorway;
  }

  @Mutation(() => WavePayload, {
    description: 'Plans a wave of a product’s rollout, which another person confirms. For program managers.',
  })
  planWave(
    @Arg('input', () => PlanWaveInput, { description: 'The wave.' }) input: PlanWaveInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    const { organizationIds, priorityIds, ...said } = input;
    const organizations = (list: readonly string[] | null | undefined, path: string) =>
      (list ?? []).map((id, place) => decodeId('organization', id, [path, String(place)]));
    return this.#give(request, info, () =>
      this.#doorway.execute(
        planWave,
        {
          productId: decodeId('product', said.productId, ['productId']),
          name: said.name,
          capacityOrganizations: said.capacityOrganizations ?? null,
          capacitySeats: said.capacitySeats ?? null,
          opensAt: said.opensAt,
          closesAt: said.closesAt ?? null,
          sectors: said.sectors ?? [],
          countries: said.countries ?? [],
          organizations: organizations(organizationIds, 'organizationIds'),
          ordering: said.ordering ?? 'FIRST_COME',
          priority: organizations(priorityIds, 'priorityIds'),
        },
        request.command,
      ),
    );
  }

  @Mutation(() => WavePayload, {
    description:
      'Confirms a wave that another person planned: it opens at its time, and grants of its product need places from now on. For program managers.',
  })
  confirmWave(
    @Arg('input', () => WaveCommandInput, { description: 'The wave.' }) input: WaveCommandInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(confirmWave, input, request, info);
  }

  @Mutation(() => WavePayload, {
    description:
      'Closes a wave, or withdraws one that is only planned. The places that it gave stand. For program managers.',
  })
  closeWave(
    @Arg('input', () => CloseWaveInput, { description: 'The wave, and why.' }) input: CloseWaveInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.#command(closeWave, input, request, info);
  }

  #command<Input extends WaveCommandInput>(
    command: Command<Input, { readonly waveId: string }>,
    input: Input,
    request: Request,
    info: GraphQLResolveInfo,
  ) {
    return this.#give(request, info, () => {
      const waveId = decodeId('wave', input.waveId, ['waveId']);
      return this.#doorway.execute(command, { ...input, waveId }, request.command);
    });
  }

  #give(request: Request, info: GraphQLResolveInfo, give: () => Promise<{ readonly waveId: string }>) {
    return answer(async () => {
      request.reading.check(waveById, info, 'wave');
      const { waveId } = await give();
      return { wave: await request.reading.object(waveById, waveId, info, 'wave') };
    });
  }
}
