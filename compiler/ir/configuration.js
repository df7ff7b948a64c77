export const NO_CONFIGURATION = { file: null, name: null, entries: null, defaultEntry: null };
