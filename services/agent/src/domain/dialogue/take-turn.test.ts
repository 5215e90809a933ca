import { describe, expect, test } from "@jest/globals";
import { CLINIC, converse, heard, type Line, PLUMBER } from "./test/converse.ts";

const TWO = "Tue, Jan 12 at 2:00 PM";
/** Up to the question for the name, with the slot held. */
const HELD: Line = { says: "tomorrow at 2", hears: TWO };
const TO_SUMMARY: Line[] = [HELD, { says: "Jane Roe", hears: "Reply CONFIRM to book" }];

type Row = [title: string, lines: Line[], booked?: string[]];

const play = (tenant: typeof CLINIC, rows: Row[]) =>
  test.each(rows)("%s", async (_, lines, booked = []) => {
    const world = await converse(tenant, lines);
    expect(world.calendar.booked()).toEqual(booked);
  });

describe("from hello to CONFIRM", () => {
  play(CLINIC, [
    [
      "books by a free exact time, name and CONFIRM",
      [
        { says: "hi", hears: /Smile Dental.*Consultation, Teeth Whitening/s },
        {
          says: "Can I book a whitening for tomorrow at 2pm?",
          hears: /holding Tue, Jan 12 at 2:00 PM for Teeth Whitening.*your name/s,
        },
        {
          says: "Jane Roe",
          hears: /^Teeth Whitening: Tue, Jan 12 at 2:00 PM with Dr. Smith\nName: Jane Roe\nReply CONFIRM to book/,
        },
        { says: "CONFIRM", hears: "<booked>" },
      ],
      ["2027-01-12 14:00"],
    ],
    [
      "offers three openings for a window and takes one by number",
      [
        {
          says: "book me tomorrow morning",
          hears:
            "Openings for Consultation:\n1) Tue, Jan 12 at 9:00 AM\n2) Tue, Jan 12 at 10:30 AM\n3) Tue, Jan 12 at 11:30 AM\nReply 1, 2 or 3, or tell me another time.",
        },
        { says: "2", hears: "10:30 AM" },
        { says: "jane", hears: "Name: Jane" },
        { says: "confirm!", hears: "<booked>" },
      ],
      ["2027-01-12 10:30"],
    ],
    [
      "names the first offering where none was named",
      [{ says: "I'd like to book an appointment", hears: "Next openings for Consultation:" }],
    ],
    [
      "knows an offering by its alias",
      [{ says: "checkup on Friday at 1pm", hears: "Fri, Jan 15 at 1:00 PM for Consultation" }],
    ],
    [
      "knows an offering by its telling word, misspelt",
      [{ says: "teeth whitenning wednesday 11am", hears: "Wed, Jan 13 at 11:00 AM for Teeth Whitening" }],
    ],
    ["understands next Tuesday at 2", [{ says: "next Tuesday at 2", hears: "Tue, Jan 19 at 2:00 PM" }]],
    ["understands a date with its month", [{ says: "Jan 15 10am", hears: "Fri, Jan 15 at 10:00 AM" }]],
    [
      "understands the 15th",
      [{ says: "the 15th", hears: /1\) Fri, Jan 15 at 9:00 AM\n2\) .*\n3\) Fri, Jan 15 at 2:30 PM/ }],
    ],
    [
      "says that a closed noon is not available",
      [
        {
          says: "noon today",
          hears: /Sorry, Mon, Jan 11 at 12:00 PM is not available. Nearest openings for Consultation:\n1\) Mon, Jan 11/,
        },
      ],
    ],
    [
      "offers openings between 2 and 4",
      [{ says: "between 2 and 4 tomorrow", hears: /1\) Tue, Jan 12 at 2:00 PM\n2\) .*\n3\) Tue, Jan 12 at 3:30 PM/ }],
    ],
    [
      "offers the next days where only an hour was said",
      [{ says: "can I come at 2pm", hears: /1\) Mon, Jan 11 at 2:00 PM/ }],
    ],
    [
      "offers the soonest",
      [{ says: "asap please", hears: /1\) Mon, Jan 11 at 10:30 AM\n2\) Mon, Jan 11 at 11:00 AM/ }],
    ],
    ["never offers what has passed", [{ says: "today at 9am", hears: /already passed.*1\) Mon, Jan 11 at 10:30 AM/s }]],
    [
      "offers the next mornings to whoever asked for a morning of a closed day",
      [
        {
          says: "Saturday morning",
          hears:
            /nothing is open.*1\) Mon, Jan 18 at \d+:\d+ AM\n2\) Mon, Jan 18 at \d+:\d+ AM\n3\) Mon, Jan 18 at \d+:\d+ AM/s,
        },
      ],
    ],
    [
      "says so when a day is closed, and offers the next",
      [{ says: "Saturday", hears: /nothing is open for Consultation Sat, Jan 16. Next openings:\n1\) Mon, Jan 18/ }],
    ],
    ["says how far it can look", [{ says: "Dec 1 2027 at 2pm", hears: "60 days ahead" }]],
    [
      "takes offering, time and name from one message",
      [
        {
          says: "Hi, I'm Jane Roe, can I come tomorrow at 2 for a whitening?",
          hears: /Teeth Whitening: Tue, Jan 12 at 2:00 PM.*Name: Jane Roe.*CONFIRM/s,
        },
        { says: "Confirm 👍", hears: "<booked>" },
      ],
      ["2027-01-12 14:00"],
    ],
    [
      "reads several texts as one turn",
      [
        {
          says: ["hi", "whitening please", "tomorrow", "at 2", "my name is Jane Roe"],
          hears: /Teeth Whitening: Tue, Jan 12 at 2:00 PM.*Jane Roe/s,
        },
      ],
    ],
  ]);
});

