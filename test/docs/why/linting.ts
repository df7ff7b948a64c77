/** Why `lint` warns of it, for each code of the analyses. Two sentences: what could happen, and to whom. */
export const whyLinting = {
  PL4001:
    '`plan.context` is written by the agent that also wrote the plan. A rule that trusts it can be switched off by the one it is to hold.',
  PL4002:
    'A policy without a rule lets every well-formed plan pass. It looks like a policy in every list, and decides nothing.',
  PL4101:
    'No value can satisfy these tests together. So the rule never fires on the values that its author had in mind.',
  PL4102:
    'Every value satisfies the test, so it narrows nothing down. The rule fires on more than it says, often because `or` stands for `and`.',
  PL4103:
    'Every step of every plan breaks this rule, so no plan passes. A glob that is too wide is the usual cause.',
  PL4104: 'A list that allows everything denies nothing. It reads as if somebody had chosen the tools.',
  PL4105:
    'A condition that names nothing of the plan is always true or always false. So the rule fires on every plan, or on none, whatever its author had in mind.',
  PL4111:
    'Another rule fires wherever this one does, at least as strongly, so this one changes no decision. Whoever relaxes it later will wonder why nothing changes.',
  PL4112:
    'Two rules with one condition report each finding twice, and both weigh in the risk score. When one of them is changed, the other is easily forgotten.',
  PL4113:
    '`allow_tools` denies these tools already, so the rule never matters. Often the name of the tool is misspelt, and the real tool goes without the rule.',
  PL4114:
    'The rule demands a step whose tool is not allowed, so no plan can meet it. Every plan with the governed tool is denied.',
  PL4119:
    'Comparing each rule with all others was given up for some of them. So a rule that is needless may be among those that were not looked at.',
  PL4121:
    'No rule asks for this parameter, so binding it changes nothing. A child that lowers it believes to be stricter.',
  PL4122:
    'The setting is for the rules that are declared beside it, not for those of children. Whoever sets it in a base believes that all of them go by the list.',
  PL4131:
    'The exception is over, and the rule fires again. Left in the file it suggests that something is still excused.',
  PL4132:
    'The exception ends soon, and plans that it excuses will be denied from then on. There is time to mend the cause, or to ask anew.',
  PL4133:
    'The rule does not fire on the tools of this scope, so the exception excuses nothing. Plans that were to be let through are still denied.',
  PL4134:
    'An exception for every tool and every caller switches the rule off. Whoever approved it may have thought of one case.',
  PL4135:
    'In more than a year nobody will remember why this was excused. A shorter end makes somebody look again.',
  PL4141:
    'All weights together stay below the threshold, so the risk score never denies. Its author counts on a limit that does not exist.',
  PL4142:
    'Other policies stand on a base, and this entry does not. Its plans are decided without the guardrails of everybody else.',
  PL4143:
    'An entry whose `extends` is an empty list stands on nothing, and means it. Such an entry has none of the organisation’s guardrails.',
  PL4151:
    'The pattern matches the empty text, and with it every text. The test is the same for every plan, so it protects nothing or denies everything.',
  PL4152:
    'Nearly every step has a text with a letter in it. So the rule denies nearly every plan, and will soon be removed as a nuisance.',
  PL4153:
    'No text can match, so the rule never fires. Often `^` or `$` stands in the middle, where a backslash was meant in front of it.',
  PL4154:
    'The operation takes the text as it is, signs included, and no plan is likely to hold it. The author of a regular expression means `matches`.',
  PL4161:
    'In a regular expression a dot is any character. `evil.example` also matches `evilxexample`, and a list of hosts that may be called becomes wider than it reads.',
  PL4162:
    'An empty alternative matches at every place of every text. One bar too many makes a rule fire on everything.',
  PL4163:
    'Between `Z` and `a` lie six signs that are no letters. A pattern that admits letters would admit these too.',
  PL4164:
    'The anchors bind closer than the bar: this is “begins with `admin`” or “ends in `root`”. Whole names were most likely meant.',
  PL4165:
    'A class is one character out of a set, and the bar is one of them. `[foo|bar]` finds any text with an `o` in it.',
  PL4166:
    'What is repeated already is repeated again, and the texts that match are the same. It reads as if it meant more.',
  PL4167:
    'Blanks in a pattern are looked for like letters. `secret | hidden` finds neither word at the end of a text.',
  PL4168:
    'A block scalar ends in a line end, which becomes a part of the pattern. So it finds the text only where a line end follows.',
  PL4169:
    'In YAML a backslash needs doubling in double quotes only. Doubled elsewhere it looks for a real backslash, and no digits are found.',
  PL4155:
    'Slashes and flags belong to regular expressions in programs, and here they are part of the text that is looked for. So the rule never fires on what it was written against.',
  PL4171:
    'Other tools that read the same file may be of YAML 1.1, and see another value. Then a check there and the decision here speak of two policies.',
  PL4181:
    'The rule reads as if it looked back for a while, or held calls back. A plan has no times and no calls, so none of that happens.',
  PL4182:
    'The author of the rule expects that failures are handled. An agent that calls one tool after the other is held to nothing by it.',
  PL4183:
    'In a plan the rule denies before anything runs. In a session the deed is done, and the missing step is only reported.',
} as const;
