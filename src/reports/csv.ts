/** What stands in a cell: a text, a number, or nothing. */
export type Cell = string | number | null;

/** By this a spreadsheet knows that the file is UTF-8. */
export const byteOrderMark = '\uFEFF';

/**
 * What a spreadsheet would take for a formula, full-width signs included, also behind blanks and invisible characters,
 * which some programs cut off first (OWASP, "CSV injection").
 */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/** A line of a file as RFC 4180 has it. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** Texts always stand in quotes and never begin a formula; numbers stand as they are, so that they stay numbers. */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = formula.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
}
