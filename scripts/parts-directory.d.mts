/** Where what `install-parts.mjs` installs is: outside the tree. */
export function partsDirectory(): string;
