/** An inspection for the terminal. */
import { mapText } from '../../bundles/source-map.ts';
import { scopeText } from './inspection-facts.ts';
import type { ExceptionSummary, Inspection } from './inspection-facts.ts';
import { byDefault, chainLines, NO_BASE } from './story.ts';
import { shown } from './shown.ts';

export function inspectionText(found: Inspection): string {
  const { predicate, bytes, refusal, content } = found;
  const rules = content?.rules ?? [];
  const width = Math.max(0, ...rules.map((rule) => rule.id.length));
  return [
    shown`bundle       ${predicate.name} ${predicate.version}, sequence ${predicate.sequence}\n`,
    refusal ? shown`NOT VERIFIED ${refusal.message} [${refusal.code}]\n` : 'verified     by the trust root\n',
    `digest       sha256:${found.digest}\n`,
    `closure      sha256:${found.closure}\n`,
    `size         ${bytes.module} bytes (${bytes.gzip} gzip), signatures ${bytes.sidecars.join(' + ')} bytes\n`,
    ...found.claimed.map((id) => {
      const signer = found.signers.find((key) => key.id === id);
      return shown`${signer ? 'signed by   ' : 'claims      '} ${id}${signer?.label ? `  ${signer.label}` : ''}\n`;
    }),
    shown`valid        from ${predicate.not_before ?? 'any time'} until ${predicate.expires ?? 'withdrawn'}\n`,
    shown`audience     ${predicate.audience.join(', ') || 'any environment'}\n`,
    ...(content
      ? content.entries.map(
          (entry) => shown`entry        ${entry.name} (${entry.aggregate}, denies from ${entry.threshold})\n`,
        )
      : predicate.entries.map((entry) => shown`entry        ${entry}\n`)),
    shown`by default   ${byDefault(predicate)}\n`,
    ...chainLines(predicate),
    ...(predicate.require_base.length > 0
      ? predicate.require_base.map((base) => shown`base         ${base.sha256}  ${base.name}\n`)
      : [`base         ${NO_BASE}\n`]),
    ...predicate.sources.map((source) => shown`source       ${source.sha256}  ${source.name}\n`),
    ...(predicate.catalog
      ? [shown`catalog      ${predicate.catalog.sha256}  ${predicate.catalog.name}\n`]
      : []),
    ...(found.source_map ? [shown`source map   ${mapText(found.source_map)}\n`] : []),
    content
      ? `rules        ${rules.length}\n`
      : 'rules        not listed: the module does not run before it is verified\n',
    ...rules.map(
      (rule) =>
        shown`  ${rule.id.padEnd(width)}  ${rule.severity.padEnd(8)} ${rule.enforcement.padEnd(16)} ` +
        shown`${rule.origin}\n`,
    ),
    ...(content ? exceptionLines(content.exceptions) : []),
  ].join('');
}

function exceptionLines(exceptions: readonly ExceptionSummary[]): readonly string[] {
  return [
    `exceptions   ${exceptions.length}\n`,
    ...exceptions.flatMap((one) => [
      shown`  ${one.rule} in ${one.entry}: ${one.label}\n`,
      shown`    from ${one.not_before ?? 'any time'} until ${one.expires}, for ${scopeText(one)}\n`,
      ...(one.declared
        ? [
            shown`    ${one.declared.origin}, granted by ${one.declared.policy}, requested by ${one.declared.requested_by}\n`,
          ]
        : []),
    ]),
  ];
}
