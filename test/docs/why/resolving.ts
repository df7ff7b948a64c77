/** Why the compiler refuses it, for each code of resolving: 2-resolve. Two sentences: what could happen, and to whom. */
export const whyResolving = {
  PL2001:
    'Without its parent a policy loses every guardrail that it was to inherit. So a parent that is not found stops the compiler.',
  PL2002:
    'Where files extend each other in a circle, none of them is the base. Nobody could say whose value is the inherited one.',
  PL2003:
    'Two files answer to this name, and their rules differ. Which of them becomes the parent must not depend on the order of a directory.',
  PL2004:
    'Files outside the directory are not reviewed with it, and not in the bundle’s list of sources. An auditor could not see what decided.',
  PL2006:
    'A chain this long is nearly always made by a program or a mistake. Nobody who reads the last file can keep in mind what it inherits.',
  PL2008:
    'A directory without policies would compile to a bundle that lets everything pass. A wrong path must not look like a lax policy.',
  PL2009:
    'What a link leads to can change without a trace in this directory. A link to nowhere is a policy that somebody believes to be in force.',
  PL2010:
    'The file looks like a policy to a person, and no reader takes it. Its rules would be reviewed and never asked.',
  PL2011:
    'What an address returns may be something else tomorrow, or for another caller. A parent that is kept and pinned is the one that was read.',
  PL2012: 'A pin that cannot be read pins nothing. It would look as if the parent were held to its digest.',
  PL2013:
    'The file is not the one that somebody read and pinned. Whether the change is harmless is for a person to say, before it decides anything.',
  PL2014:
    'A reader takes one name for the other, and so does a file system that does not mind case. A review of `base.yaml` could then be a review of the wrong file.',
  PL2015:
    'The configuration demands a base that is not there, so no entry can stand on it. A misspelt path must not make the demand vanish.',
  PL2016:
    'Nobody can weaken a base that they extend, so the way around it is not to extend it. The organisation has said that every entry must.',
  PL2101:
    'A second rule of the same name would have to replace the first, and might be weaker. A child tightens an inherited rule under `refine`, where both can be compared.',
  PL2102:
    'A guardrail holds for every team that inherits it. If one child may relax it, nobody can rely on the base any more.',
  PL2103:
    'No value satisfies both bounds, so every call of the tool would be denied. If that is meant, leaving the tool out of `allow_tools` says it plainly.',
  PL2104:
    'The parent’s list is the widest set of tools that agents may have. A child that adds one has stepped out of the base.',
  PL2105:
    'Services ask for an entry by its name. Two entries of one name would make it chance which policy decides.',
  PL2106:
    'The configuration names an entry that does not exist, so the one that was meant is not among those that decide. A misspelt name must not drop a policy.',
  PL2107:
    'An interval whose end lies before its beginning admits nothing. The two numbers are nearly always in the wrong order.',
  PL2108:
    'The weight belongs to no rule, so the risk score never counts it. Its author expects plans to be denied that will pass.',
  PL2109:
    'The parent left the value open, within limits that it named. Beyond them it is not a choice of the child.',
  PL2110:
    'A guardrail that a child turns into a default can be relaxed by the next child. The step in between must not open what its parent closed.',
  PL2111:
    'One parent reads the bound as one of `payments`, the other as one of `payments.transfer`. The child would inherit whichever was read first.',
  PL2201:
    'There is a plan that the inherited rule stops and the new one lets through; the message shows it. A refinement may only make a rule fire on more.',
  PL2202:
    'The compiler could neither prove that the rule is stricter, nor find a plan that slips through. What is not proved is not believed.',
  PL2203:
    'A condition that is added must hold too before the rule fires, so the rule fires on less. A rule of your own beside it narrows nothing.',
  PL2204:
    'Switching a rule off is the plainest way to weaken it. An exception does it for a reason, for a scope, with an end, and with a second person.',
  PL2205:
    'The rule that was to become stricter does not exist, so nothing would become stricter. A misspelt name is the usual cause.',
  PL2206:
    'Whoever extends this name, or asks for it as an entry, would get the child in place of the parent. That is a way to replace a base unseen.',
  PL2207:
    'A second declaration could change type, domain and direction of an inherited parameter. A child binds its value, and nothing else.',
  PL2208:
    'The name belongs to no parameter, so no rule would change. The limit that its author meant to set would stay as it was.',
  PL2209:
    'Rules compare with this parameter by its type. A text in place of a number would make them unknown on every plan.',
  PL2210:
    'Nothing says in which direction this parameter is stricter, or a file above has locked it. Then no new value can be shown to be as strict.',
  PL2211:
    '`final` promises that no exception will ever touch the rule. A promise that a child may take back is none.',
  PL2212:
    'The short form changes one operand, and this rule has none or several. Which test was meant would be a guess.',
  PL2213:
    'Two parents bind the parameter to different values, and neither is stricter by its declaration. The order of parents must not decide.',
  PL2221:
    'An exception lifts a guardrail, so two persons answer for it. Whoever asks cannot be the one who says yes, in whatever spelling.',
  PL2222: 'An exception that ends before it begins never applies. Its author believes to have one.',
  PL2223:
    'When an exception ends must be the same moment for every reader. A date that does not exist, or has no time zone, is not.',
  PL2224:
    'The exception excuses a rule that does not exist. The rule that was meant goes on firing, or a later one of this name is excused unseen.',
  PL2225:
    'The owner of the rule has said that it takes no exceptions, for anybody. Only the owner can change that.',
  PL2226:
    'An exception without an end in sight is a hole that everybody forgets. The base has said how long one may last.',
  PL2301:
    'Of a rule about the whole plan only what can be compared may be refined: its limit, and its tools. Any other change could make it fire on less, and nothing would prove otherwise.',
  PL2302:
    'The limit has a name, and other rules may use the same one. Binding the parameter keeps them together, and is proved for each of them.',
} as const;
