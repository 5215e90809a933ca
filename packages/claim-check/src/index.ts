export { claimsBooking, claimsChange } from "./claim-check.ts";
