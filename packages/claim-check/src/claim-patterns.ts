/** One way of saying that something is booked. `pattern` is global and runs over one normalised sentence. */
export interface Claim {
  pattern: RegExp;
}

const adverbs =
  "(?:(?:now|all|officially|already|fully|successfully|just|both|definitely|hereby|confirmed|also|then|currently|indeed|still|good and) )*";
const booked =
  "(?:booked|confirmed|scheduled|reserved|secured|finali[sz]ed|all set|locked in|squared away|good to go|set|penciled in|signed up|(?:in|on) (?:the|our|my) (?:books?|calendar|schedule|system)|down for)";
const noun =
  "(?:appointment|appt|booking|reservation|visit|consultation|consult|session|service call|cleaning|checkup)s?";
const weekday = "(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?";
const time = `(?:\\d{1,2}(?::\\d\\d)? ?(?:am|pm)|\\d{1,2}:\\d\\d|noon|tomorrow|today|tonight|${weekday})`;
const soon = `(?:then|there|tomorrow|today|tonight|(?:on|at|this|next) |in the |bright and early|${weekday})`;
const notUp = "(?! (?:up|to|your|a|by|aside)\\b)";
/** Words inside one claim: no sentence ends here, and a negation among them is looked for afterwards. */
const middle = "[^.!?;]{0,90}?";

const claim = (source: string): Claim => ({ pattern: new RegExp(source, "g") });

