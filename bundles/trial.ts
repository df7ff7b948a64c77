/** Before a signature: the module is loaded as every loader will load it, and asked. */
import { SourceMap, type SourceMapping } from 'node:module';
import { Script } from 'node:vm';
import { BundleError, loadBundle, type Bundle } from '@plan-lint/runtime';
import { refusedText, type BundlePredicate } from '@plan-lint/runtime/contract';
import { signEphemeral } from '../compiler/6-sign/index.ts';
import { CompilerFault } from '../compiler/index.ts';

export interface Trial {
  readonly module: Uint8Array;
  readonly predicate: BundlePredicate;
  /** The module's source map as JSON, made only where a place is to be told. */
  readonly sourceMap?: (() => string) | undefined;
}

/** Plans that every policy has an answer to. */
const PLANS = [{ steps: [] }, { steps: [{ id: 'a', tool: 'a', args: {} }] }];

/**
 * Loads a module with a key that lives as long as the call, and asks each of its entries.
 *
 * @throws CompilerFault where a loader would refuse the module, or where it does not answer
 * @example
 * await tryModule({ module, predicate, sourceMap: compiled.module.sourceMap });
 */
export async function tryModule(trial: Trial): Promise<void> {
  const now = momentWithin(trial.predicate);
  const bundle = await load(trial, now);
  const policies = bundle.entries.map((name) => bundle.policy(name));
  if (policies.length > 0) policies.push(bundle.policy());
  for (const policy of policies) {
    for (const plan of PLANS) {
      const { violations } = policy.evaluate(plan, { now });
      const [unanswered] = violations.filter(({ rule }) => rule === 'runtime.error');
      if (unanswered)
        throw new CompilerFault(`the module does not answer: ${unanswered.message}`, policy.entry);
    }
  }
}

async function load({ module, predicate, sourceMap }: Trial, now: number): Promise<Bundle> {
  const { sidecars, trust } = await signEphemeral({ moduleName: 'trial.mjs', module, predicate }, 'trial');
  const [audience] = predicate.audience;
  try {
    return await loadBundle(module, sidecars, trust, {
      now,
      ...(audience !== undefined && { audience }),
    });
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    const place = sourceMap ? placeOf(Buffer.from(module).toString('latin1'), sourceMap()) : null;
    throw new CompilerFault(`no loader takes the module: ${error.message}`, place);
  }
}

/** A time at which the bundle is valid: it may be signed before its time. */
function momentWithin({ not_before, expires }: BundlePredicate): number {
  if (not_before !== null) return Date.parse(not_before);
  return expires === null ? 0 : Date.parse(expires) - 1;
}

/** Where in the policies that comes from which a loader refuses: `base.yaml:3:7`. */
function placeOf(text: string, sourceMap: string): string | null {
  const offset = refusedText(text)?.offset ?? syntaxErrorIn(text);
  if (offset === null) return null;
  const before = text.slice(0, offset).split('\n');
  const map = new SourceMap(JSON.parse(sourceMap) as ConstructorParameters<typeof SourceMap>[0]);
  const entry: Partial<SourceMapping> = map.findEntry(before.length - 1, (before.at(-1) ?? '').length);
  const { originalSource, originalLine = 0, originalColumn = 0 } = entry;
  return originalSource === undefined ? null : `${originalSource}:${originalLine + 1}:${originalColumn + 1}`;
}

/** The offset that the engine points at when it cannot parse the text; nothing of it runs. */
function syntaxErrorIn(text: string): number | null {
  const script = text.replace('export default', ' '.repeat('export default'.length));
  try {
    new Script(script, { filename: 'trial' });
    return null;
  } catch (error) {
    const [head = '', , caret = ''] = (error instanceof Error ? (error.stack ?? '') : '').split('\n');
    const line = Number(/^trial:(\d+)$/.exec(head)?.[1]);
    if (!Number.isInteger(line)) return null;
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    return start + Math.max(caret.indexOf('^'), 0);
  }
}
