export { baggageHeader, cidFromBaggage, currentCid, runWithCid } from "./cid.ts";
