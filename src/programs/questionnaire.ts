import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Objection } from '../lifecycle/ruling.js';
import type { Questionnaire } from './program.entity.js';

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true, verbose: true });
addFormats.default(ajv);

/** Compiled once for each published version, which never changes. */
const compiled = new Map<string, ValidateFunction>();

/** Every reason why a questionnaire cannot be used; none when it can. */
export function checkQuestionnaire(questionnaire: Questionnaire): Objection[] {
  if (questionnaire.type !== 'object') {
    return [
      {
        code: 'INVALID',
        message: 'A questionnaire is a JSON Schema (2020-12) with "type": "object" at its root.',
        path: ['questionnaire'],
      },
    ];
  }
  if ('$async' in questionnaire) {
    // Its verdict would be a promise, which passes for yes.
    const message = 'A questionnaire is checked at once, so it cannot be "$async".';
    return [{ code: 'INVALID', message, path: ['questionnaire'] }];
  }
  try {
    new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, formats: ajv.formats }).compile(
      questionnaire,
    );
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        code: 'INVALID',
        message: `The questionnaire is not a usable JSON Schema (2020-12): ${reason}`,
        path: ['questionnaire'],
      },
    ];
  }
}

/** What is missing or wrong in the answers, each with its path beginning with `answers`; none when they can be submitted. */
export function checkAnswers(
  version: { readonly id: string; readonly questionnaire: Questionnaire },
  answers: unknown,
): Objection[] {
  let validate = compiled.get(version.id);
  if (!validate) {
    validate = new Ajv2020({
      allErrors: true,
      strict: true,
      strictRequired: false,
      allowUnionTypes: true,
      verbose: true,
      formats: ajv.formats,
    }).compile(version.questionnaire);
    compiled.set(version.id, validate);
  }
  if (validate(answers)) return [];
  return (validate.errors ?? []).map(problemOf);
}

function problemOf(error: ErrorObject): Objection {
  const place = error.instancePath.split('/').slice(1).map(unescapePointer);
  if (error.keyword === 'required') {
    const missing = String(error.params.missingProperty);
    return {
      code: 'REQUIRED',
      message: `${titleOf(error, missing)} is not answered yet.`,
      path: ['answers', ...place, missing],
    };
  }
  if (error.keyword === 'additionalProperties') {
    const extra = String(error.params.additionalProperty);
    return {
      code: 'INVALID',
      message: `The questionnaire has no question "${extra}".`,
      path: ['answers', ...place, extra],
    };
  }
  const title = titleInSchema(error.parentSchema) ?? place.at(-1) ?? 'The answers';
  return {
    code: 'INVALID',
    message: `${title} ${error.message ?? 'is not acceptable'}${expectation(error)}.`,
    path: ['answers', ...place],
  };
}

function expectation(error: ErrorObject): string {
  return error.keyword === 'enum' && Array.isArray(error.params.allowedValues)
    ? `: ${error.params.allowedValues.join(', ')}`
    : '';
}

function titleOf(error: ErrorObject, property: string): string {
  const properties: unknown = error.parentSchema?.properties;
  const schema: unknown =
    typeof properties === 'object' && properties !== null ? Reflect.get(properties, property) : null;
  return titleInSchema(schema) ?? `"${property}"`;
}

function titleInSchema(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null) return null;
  const title: unknown = Reflect.get(schema, 'title');
  return typeof title === 'string' ? `“${title}”` : null;
}

/** JSON Pointer, RFC 6901 section 4; in an error's path it is not percent-encoded. */
function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
