/** Flags that make no sense together, as data: one of them would be ignored, and whoever gave it would not know. */
import type { Command } from 'commander';

/** Two flags that may not stand together. */
interface Exclusion {
  readonly with: string;
}

/** A flag that says nothing without one of others. */
interface Requirement {
  readonly needs: readonly string[];
}

export type Clash = (Exclusion | Requirement) & {
  /** By their words, as `report merge`; `*`: every verb that has the flags. */
  readonly verbs: readonly string[] | '*';
  readonly flag: string;
  /** Why, as the end of a sentence. */
  readonly why: string;
  readonly hint: string;
};

const DECIDING = ['validate', 'validate-batch'] as const;

const each = (flags: readonly string[], clash: (flag: string) => Clash): readonly Clash[] => flags.map(clash);

export const CLASHES: readonly Clash[] = [
  {
    verbs: '*',
    flag: '--json',
    with: '--format',
    why: 'both say how to print the result',
    hint: 'leave one of them out',
  },
  {
    verbs: ['session', 'replay'],
    flag: '--seal-key',
    with: '--trusted-store',
    why: 'a snapshot is believed for its seal or for its store',
    hint: 'leave --trusted-store out',
  },
  {
    verbs: DECIDING,
    flag: '--bundle',
    with: '--policy-dir',
    why: 'one set of policies decides',
    hint: 'give --bundle with --trust, or --policy-dir',
  },
  {
    verbs: DECIDING,
    flag: '--trust',
    with: '--policy-dir',
    why: 'a directory is not signed, so a trust root has nothing to say of it',
    hint: 'leave --trust out, or decide with --bundle acme.mjs --trust trust.json',
  },
  {
    verbs: DECIDING,
    flag: '--audience',
    with: '--policy-dir',
    why: 'only a signed bundle names the environments it is for',
    hint: 'to tell rules the environment: --context environment=production',
  },
  ...each(['--name', '--min-sequence', '--max-age', '--require-base'], (flag) => ({
    verbs: DECIDING,
    flag,
    with: '--policy-dir',
    why: 'only a signed bundle has a name, a sequence, an age and a base',
    hint: `leave ${flag} out, or decide with --bundle acme.mjs --trust trust.json`,
  })),
  ...each(['--trust', '--audience', '--name', '--min-sequence', '--max-age', '--require-base'], (flag) => ({
    verbs: [...DECIDING, 'explain'],
    flag,
    needs: ['--bundle'],
    why: 'it is a signature that is trusted',
    hint: 'give --bundle acme.mjs, or leave it out',
  })),
  {
    verbs: ['validate-batch'],
    flag: '--plans-pattern',
    needs: ['--plans-dir'],
    why: 'the pattern picks files below a directory',
    hint: "--plans-dir plans --plans-pattern '**/*.json'",
  },
  ...each(['--key', '--sign-command', '--public-key', '--passphrase-env', '--single-file'], (other) => ({
    verbs: ['bundle'],
    flag: '--unsigned',
    with: other,
    why: 'the signature is to be made later, by `plan-lint sign`',
    hint: `leave --unsigned out to sign now, or give ${other} to \`plan-lint sign\``,
  })),
  ...each(['bundle', 'sign'], (verb) => ({
    verbs: [verb],
    flag: '--passphrase-env',
    needs: ['--key'],
    why: 'the passphrase opens a key file',
    hint: '--key keys/signer.key --passphrase-env SIGNER_PASSPHRASE',
  })),
  ...each(['--key', '--sign-command', '--attach', '--pss', '--output', '--force'], (other) => ({
    verbs: ['sign'],
    flag: '--payload-out',
    with: other,
    why: 'it writes what is to be signed, and stops',
    hint: 'sign those bytes elsewhere, then pass the signature to --attach',
  })),
  ...each(['--key', '--sign-command', '--pss'], (other) => ({
    verbs: ['sign'],
    flag: '--attach',
    with: other,
    why: 'the signature has been made elsewhere',
    hint: '--attach signature.bin --public-key signer.pub',
  })),
  ...each(['--provenance', '--pss'], (other) => ({
    verbs: ['sign'],
    flag: '--trust-root',
    with: other,
    why: 'that is for bundles',
    hint: `leave ${other} out`,
  })),
  ...each(['--pss', '--output', '--force'], (other) => ({
    verbs: ['sign'],
    flag: '--provenance',
    with: other,
    why: 'provenance is a signed file of its own, beside the bundle',
    hint: 'sign the bundle and its provenance one after the other',
  })),
  ...each(
    ['--builder', '--invocation', '--source-uri', '--source-commit', '--started-on', '--finished-on'],
    (flag) => ({
      verbs: ['sign'],
      flag,
      needs: ['--provenance'],
      why: 'it is a fact of the provenance',
      hint: `add --provenance, or leave ${flag} out`,
    }),
  ),
  ...[
    ['--source-uri', '--source-commit'],
    ['--source-commit', '--source-uri'],
  ].map(([flag = '', other = '']): Clash => ({
    verbs: ['sign'],
    flag,
    needs: [other],
    why: 'a repository without a commit, or a commit without a repository, names no sources',
    hint: '--source-uri https://git.example/policies --source-commit 4f2a…',
  })),
  {
    verbs: ['receipt verify'],
    flag: '--bundle',
    with: '--bundle-digest',
    why: 'both say which bundle must have decided',
    hint: 'give the bundle in use, or digests of those whose decisions count',
  },
  {
    verbs: ['receipt verify'],
    flag: '--bundle-digest',
    needs: ['--name'],
    why: 'by the name of the bundle the trust root says whose key decides',
    hint: '--bundle-digest sha256:… --name acme',
  },
  ...each(['--audience', '--min-sequence', '--max-age', '--require-base'], (flag) => ({
    verbs: ['receipt verify'],
    flag,
    needs: ['--bundle'],
    why: 'it is demanded of the bundle in use',
    hint: `give --bundle acme.mjs, or leave ${flag} out; who acts is --executor`,
  })),
  {
    verbs: ['receipt create'],
    flag: '--approval-method',
    needs: ['--approved-by'],
    why: 'it says how they were asked',
    hint: '--approved-by grace@acme.example --approval-method sso',
  },
  {
    verbs: ['receipt create'],
    flag: '--passphrase-env',
    needs: ['--key'],
    why: 'the passphrase opens a key file',
    hint: '--key keys/decision.key --passphrase-env DECISION_PASSPHRASE',
  },
  {
    verbs: ['trust add'],
    flag: '--decisions',
    with: '--root',
    why: 'a key that decides signs no trust root',
    hint: 'add another key for the other role',
  },
  ...each(['--audience', '--minimum-sequence', '--root-threshold'], (flag) => ({
    verbs: ['trust set'],
    flag,
    with: '--decisions',
    why: 'no rule for decisions has it',
    hint: 'change one rule at a time; who may act on decisions is --executor',
  })),
  ...each(['--executor', '--max-life'], (flag) => ({
    verbs: ['trust add', 'trust set'],
    flag,
    needs: ['--decisions'],
    why: 'it bounds what a decision key may sign',
    hint: `add --decisions, or leave ${flag} out`,
  })),
  ...each(['--executor', '--max-life'], (flag) => ({
    verbs: ['trust init'],
    flag,
    needs: ['--decision-key'],
    why: 'it bounds what a decision key may sign',
    hint: `--decision-key decision.pub, or leave ${flag} out`,
  })),
  {
    verbs: ['trust init'],
    flag: '--channel',
    needs: ['--channel-key'],
    why: 'it bounds what a key of channels may sign',
    hint: '--channel-key channel.pub, or leave --channel out',
  },
  {
    verbs: ['restore'],
    flag: '--unsigned',
    with: '--trust',
    why: 'a trust root speaks for what is signed',
    hint: 'leave one of them out',
  },
  ...each(['--from', '--channel', '--into', '--trust', '--force'], (flag) => ({
    verbs: ['vendor'],
    flag: '--check',
    with: flag,
    why: 'it asks nobody, and changes nothing',
    hint: 'leave --check out to fetch',
  })),
  ...each(['--name', '--root', '--decisions', '--checkpoint'], (flag) => ({
    verbs: ['trust add'],
    flag: '--channel',
    with: flag,
    why: 'a key of a channel signs nothing else',
    hint: 'add it once for each of the two',
  })),
  ...each(['--name', '--root', '--decisions'], (flag) => ({
    verbs: ['trust add'],
    flag: '--checkpoint',
    with: flag,
    why: 'a key of a running service signs nothing that it obeys',
    hint: 'take a key of its own: plan-lint keygen --role decision --out keys',
  })),
  {
    verbs: ['inspect'],
    flag: '--audience',
    needs: ['--trust'],
    why: 'without a trust root nothing is verified',
    hint: 'add --trust trust.json',
  },
  {
    verbs: ['inspect'],
    flag: '--sources',
    needs: ['--trust'],
    why: 'exceptions are read out of the module, which does not run before it is verified',
    hint: 'add --trust trust.json',
  },
  {
    verbs: ['explain'],
    flag: '--rules-for',
    with: '--bundle',
    why: 'the rules stand in the sources',
    hint: 'give --policy-dir',
  },
  {
    verbs: ['diff'],
    flag: '--context',
    needs: ['--plans-dir'],
    why: 'it is for plans that are decided twice',
    hint: 'add --plans-dir plans, or leave it out',
  },
  {
    verbs: ['test-policies'],
    flag: '--jobs',
    needs: ['--mutate', '--min-mutation-score'],
    why: 'only mutants take several threads',
    hint: 'add --mutate, or leave --jobs out',
  },
];

/** The first clash among the flags that a command line gives to a verb. */
export function clashOf(verb: Command): Clash | null {
  const path = pathOf(verb);
  const given = new Set(
    verb.options
      .filter((option) => verb.getOptionValueSource(option.attributeName()) === 'cli')
      .map(({ long }) => long),
  );
  const clashes = (clash: Clash): boolean => {
    if (!given.has(clash.flag) || !(clash.verbs === '*' || clash.verbs.includes(path))) return false;
    return 'with' in clash ? given.has(clash.with) : !clash.needs.some((flag) => given.has(flag));
  };
  return CLASHES.find(clashes) ?? null;
}

/** The clash as a sentence. */
export const clashText = (clash: Clash): string =>
  'with' in clash
    ? `${clash.flag} does not go with ${clash.with}: ${clash.why}`
    : `${clash.flag} needs ${clash.needs.join(' or ')}: ${clash.why}`;

/** The words of a verb, without the program's name. */
export function pathOf(verb: Command): string {
  return verb.parent?.parent ? `${pathOf(verb.parent)} ${verb.name()}` : verb.name();
}
