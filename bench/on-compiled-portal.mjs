import { registerHooks } from 'node:module';

const here = new URL('.', import.meta.url).href;

/**
 * Lets Node run the bench as it is written: `./file.js` is `./file.ts`, whose types Node strips by itself, and what is
 * imported of `src/` is what the build made of it in `dist/`, the same code that the measured portal runs.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const from = context.parentURL ?? '';
    const isOurs = from.startsWith(here) && !from.startsWith(`${here}node_modules/`);
    if (!isOurs || !/^\.{1,2}\/.*\.js$/.test(specifier)) return nextResolve(specifier, context);
    const isOfPortal = /^(\.\.\/)+src\//.test(specifier);
    return nextResolve(isOfPortal ? specifier.replace('/src/', '/dist/') : specifier.replace(/\.js$/, '.ts'), context);
  },
});