describe("choosing from the list", () => {
  const LIST: Line = { says: "Tuesday or so, tomorrow morning", hears: "1) Tue, Jan 12 at 9:00 AM" };
  const choices: [string, string][] = [
    ["2", "10:30 AM"],
    ["#2", "10:30 AM"],
    ["2)", "10:30 AM"],
    ["option 2", "10:30 AM"],
    ["number 2 please", "10:30 AM"],
    ["2 please", "10:30 AM"],
    ["2️⃣", "10:30 AM"],
    ["two", "10:30 AM"],
    ["the second", "10:30 AM"],
    ["the second one works", "10:30 AM"],
    ["2nd", "10:30 AM"],
    ["the last one", "11:30 AM"],
    ["first", "9:00 AM"],
    ["I'll take the first one", "9:00 AM"],
    ["the earliest", "9:00 AM"],
    ["any of them", "9:00 AM"],
    ["10:30", "10:30 AM"],
    ["the 9am one", "9:00 AM"],
    ["11:30 works for me", "11:30 AM"],
    ["at 9", "9:00 AM"],
  ];
  test.each(choices)("%s", async (says, time) => {
    const world = await converse(CLINIC, [LIST, { says, hears: `I'm holding Tue, Jan 12 at ${time}` }]);
    expect(world.state.step).toBe("asking_name");
  });

  play(CLINIC, [
    [
      "chooses by the weekday that only one has",
      [
        { says: "at 3pm this week", hears: /1\) Mon, Jan 11 at 3:00 PM\n2\) Wed.*\n3\) Thu/ },
        { says: "Wednesday works", hears: "holding Wed, Jan 13 at 3:00 PM" },
      ],
    ],
    ["asks which one for a yes", [LIST, { says: "yes", hears: /Which one.*1\) Tue/s }]],
    ["asks again for a number not on the list", [LIST, { says: "5", hears: /did not get that.*Reply 1, 2 or 3/s }]],
    [
      "takes another of the list after the first choice",
      [
        LIST,
        { says: "1", hears: "holding Tue, Jan 12 at 9:00 AM" },
        { says: "no wait, the second one", hears: /holding Tue, Jan 12 at 10:30 AM.*your name/s },
      ],
    ],
    [
      "offers the next three days where only an hour was said",
      [{ says: "2:00", hears: /1\) Mon, Jan 11.*\n2\) Tue, Jan 12.*\n3\) Wed, Jan 13/ }],
    ],
    [
      "tells of an opening that was just taken",
      [
        LIST,
        { do: (w) => w.calendar.take("2027-01-12", "10:30") },
        { says: "2", hears: /Sorry, Tue, Jan 12 at 10:30 AM was just taken.*1\) Tue, Jan 12/s },
      ],
    ],
    [
      "does not say of an opening that has come too near that somebody took it",
      [
        LIST,
        { do: (w) => w.calendar.noticeRunsOut() },
        { says: "2", hears: /Sorry, Tue, Jan 12 at 10:30 AM is not available.*1\) Tue, Jan 12/s },
      ],
    ],
    ["goes on to later openings", [LIST, { says: "anything later?", hears: "1) Tue, Jan 12 at 12:00 PM" }]],
    [
      "goes back to earlier openings",
      [
        { says: "tomorrow afternoon", hears: "1) Tue, Jan 12 at 12:00 PM" },
        { says: "anything earlier?", hears: "3) Tue, Jan 12 at 11:30 AM" },
      ],
    ],
    [
      "says when there is nothing earlier",
      [
        { says: "asap", hears: "1) Mon, Jan 11 at 10:30 AM" },
        { says: "anything sooner", hears: "nothing earlier" },
      ],
    ],
    [
      "asks for another time when none fits",
      [
        LIST,
        { says: "none of those work", hears: "What other day or time" },
        { says: "3", hears: "holding Tue, Jan 12 at 3:00 PM" },
      ],
    ],
    [
      "a question alone takes nothing",
      [
        {
          says: "do you have 2pm tomorrow?",
          hears: `Yes, that time is open for Consultation:\n1) ${TWO}\nReply 1 to take it`,
        },
        { says: "ok", hears: "I'm holding" },
      ],
    ],
    ["takes a choice together with the name", [LIST, { says: ["2", "Jane Roe"], hears: /10:30 AM.*Name: Jane Roe/s }]],
  ]);
});

