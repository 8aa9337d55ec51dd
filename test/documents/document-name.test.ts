import { describe, expect, test } from '@jest/globals';
import { attachment, displayName } from '../../src/documents/document-name.js';

const named = (name: string, mediaType = 'application/pdf') => displayName(name, mediaType);

describe('The name of an uploaded file', () => {
  test('is kept as it is when there is nothing wrong with it', () => {
    expect(named('End-use statement (signed).pdf')).toBe('End-use statement (signed).pdf');
    expect(named('最終用途.PDF')).toBe('最終用途.PDF');
  });

  test('loses its folders', () => {
    expect(named('../../x')).toBe('x.pdf');
    expect(named('/etc/passwd')).toBe('passwd.pdf');
    expect(named('C:\\Users\\me\\statement.pdf')).toBe('statement.pdf');
    expect(named('..\\..\\statement.pdf')).toBe('statement.pdf');
  });

  test('loses right-to-left overrides and other invisible characters', () => {
    expect(named('invoice\u202Efdp.exe')).toBe('invoicefdp.exe.pdf');
    expect(named('\u2066state\u200Bment\u2069.pdf')).toBe('statement.pdf');
    expect(named('state\r\nment\t1.pdf')).toBe('statement1.pdf');
  });

  test('is cut to 200 characters and keeps its ending', () => {
    const long = named(`${'x'.repeat(300)}.pdf`);
    expect(long).toBe(`${'x'.repeat(196)}.pdf`);
    expect([...named('💼'.repeat(300))]).toHaveLength(200);
    expect(named('💼'.repeat(300)).isWellFormed()).toBe(true);
  });

  test('ends as its type does, so that nothing downloaded can be started', () => {
    expect(named('run.bat', 'text/plain')).toBe('run.bat.txt');
    expect(named('photo.jpeg', 'image/jpeg')).toBe('photo.jpeg');
    expect(named('photo', 'image/jpeg')).toBe('photo.jpg');
  });

  test('is not hidden, and has no dots or spaces around it', () => {
    expect(named('.htaccess', 'text/plain')).toBe('htaccess.txt');
    expect(named('  statement.pdf . ')).toBe('statement.pdf');
  });

  test.each(['', '   ', '..', '../..', 'folder/', '\u202E', '\u0007'])(
    'is refused when nothing is left: %j',
    (name) => {
      expect(() => named(name)).toThrow(
        expect.objectContaining({ problems: [expect.objectContaining({ code: 'INVALID', path: ['fileName'] })] }),
      );
    },
  );
});

describe('The download header', () => {
  test('gives the whole name as RFC 5987 says, and an ASCII one beside it', () => {
    expect(attachment('Bürgschaft “A” (1).pdf')).toBe(
      `attachment; filename="B_rgschaft _A_ (1).pdf"; filename*=UTF-8''B%C3%BCrgschaft%20%E2%80%9CA%E2%80%9D%20%281%29.pdf`,
    );
  });

  test('cannot be broken out of', () => {
    expect(attachment('a"; filename=evil.exe; x="\\.pdf')).toBe(
      `attachment; filename="a_; filename=evil.exe; x=__.pdf"; filename*=UTF-8''a%22%3B%20filename%3Devil.exe%3B%20x%3D%22%5C.pdf`,
    );
  });
});
