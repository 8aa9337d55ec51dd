import { sql } from 'kysely';
import { allStaffRoles } from './lifecycle/roles.js';
import type { Portal } from './portal.js';
import { createProgram } from './programs/program.commands.js';
import { sampleProgram } from './programs/sample-program.js';

/** What a new portal was given to begin with. */
export interface FirstStart {
  readonly programName: string;
  readonly email: string;
  readonly oneTimePassword: string;
}

const firstStaffEmail = 'admin@example.org';

/** Gives an empty portal a sample program and one member of staff; null when it is not empty. */
export async function prepareFirstStart(portal: Portal): Promise<FirstStart | null> {
  const found = await sql<{ has_staff: boolean; has_program: boolean }>`select
    exists (select 1 from staff_member) as has_staff, exists (select 1 from program) as has_program`.execute(
    portal.database.kysely(),
  );
  const [state] = found.rows;
  if (!state || state.has_staff) return null;
  const context = {
    actor: { kind: 'SYSTEM', name: 'first start' },
    requestId: 'first start',
    ipAddress: null,
    idempotencyKey: null,
  } as const;
  // A first start that was cut off in between is finished by the next one.
  if (!state.has_program) await portal.doorway.execute(createProgram, sampleProgram, context);
  const added = await portal.staff.add(
    { email: firstStaffEmail, name: 'First administrator', roles: [...allStaffRoles] },
    context,
  );
  return {
    programName: sampleProgram.name,
    email: firstStaffEmail,
    oneTimePassword: String(added.oneTimePassword),
  };
}
