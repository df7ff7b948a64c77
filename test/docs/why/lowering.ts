/** Why the compiler refuses it, for each code of lowering: 3-lower. Two sentences: what could happen, and to whom. */
export const whyLowering = {
  PL3001:
    'A bound is about one argument of one tool, and here one of the two is missing. It would hold for nothing, or for everything.',
  PL3002:
    'Tool names hold dots, so where the tool ends and the argument begins had to be guessed. A wrong guess bounds an argument that does not exist.',
  PL3101:
    'Patterns run on texts that an attacker may choose, and this one could take very long on some of them. Each pattern must take time linear in the text.',
  PL3102:
    'A normalised text holds no such characters, so the test would never be true. Its author expects it to find something.',
  PL3110:
    'A text is compared after it has been read, in one spelling. An operand in another spelling never equals it, so a list of what is forbidden would let this through.',
  PL3201:
    'A condition that cannot be read cannot be asked. Compiling it to “never fires” would hide the rule.',
  PL3202:
    'The types can never fit, so the condition would end in an error on every plan. An error counts as a violation, and every plan would be denied.',
  PL3203:
    'The name stands for nothing, so the condition would end in an error on every plan. A misspelt name is the usual cause.',
  PL3204:
    'Conditions are compiled ahead of time, and their cost must be known then. A pattern that is read from a plan would let its author choose what is looked for.',
  PL3205:
    'It says which steps a rule governs, and a session asks it when only some of them are there. With another plan, or another time, before it the same step would be counted and not counted.',
  PL3301:
    'The setting promises that plans are held to a catalog. Without one it would deny every tool, or none.',
  PL3302:
    'No agent has a tool of this name, so what is said about it protects nothing. The tool that was meant goes without its rule.',
  PL3303:
    'The glob matches no tool that agents have today. It may be meant for tools to come, so this is a warning.',
  PL3304:
    'The schema leaves no room for this argument, so no valid call has it. A rule about it would never see the value that it is meant for.',
  PL3305:
    'The schema does not list this argument, though it does not refuse it either. A misspelt name would make a rule look at something that is never there.',
  PL3306:
    'The argument is never of the type that this test compares. Such a rule fires on every call or on none, whatever the value.',
  PL3307:
    'The schema admits none of these values, so the answer is the same for every valid call. A text `"5"` where the argument is the number `5` is the usual cause.',
  PL3308: 'Some values of the list can never be in a valid call. A misspelt value leaves the right one out.',
  PL3309:
    '`validate_args` promises that every call satisfies the schema of its tool. A part that cannot be checked would break that promise in silence.',
  PL3310:
    'A base that several teams extend may name tools that this catalog lacks. It may be a misspelt name too, so somebody should look.',
} as const;