describe("changing one's mind", () => {
  play(CLINIC, [
    [
      "keeps the hour when the day changes",
      [
        ...TO_SUMMARY,
        { says: "actually Thursday", hears: /Thu, Jan 14 at 2:00 PM.*Name: Jane Roe.*CONFIRM/s },
        { says: "CONFIRM", hears: "<booked>" },
      ],
      ["2027-01-14 14:00"],
    ],
    [
      "keeps the day when the hour changes",
      [...TO_SUMMARY, { says: "make it 3pm", hears: /Tue, Jan 12 at 3:00 PM.*Name: Jane Roe/s }],
    ],
    [
      "keeps time and name when the offering changes",
      [
        ...TO_SUMMARY,
        { says: "different service: whitening", hears: /Teeth Whitening: Tue, Jan 12 at 2:00 PM.*Name: Jane Roe/s },
      ],
    ],
    [
      "changes the day while asked for the name",
      [HELD, { says: "actually Friday", hears: /Fri, Jan 15 at 2:00 PM.*your name/s }],
    ],
    [
      "changes the offering while asked for the name",
      [HELD, { says: "whitening instead", hears: /Teeth Whitening.*your name/s }],
    ],
    [
      "offers what is near when the new time is not free",
      [
        { do: (w) => w.calendar.take("2027-01-14", "14:00") },
        ...TO_SUMMARY,
        { says: "actually Thursday", hears: /Thu, Jan 14 at 2:00 PM is not available.*1\) Thu, Jan 14/s },
        { says: "1", hears: /Thu, Jan 14.*Name: Jane Roe.*CONFIRM/s },
      ],
    ],
    ["understands what is said twice", [HELD, { says: "2pm tomorrow", hears: /^What is your name/ }]],
    ["corrects the name in the summary", [...TO_SUMMARY, { says: "name is Bob", hears: /Name: Bob\n/ }]],
    [
      "asks what to change for a no",
      [
        ...TO_SUMMARY,
        { says: "no, not that", hears: "What should I change" },
        { says: "3pm", hears: "Tue, Jan 12 at 3:00 PM" },
      ],
    ],
    [
      "asks for what is to be changed when only that is named",
      [
        ...TO_SUMMARY,
        { says: "the time", hears: "What other day or time" },
        { says: "3", hears: "Tue, Jan 12 at 3:00 PM" },
        { says: "change the name", hears: "your name" },
        { says: "Bob", hears: /3:00 PM.*Name: Bob\n/s },
      ],
    ],
    [
      "takes too early as a wish for later",
      [
        { says: "asap", hears: "3) Mon, Jan 11 at 11:30 AM" },
        { says: "that's too early", hears: "1) Mon, Jan 11 at 1:00 PM" },
      ],
    ],
    [
      "starts over and keeps the name",
      [
        ...TO_SUMMARY,
        { says: "start over", hears: "start over" },
        { says: "tomorrow at 2", hears: /2:00 PM.*Name: Jane Roe/s },
      ],
    ],
    [
      "never mind ends it, and a CONFIRM after it books nothing",
      [
        ...TO_SUMMARY,
        { says: "never mind", hears: "leave it there" },
        { says: "CONFIRM", hears: /nothing to confirm.*1\) /s },
      ],
    ],
    [
      "never mind with a new day is a change",
      [...TO_SUMMARY, { says: "nevermind, make it Wednesday", hears: "Wed, Jan 13 at 2:00 PM" }],
    ],
    ["gives up a request that is to be cancelled", [...TO_SUMMARY, { says: "cancel it", hears: "leave it there" }]],
  ]);
});

