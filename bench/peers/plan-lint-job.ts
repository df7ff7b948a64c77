/**
 * What runs in Python: a job comes in on stdin (policy, plans, milliseconds to spend), an answer goes out on stdout.
 * Plans and policy are its own objects before the clock runs; it is the processor time of that process that counts.
 */
export interface Job {
  readonly policy: object;
  readonly plans: readonly object[];
  /** Milliseconds of timing; 0 asks for findings only. */
  readonly budget: number;
}

export interface Answer {
  readonly version: string;
  /** Findings of each plan: step (`null` for the plan), code, and the message that names argument or pattern. */
  readonly findings: readonly (readonly (readonly [step: number | null, code: string, message: string])[])[];
  /** Milliseconds from policy to the first decision, and lower quartile of microseconds a plan. */
  readonly ready: number;
  readonly micros: number | null;
}

/** Exit status of the job where the package is not there. */
export const NOT_INSTALLED = 3;

export const JOB = `
import json, sys, time
try:
    from importlib.metadata import PackageNotFoundError, version
    from plan_lint.core import validate_plan
    from plan_lint.types import Plan, Policy
    installed = version("plan-lint")
except (ImportError, PackageNotFoundError) as error:
    sys.stderr.write(str(error))
    sys.exit(${NOT_INSTALLED})

job = json.load(sys.stdin)
plans = [Plan.model_validate(plan) for plan in job["plans"]]
start = time.process_time_ns()
policy = Policy.model_validate(job["policy"])
validate_plan(plans[0], policy)
ready = (time.process_time_ns() - start) / 1e6

findings = [
    [[error.step, error.code.value, error.msg] for error in validate_plan(plan, policy).errors]
    for plan in plans
] if job["budget"] == 0 else []

times = []
begin = time.perf_counter()
spent = 0
while job["budget"] > 0 and (spent < job["budget"] or len(times) < 3):
    plan = plans[len(times) % len(plans)]
    start = time.process_time_ns()
    validate_plan(plan, policy)
    times.append((time.process_time_ns() - start) / 1e3)
    spent = (time.perf_counter() - begin) * 1e3
warm = sorted(times[len(times) // 4:])
json.dump({
    "version": installed,
    "findings": findings,
    "ready": ready,
    "micros": warm[len(warm) // 4] if warm else None,
}, sys.stdout)
`;
