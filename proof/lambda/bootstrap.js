"use strict";
/*
 * What runs inside of a function's process: Lambda's Node.js runtime, as far as a handler can tell. Plain JavaScript
 * without packages, so that nothing of this project is loaded into the function.
 *
 * The behaviour follows AWS's open runtime interface client (github.com/aws/aws-lambda-nodejs-runtime-interface-client).
 */
const { format } = require("node:util");
const { loadHandler } = require("./load-handler.js");
const { redirectRequests } = require("./redirect-requests.js");
const { installStreaming, collectStream } = require("./streaming.js");

const channel = process.channel;
const send = process.send.bind(process);
// A function must not mistake the gateway for its own parent.
process.send = undefined;

let handler;
let settings;
/** The invocation under way. */
let current;

process.on("disconnect", () => process.exit(0));
// Ctrl-C in a terminal reaches every process in it; the gateway lets what is under way finish and ends this one itself.
process.on("SIGINT", () => undefined);
process.on("message", (message) => {
  if (message.type === "init") void init(message);
  else if (message.type === "invoke") invoke(message);
});

for (const [method, level] of [
  ["log", "INFO"],
  ["debug", "DEBUG"],
  ["info", "INFO"],
  ["warn", "WARN"],
  ["error", "ERROR"],
  ["trace", "TRACE"],
  ["fatal", "FATAL"],
]) {
  console[method] = (...values) => {
    const stream = level === "ERROR" || level === "FATAL" ? process.stderr : process.stdout;
    stream.write(`${new Date().toISOString()}\t${current?.requestId ?? "undefined"}\t${level}\t${format(...values)}\n`);
  };
}

process.on("uncaughtException", (error) => die(describe(error), 129));
process.on("unhandledRejection", (reason) =>
  die({ ...describe(reason), errorType: "Runtime.UnhandledPromiseRejection" }, 128),
);
process.on("beforeExit", () => current?.drained());

async function init(message) {
  settings = message;
  try {
    process.chdir(message.folder);
    redirectRequests(message.redirects);
    installStreaming();
    handler = await loadHandler(message.folder, message.handler, message.fallbackFolder);
    send({ type: "ready" });
  } catch (error) {
    console.error("Uncaught Exception\t", error);
    send({ type: "init-error", error: describe(error) }, () => process.exit(1));
  }
}

function invoke({ requestId, functionArn, deadline, event }) {
  const finish = (answer) => {
    if (current?.requestId !== requestId) return;
    current = undefined;
    channel.ref();
    try {
      send({ ...answer, requestId });
    } catch (error) {
      send({
        type: "error",
        requestId,
        error: {
          errorType: "Runtime.MarshalError",
          errorMessage: `Unable to stringify response body: ${error.message}`,
        },
      });
    }
  };
  const succeed = (payload) => finish({ type: "result", payload });
  const fail = (error) => {
    const described = describe(error);
    console.error("Invoke Error\t", JSON.stringify(described));
    finish({ type: "error", error: described });
  };
  const callback = (error, payload) => (error === undefined || error === null ? succeed(payload) : fail(error));
  const waitsForPromise = handler.constructor.name === "AsyncFunction";
  current = {
    requestId,
    drained: () =>
      waitsForPromise
        ? finish({
            type: "error",
            error: {
              errorType: "Runtime.NodeJsExit",
              errorMessage:
                "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.",
            },
          })
        : succeed(null),
  };
  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: "$LATEST",
    functionName: settings.functionName,
    memoryLimitInMB: settings.memoryMb,
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: functionArn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: callback,
    succeed,
    fail,
  };
  // An event loop with nothing left to do ends the invocation, which the open channel would hide.
  channel.unref();
  try {
    const streaming = handler[Symbol.for("aws.lambda.runtime.handler.streaming")] === "response";
    const outcome = streaming ? collectStream(handler, event, context) : handler(event, context, callback);
    if (typeof outcome?.then === "function") outcome.then(succeed, fail);
    else if (outcome !== undefined && handler.length < 3) succeed(null);
  } catch (error) {
    fail(error);
  }
}

function die(error, code) {
  console.error("Uncaught Exception\t", JSON.stringify(error));
  const requestId = current?.requestId;
  current = undefined;
  if (!process.connected) process.exit(code);
  send({ type: "error", requestId, error }, () => process.exit(code));
}

/** An error as Lambda reports it; anything may be thrown. */
function describe(error) {
  try {
    if (
      error instanceof Error ||
      (typeof error === "object" && error !== null && "name" in error && "message" in error)
    ) {
      return { errorType: String(error.name), errorMessage: String(error.message) };
    }
    return { errorType: typeof error, errorMessage: String(error) };
  } catch {
    return { errorType: "handled", errorMessage: "The error that was thrown cannot be turned into text." };
  }
}