describe("CONFIRM", () => {
  const words: [string, boolean][] = [
    ["CONFIRM", true],
    ["confirm", true],
    ["  Confirm.  ", true],
    ["CONFIRM!!! 🎉", true],
    ["yes", false],
    ["ok", false],
    ["👍", false],
    ["confirm please", false],
    ["CONFIRM?", false],
    ["\u{1F44E} CONFIRM", false],
    ["\u201cCONFIRM\u201d", true],
    ["I confirm", false],
    ["confirmed", false],
    ["book it", false],
  ];
  test.each(words)("%s books: %s", async (says, books) => {
    const world = await converse(CLINIC, [
      ...TO_SUMMARY,
      { says, hears: books ? "<booked>" : "Reply CONFIRM to book" },
    ]);
    expect(world.calendar.booked()).toHaveLength(books ? 1 : 0);
    expect(world.state.step).toBe(books ? "idle" : "awaiting_confirm");
  });

  play(CLINIC, [
    [
      "counts after texts that change nothing",
      [...TO_SUMMARY, { says: ["great thanks", "yes Tuesday at 2", "CONFIRM"], hears: "<booked>" }],
      ["2027-01-12 14:00"],
    ],
    [
      "does not count after a change in the same turn",
      [...TO_SUMMARY, { says: ["actually 3pm", "CONFIRM"], hears: /3:00 PM.*Reply CONFIRM to book/s }],
    ],
    [
      "does not count after a corrected name",
      [...TO_SUMMARY, { says: ["name is Bob", "CONFIRM"], hears: /Name: Bob.*Reply CONFIRM/s }],
    ],
    ["does not count unless it comes last", [...TO_SUMMARY, { says: ["CONFIRM", "wait"], hears: /CONFIRM/ }]],
    [
      "does not count after a no, whatever follows",
      [...TO_SUMMARY, { says: ["no, not that", "thanks", "CONFIRM"], hears: "Reply CONFIRM to book" }],
    ],
    [
      "does not count for the old summary once a change was asked of a human",
      [
        ...TO_SUMMARY,
        { says: ["make it Friday", "I want to talk to someone"], hears: "human" },
        { says: "CONFIRM", hears: /nothing to confirm.*Fri, Jan 15 at 2:00 PM/s },
      ],
    ],
    ["does not count after giving up", [...TO_SUMMARY, { says: ["never mind", "CONFIRM"], hears: "leave it there" }]],
    ["asks for the name first", [HELD, { says: "CONFIRM", hears: /Almost there.*your name/s }]],
    [
      "asks to pick a time first",
      [
        { says: "tomorrow", hears: "1) Tue" },
        { says: "CONFIRM", hears: /nothing to confirm.*1\) Tue/s },
      ],
    ],
    [
      "offers openings where nothing was offered",
      [{ says: "CONFIRM", hears: /nothing to confirm right now.\nNext openings for Consultation:\n1\) Mon/ }],
    ],
    [
      "claims nothing when repeated after the booking",
      [
        ...TO_SUMMARY,
        { says: "CONFIRM", hears: "<booked>" },
        { says: "CONFIRM", hears: /^There is nothing to confirm right now. To book another visit/ },
      ],
      ["2027-01-12 14:00"],
    ],
    [
      "takes an expired hold again while its slot is free",
      [...TO_SUMMARY, { do: (w) => w.minutesPass(45) }, { says: "CONFIRM", hears: "<booked>" }],
      ["2027-01-12 14:00"],
    ],
    [
      "offers fresh openings when an expired hold was taken, and keeps the name",
      [
        ...TO_SUMMARY,
        { do: (w) => w.minutesPass(45) },
        { do: (w) => w.calendar.take("2027-01-12", "14:00") },
        { says: "CONFIRM", hears: /Sorry, Tue, Jan 12 at 2:00 PM was just taken.*1\) Tue, Jan 12/s },
        { says: "3", hears: /Name: Jane Roe.*CONFIRM/s },
        { says: "CONFIRM", hears: "<booked>" },
      ],
      ["2027-01-12 15:00"],
    ],
    [
      "books nothing that has passed",
      [
        ...TO_SUMMARY,
        { do: (w) => w.minutesPass(3 * 24 * 60) },
        { says: "CONFIRM", hears: /already passed.*1\) Thu, Jan 14/s },
      ],
    ],
    [
      "says nothing of a failure, which the notifier tells",
      [
        ...TO_SUMMARY,
        { do: (w) => w.calendar.confirms("fails") },
        {
          says: "CONFIRM",
          answers: (turn) =>
            expect(turn).toMatchObject({
              reply: { kind: "none" },
              stage: "FAILED",
              state: { step: "idle", name: "Jane Roe" },
            }),
        },
      ],
    ],
    [
      "is still finalizing while it runs, and books when it has run",
      [
        ...TO_SUMMARY,
        { do: (w) => w.calendar.confirms("runs") },
        { says: "CONFIRM", hears: "I’m still finalizing this on my end—someone will confirm shortly." },
        { says: "is it done?", hears: "still finalizing" },
        { do: (w) => w.calendar.confirms("works") },
        { says: "CONFIRM", hears: "<booked>" },
      ],
      ["2027-01-12 14:00"],
    ],
    [
      "is no longer awaited long after its outcome was due",
      [
        ...TO_SUMMARY,
        { do: (w) => w.calendar.confirms("runs") },
        { says: "CONFIRM", hears: "still finalizing" },
        { do: (w) => w.minutesPass(60) },
        { says: "hi", hears: "Smile Dental" },
      ],
    ],
    [
      "names the calendar that was assigned, and stays on it when the hold ran out",
      [
        { do: (w) => w.calendar.assigns("cal-jones", "Dr. Jones") },
        { says: "a checkup tomorrow at 2pm", hears: /holding Tue, Jan 12 at 2:00 PM for Consultation with Dr. Jones/ },
        { do: (w) => w.calendar.assigns("cal-lee", "Dr. Lee") },
        { do: (w) => w.minutesPass(30) },
        { says: "Jane Roe", hears: /2:00 PM with Dr. Jones/ },
        { says: "tomorrow at 2pm", hears: /2:00 PM with Dr. Jones/ },
        { do: (w) => expect(w.calendar.calendars()).toEqual(["cal-jones"]) },
        { says: "CONFIRM", hears: "<booked>" },
      ],
      ["2027-01-12 14:00"],
    ],
    [
      "takes a hold again before the summary is shown",
      [
        HELD,
        { do: (w) => w.minutesPass(30) },
        { do: (w) => w.calendar.take("2027-01-12", "14:00") },
        { says: "Jane Roe", hears: /was just taken/ },
        { says: "2", hears: "Name: Jane Roe" },
      ],
    ],
  ]);

  test("gives the appointment's id and remembers the booking", async () => {
    await converse(CLINIC, [
      ...TO_SUMMARY,
      {
        says: "CONFIRM",
        answers: ({ reply, state, stage }) => {
          expect(stage).toBe("BOOKED");
          expect(reply).toEqual({ kind: "booked", appointmentId: state.booked?.appointmentId });
          expect(state).toMatchObject({ step: "idle", name: "Jane Roe", openings: [] });
        },
      },
    ]);
  });

  test("asks booking only once for each CONFIRM, and never for another word", async () => {
    const world = await converse(CLINIC, [
      ...TO_SUMMARY,
      { says: "yes", hears: "CONFIRM" },
      { says: "CONFIRM", hears: "<booked>" },
    ]);
    expect(world.calendar.confirmCalls()).toBe(1);
  });
});

