import type {
  CheckAvailabilityRequest,
  CheckAvailabilityResponse,
  DescribeAssistantRequest,
  DescribeAssistantResponse,
  RecordCallEndRequest,
  RecordCallEndResponse,
  ReserveAtomicRequest,
  ReserveAtomicResponse,
  SendConfirmationSmsRequest,
  SendConfirmationSmsResponse,
  SendOtpCodeRequest,
  SendOtpCodeResponse,
  TraceRefusalRequest,
  VerifyOtpCodeRequest,
  VerifyOtpCodeResponse,
} from "@bookproof/proto/agent";

type Answer<Request, Response> = (request: Request) => Response | Promise<Response>;

/** What the agent answers to each voice RPC; a test may put another function in its place. */
export interface VoiceAnswers {
  checkAvailability: Answer<CheckAvailabilityRequest, CheckAvailabilityResponse>;
  reserveAtomic: Answer<ReserveAtomicRequest, ReserveAtomicResponse>;
  sendOtpCode: Answer<SendOtpCodeRequest, SendOtpCodeResponse>;
  verifyOtpCode: Answer<VerifyOtpCodeRequest, VerifyOtpCodeResponse>;
  sendConfirmationSms: Answer<SendConfirmationSmsRequest, SendConfirmationSmsResponse>;
  describeAssistant: Answer<DescribeAssistantRequest, DescribeAssistantResponse>;
  recordCallEnd: Answer<RecordCallEndRequest, RecordCallEndResponse>;
}

export interface Voice {
  answers: VoiceAnswers;
  /** Every voice RPC in the order in which it came, by name. */
  asked: { rpc: keyof VoiceAnswers; request: unknown }[];
  refusals: TraceRefusalRequest[];
}

export const done = (speech: string) => ({ success: true, speech, reason: "", error: "" });
export const failed = (speech: string, reason: string, error: string) => ({ success: false, speech, reason, error });

/** The answers of seed 002, where everything goes well. */
export const goodAnswers: VoiceAnswers = {
  checkAvailability: () => ({
    outcome: done("We have availability at 10 AM..."),
    slots: [{ time: new Date("2030-01-15T10:00:00Z"), provider: "Dr. Smith", calendarId: "cal-smith" }],
  }),
  reserveAtomic: () => ({
    outcome: done("Perfect! I've held that time for you."),
    holdId: "48a5a9da-3f51-4999-a5a9-be46c019d9c7",
    expiresAt: new Date("2030-01-15T10:10:00.250Z"),
    contactId: "04c421b0-f3a4-4eb1-9576-bf8a2d2db731",
  }),
  sendOtpCode: () => ({ outcome: done("Code sent to your phone"), codeSent: true }),
  verifyOtpCode: () => ({
    outcome: done("Perfect! Your appointment is confirmed."),
    appointmentId: "f8a7e8fd-3a74-4076-9f96-6aa1f956290d",
  }),
  sendConfirmationSms: () => ({
    outcome: done("Perfect! Check your text for the details."),
    messageSent: true,
    messageId: "SM1234567890abc",
  }),
  describeAssistant: () => ({ assistantJson: '{"name":"Smile Dental","model":{"provider":"openai"}}' }),
  recordCallEnd: () => ({ recorded: true, leadScore: 85 }),
};

export const createVoice = (): Voice => ({ answers: { ...goodAnswers }, asked: [], refusals: [] });

/** The voice side of the agent's stand-in. */
export function voiceRpcs(voice: Voice) {
  /** The answer is looked up at each call, since a test may have put in another. */
  const answer =
    <Request, Response>(rpc: keyof VoiceAnswers, look: () => Answer<Request, Response>) =>
    async (request: Request): Promise<Response> => {
      voice.asked.push({ rpc, request });
      return look()(request);
    };
  return {
    checkAvailability: answer("checkAvailability", () => voice.answers.checkAvailability),
    reserveAtomic: answer("reserveAtomic", () => voice.answers.reserveAtomic),
    sendOtpCode: answer("sendOtpCode", () => voice.answers.sendOtpCode),
    verifyOtpCode: answer("verifyOtpCode", () => voice.answers.verifyOtpCode),
    sendConfirmationSms: answer("sendConfirmationSms", () => voice.answers.sendConfirmationSms),
    describeAssistant: answer("describeAssistant", () => voice.answers.describeAssistant),
    recordCallEnd: answer("recordCallEnd", () => voice.answers.recordCallEnd),
    async traceRefusal(request: TraceRefusalRequest) {
      voice.refusals.push(request);
      return {};
    },
  };
}
