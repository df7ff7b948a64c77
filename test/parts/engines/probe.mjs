/* global atob */
/**
 * What one engine makes of the runtime: verifies, loads, decides, refuses, by each way. Of the web platform only, so that it
 * runs everywhere. It judges nothing: it says what came of each question.
 */

const bytes = (base64) => Uint8Array.from(atob(base64), (unit) => unit.charCodeAt(0));
const reason = (error) => String(error?.code ?? `${error?.name}: ${error?.message}`).slice(0, 200);

async function verdict(work) {
  try {
    await work();
    return 'accepted';
  } catch (error) {
    return reason(error);
  }
}

/** `yes` where it loads and decides right. */
async function loads(load, { good, bad }) {
  try {
    const policy = (await load()).policy();
    const [pass, deny] = [policy.evaluate(good), policy.evaluate(bad)];
    const isRight =
      pass.status === 'pass' &&
      deny.status === 'deny' &&
      deny.violations.length === 1 &&
      policy.allows(good) &&
      !policy.allows(bad);
    return isRight ? 'yes' : `no: decided ${pass.status}, ${deny.status}`;
  } catch (error) {
    return `no: ${reason(error)}`;
  }
}

/**
 * @param parts - `runtime`, `adoptBundle`, on Node-like hosts `loadByVm`, and the namespaces `good`, `tampered`, `reprinted`,
 * `shadowed` of modules the host has imported
 */
export async function probe({ runtime, adoptBundle, loadByVm, imported }, data) {
  const { now, name } = data;
  const options = { now, name };
  const algorithms = Object.values(data.algorithms);
  const [first] = algorithms;
  const module = bytes(data.modules.good);
  const sidecar = bytes(first.sidecar);

  const verify = [];
  for (const each of algorithms)
    verify.push(await verdict(() => runtime.verifyBundle(module, bytes(each.sidecar), each.trust, options)));

  const ways = {
    import: runtime.loadBundle,
    ...(loadByVm && { vm: loadByVm }),
  };
  const out = { verify, ways: {} };
  for (const [way, load] of Object.entries(ways)) {
    const refuse = {};
    for (const kind of ['tampered', 'reprinted', 'shadowed', 'swapped'])
      refuse[kind] = await verdict(() => load(bytes(data.modules[kind]), sidecar, first.trust, options));
    refuse['another bundle'] = await verdict(() =>
      load(bytes(data.modules.swapped), bytes(data.swappedSidecar), first.trust, options),
    );
    out.ways[way] = { load: await loads(() => load(module, sidecar, first.trust, options), data), refuse };
  }

  const adopt = (namespace, by = sidecar) => adoptBundle(namespace, by, first.trust, options);
  out.ways.adopt = {
    load: await loads(() => adopt(imported.good), data),
    refuse: {
      tampered: await verdict(() => adopt(imported.tampered)),
      reprinted: await verdict(() => adopt(imported.reprinted)),
      swapped: await verdict(() => adopt(imported.good, bytes(data.swappedSidecar))),
    },
    // What stands around it decides nothing.
    shadowed: await loads(() => adopt(imported.shadowed), data),
  };

  out.surprises = [];
  for (const [what, expected, text, signatures, root, when] of data.corpus) {
    const code = await verdict(() =>
      runtime.verifyBundle(bytes(text), signatures && signatures.map(bytes), bytes(root), when),
    );
    if (!expected.includes(code)) out.surprises.push(`${what}: ${code}, not ${expected.join(' or ')}`);
  }
  return out;
}