describe("the name", () => {
  const names: [string, string][] = [
    ["I'm Jane Roe", "Jane Roe"],
    ["my name is jane roe", "Jane Roe"],
    ["JANE ROE", "Jane Roe"],
    ["it's jane", "Jane"],
    ["Hi, this is Jane Roe. Thanks!", "Jane Roe"],
    ["mary-jane o'neil", "Mary-Jane O'Neil"],
    ["Ludwig van Beethoven", "Ludwig van Beethoven"],
    ["April Johnson", "April Johnson"],
    ["april", "April"],
    ["سارة أحمد", "سارة أحمد"],
    ["王小明", "王小明"],
    ["José Núñez", "José Núñez"],
    ["Dr. Alan Grant", "Dr. Alan Grant"],
    ["An Nguyen", "An Nguyen"],
  ];
  test.each(names)("%s", async (says, name) => {
    await converse(CLINIC, [HELD, { says, hears: `Name: ${name}\n` }]);
  });

  test.each([
    "what do you need it for?",
    "12345",
    "https://example.com",
    "x".repeat(90),
    "yes",
    "555-123-4567",
    "🙂",
    "I don't know",
  ])("%s is none", async (says) => {
    const world = await converse(CLINIC, [HELD, { says, hears: "your name" }]);
    expect(world.state.name).toBeUndefined();
  });

  play(CLINIC, [
    [
      "is used again for the next journey",
      [
        ...TO_SUMMARY,
        { says: "CONFIRM", hears: "<booked>" },
        { says: "book another consult Thursday at 10", hears: /Thu, Jan 14 at 10:00 AM.*Name: Jane Roe/s },
      ],
      ["2027-01-12 14:00"],
    ],
  ]);
});

