/** What one may be allowed to do: the source document's six, and those for sessions. */
export const PERMISSIONS = [
  'create_policy',
  'read_policy',
  'update_policy',
  'delete_policy',
  'apply_policy',
  'validate_plan',
  'approve_plan',
  'run_session',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

export const isPermission = (name: string): name is Permission =>
  (PERMISSIONS as readonly string[]).includes(name);
