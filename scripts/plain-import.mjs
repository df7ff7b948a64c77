// After the runtime is compiled: takes the compiler's rewriting of specifiers away from the one `import()` of a text. It is there for
// relative paths, which a `data:` URL is not; it hides `webpackIgnore` from webpack, which looks right behind the parenthesis; and it
// would be a twentieth of what a service bundles.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../runtime/dist/load.js', import.meta.url);
const text = readFileSync(file, 'utf8');
const helper = /^var __rewriteRelativeImportExtension = [^]*?\n};\n/;
const call = /import\(__rewriteRelativeImportExtension\(\s*([^]*?)\)\);/;
const plain = text.replace(helper, '').replace(call, 'import($1);');
if (!helper.test(text) || !call.test(text) || plain.includes('__rewrite'))
  throw new Error('runtime/dist/load.js is not as the compiler has written it until now');
writeFileSync(file, plain);