describe("the address", () => {
  const ASKED: Line[] = [
    { says: "tomorrow at 2 please, leak", hears: "your name" },
    { says: "Jane Roe", hears: "address" },
  ];
  test.each([
    "12 Main St, Apt 5",
    "Unit 5, 12 Main Street",
    "1600 Pennsylvania",
    "5 May Road",
    "The Old Mill, Leak Lane 3",
    "10 Broadway",
    "Friday Harbor Way 12, gate 3",
  ])("%s", async (address) => {
    const world = await converse(PLUMBER, [...ASKED, { says: address, hears: `Address: ${address}\nReply CONFIRM` }]);
    expect(world.state.hold?.start).toBe("2027-01-12T19:00:00.000Z");
  });

  test.each(["where do I park", "what is that for?", "I don't know", "12", "yes"])("%s is none", async (says) => {
    const world = await converse(PLUMBER, [...ASKED, { says, hears: "address" }]);
    expect(world.state.address).toBeUndefined();
  });

  play(PLUMBER, [
    [
      "is asked for again when it is none",
      [
        ...ASKED,
        { says: "12", hears: "address" },
        { says: "x".repeat(300), hears: "address" },
        { says: "ok", hears: "address" },
      ],
    ],
    [
      "leaves room for a change of mind",
      [
        ...ASKED,
        { says: "actually Friday at 1pm", hears: /Fri, Jan 15 at 1:00 PM.*address/s },
        { says: "12 Main St", hears: /Fri, Jan 15 at 1:00 PM.*Address: 12 Main St/s },
      ],
    ],
    [
      "comes together with the name",
      [
        { says: "tomorrow at 2", hears: "your name" },
        { says: "Jane Roe, 12 Main St, Apt 5", hears: /Name: Jane Roe\nAddress: 12 Main St, Apt 5\n/ },
      ],
    ],
    [
      "comes in a text of its own after the name",
      [
        { says: "tomorrow at 2", hears: "your name" },
        { says: ["Jane Roe", "12 Main St"], hears: /Name: Jane Roe\nAddress: 12 Main St\n/ },
      ],
    ],
    [
      "can be corrected",
      [
        ...ASKED,
        { says: "12 Main St", hears: "CONFIRM" },
        { says: "address is 14 Oak Ave", hears: /2:00 PM.*Address: 14 Oak Ave/s },
        { says: "CONFIRM", hears: "<booked>" },
      ],
      ["2027-01-12 14:00"],
    ],
    [
      "fits a text even when everything is long",
      [
        { says: "tomorrow at 2", hears: "your name" },
        { says: `${"Jane ".repeat(4)}${"Roe".repeat(15)}`, hears: "address" },
        { says: `12 ${"Long ".repeat(35)}Street`, hears: "Reply CONFIRM" },
      ],
    ],
  ]);
});

