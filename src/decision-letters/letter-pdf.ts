import type { Letter } from './letter-content.js';

/** A letter as PDF. What sets letters is read with the first of them, and not by every process that starts. */
export async function letterAsPdf(letter: Letter): Promise<Buffer> {
  const { setLetter } = await import('./letter-setting.js');
  return setLetter(letter);
}
