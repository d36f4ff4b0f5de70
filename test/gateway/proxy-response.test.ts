import { binaryMatcher } from "../../proof/gateway/binary";
import { proxyAnswer } from "../../proof/gateway/proxy-response";

const json = ["Content-Type", "application/json"];

describe("a function's answer", () => {
  it.each([
    ["an empty object", {}, { status: 200, headers: [json], body: "" }],
    ["only a status", { statusCode: 204 }, { status: 204, headers: [json], body: "" }],
    ["a status as text", { statusCode: "201", body: "x" }, { status: 201, headers: [json], body: "x" }],
    ["nulls", { statusCode: null, headers: null, body: null }, { status: 200, headers: [json], body: "" }],
    [
      "headers of any scalar",
      { headers: { "content-type": "text/plain", "X-N": 1, "X-B": true } },
      {
        status: 200,
        headers: [
          ["content-type", "text/plain"],
          ["X-N", "1"],
          ["X-B", "true"],
        ],
        body: "",
      },
    ],
    [
      "lists of headers, which win over single ones",
      { headers: { "Set-Cookie": "a", X: "1" }, multiValueHeaders: { "set-cookie": ["b", "c"] } },
      { status: 200, headers: [json, ["set-cookie", "b"], ["set-cookie", "c"], ["X", "1"]], body: "" },
    ],
    [
      "headers that API Gateway sets itself",
      { headers: { "Content-Length": "9", "WWW-Authenticate": "Basic", "x-amzn-RequestId": "1" } },
      {
        status: 200,
        headers: [
          json,
          ["x-amzn-Remapped-Content-Length", "9"],
          ["x-amzn-Remapped-WWW-Authenticate", "Basic"],
          ["x-amzn-Remapped-x-amzn-RequestId", "1"],
        ],
        body: "",
      },
    ],
    [
      "headers of the connection and broken ones",
      {
        headers: {
          "Transfer-Encoding": "chunked",
          "X-A": "a\r\nX-Injected: 1",
          "bad name": "1",
        },
      },
      { status: 200, headers: [json], body: "" },
    ],
  ])("with %s becomes an HTTP answer", (_name, payload, expected) => {
    expect(proxyAnswer(payload, false)).toEqual(expected);
  });

  it.each([
    ["null", null],
    ["text", "hello"],
    ["a list", []],
    ["a number", 7],
    ["an unknown member", { statusCode: 200, wrongValue: "value" }],
    ["an error object", { errorMessage: "no" }],
    ["a body that is not text", { body: { a: 1 } }],
    ["a status that is none", { statusCode: "ok" }],
    ["a status out of range", { statusCode: 99 }],
    ["headers that are a list", { headers: ["a"] }],
    ["a header that is an object", { headers: { a: {} } }],
    ["multi-value headers without lists", { multiValueHeaders: { a: "b" } }],
  ])("that is %s is malformed", (_name, payload) => {
    expect(proxyAnswer(payload, false)).toBeUndefined();
  });

  it.each([
    [true, true, Buffer.from([1, 2])],
    [true, false, "AQI="],
    [false, true, "AQI="],
  ])("in base64 (%s) to a client that accepts binary (%s)", (isBase64Encoded, acceptsBinary, body) => {
    expect(proxyAnswer({ body: "AQI=", isBase64Encoded }, acceptsBinary)?.body).toEqual(body);
  });
});

describe("binary media types", () => {
  it.each([
    [["image/png"], "image/png", true],
    [["image/png"], "IMAGE/PNG; q=0.9", true],
    [["image/png"], "image/jpeg", false],
    [["image/*"], "image/jpeg", true],
    [["*/*"], undefined, true],
    [["image~1png"], "image/png", true],
    [[], "image/png", false],
    [["image/png"], undefined, false],
  ])("%j and %s", (types, mediaType, expected) => {
    expect(binaryMatcher(types)(mediaType)).toBe(expected);
  });
});
