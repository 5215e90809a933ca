import { expect, test } from "@jest/globals";
import { whyNotPublic } from "./judge-public-url.ts";

test.each(["https://book.example.com", "https://book.example.com/below", "https://127.example.com"])(
  "%s can be reached from outside",
  (url) => expect(whyNotPublic(url)).toBe(""),
);

test.each([
  ["http://localhost:8080", "own name"],
  ["https://localhost", "own name"],
  ["http://127.0.0.1:8080", "own name"],
  ["https://[::1]", "own name"],
  ["https://192.168.1.4", "private network"],
  ["https://172.20.0.2", "private network"],
  ["http://book.example.com", "not https"],
])("%s cannot: %s", (url, why) => expect(whyNotPublic(url)).toContain(why));
