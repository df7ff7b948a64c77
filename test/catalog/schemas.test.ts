import { expect, it } from 'vitest';
import { fuzzSchemas } from '../fuzz/schemas.ts';

it('validators admit what JSON Schema, read keyword by keyword, admits', async () => {
  expect(await fuzzSchemas(20261128, 20_000)).toBe(20_000);
}, 600_000);
