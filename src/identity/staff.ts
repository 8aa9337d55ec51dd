import type { CommandContext } from '../doorway/command.js';
import type { Doorway } from '../doorway/doorway.js';
import { requirePermission } from '../doorway/requirements.js';
import type { AccountMail } from './account-mail.js';
import { type AddAwayPeriodInput, addAwayPeriod, removeAwayPeriod } from './away-period.commands.js';
import type { Passwords } from './passwords.js';
import type { SignInLibrary } from './sign-in-library.js';
import {
  type AddStaffInput,
  addStaff,
  type DeactivateStaffInput,
  deactivateStaff,
  type SetStaffRolesInput,
  setStaffRoles,
} from './staff.commands.js';

export interface StaffParts {
  readonly doorway: Doorway;
  readonly library: SignInLibrary;
  readonly passwords: Passwords;
  readonly mail: AccountMail;
}

/** Who works for the operator. The API and the command line both come here. */
export class Staff {
  readonly #parts: StaffParts;

  constructor(parts: StaffParts) {
    this.#parts = parts;
  }

  /** Adds a person to the staff. The one-time password, when there is one, is told here and never again. */
  async add(input: AddStaffInput, context: CommandContext) {
    requirePermission('manageStaff', context.actor, null);
    const { doorway, library, mail, passwords } = this.#parts;
    return doorway.execute(addStaff(library, mail, await passwords.oneTime()), input, context);
  }

  async setRoles(input: SetStaffRolesInput, context: CommandContext) {
    return this.#parts.doorway.execute(setStaffRoles, input, context);
  }

  async addAwayPeriod(input: AddAwayPeriodInput, context: CommandContext) {
    return this.#parts.doorway.execute(addAwayPeriod, input, context);
  }

  async removeAwayPeriod(input: { readonly awayPeriodId: string }, context: CommandContext) {
    return this.#parts.doorway.execute(removeAwayPeriod, input, context);
  }

  async deactivate(input: DeactivateStaffInput, context: CommandContext) {
    return this.#parts.doorway.execute(deactivateStaff(this.#parts.library), input, context);
  }
}
