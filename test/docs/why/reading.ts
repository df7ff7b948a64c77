/** Why the compiler refuses it, for each code of reading: 1-parse. Two sentences: what could happen, and to whom. */
export const whyReading = {
  PL1001:
    'A file that one reader takes for one thing and another for something else is no policy. So nothing is guessed from text that is not YAML.',
  PL1002:
    'YAML readers disagree on which of two equal keys counts. A reviewer could read the strict one while the lax one decides.',
  PL1003:
    'A tag asks the reader to build something other than plain data, up to running code. Policies are data, and stay data.',
  PL1004:
    'A number, list or null as a key turns into a text in some readers, and into another text in others. Then two tools disagree on which setting this is.',
  PL1005:
    'A few lines of aliases can grow to more memory than a machine has. A compiler that stops there cannot be brought down by a policy file.',
  PL1006:
    'Most YAML readers take the first document and say nothing of the others. Rules in the second one would be written, reviewed, and never asked.',
  PL1007:
    'An empty policy lets every plan pass, and is more often an accident than a wish. Whoever means it can delete the file.',
  PL1008:
    'In another encoding the same bytes are other letters. A pattern would then look for a text that its author never wrote.',
  PL1009:
    'Half of a surrogate pair is no character, and programs put something else in its place, each in its own way. The rule would look for a text that its author never sees.',
  PL1010:
    'Beyond 2⁵³ a double cannot hold every integer, so the limit would be another number than the one written. Plans have the same limit, and are refused for it.',
  PL1101:
    'A misspelt key says nothing, and most readers pass over it in silence. The guardrail that its author believes in would not exist.',
  PL1102:
    'A value of another type would have to be guessed at, and a guess is not a guardrail. `max_steps: many` limits nothing.',
  PL1103:
    'Something that every rule needs is not there. A rule without a name could not be refined, excused or found in a report.',
  PL1104:
    'The word decides how strongly a rule acts, and an unknown word decides nothing. A misspelt `high` must not become a default that is weaker.',
  PL1105:
    'The value is a number, but one that no plan or score can have. Such a setting would always hold or never, and say so to nobody.',
  PL1106:
    'A pattern without a test has no meaning, and one with two has more than one. Which of them counts is for the author to say.',
  PL1107:
    'A test that does not exist cannot be true or false of a plan. Near names are suggested, for the difference is often one letter.',
  PL1108:
    'The short form `amount_gt` names the argument already. With two names nobody can tell which argument is looked at.',
  PL1109:
    'Each operation compares with one kind of value. A limit written as a text would otherwise be compared letter by letter, or not at all.',
  PL1110:
    'The test has nothing to compare with. Whatever stood in for it would be a limit that nobody chose.',
  PL1111:
    'Some operations make sense of one value only. Asked of every text in a step, `not_contains` would fire on each word that is fine.',
  PL1112:
    'Positions in a list and empty names lead to no argument, or to one by chance. An agent that reorders a list would step around the rule.',
  PL1113:
    'A rule that says what it looks at, and not what it forbids, fires on nothing. It would look like protection in every list of rules.',
  PL1114:
    'Only `*` is a wildcard here. A pattern in the style of another program would match other tools than its author thinks.',
  PL1115:
    'A default without a domain lets a child set anything at all. A domain without `mode: default` is a promise that nothing keeps.',
  PL1116:
    'Nothing is put in the place of such a text, so it would be compared as it is written. The rule would look for `${params.limit}`, letter by letter.',
  PL1117:
    'A pattern looks at one step, and this rule is asked once for the plan. Together they have no meaning that two readers would agree on.',
  PL1118:
    'Under `not`, one harmless value among many makes the whole test false, and the rule quiet. An agent would add one such value to each call.',
  PL1119:
    'Reports, exceptions and refinements know a rule by its name. An exception to `max_steps` would excuse something else than its approver thinks.',
  PL1120:
    'The option changes how texts are compared, and this operation compares none. Its author expects a protection that it cannot give.',
  PL1121:
    'A rule about the plan as a whole has no single step at which it could be asked again. Left to the run, it would never be asked.',
  PL1122:
    'A finding names the policy whose rule fired, and two of one name cannot be told apart. Weights and exceptions would be read as if meant for both.',
  PL1123:
    'A text anywhere in the arguments is never missing, and a test of presence asks for just that. The option would change nothing, though it reads as if something were let through.',
  PL1124:
    'One test has one operand. Which of the two should count nobody can tell, and a reader would believe the one that does not.',
  PL1125:
    'Only the context that the caller passes beside the plan is vouched for. What the agent wrote into its plan, or several values at once, is nothing to measure an argument by.',
  PL1126:
    'The option changes nothing for this operation. Its author expects a protection that it cannot give.',
  PL1301:
    'A rule about the whole plan is of one kind, so that its count, its message and its exceptions mean one thing. A second kind beside it would be dropped or guessed at.',
  PL1302:
    'A flow without a source, or a failure without a permitted answer, describes nothing to look for. Such a rule would never fire, or always.',
  PL1303:
    'A count or comparison goes by one value of a step. With several nobody can tell which of them the step belongs to.',
  PL1304:
    'The list says what a session admits while something is owed. Where nothing is held back, its author expects a protection that is not there.',
  PL1305:
    'Beside `of`, a tool and an argument of the rule itself would be added up too, or not. A reader would believe the sum that is not taken.',
  PL1306:
    'A tool in two items has two amounts, and nobody can tell which one is spent. Added twice it would deny too much, added once too little.',
  PL1501:
    'The catalog says which tools exist, and rules are checked against it. A file that cannot be read whole may lack the very tool that matters.',
  PL1502:
    'The configuration names a catalog, so rules are meant to be checked against one. Going on without it would pass over every misspelt tool.',
  PL1503:
    'Of two tools with one name a policy may be checked against the first while plans run the second. The schema that was reviewed would not be the one that counts.',
  PL1504:
    'Plans with such a tool name are refused before any rule is asked. A name with a `*` would also read as a glob in a policy.',
  PL1505:
    'Arguments are checked against this schema, and what it means must be beyond doubt. A keyword that readers understand differently protects nobody.',
  PL1506:
    'The schema behind the reference is not at hand, or leads back to itself without an end. Fetching it would let another host decide what is allowed.',
  PL1507:
    'The server has more tools than this page lists. Policies checked against half a list call the other half unknown, or never look at it.',
  PL1508:
    'Checking arguments against schemas this deep could cost more time than a decision may take. A limit keeps every plan cheap to decide.',
  PL1509:
    'The file is JSON, and still no list of tools: an error of the server, or a tool described twice. Taking a part of it would leave tools out in silence.',
  PL1140:
    'Of a form that nobody reads nothing can be told. A rule that asks of it would fire on every call, or be taken for one that looks.',
  PL1141:
    'What is to be tested must be clear before a plan is there. A part that does not exist would be missing in every text, and the test would say nothing.',
  PL1142:
    'Whether an address is private can be told of a host in its one spelling. A URL, or a host as somebody wrote it, has many.',
  PL1143:
    'The key asks a question, and `false` does not turn it round. A reader could take it for the opposite test, or for none.',
  PL1510:
    'The member may say something that matters, such as a limit, and nothing here obeys it. The warning keeps anybody from relying on it.',
  PL1511:
    'Without a schema nothing is known of the arguments, so nothing about them can be checked. Saying `{"type": "object"}` makes that a decision instead of an oversight.',
  PL1512:
    'A name that is not there leaves nothing out, so the tool that was meant is still in. A misspelt name is the usual cause.',
} as const;
