import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { defaultPageSize, largestPageSize } from '../reading/pagination.js';

/** How large an operation is, its fragments written out wherever they are used. */
export interface Measures {
  /** Fields below one another. */
  readonly depth: number;
  /** Fields beside one another at the top. */
  readonly width: number;
  readonly aliases: number;
  readonly directives: number;
  /** What answering it may cost: an object costs `objectCost`, a value 1, times the sizes of the pages around it. */
  readonly cost: number;
}

export const objectCost = 5;

/** How many items are expected of a list that has no pages. */
const assumedListLength = 10;

const nothing: Measures = { depth: 0, width: 0, aliases: 0, directives: 0, cost: 0 };

/** What the sizes of pages and the fields of types are looked up in. */
export interface Surroundings {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Measures an operation before it is validated: unknown fields and fragments count little, and fragments that use one
 * another in a circle end where they close, because validation refuses both. Each fragment is measured once for each
 * page size it is used under, so that fragments doubling one another cost no time.
 */
export function measure(operation: OperationDefinitionNode, { schema, fragments, variables }: Surroundings): Measures {
  const measured = new Map<string, Measures>();
  const defaults = new Map(operation.variableDefinitions?.map((one) => [one.variable.name.value, one.defaultValue]));
  const all = ofSelections(operation.selectionSet, schema.getRootType(operation.operation), null);
  return { ...all, directives: all.directives + (operation.directives?.length ?? 0) };

  function ofSelections(
    set: SelectionSetNode,
    type: GraphQLNamedType | null | undefined,
    page: number | null,
  ): Measures {
    return set.selections.reduce<Measures>((sum, selection) => {
      const part =
        selection.kind === Kind.FIELD
          ? ofField(selection, type, page)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? ofFragment(selection.name.value, page)
            : ofSelections(selection.selectionSet, named(selection.typeCondition?.name.value) ?? type, page);
      return {
        depth: Math.max(sum.depth, part.depth),
        width: sum.width + part.width,
        aliases: sum.aliases + part.aliases,
        directives: sum.directives + part.directives + (selection.directives?.length ?? 0),
        cost: sum.cost + part.cost,
      };
    }, nothing);
  }

  function ofFragment(name: string, page: number | null): Measures {
    const key = `${name} ${page}`;
    const known = measured.get(key);
    if (known) return known;
    const fragment = fragments.get(name);
    if (!fragment) return nothing;
    measured.set(key, nothing);
    const measures = ofSelections(fragment.selectionSet, named(fragment.typeCondition.name.value), page);
    measured.set(key, measures);
    return measures;
  }

  /** `page` is the page size of the connection whose field this is, and so the length of its lists. */
  function ofField(field: FieldNode, type: GraphQLNamedType | null | undefined, page: number | null): Measures {
    const name = field.name.value;
    const aliases = field.alias ? 1 : 0;
    if (!field.selectionSet) return { ...nothing, depth: 1, width: 1, aliases, cost: name === '__typename' ? 0 : 1 };
    if (name === '__schema' || name === '__type') return ofIntrospection(field, aliases);

    const definition = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    const fieldType = definition && getNamedType(definition.type);
    const hasPages = definition?.args.some((argument) => argument.name === 'first' || argument.name === 'last');
    const within = ofSelections(
      field.selectionSet,
      isCompositeType(fieldType) ? fieldType : undefined,
      hasPages ? pageSize(field) : null,
    );
    const isList = definition !== undefined && isListType(getNullableType(definition.type));
    const items = isList ? (page ?? assumedListLength) : 1;
    return {
      depth: within.depth + 1,
      width: 1,
      aliases: within.aliases + aliases,
      directives: within.directives,
      cost: items * (objectCost + within.cost),
    };
  }

  /** Questions about the schema are as deep as the schema's types; a rule of graphql-js keeps their nesting in bounds. */
  function ofIntrospection(field: FieldNode, aliases: number): Measures {
    const within = field.selectionSet ? ofSelections(field.selectionSet, undefined, null) : nothing;
    return { ...within, depth: 1, width: 1, aliases: within.aliases + aliases };
  }

  function pageSize(field: FieldNode): number {
    const sizes = field.arguments
      ?.filter((argument) => argument.name.value === 'first' || argument.name.value === 'last')
      .map((argument) => numberOf(argument.value));
    const size = Math.max(...(sizes?.length ? sizes : [defaultPageSize]));
    return Math.min(Math.max(size, 1), largestPageSize);
  }

  function numberOf(value: ValueNode | undefined): number {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind !== Kind.VARIABLE) return defaultPageSize;
    const given = Object.hasOwn(variables, value.name.value) ? variables[value.name.value] : undefined;
    if (given === undefined) return numberOf(defaults.get(value.name.value));
    return typeof given === 'number' ? given : defaultPageSize;
  }

  function named(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : schema.getType(name);
  }
}
