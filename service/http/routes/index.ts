/** Every route. The server and the OpenAPI document are made of this table. */
import type { Route } from '../route.ts';
import { deep, health, metrics, ready } from './health.ts';
import { validate } from './validate.ts';

export const ROUTES: readonly Route[] = [validate, health, ready, deep, metrics];
