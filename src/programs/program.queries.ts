import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isNoStaff, isSignedIn } from '../api/visibility.js';
import { defaultGrantPolicy } from '../lifecycle/grant-policy.js';
import { defaultScreeningPolicy } from '../lifecycle/screening.js';
import { checkStaffing, type Staffing } from '../lifecycle/staffing.js';
import type { Workflow } from '../lifecycle/workflow.js';
import { column, hiddenFrom, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

export const termsProjection: Projection = {
  type: 'TermsVersion',
  table: 'terms_version',
  visible: (_row, eyes) => isSignedIn(eyes),
  fields: {
    id: idColumn('terms'),
    label: column('label'),
    body: column('body'),
    sha256: column('body_sha256'),
    publishedAt: momentColumn('published_at'),
    reacceptBy: momentColumn('reaccept_by'),
  },
};

export const programVersionProjection: Projection = {
  type: 'ProgramVersion',
  table: 'program_version',
  visible: (_row, eyes) => isSignedIn(eyes),
  fields: {
    number: column('number'),
    questionnaire: column('questionnaire'),
    documentRequirements: column('document_requirements'),
    terms: {
      kind: 'one',
      to: () => termsProjection,
      on: (row, terms) => sql`${terms('id')} = ${row('terms_version_id')}`,
    },
    workflow: hiddenFrom(isNoStaff, column('workflow')),
    staffingProblems: hiddenFrom(isNoStaff, {
      kind: 'value',
      sql: (row) => sql`json_build_object('workflow', ${row('workflow')},
        'staff', (select coalesce(json_agg(s.roles), '[]'::json) from staff_member s where s.active))`,
      read: (value) => {
        if (value === null) return [];
        const { workflow, staff } = value as { workflow: Workflow; staff: Staffing };
        return checkStaffing(workflow, staff).map(({ path = [], ...problem }) => ({ ...problem, path }));
      },
    }),
    grantMonths: column('grant_months'),
    screening: hiddenFrom(isNoStaff, {
      kind: 'value',
      sql: (row) => sql`coalesce(${row('screening')}, ${sql.lit(JSON.stringify(defaultScreeningPolicy))}::jsonb)`,
    }),
    grantPolicy: {
      kind: 'value',
      sql: (row, eyes) => {
        const whole = sql`(${sql.lit(JSON.stringify(defaultGrantPolicy))}::jsonb || coalesce(${row('grant_policy')}, '{}'))`;
        // Stages are the operator's business, as the workflow is.
        return isNoStaff(eyes) ? sql`(${whole} || '{"renewalStages": null}')` : whole;
      },
    },
    publishedAt: momentColumn('published_at'),
  },
};

export const programProjection: Projection = {
  type: 'Program',
  table: 'program',
  visible: (_row, eyes) => isSignedIn(eyes),
  fields: {
    id: idColumn('program'),
    code: column('code'),
    name: column('name'),
    summary: column('summary'),
    productCode: column('product_code'),
    productName: {
      kind: 'value',
      sql: (row) => sql`(select p.name from product p where p.code = ${row('product_code')})`,
    },
    status: column('status'),
    currentVersion: {
      kind: 'one',
      to: () => programVersionProjection,
      on: (row, version) => sql`${version('id')} = ${row('current_version_id')}`,
    },
    versions: {
      kind: 'list',
      to: () => programVersionProjection,
      on: (row, version) => sql`${version('program_id')} = ${row('id')}`,
      order: { direction: 'desc', keys: [{ sql: (version) => version('number'), type: 'bigint' }] },
      hiddenFrom: isNoStaff,
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const termsById: Read = byGivenId(() => termsProjection);
export const programById: Read = byGivenId(() => programProjection);

/** What the queries of the same names answer. */
export const programReads = {
  /** By id, or else by code. */
  program: {
    kind: 'one',
    of: () => programProjection,
    where: (row, args) => {
      if (args.has('id')) return sql`${row('id')} = ${args.id('id', 'program')}`;
      return args.has('code') ? sql`${row('code')} = ${args.value('code', 'text')}` : sql`false`;
    },
  },
  programs: {
    kind: 'connection',
    of: () => programProjection,
    where: (row, args) => (args.has('status') ? sql`${row('status')} = ${args.value('status', 'text')}` : sql`true`),
  },
} as const satisfies Record<string, Read>;
