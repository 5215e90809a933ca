/**
 * The English of the dialogue, what is understood and what is said: the one file another language replaces.
 *
 * Patterns see the output of plainText(): lower case, straight quotes, single spaces. Texts are plain ASCII (a curly
 * quote or an emoji would turn an SMS into UCS-2) and claim no booking: only the notifier may do that, with proof.
 */

// ---- understood -----------------------------------------------------------------------------------------------

/** The one word that books, as the customer's whole message. */
export const CONFIRM_WORD = "confirm";
export const ALMOST_CONFIRM = /\b(?:confirm(?:ed|ing)?|confrim|comfirm|conferm)\b/;

export const AFFIRM_EMOJI = /\u{1F44D}|\u{1F44C}|\u2705|\u2714/u;

/** A whole message of nothing but these, with politeness around them. */
const phrases = (...words: string[]) => {
  const polite = "(?:please|pls|plz|thanks|thank you|thx|sorry)";
  const any = `(?:${words.join("|")})`;
  return new RegExp(`^(?:${polite}[ ,.!-]+)*${any}(?:[ ,.!-]+(?:${any}|${polite}))*$`);
};

/** Whole messages. */
export const AFFIRM = phrases(
  "yes",
  "yeah",
  "yep",
  "yup",
  "y",
  "sure",
  "ok",
  "okay",
  "k",
  "kk",
  "alright",
  "fine",
  "great",
  "perfect",
  "good",
  "cool",
  "absolutely",
  "definitely",
  "correct",
  "right",
  "sounds (?:good|great|fine)",
  "looks (?:good|great|right)",
  "(?:that|this|it)(?:'s| is) (?:right|correct|fine|good|ok|okay|great|perfect)",
  "(?:that |this |it )?works(?: for me)?",
  "do it",
  "book (?:it|that|me)",
  "go ahead",
  "let's do (?:it|that)",
  "i'?ll take (?:it|that)",
  "take it",
  "that one",
);
export const REJECT = phrases(
  "no",
  "nope",
  "nah",
  "not (?:that|those|these|it|that one|really)",
  "none(?: of (?:those|these|them))?(?: (?:works?|fits?))?(?: for me)?",
  "neither",
  "(?:(?:that|this) (?:time|day|date|slot|one)|that|those|these|they|it) (?:doesn't|don't|won't|does not|do not|will not) work(?: for me)?",
  "i (?:can't|cannot)(?: make (?:it|that|those)| do (?:it|that|those)(?: (?:time|day|date|slot|one)s?)?)?",
  "wait",
  "hold on",
  "wrong",
  "something else",
  "change (?:it|that|something)",
  "reschedule",
);
/** Whole messages that name what is to be changed. */
export const OTHER_TIME = phrases(
  "(?:change )?(?:the )?(?:day|time|date|day and time|date and time|time and day)",
  "(?:another|(?:a )?different|some other) (?:time|day|date|slot)",
);
export const OTHER_NAME = phrases("(?:change )?(?:the |my )?name", "wrong name");
export const OTHER_ADDRESS = phrases("(?:change )?(?:the |my )?address", "wrong address");
export const GREETING = phrases(
  "hi+",
  "hello+",
  "he+y+",
  "hiya",
  "howdy",
  "yo",
  "hola",
  "greetings",
  "good (?:morning|afternoon|evening|day)",
  "there",
  "again",
  "all",
  "team",
);
export const THANKS =
  /^(?:(?:ok|okay|great|perfect|awesome|cool|got it|wonderful)[ ,.!]+)?(?:thanks?|thank you|thank u|thx|ty|tysm|cheers|appreciate it|much appreciated)(?:[ ,.!]+(?:so much|a lot|very much|again|you|all|everyone|guys|for .{1,40}|that's .{1,20}|have a .{1,20}|see you.{0,20}))*$/;
export const GOODBYE =
  /^(?:(?:ok|okay|great|perfect|thanks?|thank you|cool)[ ,.!]+)*(?:bye|goodbye|see (?:you|ya|u)(?: (?!if|when|about)[^?]{0,40})?|talk (?:soon|later)|have a (?:good|great|nice|lovely) \w+)$/;
export const HELP =
  /^(?:help|info|menu|options|commands|what (?:can|do) you do|what is this|who is this|who are you|how (?:does|do|can) .{0,30}work|how do i (?:book|use).{0,30})$/;

export const HUMAN = new RegExp(
  [
    "^(?:a |an |the )?(?:human|agent|person|operator|representative|rep|real person|receptionist|front desk)(?: please| pls)?$",
    String.raw`\b(?:speak|talk|chat)(?:ing)? (?:to|with) (?:a |an |the |some |your |my )*(?:real |actual |live )?(?:human|person|people|agent|someone|somebody|anyone|staff|manager|owner|representative|rep|receptionist|operator|doctor|dr|dentist)\b`,
    String.raw`\b(?:real|actual|live) (?:human|person|agent)\b`,
    String.raw`\b(?:want|need|get|give|send) (?:me )?(?:a |an )?(?:human|agent|operator|representative)\b`,
    String.raw`\b(?:call|phone|ring) (?:me|us)(?: (?:back|please|pls|now|later|asap|at|on|when|today|tomorrow|tonight|this|in)\b|$)`,
    String.raw`\b(?:someone|somebody|anyone) (?:please )?(?:call|phone|contact|help) (?:me|us)\b`,
    String.raw`\bcan (?:someone|somebody|anyone|you|u) (?:call|phone) (?:me|us)\b`,
    String.raw`\bare you (?:a )?(?:bot|robot|human|real|ai)\b`,
  ].join("|"),
);
export const DROP =
  /\b(?:never ?mind|nvm|forget (?:it|about it|that|this)|(?:do not|don't|dont) (?:want|need) (?:it|this|that|to book|an appointment|anything)|not interested|no longer (?:want|need|interested)|leave it|drop it|changed my mind|no thanks|no thank you)\b/;
export const START_OVER =
  /\b(?:start (?:over|again|afresh|from scratch)|restart|reset|begin again|from the beginning)\b/;
export const CANCEL = /\bcancel(?:ling|ing|led|ed|lation)?\b/;
export const RESCHEDULE =
  /\b(?:re-?schedul\w+|postpone|push back|(?:move|change|shift|switch) (?:my|our|the) (?:existing |current )?(?:appointment|appt|booking|visit|reservation))\b/;
export const HAVE_APPOINTMENT = /\b(?:my|our|the|an?) (?:\w+ ){0,3}(?:appointment|appt|booking|visit|reservation)\b/;
/** Of an appointment that is made, these ask to move it. */
export const MOVE_WORDS =
  /\b(?:actually|instead|change|move|make (?:it|that)|switch|push|different|another time|can't make it|cannot make it|running late|(?:be|minutes?|mins?|bit) late)\b/;
export const NEW_BOOKING = /\b(?:book|another (?:appointment|visit|one)|new)\b/;

export const BOOKING =
  /\b(?:book|booking|appointments?|appt|schedule|reserve|reservation|come in|get in|fit me in|openings?|availab\w+|slots?|see (?:the |a )?(?:doctor|dentist|dr|someone))\b/;
export const ASKS_AVAILABILITY =
  /\b(?:(?:do|have|are) you (?:have|got|free|available|open)|is (?:there|it|that|\d)|any(?:thing)? (?:open|free|available|openings?|availability|slots?|times?)|what (?:do you have|times?|openings?|slots?|is available|is open)|what's (?:available|open|free)|which times?|got any(?:thing)?|(?:is|are) .{1,40} (?:free|open|available|possible))\b/;
/** Said with a question, these make it a request. */
export const COMMITS =
  /\b(?:book|reserve|schedule|put me|sign me|get me|fit me|squeeze me|i want|i'd like|i would like|i need|i'll take|make it|let's do)\b/;
export const LATER =
  /\b(?:(?:anything|something|any|got|have|bit|little|much|what about|how about|can (?:we|i|you) do|make it|go|do|is there|no) later|later (?:please|pls|one|times?|openings?|slots?)|(?:more|other) (?:times?|options?|openings?|slots?)|any(?:thing|\b)? (?:else|others?))\b|^(?:a (?:bit|little) )?later$|^more$|^others?$/;
export const TOO_EARLY = /\btoo (?:early|soon)\b/;
export const EARLIER = /\b(?:earlier|sooner|too late|too far (?:away|off|out))\b/;

export const PRICE = /\b(?:how much|prices?|pricing|costs?|fees?|charges?|expensive|quote)\b/;
export const HOURS =
  /\b(?:(?:business|opening|office|working|your) hours|hours of operation|what (?:time|times|days?) (?:do|are) you (?:open|close|closed|work|start)|when (?:do|are|will) you (?:open|close|closed)|are you (?:open|closed)|(?:do|when) you (?:open|close))\b|^hours$/;
export const SERVICES =
  /\b(?:(?:what|which|list|all|your) (?:other |of your |kinds? of |types? of )*(?:services|treatments|procedures|offerings)|what (?:do|can|else do) you (?:do|offer|provide)|what .{0,20}do you offer|(?:different|other|another|change|wrong) (?:the )?services?)\b|^(?:the )?services?$/;
export const DURATION = /\bhow long\b/;
export const ELSEWHERE =
  /\b(?:where are you|your (?:address|location)|located|directions|parking|insurance|do you (?:take|accept))\b/;

/** Before an offering's name: it is ruled out. */
export const RULED_OUT_BEFORE = /\b(?:not|no|instead of|rather than)(?: (?:a|an|the|my))? $/;
/** Of two offerings named, the later one is meant. */
export const CORRECTS = /\b(?:actually|instead|sorry|i mean|i meant|make (?:it|that)|rather|switch|change|but|no)\b/;
/** In offerings' names, but no sign of one. */
export const COMMON_IN_NAMES = new Set(
  "appointment service services visit session call check new first full with and the for standard basic regular your home general treatment".split(
    " ",
  ),
);

// ---- choosing -------------------------------------------------------------------------------------------------

/** Said around a choice from the list. */
export const CHOICE_FILLER =
  /\b(?:please|pls|plz|thanks|thank you|ok|okay|yes|yeah|yep|sure|great|perfect|actually|hi|hello|i'?ll|i will|i'd|i would|i|like|take|want|prefer|choose|pick|go|with|let's|lets|do|can|could|have|get|number|num|no|nr|option|choice|slot|time|the|works?|for|me|is|it|fine|good|best|better|book|give|that's|that|would|be|on|list|what|how|about|maybe|wait|sorry|wrong|instead|meant?|rather)\b/g;
/** Of a list offered earlier, these still choose. */
export const POINTS_AT_LIST =
  /\b(?:first|second|third|last|1st|2nd|3rd|wrong) (?:one|option|choice)\b|\bthe (?:first|second|third|last)$|(?:\b(?:option|number|choice)|#) ?[1-5]\b/;
/** Position on the list: from the front, or from the back when negative. */
export const ORDINALS: Record<string, number> = {
  one: 0,
  first: 0,
  "1st": 0,
  two: 1,
  second: 1,
  "2nd": 1,
  three: 2,
  third: 2,
  "3rd": 2,
  four: 3,
  fourth: 3,
  "4th": 3,
  five: 4,
  fifth: 4,
  "5th": 4,
  last: -1,
};
export const EARLIEST_CHOICE = /^(?:earliest|soonest|any|either|any of (?:them|those|these)|whichever|whatever|asap)$/;
export const LATEST_CHOICE = /^latest$/;

// ---- names and addresses --------------------------------------------------------------------------------------

const NAME_CHARS = String.raw`\p{L}[\p{L}\p{M}'.\- ]{0,79}?`;
const NAME_END = String.raw`(?=\s*(?:[,;!?\n(]|\.(?:\s|$)|$)|\s+(?:and|but|so|please|pls|thanks|thank|at|on|my|not)\b)`;
/** A name introduced as one; seen with its case. The second kind only counts where it is written like a name. */
export const NAME_INTRODUCED = new RegExp(
  String.raw`\b(?:(?:my|the|full|first|her|his|its?) name(?: is|'s| to)?|names?(?: is|:|'s)|name it is|under the name(?: of)?|(?:put|book) (?:it )?under)[: ]\s*(${NAME_CHARS})${NAME_END}`,
  "iu",
);
export const SELF_INTRODUCED =
  /\b(?:[Ii]'?m|[Ii] am|[Tt]his is|[Ii]t'?s|[Ii]t is|[Cc]all me)\s+((?:\p{Lu}[\p{L}\p{M}'-]*)(?:\s+\p{Lu}[\p{L}\p{M}'-]*\.?){0,3})/u;
/** Before the name in the answer to "your name". */
export const BEFORE_NAME =
  /^(?:(?:hi|hello|hey|ok|okay|sure|yes|yeah|well|oh)\b[ ,.!]*)*(?:my name is |my name's |name is |name[: ]+|names |i'?m |i am |im |it'?s |it is |this is |call me |that'?s |under |for )?/i;
export const AFTER_NAME = /[\s,.!;:]*(?:\b(?:please|pls|thanks|thank you|thx|here|is my name)\b[\s,.!;:]*)*$/i;
/** Names that are also months. */
export const MONTH_AS_NAME = /^(?:april|may|june|august|jan)(?: \p{L}[\p{L}\p{M}'-]*){0,2}$/iu;
export const NOT_IN_NAMES = new Set(
  (
    "a an the and or but if so i you me my your we us they it its this that these those what when where why who how which " +
    "is are am was be do does did don't dont can can't cant could would should want need needs like have has had get got go going come coming " +
    "book booking appointment appt cancel confirm confirmed reschedule change move make another different other else time day date slot service price cost much " +
    "yes yeah yep no nope not none ok okay sure fine good great perfect cool works work sorry please thanks thank hi hello hey help stop wait " +
    "today tomorrow tonight morning afternoon evening noon monday tuesday wednesday thursday friday saturday sunday week weekend next later earlier sooner soon instead actually " +
    "in on at to for from with of about after before because very too just only really still already here there back " +
    "looking interested calling available free open sick busy late name number unknown anonymous nobody nothing never mind maybe lol idk nvm wtf"
  ).split(" "),
);
/** Of these, the ones that are also names: "An Nguyen", "Can Yilmaz". They count where the rest looks like a name. */
export const ALSO_NAMES = new Set("an do so in on to my be can has go soon noon sunday wednesday".split(" "));
export const ADDRESS_INTRODUCED =
  /\b(?:my |the |our |home )?address(?: is|'s| to|:)[: ]\s*(.{3,200}?)(?=\s+and (?:my )?name\b|\n|$)/iu;
export const BEFORE_ADDRESS =
  /^(?:(?:ok|okay|sure|yes|hi)[ ,.!]+)?(?:(?:my |the |our |home )?address(?: is|'s|:)?\s+|it'?s |it is |(?:i'?m|we'?re|i am) at |i live (?:at|on|in) |come to |at )/i;
/** No address begins like this. */
export const ASKS =
  /^(?:where|what|when|why|how|who|which|can|could|do|does|is|are|should|would|i'm|i am|i don't|let me)\b/i;
/** "12 Oak St", "221b Baker Street, Apt 5", "Harbor Way 12". */
export const STREET_ADDRESSES = [
  /\b\d{1,6}[a-z]?,? (?:[\p{L}\d'.-]+ ){0,4}?(?:street|str|st|avenue|ave|av|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|plaza|terrace|ter|circle|cir|parkway|pkwy|highway|hwy|way|square|sq|trail|loop|broadway)\b\.?(?:,? (?:apt|apartment|unit|suite|ste|floor|fl|#).{0,60}|,.{0,120})?/iu,
  /\b(?:\p{L}[\p{L}'.-]* ){1,3}(?:street|avenue|road|drive|lane|boulevard|court|place|terrace|way|square) \d{1,5}\b(?:,.{0,120})?/iu,
];

// ---- said -----------------------------------------------------------------------------------------------------

// Two GSM-7 segments, so that no text is cut or split further.
export const LONGEST_TEXT = 306;

const clip = (text: string, max: number) => (text.length > max ? `${text.slice(0, max - 3).trimEnd()}...` : text);
const NAME_ROOM = 45;
const named = (offering: string) => clip(offering, NAME_ROOM);

const list = (names: string[], max: number) => clip(names.join(", "), max);
const orWords = (count: number) =>
  count === 1
    ? "Reply 1 to take it"
    : `Reply ${Array.from({ length: count - 1 }, (_, i) => i + 1).join(", ")} or ${count}`;

export const texts = {
  greeting: (business: string, offerings: string[]) =>
    `Hi, this is ${clip(business, 50)}. What would you like to book, and for when? We offer: ${list(offerings, 110)}. For example: "tomorrow at 2 PM".`,
  help: (business: string, offerings: string[]) =>
    `I take booking requests for ${clip(business, 50)}: tell me what you need (${list(offerings, 100)}) and a day and time. Reply HUMAN for a person.`,
  welcome: () => "You're welcome. Text me any time you need something else.",
  welcomeInBetween: () => "You're welcome.",
  askWhatAndWhen: (offerings: string[]) => `What would you like to book (${list(offerings, 130)}), and for when?`,
  askBriefly: () => "What would you like to book, and for when?",
  whichService: () => "Which one would you like?",
  askWhen: (offering: string) => `What day and time would suit you for ${named(offering)}?`,
  askOtherTime: (offering: string) => `No problem. What other day or time would suit you for ${named(offering)}?`,
  askName: () => "What is your name, please?",
  askAddress: () => "What address should we come to?",
  holding: (offering: string, slot: string, calendar: string) =>
    `I'm holding ${slot} for ${named(offering)} with ${clip(calendar, 40)}.`,
  shorterAddress: () => "Please send the address in one line, at least 5 and at most 200 characters.",
  notAName: () => "Sorry, I need a name for this visit. What is your name?",
  summary: (s: { offering: string; slot: string; calendar: string; name: string; address: string | undefined }) =>
    `${named(s.offering)}: ${s.slot} with ${clip(s.calendar, 40)}\nName: ${clip(s.name, 40)}${
      s.address ? `\nAddress: ${clip(s.address, 70)}` : ""
    }\nReply CONFIRM to book, or tell me what to change.`,
  onlyConfirm: () => "To go ahead, send just the word CONFIRM.",
  whatToChange: () =>
    "OK. What should I change: the day, the time, the service or the name? Or reply CONFIRM to book it as it is.",
  notYet: () => "Almost there.",
  nothingToConfirm: () => "There is nothing to confirm right now.",
  nothingToConfirmBut: () => "There is nothing to confirm right now. To book another visit, tell me a day and time.",
  finalizing: () => "I\u2019m still finalizing this on my end\u2014someone will confirm shortly.",

  openings: (lead: string, slots: string[]) =>
    `${lead}\n${slots.map((slot, i) => `${i + 1}) ${slot}`).join("\n")}\n${orWords(slots.length)}, or tell me another time.`,
  nextOpenings: (offering: string) => `Next openings for ${named(offering)}:`,
  openingsFor: (offering: string) => `Openings for ${named(offering)}:`,
  isOpen: (offering: string) => `Yes, that time is open for ${named(offering)}:`,
  whichOne: (offering: string) => `Which one for ${named(offering)}?`,
  timePassed: (offering: string) => `That time has already passed. Next openings for ${named(offering)}:`,
  notAvailable: (offering: string, slot: string) =>
    `Sorry, ${slot} is not available. Nearest openings for ${named(offering)}:`,
  nothingThen: (offering: string, day: string | undefined) =>
    `Sorry, nothing is open for ${named(offering)} ${day ?? "then"}. Next openings:`,
  atThatTime: () => "at that time",
  nothingEarlier: (offering: string) => `Sorry, there is nothing earlier for ${named(offering)}. Next openings:`,
  tooFar: (offering: string, days: number) =>
    `I can only look ${days} days ahead. Next openings for ${named(offering)}:`,
  justTaken: (offering: string, slot: string) =>
    `Sorry, ${slot} was just taken. Nearest openings for ${named(offering)}:`,
  clocksChange: (asked: string, moved: string) => `The clocks change that day: ${asked} becomes ${moved}.`,
  noOpenings: (offering: string, days: number) =>
    `Sorry, I see no openings for ${named(offering)} in the next ${days} days. Tell me another service, or reply HUMAN for a person.`,
  unreadable: () => "Sorry, I can't see the calendar right now. A human will text you shortly.",

  human: () => "I'll pass this on: a human will text you shortly.",
  dropped: () => "OK, I'll leave it there. Text me any time if you want to book.",
  startOver: (offerings: string[]) => `OK, let's start over. ${texts.askWhatAndWhen(offerings)}`,
  noted: (name: string) => `Thanks, ${clip(name, 40)}.`,

  notedAddress: () => "Thanks, I have the address.",
  stillHere: () => "Hi again.",

  price: (offering: string, hint: string) =>
    hint
      ? `${named(offering)}: ${clip(hint, 80)}.`
      : `I have no price for ${named(offering)} here. Reply HUMAN to ask a person.`,
  duration: (offering: string, minutes: number) => `${named(offering)} takes ${minutes} minutes.`,
  services: (offerings: string[]) => `We offer: ${list(offerings, 200)}.`,
  hours: (week: string) =>
    week ? `Our usual hours: ${clip(week, 200)}.` : "I have no opening hours here. Reply HUMAN to ask a person.",
  hoursOn: (day: string, hours: string) => (hours ? `Usual hours ${day}: ${hours}.` : `We are usually closed ${day}.`),
  elsewhere: () => "I don't have that here. Reply HUMAN to ask a person.",

  media: () => "Sorry, I can't open pictures or files.",
  notUnderstood: () => "Sorry, I did not get that.",
  orHuman: () => "Or reply HUMAN for a person.",
};

export const WEEKDAY_NAMES = {
  mon: "Mon",
  tue: "Tue",
  wed: "Wed",
  thu: "Thu",
  fri: "Fri",
  sat: "Sat",
  sun: "Sun",
} as const;
