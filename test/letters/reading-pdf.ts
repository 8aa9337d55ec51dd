import { extractText, getDocumentProxy, getMeta } from 'unpdf';

/** What a reader of the file can select, page by page, and what it says of itself. */
export async function readPdf(bytes: Uint8Array) {
  // The reader takes the bytes for its own.
  const file = await getDocumentProxy(new Uint8Array(bytes));
  const { text: pages } = await extractText(file);
  const { info } = await getMeta(file);
  const language = /\/Lang \(([^)]*)\)/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? null;
  return {
    pages,
    text: pages.join('\n'),
    title: String(info.Title),
    creationDate: String(info.CreationDate),
    language,
  };
}
