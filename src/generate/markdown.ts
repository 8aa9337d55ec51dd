/** A Markdown table; bars within cells are escaped, because they would end the cell. */
export function table(head: readonly string[], ...parts: readonly (readonly (readonly string[])[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...parts.flat().map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

export function codes(texts: readonly string[]): string {
  return texts.map(code).join(', ');
}

/**
 * The document with the part between two marks replaced.
 * @throws Error when the document has lost the marks
 */
export function withPart(document: string, name: string, part: string): string {
  const begin = `<!-- ${name}: begin (generated) -->`;
  const end = `<!-- ${name}: end -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document lacks the lines "${begin}" and "${end}".`);
  return `${document.slice(0, from)}${begin}\n\n${part}\n\n${document.slice(to)}`;
}
