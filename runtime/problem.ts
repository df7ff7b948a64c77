/** The runtime's own rules about plans, `plan.shape` and so on; every plan must satisfy them before a policy is asked. */
export type PlanRule =
  'shape' | 'limits' | 'duplicate_step' | 'missing_dependency' | 'self_dependency' | 'cycle';

export interface Problem {
  /** With what it is about in front: `plan.shape`. */
  readonly rule: string;
  readonly message: string;
  readonly stepIndex: number;
}

/** Notes a problem of a step; -1 for the plan as a whole. */
export type Report = (rule: PlanRule, message: string, stepIndex: number) => void;