/** Claims whatever else the text says. */
export const bookingClaims: readonly Claim[] = [
  // You're booked · you are now confirmed · you've been scheduled
  claim(
    `\\b(?:you're|you are|youre|ur|you r|u r|u are|you've been|you have been|you got|you were|you'll be|you will be|consider yourself|consider it|consider that) ${adverbs}${booked}\\b${notUp}`,
  ),
  // Your appointment (with Dr. Lee at 2) is confirmed
  claim(
    `\\b(?:your|the|this|that|an?|our) (?:[\\w'&]+ ){0,4}?${noun}\\b${middle}(?:'s| is| are| was| were| has been| have been| got| stands) ${adverbs}(?:${booked}|made|created|in place|completed?|a go|successful|on for)\\b${notUp}`,
  ),
  claim(
    `\\byour (?:[\\w'&]+ ){0,3}?(?:time|slot|spot|place|request)\\b${middle}(?:'s| is| has been) ${adverbs}${booked}\\b${notUp}`,
  ),
  // Appointment confirmed · booking complete
  claim(
    `(?:^|[,:-] |and |so )(?:your |the |new |an? )?(?:[\\w'&]+ ){0,2}?${noun} ${adverbs}(?:booked|confirmed|scheduled|secured|completed?|successful|made|set)\\b${notUp}`,
  ),
  // I've booked you · we scheduled · I went ahead and booked
  claim(
    `\\b(?:i|we)(?:'ve| have| did)? (?:went ahead and |gone ahead and )?${adverbs}(?:booked|scheduled|reserved|secured|locked in|confirmed (?:your|you|it|the|that|this)|signed you up|(?:put|got|have|placed|added|penciled|slotted|squeezed|set) (?:you|it|that|this|your [\\w ]+?|the [\\w ]+?) ${adverbs}(?:in|on|up|down|booked|scheduled|confirmed|reserved|all set|set|to (?:the|our|my) (?:calendar|schedule|books?)))\\b(?! up| (?:touch|mind|case|that day|solid))`,
  ),
  claim(`\\b(?:i|we)(?:'ve| have) (?:made|created) (?:your|the|an?) (?:[\\w']+ ){0,2}?${noun}\\b`),
  // I was able to book · I managed to schedule you
  claim(
    `\\b(?:i|we) (?:was able|were able|managed) to (?:book|schedule|reserve|secure|confirm|get) (?:you|it|that|this|your|the)\\b`,
  ),
  claim(`\\b(?:i|we)(?:'ve| have)(?: got)? ${time} ${adverbs}(?:booked|locked in|reserved|confirmed|secured)\\b`),
  // Your booking went through · your confirmed appointment is Tuesday · you're in for 2 PM
  claim(`\\b(?:your|the) (?:[\\w']+ ){0,2}?${noun}\\b (?:just )?went through\\b`),
  claim(
    `\\byour (?:confirmed|new|upcoming|scheduled|booked) (?:[\\w']+ ){0,2}?(?:${noun}|time|slot)(?: time)? (?:is|will be)\\b`,
  ),
  claim(`\\byou(?:'re| are) (?:all )?(?:in|good) for ${time}`),
  claim(
    `\\b(?:technician|tech|plumber|electrician|doctor|dentist|stylist|team|crew|someone|dr \\w+|he|she|they|we)(?:'ll| will) (?:arrive|be there|come by|come out|be at your \\w+) ${soon}`,
  ),
  // It's booked · everything is confirmed · we're all set
  claim(
    `\\b(?:it's|that's|it is|that is|it has been|that has been|everything's|everything is|things are|this is|all is|both are) (?:now |all |officially )*(?:booked|confirmed|scheduled|reserved|all set|locked in|finali[sz]ed|on (?:the|our) (?:calendar|schedule|books?))\\b${notUp}`,
  ),
  claim(`\\bwe(?:'re| are) (?:now |both )*(?:all set|set for|confirmed|locked in|good to go|on for)\\b`),
  // 2 PM is yours · Tuesday is confirmed for you
  claim(
    `\\b(?:${time}|slot|spot|time|it|that)(?: [\\w']+){0,2}?(?:'s| is) (?:now |all )*(?:yours|(?:booked|reserved|confirmed|scheduled) for you|confirmed|all set)\\b`,
  ),
  // Booked! · Confirmed for Tuesday · All set
  claim(
    "(?:^|[,:-] |and )(?:all |you're |and |great |perfect |ok |okay |yes |awesome )*(?:booked|confirmed|scheduled|all set|good to go|locked in)(?=[.!,:;]|$| -| for\\b| on\\b| at\\b| with\\b| and\\b)",
  ),
  // See you tomorrow at 2
  claim(`\\b(?:see|seeing|expect|expecting|meet|meeting) (?:you|ya)(?: all| both| guys)? ${soon}`),
  // You have an appointment · we have you down for
  claim(
    `\\byou(?:'ve got| have| now have| already have| got| still have|'ve) ${adverbs}(?:an?|your|our|the) (?:[\\w']+ ){0,3}?(?:appointment|booking|reservation)\\b`,
  ),
  claim(
    `\\b(?:i|we)(?:'ve| have| got)+ (?:got )?(?:you|your \\w+) ${adverbs}(?:booked|scheduled|confirmed|reserved|down|all set|set for|in for|locked in|on (?:the|our))\\b`,
  ),
  claim("\\b(?:your|the) (?:booking |appointment )?confirmation (?:number|no|#|id) (?:is|:)"),
  claim(`\\byou(?:'re| are) (?:coming in|seeing|meeting|getting) ${middle}(?:at|on) ${time}`),
  claim(`\\b(?:looking|look) forward to (?:your (?:visit|appointment)|having you|seeing you) ${soon}`),
  // Spanish, the second language most customers use
  claim(
    "\\b(?:cita|reserva|visita)\\b(?![^.!?]*\\bno (?:est[áa]|ha|qued))[^.!?]{0,60}\\b(?:confirmada|reservada|agendada|programada)\\b",
  ),
  claim("\\b(?:nos vemos|lo esperamos|la esperamos|te esperamos) (?:mañana|hoy|el|a las?)\\b"),
];

/** Claims unless the text goes on to ask for CONFIRM. */
export const softClaims: readonly Claim[] = [
  claim("\\bconsider (?:it|that) done\\b"),
  claim("\\b(?:it|that|everything|all) (?:just )?went through\\b"),
  claim("^(?:ok |okay |great |perfect |alright )?,? ?(?:all )?done(?=[.!,]|$| -)"),
  claim(
    "\\b(?:it's|that's|it is|that is|all|everything is|everything's) (?:all )?(?:done|taken care of|handled|sorted)\\b",
  ),
  claim("\\bwe(?:'ll| will) see (?:you|ya)\\b(?! if| when| what| about| whether)"),
];

const moved = "(?:moved|rescheduled|cancell?ed|called off|pushed|bumped|switched)";
const changedThing = `(?:you|it|that one|them|both|(?:your|the|that|this|his|her) (?:[\\w']+ ){0,3}?(?:${noun}|time|slot|spot))`;

