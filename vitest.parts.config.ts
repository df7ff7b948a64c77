/** The tests of `npm run test:parts`. */
import config from './vitest.config.ts';

export default { ...config, test: { ...config.test, exclude: ['**/node_modules/**', '**/dist/**'] } };
