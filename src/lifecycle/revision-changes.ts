/** What a revision says, for comparing it with the one before. */
export interface RevisionContent {
  readonly answers: unknown;
  readonly documents: readonly {
    readonly documentId: string;
    readonly requirementKey: string;
    readonly fileName: string;
  }[];
}

export interface AnswerChange {
  /** Where in the answers: names and list positions, outermost first. */
  readonly path: readonly string[];
  /** Absent: not answered. */
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface DocumentChange {
  readonly kind: 'ADDED' | 'REMOVED';
  readonly documentId: string;
  readonly requirementKey: string;
  readonly fileName: string;
}

/** What changed from one revision to the next: every answer that differs, as deep as it differs, and every document. */
export function changesBetween(
  before: RevisionContent,
  after: RevisionContent,
): { readonly answers: readonly AnswerChange[]; readonly documents: readonly DocumentChange[] } {
  const kept = (content: RevisionContent, id: string) => content.documents.some(({ documentId }) => documentId === id);
  const removed = before.documents.filter(({ documentId }) => !kept(after, documentId));
  const added = after.documents.filter(({ documentId }) => !kept(before, documentId));
  return {
    answers: compare(before.answers, after.answers, []),
    documents: [...removed.map(changeOf('REMOVED')), ...added.map(changeOf('ADDED'))],
  };
}

function changeOf(kind: DocumentChange['kind']) {
  return ({ documentId, requirementKey, fileName }: RevisionContent['documents'][number]): DocumentChange => ({
    kind,
    documentId,
    requirementKey,
    fileName,
  });
}

/** Objects and lists are compared part by part; `undefined` stands for a part that is not there. */
function compare(before: unknown, after: unknown, path: readonly string[]): AnswerChange[] {
  if (isComposite(before) && isComposite(after) && Array.isArray(before) === Array.isArray(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => compare(partOf(before, name), partOf(after, name), [...path, name]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** What the object itself holds by this name, and not what every object has, such as `constructor`. */
function partOf(whole: object, name: string): unknown {
  return Object.hasOwn(whole, name) ? Reflect.get(whole, name) : undefined;
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
