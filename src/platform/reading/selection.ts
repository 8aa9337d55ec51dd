import type { GraphQLResolveInfo } from 'graphql';
import { type FieldsByTypeName, parseResolveInfo, type ResolveTree } from 'graphql-parse-resolve-info';

/** What a GraphQL query asks for of one object, with fragments, @skip and @include already applied. */
export interface Selection {
  readonly fields: readonly SelectedField[];
}

export interface SelectedField {
  readonly name: string;
  /** The property of the answer's row that holds the field: its name, or name and alias when it has one. */
  readonly key: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly selection: Selection;
}

/** What the query asks for of the object (or connection) that the running resolver answers. */
export function selectionOf(info: GraphQLResolveInfo): Selection {
  const tree = parseResolveInfo(info);
  return tree && isTree(tree) ? selectionFrom(tree.fieldsByTypeName) : { fields: [] };
}

/** The same, for one type of an interface or union: the fields asked of every type, and of this one. */
export function selectionOfType(info: GraphQLResolveInfo, typeName: string, interfaceName: string): Selection {
  const tree = parseResolveInfo(info);
  if (!tree || !isTree(tree)) return { fields: [] };
  const { [typeName]: own = {}, [interfaceName]: shared = {} } = tree.fieldsByTypeName;
  return selectionFrom({ [interfaceName]: shared, [typeName]: own });
}

/** The sub-selection of a field of the payload a mutation returns; empty when it is not asked for. */
export function selectionWithin(selection: Selection, name: string): Selection {
  return mergeSelections(selection.fields.filter((field) => field.name === name).map((field) => field.selection));
}

/** Was the field asked for at all? */
export function asksFor(selection: Selection, name: string): boolean {
  return selection.fields.some((field) => field.name === name);
}

/** Where a row keeps a field, as the default resolver looks for it. */
export function rowKey(fieldName: string, responseKey: string): string {
  return fieldName === responseKey ? fieldName : `${fieldName} as ${responseKey}`;
}

export function mergeSelections(selections: readonly Selection[]): Selection {
  const merged = new Map<string, SelectedField>();
  for (const field of selections.flatMap((selection) => selection.fields)) {
    const earlier = merged.get(field.key);
    merged.set(
      field.key,
      earlier ? { ...field, selection: mergeSelections([earlier.selection, field.selection]) } : field,
    );
  }
  return { fields: [...merged.values()] };
}

function selectionFrom(fieldsByTypeName: FieldsByTypeName): Selection {
  return mergeSelections(
    Object.values(fieldsByTypeName).map((fields) => ({
      fields: Object.values(fields).map((field) => ({
        name: field.name,
        key: rowKey(field.name, field.alias),
        args: field.args,
        selection: selectionFrom(field.fieldsByTypeName),
      })),
    })),
  );
}

function isTree(parsed: ResolveTree | FieldsByTypeName): parsed is ResolveTree {
  return 'fieldsByTypeName' in parsed && typeof parsed.name === 'string';
}
