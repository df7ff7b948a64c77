export { compilePattern } from './compile.js';
export { canMatchOnly, includesLanguage } from './inclusion.js';
export { DEFAULT_LIMITS } from './limits.js';
export { literalsOf } from './required.js';
export { compileSet } from './sets.js';
