/** A part of a letter: what it says, in plain text with an empty line between paragraphs, and where to go on. */
export interface Section {
  /** What it is about, where a letter tells of several things. */
  readonly heading: string | null;
  readonly text: string;
  readonly link: string | null;
}

/** What a letter is made of. Both its forms are made of the same, so that they cannot say different things. */
export interface MailBody {
  readonly subject: string;
  readonly sections: readonly Section[];
  /** Where letters like it are turned off; null when they cannot be. */
  readonly turnOff: string | null;
}

const turnOffSentence = 'You need not get e-mails like this one. Turn them off:';

/** The letter for those who read plain text. */
export function plainText({ sections, turnOff }: MailBody): string {
  const parts = sections.flatMap(({ heading, text, link }) => [heading, text, link].filter((part) => part !== null));
  const ending = turnOff === null ? [] : [`-- \n${turnOffSentence}\n${turnOff}`];
  return `${[...parts.map((part) => part.trimEnd()), ...ending].join('\n\n')}\n`;
}

/**
 * The letter in HTML: no images, scripts or addresses but its own, nothing that tells that it was read, and no colours, so that
 * whoever reads in the dark is shown theirs. What people wrote is text in it, whatever they wrote.
 */
export function html({ subject, sections, turnOff }: MailBody): string {
  const parts = sections.map(
    ({ heading, text, link }) =>
      `${heading === null ? '' : `<h2 style="font-size:1.1em">${escaped(heading)}</h2>\n`}${paragraphs(text)}${link === null ? '' : `<p>${anchor(link)}</p>\n`}`,
  );
  const ending =
    turnOff === null ? '' : `<hr>\n<p><small>${escaped(turnOffSentence)}<br>${anchor(turnOff)}</small></p>\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body>
<div style="max-width:40em;font-family:sans-serif;line-height:1.5;overflow-wrap:anywhere">
${parts.join('<hr>\n')}${ending}</div>
</body>
</html>
`;
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it stands in HTML, between tags and in quotes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');
}

/** An address of the portal's own; nothing that stands in a text becomes one. */
function anchor(link: string): string {
  return `<a href="${escaped(link)}">${escaped(link)}</a>`;
}

function paragraphs(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map(paragraphHtml)
    .join('');
}

/** Lines that all begin with a hyphen are a list. */
function paragraphHtml(paragraph: string): string {
  const lines = paragraph.split('\n');
  if (lines.every((line) => line.startsWith('- '))) {
    return `<ul>${lines.map((line) => `<li>${escaped(line.slice(2))}</li>`).join('')}</ul>\n`;
  }
  return `<p>${lines.map(escaped).join('<br>')}</p>\n`;
}

/** How a letter is kept until it is sent. */
export function kept(sections: readonly Section[]): string {
  return JSON.stringify({ sections });
}

/** Reads what was kept. A letter that an earlier version of the portal wrote is its text. */
export function readKept(text: string): readonly Section[] {
  const plain = [{ heading: null, text, link: null }];
  if (!text.startsWith('{"sections":')) return plain;
  const { sections } = JSON.parse(text) as { readonly sections: readonly Section[] };
  return sections;
}
