import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { lapseAfterWorkingDaysByDefault } from '../lifecycle/information-request.js';
import { allStaffRoles } from '../lifecycle/roles.js';
import { weekdays } from '../lifecycle/working-time.js';
import { messageOf } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import type { CreateProgramInput } from '../programs/program.commands.js';

const role = z.enum(allStaffRoles);

const stage = z.strictObject({
  key: z.string(),
  name: z.string(),
  queue: z.string(),
  slaWorkingHours: z.number(),
  requiredRecommendations: z.array(z.strictObject({ role, count: z.number() })),
  criteria: z
    .array(z.strictObject({ key: z.string(), title: z.string(), weight: z.number(), scale: z.number() }))
    .default([]),
  blind: z.boolean().default(true),
  requiredChecks: z.array(z.strictObject({ key: z.string(), title: z.string(), by: z.array(role) })),
  requiredDocuments: z.array(z.string()),
  advanceBy: z.array(role),
});

const calendar = z.strictObject({
  timeZone: z.string(),
  hours: z.array(z.strictObject({ day: z.enum(weekdays), from: z.string(), to: z.string() })),
  holidays: z.array(z.strictObject({ date: z.string(), name: z.string() })),
});

/** The form of a program's file: that of the API's `CreateProgramInput`. What its values must be, the command says. */
const form = z.strictObject({
  code: z.string(),
  name: z.string(),
  summary: z.string(),
  productCode: z.string(),
  productName: z.string(),
  version: z.strictObject({
    questionnaire: z.record(z.string(), z.unknown()),
    documentRequirements: z.array(
      z.strictObject({ key: z.string(), title: z.string(), description: z.string(), required: z.boolean() }),
    ),
    workflow: z.strictObject({
      intake: z.strictObject({ queue: z.string(), slaWorkingHours: z.number() }),
      stages: z.array(stage),
      countersignWithinWorkingHours: z.number(),
      decideWithinWorkingHours: z.number(),
      warnAtPercent: z.number(),
      escalateTo: role,
      appealWithinDays: z.number(),
      lapseAfterWorkingDays: z.number().nullable().default(lapseAfterWorkingDaysByDefault),
      calendar,
    }),
    terms: z.strictObject({ label: z.string(), body: z.string() }),
    grantMonths: z.number(),
    screening: z.strictObject({ threshold: z.number(), suspendsOnHit: z.boolean() }).optional(),
    grantPolicy: z
      .strictObject({
        seatsQuestion: z.string().nullable(),
        defaultSeats: z.number(),
        regionsQuestion: z.string().nullable(),
        renewalOpensDays: z.number(),
        renewalStages: z.array(z.string()).nullable(),
        recertifyEveryDays: z.number().nullable(),
        recertifyNoticeDays: z.number(),
      })
      .partial()
      .optional(),
  }),
});

/** @throws Refusal NOT_FOUND when the file cannot be read, INVALID with everything in it that has not the right form */
export async function readProgramFile(path: string): Promise<CreateProgramInput> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw Refusal.of('NOT_FOUND', `${path} cannot be read: ${messageOf(error)}.`);
  });
  const parsed = form.safeParse(parse(text, path));
  if (parsed.success) return parsed.data;
  throw new Refusal(
    parsed.error.issues.map(({ path: place, message }) => ({ code: 'INVALID', message, path: place.map(String) })),
  );
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw Refusal.of('INVALID', `${path} is not JSON: ${messageOf(error)}.`);
  }
}
