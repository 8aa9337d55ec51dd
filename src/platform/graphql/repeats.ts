import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** Deeper than any document of allowed length goes, unless its fragments go in a circle. */
const deepest = 1000;

/**
 * How many fields of the document fall together into one field of the answer, at most. Every two of these are compared
 * when the query is validated, so their number has to be known before.
 * @param mostFields how many fields are looked at, all fragments written out; Infinity is the answer when there are more
 */
export function mostRepeated(
  root: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  mostFields: number,
): number {
  let most = 0;
  let looked = 0;
  const waiting: { readonly sets: readonly SelectionSetNode[]; readonly depth: number }[] = [
    { sets: [root], depth: 0 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const fields of fieldsByAnswer(next.sets, fragments).values()) {
      most = Math.max(most, fields.length);
      looked += fields.length;
      const sets = fields.flatMap((field) => field.selectionSet ?? []);
      if (sets.length > 0 && next.depth < deepest) waiting.push({ sets, depth: next.depth + 1 });
    }
    if (looked > mostFields) return Number.POSITIVE_INFINITY;
  }
  return most;
}

/** The fields of selections that are answered together, by the name they have in the answer. */
function fieldsByAnswer(
  sets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const used = new Set<string>();
  const waiting = [...sets];
  for (let set = waiting.pop(); set; set = waiting.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const same = fields.get(key);
        if (same) same.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        waiting.push(selection.selectionSet);
      } else if (!used.has(selection.name.value)) {
        used.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) waiting.push(fragment.selectionSet);
      }
    }
  }
  return fields;
}
