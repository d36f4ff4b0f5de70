"use strict";
/*
 * `awslambda.streamifyResponse` for handlers that stream. API Gateway's proxy integration calls a function through
 * Invoke, which answers a streaming handler with everything it wrote, at once.
 */
const { PassThrough } = require("node:stream");

const marker = Symbol.for("aws.lambda.runtime.handler.streaming");
const metadataOf = new WeakMap();

function installStreaming() {
  globalThis.awslambda = {
    streamifyResponse(handler) {
      handler[marker] = "response";
      return handler;
    },
    HttpResponseStream: {
      from(stream, metadata) {
        metadataOf.set(stream, metadata);
        return stream;
      },
    },
  };
}

async function collectStream(handler, event, context) {
  const stream = new PassThrough();
  stream.setContentType = (type) => metadataOf.set(stream, { headers: { "Content-Type": type } });
  const chunks = [];
  stream.on("data", (chunk) => chunks.push(Buffer.from(chunk)));
  const ended = new Promise((resolve, reject) => stream.once("end", resolve).once("error", reject));
  await handler(event, stream, context);
  if (!stream.writableEnded) stream.end();
  await ended;
  const text = Buffer.concat(chunks).toString("utf8");
  const metadata = metadataOf.get(stream);
  if (metadata !== undefined) return { ...metadata, body: text };
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

module.exports = { installStreaming, collectStream };
