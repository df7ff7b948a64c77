/**
 * A text pattern after compilation: which engine decides it and the data that engine needs. Data only, and JSON
 * throughout, so that a plan can be cached, hashed and put into the emitted module by escaping alone.
 *
 * Every plan answers one question, "does this pattern match anywhere in this text?", in time linear in the text.
 */
export {};
