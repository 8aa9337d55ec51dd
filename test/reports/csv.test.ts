import { describe, expect, it } from '@jest/globals';
import { csvLine } from '../../src/reports/csv.js';

describe('a line of a file', () => {
  it('is as RFC 4180 has it: texts in quotes, quotes doubled, CR and LF at its end', () => {
    expect(csvLine(['plain', 'a "quoted" word', 'one, two', 'first\r\nsecond', null, 'Ærø'])).toBe(
      '"plain","a ""quoted"" word","one, two","first\r\nsecond",,"Ærø"\r\n',
    );
  });

  it('keeps numbers numbers, negative ones too, and writes no infinity', () => {
    expect(csvLine([0, -12.5, 1e6, Number.POSITIVE_INFINITY, Number.NaN])).toBe('0,-12.5,1000000,,\r\n');
  });

  it.each([
    ['=1+1'],
    ['=HYPERLINK("https://evil.example","Click")'],
    ['+31 20 123'],
    ['-2+3+cmd|" /C calc"!A0'],
    ['@SUM(1,2)'],
    ['\t=1'],
    ['\r=1'],
    ['\n=1'],
    ['  =1'],
    ['\u200B=1'],
    ['\uFEFF@x'],
    ['＝1+1'],
    ['＋1'],
    ['－1'],
    ['＠x'],
    ['\tplain'],
  ])('never begins a formula: %j', (text) => {
    expect(csvLine([text])).toBe(`"'${text.replaceAll('"', '""')}"\r\n`);
  });

  it.each([['Smith = Sons'], ['a-b'], ['1+1'], ["'=quoted"], ['']])('leaves alone what is none: %j', (text) => {
    expect(csvLine([text])).toBe(`"${text}"\r\n`);
  });
});
