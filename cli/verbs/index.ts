/** Every verb, in the order of the help. */
import { addAudit } from './audit.ts';
import { addBackup, addRestore } from './backup.ts';
import { addBundle } from './bundle.ts';
import { addCatalog } from './catalog.ts';
import { addCert } from './cert.ts';
import { addCompletion } from './completion.ts';
import { addDiff } from './diff.ts';
import { addDoctor } from './doctor.ts';
import { addExplain } from './explain.ts';
import { addGraph } from './graph.ts';
import { addImport } from './import.ts';
import { addInit } from './init.ts';
import { addInspect } from './inspect.ts';
import { addKeygen } from './keygen.ts';
import { addLint } from './lint.ts';
import { addMcp } from './mcp.ts';
import { addReceipt } from './receipt.ts';
import { addPublish, addPull } from './registry.ts';
import { addReport } from './report.ts';
import { addRollout } from './rollout.ts';
import { addSchema } from './schema.ts';
import { addServe } from './serve.ts';
import { addReplay, addSession } from './session.ts';
import { addSign } from './sign.ts';
import { addSimulate } from './simulate.ts';
import { addTestPolicies } from './test-policies.ts';
import { addTrust } from './trust.ts';
import { addValidate } from './validate.ts';
import { addValidateBatch } from './validate-batch.ts';
import { addVendor } from './vendor.ts';
import { addVerify } from './verify.ts';
import type { Registrar } from './words.ts';

export const VERBS: readonly ((registrar: Registrar) => void)[] = [
  addKeygen,
  addBundle,
  addVerify,
  addValidate,
  addSign,
  addInspect,
  addTrust,
  addCert,
  addPublish,
  addPull,
  addVendor,
  addBackup,
  addRestore,
  addExplain,
  addGraph,
  addDiff,
  addValidateBatch,
  addImport,
  addSession,
  addReplay,
  addServe,
  addRollout,
  addMcp,
  addCatalog,
  addReport,
  addReceipt,
  addAudit,
  addSimulate,
  addInit,
  addLint,
  addSchema,
  addTestPolicies,
  addDoctor,
  addCompletion,
];
