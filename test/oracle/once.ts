const MOST = 20_000;

/** The same function, which works out each answer once, as long as there are not too many of them. */
export function once<In, Out>(answer: (question: In) => Out): (question: In) => Out {
  const answers = new Map<In, Out>();
  return (question) => {
    const known = answers.get(question);
    if (known !== undefined || answers.has(question)) return known as Out;
    if (answers.size >= MOST) answers.clear();
    const found = answer(question);
    answers.set(question, found);
    return found;
  };
}

/** The same function of an object, which works out each answer once for as long as that object is there. */
export function onceFor<In extends object, Out>(answer: (question: In) => Out): (question: In) => Out {
  const answers = new WeakMap<In, { readonly answer: Out }>();
  return (question) => {
    const known = answers.get(question) ?? { answer: answer(question) };
    answers.set(question, known);
    return known.answer;
  };
}
