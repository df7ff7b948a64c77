import type { Engine } from '../engine.ts';
import { ajv } from './ajv.ts';
import { casl } from './casl.ts';
import { cedar } from './cedar.ts';
import { cel } from './cel.ts';
import { jsonLogic } from './json-logic.ts';
import { jsonRules } from './json-rules.ts';
import { opa, opaFlat } from './opa.ts';
import { planLintPython } from './plan-lint-python.ts';
import { zen } from './zen.ts';

export const PEERS: readonly Engine[] = [
  ajv,
  jsonLogic,
  casl,
  opa,
  opaFlat,
  zen,
  cel,
  cedar,
  jsonRules,
  planLintPython,
];
