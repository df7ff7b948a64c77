/**
 * Helpers for services that run on Node: loader state that survives a restart, hardening, trust root updates.
 * What decides about bundles and plans does not need this file.
 */
export { fileStore } from './file-store.ts';
export { takeTurn, type Turn } from './file-turn.ts';
export {
  followBundle,
  type FollowCandidate,
  type FollowedBundle,
  type FollowHealth,
  type FollowOptions,
  type Timers,
} from './follow/index.ts';
export { freezeIntrinsics } from './harden.ts';
export { updateTrustRoot } from './root.ts';
export { loadBundle } from './vm.ts';
export * from './state.ts';
