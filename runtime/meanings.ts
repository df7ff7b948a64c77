/**
 * Every way a bundle or a trust root can be refused. This table is the sole source of the codes, their sentences
 * and their hints; documentation is generated from it. It is an export of its own (`@plan-lint/runtime/errors`):
 * what decides about plans needs the codes only.
 */

/** code → [one lower-case sentence, what to do about it]. */
export const ERRORS = {
  input_invalid: [
    'an argument is not of the documented type',
    'pass bytes as Uint8Array and times as milliseconds',
  ],
  module_too_large: ['the module is larger than the limit', 'raise limits.moduleBytes if that is intended'],
  sidecar_too_large: [
    'the signature is larger than the limit',
    'a sidecar has a few kilobytes; is this the right file?',
  ],
  signature_missing: [
    'there is no signature',
    'pass the .sigstore.json sidecar, or a single-file bundle; `plan-lint sign` signs what is unsigned',
  ],
  single_file_malformed: [
    'the signature line is not exactly the last line',
    'fetch the bundle again, do not edit it',
  ],
  sidecar_malformed: [
    'the sidecar is not a sigstore bundle as plan-lint writes it',
    'fetch the sidecar again, do not reformat it',
  ],
  trust_malformed: [
    'the trust root is not valid',
    'it is a file that `plan-lint keygen` or `plan-lint trust` wrote, unchanged',
  ],
  trust_expired: ['the trust root has expired', 'fetch the current trust root'],
  trust_rollback: ['the trust root is older than one already used', 'fetch the current trust root'],
  trust_update_refused: [
    'the new trust root is not the signed successor of the current one',
    'it needs version + 1 and the signatures of both roots',
  ],
  key_malformed: [
    'a trusted key is not a key of its algorithm',
    'write the key anew with `plan-lint trust add`',
  ],
  key_weak: ['a trusted key is weak', 'use P-256, Ed25519, or RSA of 2048 bits or more with exponent 65537'],
  key_unknown: [
    'no trusted key made this signature',
    'add the signer to the trust root, or find out who signed',
  ],
  signature_malformed: [
    'the signature is not encoded as its algorithm demands',
    'ECDSA signatures are DER, others raw',
  ],
  signature_invalid: ['the signature does not verify', 'the file was changed, or signed by another key'],
  payload_type: [
    'the signed payload is not an in-toto statement',
    'sign with `plan-lint bundle` or `plan-lint sign`',
  ],
  statement_malformed: ['the signed statement is not valid', 'build the bundle again with this version'],
  predicate_type: [
    'the signed statement is about something else than a policy bundle',
    "pass the bundle's own sidecar",
  ],
  statements_differ: ['the sidecars sign different statements', 'sign the same payload with every key'],
  format_unsupported: [
    'the bundle has a format this runtime does not know',
    'update the runtime, or build the bundle again',
  ],
  capability_missing: [
    'the bundle is not able to do that',
    'build it again with a compiler that emits it; `plan-lint inspect` lists its capabilities',
  ],
  runtime_too_old: ['the bundle needs a newer runtime', 'update @plan-lint/runtime'],
  digest_mismatch: [
    'the module is not the one that was signed',
    'fetch module and signature again, together',
  ],
  policy_not_trusted: [
    'the trust root has no rule for a bundle of this name',
    'add a rule for the name to the trust root',
  ],
  key_not_allowed: [
    'none of the keys that signed may sign this',
    'sign with a key that the trust rule lists; `plan-lint trust show` says which, and which are revoked',
  ],
  threshold_not_met: [
    'too few distinct keys have signed',
    'collect the missing signatures and pass all sidecars',
  ],
  key_not_yet_valid: ['the signing key is not valid yet', "check the clock and the key's validity"],
  key_expired: ['the signing key has expired', 'sign with a current key'],
  key_revoked: ['the signing key is revoked', 'sign with another key; do not trust what this one signed'],
  bundle_not_yet_valid: [
    'the bundle is not valid yet',
    'check the clock, and when the bundle was issued and begins',
  ],
  bundle_expired: ['the bundle has expired', 'fetch or build a current bundle'],
  issued_missing: [
    'the bundle does not say when it was issued, and the loader wants to know its age',
    'build it again: bundles of format 2 say it; or leave maxAge out',
  ],
  bundle_too_old: [
    'the bundle is older than the loader allows',
    'fetch the current bundle; `plan-lint bundle` issues a new one from the same sources',
  ],
  bundle_withdrawn: [
    'the trust root withdraws this bundle',
    'fetch the current bundle; `plan-lint trust show` says why this one was withdrawn',
  ],
  audience_missing: [
    'the bundle is for certain environments and the loader names none',
    'pass the audience option, on the command line `--audience`',
  ],
  audience_mismatch: [
    'the bundle is not for this environment',
    'fetch the bundle built for it; `plan-lint inspect` and `plan-lint trust show` name the environments',
  ],
  name_mismatch: ['the bundle is another one than asked for', 'check the name option and the file'],
  closure_mismatch: [
    'the bundle was built from other sources than asked for',
    'check the closure option and the build',
  ],
  base_missing: [
    'the bundle was not made to stand on a base that the loader requires',
    'build it with `require_base` in plan-lint.yaml, or `plan-lint bundle --require-base`; `plan-lint verify` shows what is signed',
  ],
  sequence_rollback: [
    'the bundle is older than one already used or than the minimum',
    'fetch the current bundle',
  ],
  sequence_reused: [
    'another bundle with this sequence was already used',
    'every release needs a higher sequence',
  ],
  sequence_fast_forward: [
    'the sequence jumps further than the limit',
    'check who released it; raise maxSequenceJump if it is right',
  ],
  clock_moved_back: [
    'the clock is behind the time of an earlier load',
    'set the clock; where the earlier one was wrong, `plan-lint verify --state FILE --accept-clock`',
  ],
  clock_jumped_ahead: [
    'the clock is far ahead of the time of the last load',
    'set the clock; where it is right, `plan-lint verify --state FILE --accept-clock`',
  ],
  channel_not_trusted: [
    'the trust root lets nobody say what is current in this channel',
    'name a key for it: `plan-lint trust add --channel NAME`; `plan-lint trust show` says who may',
  ],
  channel_not_yet_valid: ['the head of the channel is from the future', 'check the clock'],
  channel_expired: [
    'the head of the channel has expired: nobody has said since then what is current',
    'a mirror may be stopped, or the registry: look there; `plan-lint publish --renew` signs the head anew',
  ],
  channel_rollback: [
    'the head of the channel is older than one already seen',
    'a mirror is behind, or somebody serves what is old: ask the registry itself',
  ],
  channel_forked: [
    'another head of the channel with this sequence was already seen',
    'two have published at once, or somebody else holds the key of the channel: find out who',
  ],
  source_unreachable: [
    'the bundle cannot be fetched or read where it is followed',
    'look at the address or the path, and at who may read it',
  ],
  state_unreadable: [
    'the loader state cannot be read or written',
    'repair the state store; do not just delete it',
  ],
  module_forbidden: [
    'the module contains text that no emitted module contains',
    'do not load it; find out who signed it',
  ],
  module_failed: [
    'the module does not run',
    'build the bundle again; where the host forbids code from text (workers, strict pages), adopt the module: see docs/loading.md',
  ],
  module_malformed: ['the module does not export what its format demands', 'build the bundle again'],
  receipt_malformed: [
    'the signed statement is not a decision receipt',
    'pass what `plan-lint receipt create` wrote, unchanged, and read it with this version',
  ],
  receipt_not_trusted: [
    'the trust root lets nobody decide for this bundle and this audience',
    'name a decision key for them: `plan-lint trust add --decisions`; `plan-lint trust show` says who may',
  ],
  receipt_not_yet_valid: ['the receipt is from the future', 'set the clocks of who decides and who executes'],
  receipt_expired: ['the receipt has expired', 'have the plan decided again'],
  receipt_life_too_long: [
    'the receipt holds for longer than the trust root allows',
    'ask for a shorter one: --life 5m; `plan-lint trust show` says how long it may hold',
  ],
  receipt_audience_mismatch: [
    'the receipt is for somebody else',
    'have the plan decided for this audience; do not run it on this receipt',
  ],
  receipt_plan_mismatch: [
    'the plan is not the one that was decided',
    'run the plan that was decided, byte for byte in its meaning, or have this one decided',
  ],
  receipt_step_mismatch: [
    'the step is not proven to be in the plan that was decided',
    'take step and proof from the plan that was decided',
  ],
  receipt_bundle_mismatch: [
    'the plan was decided by another bundle',
    'have it decided by the bundle in use; `plan-lint inspect` prints the digest',
  ],
  receipt_entry_mismatch: [
    'the plan was decided by another entry of the bundle',
    'have it decided by the entry that is asked for, or ask for the one that decided',
  ],
  receipt_context_mismatch: ['the plan was decided in another context', 'have it decided for who asks now'],
  receipt_used: ['the receipt was used before', 'have the plan decided again; a receipt holds once'],
  intrinsics_altered: [
    'a built-in function was replaced',
    'load policies before code that patches built-ins',
  ],
} as const satisfies Record<string, readonly [sentence: string, hint: string]>;

export type ErrorCode = keyof typeof ERRORS;