/** Claims that something booked was moved or cancelled. */
export const changeClaims: readonly Claim[] = [
  claim(
    "\\b(?:cancell?ation|rescheduling|reschedule|move|change) (?:is|was|has been|went) (?:now |all )*(?:done|completed?|confirmed|successful|through)\\b",
  ),
  claim(`\\b(?:i|we)(?:'ve| have)? (?:went ahead and |gone ahead and )?${adverbs}${moved} (?!over\\b)`),
  claim(
    `\\b(?:i|we)(?:'ve| have)? ${adverbs}(?:changed|updated|deleted|removed|freed up) (?:your|the|that) (?:[\\w']+ ){0,2}?${noun}\\b`,
  ),
  claim(
    `\\b${changedThing}\\b${middle}(?:'s| is| are|'re| has been| have been| was|'ve been) ${adverbs}(?:${moved}|changed to|deleted|removed)\\b`,
  ),
  claim(
    "\\b(?:it's|that's|you're|you are|it has been|you've been) (?:now |all |been )*(?:moved|rescheduled|cancell?ed|called off)\\b",
  ),
  claim("(?:^|[,:-] )(?:all )?(?:moved|rescheduled|cancell?ed)(?=[.!,:;]|$| to\\b| for\\b| as\\b)"),
  claim(`\\b${noun} ${adverbs}(?:moved|rescheduled|cancell?ed)\\b(?! by\\b)`),
];

/** What makes words that look like a claim none. Each is tested on the part of the sentence its name says. */
export const excuses = {
  asksToConfirm: /\b(?:reply|text|say|send|respond|type|answer)(?: with| back)? confirm\b/,
  interrogative:
    /^(?:\W|and |so |ok |okay |but |also |or |then )*(?:would|will|do|does|did|can|could|shall|should|is|are|was|were|am|have|has|had|may|might|what|when|which|who|where|why|how|want|wanna|need|ready|like|what's|when's|is it|isn't|aren't|don't|didn't|haven't)\b/,
  negated:
    /(?:\b(?:not(?! (?:a problem|to worry))|never|cannot|unable|nothing|neither|nor|none|no (?:appointment|booking|reservation|one))\b|n't\b|\bdont\b|\bcant\b)(?: [\w']+){0,6} ?$/,
  negatedInside:
    /\b(?:not|never|nothing|no longer able|cannot|unable|isn't|hasn't|wasn't|aren't|haven't|couldn't|can't|won't|yet to be)\b/,
  conditionBefore:
    /(?:\b(?:once|if|whether|unless|until|till|before|when|whenever|as soon as|after|in case|sure|so that|want|wants|like|love|hope|hoping|wish|able to|can|could|may|might|would|happy to|need to|try to|trying to|to be|to get|to have|get|let's get|have|wait (?:until|till)|confirm that|checking (?:if|that|whether)|see if)|'d) ?(?:[\w']+ ){0,2}$/,
  conditionFirst:
    /^(?:[\w']+, )?(?:once|if|as soon as|after|when|until|unless|before) (?:you|we|i|it|that|the|your|everything|someone|a human)\b[^.!?]*\b(?:confirm|confirms|confirmed|reply|replies|respond|pick|choose|send|give|tell|know|say|hear|have your|get your|verify|verified|complete|finish|finali[sz]e|goes through|works|checks out|approve|approves)\b[^.!?]*?(?:, ?| )(?:[\w']+ ){0,3}$/,
  instructionBefore:
    /\b(?:reply|respond|text|say|send|type|answer|enter|click|tap)\b[^.!?]*\b(?:confirm|yes|code|number|name|address|back|it|one)\b[^.!?]*(?:and|to|then|so) (?:[\w']+ ){0,3}$/,
  conditionAfter:
    /^(?: [^.!?,]{0,40})?,? (?:once|as soon as|after|when|if|until|only (?:once|when|if|after)) (?:you|we|i|it|that|the calendar|they|someone|a human) ?(?:'ve |have |'d |'re )?(?:reply|confirm|confirms|confirmed|respond|say|text|want|like|verify|verified|send|pick|choose|get|gets|hear|approve|give|goes through|works)\b/,
  onlyHeld:
    /\b(?:reserved|set aside|held|secured|confirmed)\b[^.!?]{0,30}\bfor (?:the next |up to |about )?(?:\d+|ten|five|fifteen|a few) min/,
} as const;