describe("everything else people send", () => {
  play(CLINIC, [
    [
      "answers the price of the offering asked about",
      [{ says: "how much is a consultation?", hears: "Consultation: from $50." }],
    ],
    ["says when it has no price", [{ says: "price for whitening?", hears: /no price for Teeth Whitening.*HUMAN/s }]],
    [
      "answers a question and comes back to the step",
      [HELD, { says: "how long does it take?", hears: /30 minutes.*your name/s }],
    ],
    [
      "a price question changes no request",
      [...TO_SUMMARY, { says: "how much is whitening?", hears: /Consultation: Tue, Jan 12/ }],
    ],
    [
      "answers a question and the request in one text",
      [{ says: "how much is a consult? can I book tomorrow at 2?", hears: /from \$50.*holding/s }],
    ],
    [
      "answers the opening hours",
      [
        {
          says: "what are your hours?",
          hears: "Mon 9:00 AM-12:00 PM, 1:00 PM-5:00 PM; Tue-Thu 9:00 AM-5:00 PM; Fri 9:00 AM-3:00 PM",
        },
      ],
    ],
    ["answers the hours of a day", [{ says: "are you open on Saturday?", hears: "usually closed Sat, Jan 16" }]],
    [
      "lists the services",
      [{ says: "what services do you offer?", hears: "We offer: Consultation, Teeth Whitening." }],
    ],
    [
      "a goodbye asks for no appointment",
      [
        ...TO_SUMMARY,
        { says: "CONFIRM", hears: "<booked>" },
        { says: "great, see you tomorrow at 2!", hears: "welcome" },
      ],
      ["2027-01-12 14:00"],
    ],
    ["a question for times is no question for hours", [{ says: "What times do you have tomorrow?", hears: "1) Tue" }]],
    ["answers two questions at once", [{ says: "how much is a consult and how long", hears: /from \$50.*30 minutes/ }]],
    [
      "thanks after a booking start nothing new",
      [
        ...TO_SUMMARY,
        { says: "CONFIRM", hears: "<booked>" },
        { says: "thanks!", hears: "You're welcome" },
        { says: "great", hears: "You're welcome" },
      ],
      ["2027-01-12 14:00"],
    ],
    ["helps", [{ says: "help", hears: /tell me what you need.*HUMAN/s }]],
    [
      "offers a person when it did not understand twice",
      [
        { says: "blorp", hears: /^(?!.*HUMAN)/s },
        { says: "blorp blorp", hears: "Or reply HUMAN for a person." },
      ],
    ],
    ["answers an empty text", [{ says: "", hears: "What would you like to book" }]],
    ["answers emoji", [{ says: "🦷🦷", hears: "What would you like to book" }]],
    ["answers a picture", [{ says: "", media: true, hears: "can't open pictures" }]],
    ["answers a picture in the middle", [HELD, { says: "", media: true, hears: /can't open pictures.*your name/s }]],
    ["answers 1,600 characters", [{ says: "lorem ipsum dolor ".repeat(100), hears: "What would you like to book" }]],
    ["answers a script it cannot read", [{ says: "أريد حجز موعد", hears: "What would you like to book" }]],
    ["reads a time behind right-to-left marks", [{ says: "\u202btomorrow at 2\u202c", hears: TWO }]],
    ["answers no text at all", [{ says: [], hears: "What would you like to book" }]],
  ]);

  test.each([
    "human",
    "HUMAN please",
    "can I talk to a real person",
    "call me",
    "please call me back",
    "cancel my appointment",
    "I need to reschedule my appointment",
    "reschedule",
  ])("%s calls a human in", async (says) => {
    await converse(CLINIC, [
      {
        says,
        answers: (turn) => {
          expect(heard(turn)).toBe("I'll pass this on: a human will text you shortly.");
          expect(turn).toMatchObject({ stage: "NEEDS_HUMAN", escalate: { reason: "human_requested" } });
        },
      },
    ]);
  });

  test("moving what is booked is passed on, not begun anew", async () => {
    await converse(CLINIC, [
      ...TO_SUMMARY,
      { says: "CONFIRM", hears: "<booked>" },
      {
        says: "actually can we do Friday instead",
        answers: (turn) => expect(turn.escalate?.reason).toBe("human_requested"),
      },
    ]);
  });

  test("an unreadable calendar is told as such, never as having no openings", async () => {
    await converse(CLINIC, [
      { do: (w) => w.calendar.breakDown() },
      {
        says: "whitening tomorrow at 2, I'm Jane Roe",
        answers: (turn) => {
          expect(heard(turn)).toMatch(/can't see the calendar right now. A human will text you shortly/);
          expect(turn.escalate).toEqual({
            reason: "calendar_unreadable",
            requested: { offeringName: "Teeth Whitening", customerName: "Jane Roe" },
          });
        },
      },
    ]);
  });

  test("a full calendar is told as such", async () => {
    await converse(CLINIC, [
      { do: (w) => w.calendar.take("2027-01-01", "00:00", 100 * 24 * 60) },
      { says: "tomorrow", hears: /no openings for Consultation in the next 60 days/ },
    ]);
  });

  test("a state that is old or broken begins anew", async () => {
    const { readDialogueState, initialDialogueState } = await import("./dialogue-state.ts");
    for (const json of [undefined, null, {}, { step: "gone" }, { step: "awaiting_confirm", openings: [] }, "x"]) {
      expect(readDialogueState(json)).toEqual(initialDialogueState());
    }
  });
});
