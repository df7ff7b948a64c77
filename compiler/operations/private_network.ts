import { js } from '../code/code.ts';
import type { ValueOperation } from './operation.ts';

/** Whether a host is a private address, or a name of a private network; asked of hosts only, which are texts. */
export const privateNetwork: ValueOperation = {
  name: 'private_network',
  operand: 'none',
  reads: 'value',
  anywhere: false,
  uses: ['isPrivateHost'],
  says: (_x, negated) => (negated ? 'is not private' : 'is private'),
  maybe: (v) => js`!(typeof ${v}==="string"&&!isPrivateHost(${v}))`,
  definitely: (v) => js`typeof ${v}==="string"&&isPrivateHost(${v})`,
};
