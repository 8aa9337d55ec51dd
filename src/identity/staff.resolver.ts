import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import { requireIdentified } from '../doorway/requirements.js';
import { decodeGivenId, decodeId } from '../platform/ids.js';
import {
  AddStaffInput,
  AddStaffPayload,
  DeactivateStaffInput,
  DeactivateStaffPayload,
  SetStaffRolesInput,
  SetStaffRolesPayload,
} from './administration.types.js';
import { AddAwayPeriodInput, AwayPeriodPayload, RemoveAwayPeriodInput } from './away-period.types.js';
import { identityReads, staffMemberById } from './identity.queries.js';
import { StaffMember } from './identity.types.js';
import type { Staff } from './staff.js';

@Resolver()
export class StaffResolver {
  readonly #staff: Staff;

  constructor(staff: Staff) {
    this.#staff = staff;
  }

  @Query(() => [StaffMember], {
    nullable: true,
    description: 'Who works for the operator, and who did, oldest first. For staff; null for others.',
  })
  staff(@Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    requireIdentified(request.actor);
    return request.reading.field(identityReads.staff, info);
  }

  @Mutation(() => AddStaffPayload, {
    description: 'Adds a person to the staff, or lets somebody who left come back. For administrators.',
  })
  addStaff(
    @Arg('input', () => AddStaffInput, { description: 'The person and the roles.' }) input: AddStaffInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(staffMemberById, info, 'staffMember');
      const { staffId, oneTimePassword } = await this.#staff.add(input, request.command);
      return { staffMember: await read(request, info, staffId), oneTimePassword };
    });
  }

  @Mutation(() => SetStaffRolesPayload, { description: 'Gives a member of staff other roles. For administrators.' })
  setStaffRoles(
    @Arg('input', () => SetStaffRolesInput, { description: 'Who, and which roles.' }) input: SetStaffRolesInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(staffMemberById, info, 'staffMember');
      const staffId = decodeId('staff', input.staffId, ['staffId']);
      const command = { staffId, roles: input.roles, expectedVersion: input.expectedVersion ?? null };
      await this.#staff.setRoles(command, request.command);
      return { staffMember: await read(request, info, staffId) };
    });
  }

  @Mutation(() => AwayPeriodPayload, {
    description: 'Says when you, or for administrators another member of staff, are away and given no work. For staff.',
  })
  addAwayPeriod(
    @Arg('input', () => AddAwayPeriodInput, { description: 'Who is away when.' }) input: AddAwayPeriodInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      const given = decodeGivenId('staff', input.staffId, ['staffId']);
      const { startsAt, endsAt, note = null } = input;
      const { staffId } = await this.#staff.addAwayPeriod({ staffId: given, startsAt, endsAt, note }, request.command);
      return { staffMember: await read(request, info, staffId) };
    });
  }

  @Mutation(() => AwayPeriodPayload, {
    description: 'Takes back a period, or what is left of it: your own, or for administrators anybody’s. For staff.',
  })
  removeAwayPeriod(
    @Arg('input', () => RemoveAwayPeriodInput, { description: 'Which one.' }) input: RemoveAwayPeriodInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      const awayPeriodId = decodeId('away', input.awayPeriodId, ['awayPeriodId']);
      const { staffId } = await this.#staff.removeAwayPeriod({ awayPeriodId }, request.command);
      return { staffMember: await read(request, info, staffId) };
    });
  }

  @Mutation(() => DeactivateStaffPayload, {
    description: 'Ends a member of staff’s access at once. The last administrator cannot leave. For administrators.',
  })
  deactivateStaff(
    @Arg('input', () => DeactivateStaffInput, { description: 'Who leaves.' }) input: DeactivateStaffInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      request.reading.check(staffMemberById, info, 'staffMember');
      const staffId = decodeId('staff', input.staffId, ['staffId']);
      await this.#staff.deactivate({ staffId, expectedVersion: input.expectedVersion ?? null }, request.command);
      return { staffMember: await read(request, info, staffId) };
    });
  }
}

function read(request: Request, info: GraphQLResolveInfo, staffId: string) {
  return request.reading.object(staffMemberById, staffId, info, 'staffMember');
}
