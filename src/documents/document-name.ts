import { Refusal } from '../platform/errors.js';
import { endingsOf } from './document-content.js';

/** The longest name that is kept, in characters, its ending included. */
const longestName = 200;

/** Control characters, format characters (bidirectional overrides, zero widths), private ones, line separators. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * A file name as it is shown to people and offered when the document is downloaded; it never names a file here. What is
 * only cosmetic is put right without a word: folders, invisible characters, dots and spaces around the name, length, and
 * an ending that is not one of the type's, to which the type's is added, so that nothing downloaded can be started.
 * @throws Refusal INVALID when no name is left
 */
export function displayName(fileName: string, mediaType: string): string {
  const endings = endingsOf(mediaType);
  const name = (fileName.normalize('NFC').split(/[/\\]/).at(-1) ?? '')
    .replace(invisible, '')
    .replace(/\s+/gu, ' ')
    .replace(/^[\s.]+|[\s.]+$/gu, '');
  if (name === '') {
    throw Refusal.of('INVALID', 'Give the file a name, e.g. “end-use-statement.pdf”. Folders do not count.', [
      'fileName',
    ]);
  }
  const given = /^(.+)\.([^.]+)$/u.exec(name);
  const isOfType = given !== null && endings.includes((given[2] ?? '').toLowerCase());
  const [stem = '', ending = ''] = isOfType ? [given[1], given[2]] : [name, endings[0]];
  return `${[...stem]
    .slice(0, longestName - ending.length - 1)
    .join('')
    .trimEnd()}.${ending}`;
}

/**
 * The Content-Disposition header of a download (RFC 6266), with the name in full as RFC 5987 writes it and in ASCII for
 * readers that do not know that.
 */
export function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const full = encodeURIComponent(name).replace(/['()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
  return `attachment; filename="${plain}"; filename*=UTF-8''${full}`;
}
