export const PARAM_TYPES = ['number', 'integer', 'text', 'list'];
export const TIGHTENINGS = ['lower', 'higher', 'add', 'remove'];
