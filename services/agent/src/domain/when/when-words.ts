/**
 * The English of dates and times, in lower case: the one file another language replaces. Sources (strings) are put
 * together into larger patterns by find-time.ts and find-date.ts.
 */

export const WEEKDAY = String.raw`(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)(?:'?s)?\b`;
export const WEEKDAY_KEYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const MONTH = String.raw`(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b`;
export const DAY_PART = `(?:mornings?|afternoons?|evenings?|nights?|noon|lunch)`;
const NEAR_DAY = String.raw`(?:today|tonight|tomorrow)\b`;

/** Word for number, where it stands for an hour or a count. */
const COUNT_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
const ONE_AS_HOUR =
  /(?<=\b(?:at|around|about|after|before|by|past|to|until|till|between|and|from) )one\b(?! of)|\bone(?= ?(?:pm|am|p\.|o'? ?clock|thirty|fifteen))/g;

/** What is never a date or a time, though it holds a number or a name of one. */
export const NOT_A_TIME: RegExp[] = [
  /https?:\/\/\S+|\S+@\S+\.\S+/g,
  /[$€£]\s?\d[\d,.]*/g,
  // Telephone numbers and other long digits, but not 2027-01-15 or 1-15-2027.
  /(?:\+?\d{1,3}[\s.-]?)?\(?\b\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}\b/g,
  /\b\d{3}[-. ]\d{4}\b|\+\d[\d\s().-]{6,}\d|\b\d{5,}\b/g,
  /\b24\s?\/\s?7\b|\b\d\/\d (?:an? )?(?:hours?|hrs?|days?|price|off)\b/g,
  /(?:\b(?:unit|apt|apartment|suite|ste|room|floor|building|bldg|gate|option|choice|number|box|route|exit|door|code|zip|aged?)\b|#)[ .:#]*\d+[a-z]?\b/g,
  /\b\d{1,5}[a-z]?(?: (?!(?:with|on|at|for|to|by|and|am|pm|the|or|in|works?|is|if|my|your|ok|please)\b)[a-z0-9'.]+){0,3} (?:street|st|avenue|ave|road|rd|drive|dr|lane|ln|boulevard|blvd|court|ct|place|pl|terrace|circle|parkway|pkwy|highway|hwy)\b\.?/g,
  /\b(?:my name is|my name's|name:|name is|i'm|i am|this is|it's mr\.?|it's mrs\.?|it's ms\.?) (?:april|may|june|august|sunday|monday|friday|tuesday)\b(?! \d)/g,
  /\b(?:dr|mr|mrs|ms)\. [a-z]+/g,
  /\bgood (?:morning|afternoon|evening|night|day)\b|^\W*(?:morning|evening|afternoon)\s*!/g,
  /\b(?:i|we|he|she|just|and) sat\b|\b(?:sun) (?:damage|burn|spots?|exposure|block|room|screen|deck)\b/g,
  /\b\d{1,2}(?:st|nd|rd|th)? (?:one|option|choice|slot)\b/g,
  /\b\d{1,3}(?:st|nd|rd|th) (?:street|st|avenue|ave|floor|fl|grade|visit|time)\b/g,
];

/** A day or hour that is ruled out: "not Monday", "Friday doesn't work". */
const RULED_OUT_DAY = String.raw`(?:(?:on|for|this|next|the) )*(?:${WEEKDAY}|${NEAR_DAY}|\d{1,2}(?::\d\d)? ?(?:am|pm)\b)(?: ${DAY_PART})?`;
export const RULED_OUT: RegExp[] = [
  new RegExp(
    String.raw`\b(?:not|can't do|cannot do|cant do|can't make|cant make|instead of|rather than|other than|except|no time|busy)(?: it)? ${RULED_OUT_DAY}`,
    "g",
  ),
  new RegExp(
    String.raw`\b${RULED_OUT_DAY} (?:does not|doesn't|doesnt|won't|wont|isn't|isnt|is no|is not|not) (?:good|work|possible|gonna|going|great|available)\w*`,
    "g",
  ),
];

/** Spellings of text messages → the ones the rules know. In order. */
export const SPELLINGS: [RegExp, string][] = [
  [/\b(?:t[ou]m+[ao]r+[ao]w?|tom+or?row|tmrw?|tmo?rw|tmw|tomo|2m+oro?w?|2mrw|2morrow|tomrw)\b/g, "tomorrow"],
  [/\b2day\b/g, "today"],
  [/\b(?:tonite|2nite|2night)\b/g, "tonight"],
  [/\b(?:wensday|wendsday|wednsday|wedensday|wednesay)\b/g, "wednesday"],
  [/\b(?:thrusday|thursdy|thrsday|thurday)\b/g, "thursday"],
  [/\b(?:tusday|teusday|tuseday|tuesdy)\b/g, "tuesday"],
  [/\b(?:firday|frday|fridy)\b/g, "friday"],
  [/\b(?:saterday|satuday|saturdy)\b/g, "saturday"],
  [/\b(?:afternon|aftrnoon|afternooon)\b/g, "afternoon"],
  [/\bmornin\b/g, "morning"],
  [/@\s*(?=\d)/g, "at "],
  [/(?<=\d{4}-\d\d-\d\d)t(?=\d\d:\d\d)/g, " "],
  [/ ?& ?/g, " and "],
  [ONE_AS_HOUR, "1"],
  ...COUNT_WORDS.map((word, i): [RegExp, string] => [new RegExp(String.raw`\b${word}\b`, "g"), String(i + 2)]),
  [/\b(\d{1,2})[ -]thirty\b/g, "$1:30"],
  [/\b(\d{1,2})[ -]fifteen\b/g, "$1:15"],
  [/\b(\d{1,2})[ -]forty[ -]five\b/g, "$1:45"],
  [/\b(\d{1,2}) ?o'? ?clock\b/g, "$1:00"],
  [/\b(\d{1,2})(:\d\d|\.\d\d)? ?([ap])\. ?m\b\.?/g, "$1$2 $3m"],
  [/(\d)([ap])\b(?!['.]\w)/g, "$1 $2m"],
  [/(\d) p\b/g, "$1 pm"],
  [/(\d) a(?=\s*(?:$|[,;!?]|on\b))/g, "$1 am"],
  [/\b(\d{1,2})\.([0-5]\d)(?= ?[ap]m\b)/g, "$1:$2"],
  [/\b(at|for|around|after|before) (\d{1,2})[. ]([0-5]\d)\b(?!\d)/g, "$1 $2:$3"],
  [/\b(\d{1,2})([0-5]\d) ?(?=[ap]m\b)/g, "$1:$2 "],
  [
    /\b(at|around|after|before) ([01]?\d|2[0-3])([0-5][05])(?=$|[,.;!?]|(?: (?:on|hrs|hours|today|tomorrow|please|this|next)\b))/g,
    "$1 $2:$3",
  ],
  [/\b(?:half past|half) (\d{1,2})\b/g, "$1:30"],
  [/\bquarter (?:past|after) (\d{1,2})\b/g, "$1:15"],
  [/\b(\d{1,2}) (?:minutes )?past (\d{1,2})\b/g, "$2:$1"],
  [/\b(\d{1,2}(?::\d\d)?)(?: ?([ap]m))?[ -]?ish\b/g, "around $1 $2"],
  [/\b(?:mid[ -]?day|noon)[ -]?ish\b/g, "around 12:00 pm"],
  [/\b(?:at )?(?:high )?(?:noon|mid-?day)\b/g, "12:00 pm"],
  [/\b(?:at )?midnight\b/g, "12:00 am"],
  // "the first" to "the fifth" may be choices of a list and stay words.
  ...[
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
  ].map((word, i): [RegExp, string] => [new RegExp(String.raw`\bthe ${word}\b`, "g"), `the ${i + 6}th`]),
];
/** "quarter to four" counts back from the hour. */
export const QUARTER_TO = /\bquarter (?:to|of|till?|before) (\d{1,2})\b/g;

/** What follows takes the place of what was said before it; of "move my 2pm to 4pm" only the 4pm is wanted. */
export const CORRECTION =
  /\b(?:actually|sorry|i mean|i meant|make (?:it|that)|scratch that|wait|(?:reschedule|change|move|switch|push)\b[^.?!]{0,60}?\bto|rather)\b|^no\b(?! (?:later|earlier))|\bno,|[.,!] no\b/;
export const INSTEAD = /\binstead\b/;

export const SOONEST =
  /\b(?:asap|a\.s\.a\.p|(?:as )?(?:soon|early|quickly) as (?:possible|you can|u can)|soonest|earliest|(?:first|next|any) (?:available|opening|availability)|right away|immediately|whenever|any ?time|any day)\b/;
/** Takes back an hour said before; with a day it only says that all of it will do. */
export const ANY = /\b(?:any ?(?:time|day|hour)|all day|whenever)\b/;

export const AFTER = `(?:any ?time )?(?:after|past|(?<!no )later than|no earlier than|(?:not|can't|cant|cannot)(?: do| come| make it)? before|starting(?: at| from)?)`;
export const BEFORE = `(?:any ?time )?(?:before|by|until|till?|no later than|not after|(?<!no )earlier than|up to)`;
export const OR_LATER = String.raw`(?:(?:or|and) (?:later|after|on)|onwards?|on(?=\W*$))`;
export const OR_EARLIER = `or (?:earlier|before|sooner)`;
export const AROUND = String.raw`(?:around|(?<!(?:how|what) )about|approximately|approx\.?|roughly|like|circa|~)`;

/** After a bare number: it counts something and is no hour. */
export const COUNTED = String.raw`(?:of|more|other|\w+ (?:street|st|ave|rd)|days?|weeks?|months?|years?|yrs?|minutes?|mins?|hours?|hrs?|people|persons?|kids?|children|adults?|guests?|times|rooms?|teeth|cars?|dogs?|cats?|bucks|dollars|percent|bed\w*|bath\w*|locations?|appointments?|miles|inch\w*|feet|ft|sessions?|services?)\b`;
/** After a bare number: it may well be an hour. */
export const AFTER_HOUR = String.raw`\s*(?:$|[,.!?;)]|(?:on|in the|at night|today|tonight|tomorrow|this|next|works?|please|pls|plz|if|is|or|ok|okay|instead|thanks|would|then|with|${WEEKDAY}|${MONTH})\b)`;
/** After a bare number, with a day elsewhere: "is 9 ok tomorrow?". */
export const SUITS = String.raw` (?:is |would (?:be )?)?(?:ok|okay|works?|good|great|fine|perfect|available|free|possible|open|better)\b`;
/** Said around a bare number that answers "what time?". */
export const BARE_BEFORE = `(?:ok(?:ay)?,? |yes,? |yeah,? |hmm,? )?(?:(?:can|could) (?:we|you|i) )?(?:do |try |have |how about |what about |maybe |let's (?:do|say) |prefer |say |to )?`;
export const BARE_AFTER = `(?: (?:instead|please|pls|plz|works|would work|is (?:good|fine|ok|better|great)|thanks|thank you|then|for me|better))*`;

/** Parts of the day, the more particular ones first. `open`: two hours from opening; `close`: the last two. */
export type DayPart = { half?: "am" | "pm"; from: string; to: string; edge?: "open" | "close" };
export const DAY_PARTS: [RegExp, DayPart][] = [
  [/\bfirst thing\b(?: in the morning)?/, { half: "am", from: "08:00", to: "10:00", edge: "open" }],
  [
    /\b(?:the )?end of (?:the )?(?:(?:work|business) ?)?day\b|\beod\b|\bclose of business\b/,
    { half: "pm", from: "15:00", to: "17:00", edge: "close" },
  ],
  [/\bearly (?:in the )?morning\b/, { half: "am", from: "08:00", to: "10:00" }],
  [/\bmid[ -]?morning\b/, { half: "am", from: "09:00", to: "11:00" }],
  [/\blate(?:r)? (?:in the )?morning\b/, { half: "am", from: "10:00", to: "12:00" }],
  [/\bmornings?\b/, { half: "am", from: "08:00", to: "12:00" }],
  [/\bearly (?:in the )?afternoon\b/, { half: "pm", from: "12:00", to: "15:00" }],
  [/\bmid[ -]?afternoon\b/, { half: "pm", from: "14:00", to: "16:00" }],
  [/\blate(?:r)? (?:in the )?afternoon\b/, { half: "pm", from: "15:00", to: "17:00" }],
  [/\bafternoons?\b/, { half: "pm", from: "12:00", to: "17:00" }],
  [/\b(?:after|over|during|at|around)? ?lunch ?(?:time|hour|break)?\b/, { half: "pm", from: "12:00", to: "14:00" }],
  [/\bearly (?:in the )?evening\b/, { half: "pm", from: "17:00", to: "19:00" }],
  [/\b(?:evenings?|tonight|nights?|after work)\b/, { half: "pm", from: "17:00", to: "21:00" }],
];

/** "in 2 hours" */
export const IN_HOURS = /\bin (?:about )?(\d{1,3}|an?|half an) ?(hours?|hrs?|minutes?|mins?)\b/;

/** Days counted from today; the longer words first. */
export const RELATIVE_DAYS: [RegExp, number][] = [
  [/\b(?:the )?day after tomorrow\b/, 2],
  [/\b(?:the )?day before yesterday\b/, -2],
  [/\b(?:yesterday|last night)\b/, -1],
  [/\btomorrow\b/, 1],
  [new RegExp(String.raw`\b(?:today|tonight|this (?:early |late )?${DAY_PART})\b`), 0],
];

/** What chrono finds and we believe: a calendar date, or a count of days from now. Not "for 2 weeks", not "sat". */
export const COUNTED_FROM_NOW = /^in\b|\b(?:from now|later|ago)$/;
/** Before a month's name that stands alone: without it "May" and "April" are people. */
export const BEFORE_MONTH = /\b(?:in|during|this|next|for|of|until|by|sometime|early|mid|late)\s*$/;

/** Before a date: everything up to it, or after it, or its week. */
export const DATE_BOUND = /\b(before|by|after|week of)(?: on)?(?: the)?\s*$/;
/** First and last day of "early next week" and the like, counted from Monday. */
export const WEEK_PARTS: [RegExp, [number, number]][] = [
  [/^(?:early|beginning|start)/, [0, 2]],
  [/^mid/, [1, 3]],
  [/^(?:late$|end)/, [3, 4]],
];
/** A count of days that is not one from now: "30 minutes", "for 2 weeks". */
export const COUNTED_UNITS = /\b(?:days?|weeks?|months?|years?|hours?|minutes?|mins?|hrs?)\b/;
