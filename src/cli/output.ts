/** A line of a list: what is known, by name. */
export type ListLine = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface ListOptions {
  readonly json?: boolean;
}

export const jsonOption = ['--json', 'print JSON, for programs'] as const;

/** Prints a line on the standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a list: in columns for people, or as JSON. @param nothing what to say to people when the list is empty */
export function sayList(lines: readonly ListLine[], { json }: ListOptions, nothing: string): void {
  if (json) say(JSON.stringify(lines, null, 2));
  else say(lines.length === 0 ? nothing : inColumns(lines));
}

/** `1 record`, `2 records`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function inColumns(lines: readonly ListLine[]): string {
  const names = Object.keys(lines[0] ?? {});
  const cells = [names.map(heading), ...lines.map((line) => names.map((name) => cell(line[name])))];
  const widths = names.map((_name, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `mustChangePassword` as people write it. */
function heading(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).toUpperCase();
}

function cell(value: ListLine[string] | undefined): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  // What people named must not move the columns or the cursor.
  return (typeof value === 'object' ? value.join(',') : String(value)).replaceAll(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ');
}
