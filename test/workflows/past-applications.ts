import { sql } from 'kysely';
import { decodeId, encodeId, randomIds } from '../../src/platform/ids.js';
import type { TestDatabase } from '../support/database.js';

/** Where an application was, for how long, straight after the place before. */
export interface Stay {
  readonly stageKey: string;
  readonly hours: number;
}

export interface PastApplication {
  /** Which of the organizations made for this; the same number is the same one. */
  readonly organization: number;
  readonly programId: string;
  readonly status?: 'APPROVED' | 'IN_REVIEW' | 'WITHDRAWN';
  readonly from: Date;
  readonly stays: readonly Stay[];
}

const hour = 60 * 60 * 1000;

/** Puts applications of others into the database, with the times that they took, as if they had been reviewed. */
export class Past {
  readonly #database: TestDatabase;
  readonly #organizations = new Map<number, string>();
  #count = 0;

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  async add(application: PastApplication): Promise<string> {
    this.#count += 1;
    const { status = 'APPROVED', stays, from } = application;
    const programId = decodeId('program', application.programId);
    const organizationId = await this.#organization(application.organization);
    const id = randomIds.next();
    const last = stays.at(-1);
    const isOpen = status === 'IN_REVIEW';
    const end = new Date(from.getTime() + stays.reduce((sum, { hours }) => sum + hours, 0) * hour);
    // An organization has one open application for a program, and these are all to one program.
    await sql`insert into application (id, reference, organization_id, program_id, program_version_id, status, stage_key,
        answers, revision, created_by, submitted_at, decided_at, created_at, updated_at)
      select ${id}::text::uuid, ${`P-${this.#count}`}, ${organizationId}::text::uuid, ${programId}::text::uuid,
        p.current_version_id, ${status}, ${last?.stageKey ?? null}, '{}', 1, o.created_by, ${from}::timestamptz,
        ${status === 'APPROVED' ? end : null}::timestamptz, ${from}::timestamptz, ${end}::timestamptz
      from program p, organization o where p.id = ${programId} and o.id = ${organizationId}`.execute(this.#sql);
    let at = from;
    for (const { stageKey, hours } of stays) {
      const left = new Date(at.getTime() + hours * hour);
      const endedAt = isOpen && stageKey === last?.stageKey ? null : left;
      await sql`insert into clock_interval (id, application_id, stage_key, kind, cause, started_at, ended_at)
        values (${randomIds.next()}, ${id}, ${stageKey}, 'RUNNING', 'STAGE_ADVANCED', ${at}, ${endedAt})`.execute(
        this.#sql,
      );
      at = left;
    }
    return encodeId('application', id);
  }

  async #organization(number: number): Promise<string> {
    const known = this.#organizations.get(number);
    if (known) return known;
    const [id, personId] = [randomIds.next(), randomIds.next()];
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${personId}, 'Somebody', ${`past${number}@partner.example.org`}, true, now(), now())`.execute(this.#sql);
    await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
      values (${id}, ${`Past ${number}`}, 'NL', 'ENERGY', 'https://www.example.org', ${`PAST-${number}`}, ${personId}, now(), now())`.execute(
      this.#sql,
    );
    this.#organizations.set(number, id);
    return id;
  }

  get #sql() {
    return this.#database.kysely();
  }
}
