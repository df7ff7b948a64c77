/** Nobody is asked who they are: on loopback alone, where the configuration has no `auth.modes`. */
import { identityOf } from './identity.ts';
import type { AuthMode } from './identity.ts';

export const ANONYMOUS = 'anonymous';

/** May ask and look, and change nothing. */
const MAY = ['validate_plan', 'read_policy', 'run_session'];

export const anonymous = (): AuthMode => ({
  name: ANONYMOUS,
  isCached: false,
  recognises: () => true,
  verify: () =>
    Promise.resolve(
      identityOf(
        { username: ANONYMOUS, permissions: MAY },
        { username: 'username', groups: 'groups', team: 'team' },
      ),
    ),
});
