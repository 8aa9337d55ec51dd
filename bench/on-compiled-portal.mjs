import { registerHooks } from 'node:module';

/**
 * Lets Node run the bench as it is written: `./file.js` is `./file.ts`, whose types Node strips by itself, and what is
 * imported of `src/` is what the build made of it in `dist/`, the same code that the measured portal runs.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const isOurs = /^\.{1,2}\/.*\.js$/.test(specifier) && /\/bench\/(?!node_modules\/)/.test(context.parentURL ?? '');
    if (!isOurs) return nextResolve(specifier, context);
    const isOfPortal = /^(\.\.\/)+src\//.test(specifier);
    return nextResolve(isOfPortal ? specifier.replace('/src/', '/dist/') : specifier.replace(/\.js$/, '.ts'), context);
  },
});
