"use strict";
/*
 * Finds a function's handler as Lambda's Node.js runtime does: `dir/file.export.nested` below the code's folder, in
 * CommonJS or as an ES module.
 */
const { existsSync, readFileSync, statSync } = require("node:fs");
const Module = require("node:module");
const { basename, dirname, join, resolve } = require("node:path");
const { pathToFileURL } = require("node:url");

class HandlerError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/**
 * @param {string} folder the unpacked code
 * @param {string} name the `handler` of the function's configuration
 * @param {string} fallbackFolder where the AWS SDK is found that Lambda brings along and the zip therefore leaves out
 */
async function loadHandler(folder, name, fallbackFolder) {
  const parts = /^([^.]*)\.(.*)$/.exec(basename(name));
  if (parts === null || name.includes(".."))
    throw new HandlerError("Runtime.MalformedHandlerName", `Bad handler: '${name}'`);
  const [, moduleName, path] = parts;
  const stem = resolve(folder, join(dirname(name), moduleName));
  const file = [stem, `${stem}.js`, `${stem}.mjs`, `${stem}.cjs`].find((candidate) => isFile(candidate));
  if (file === undefined) {
    throw new HandlerError(
      "Runtime.ImportModuleError",
      `Error: Cannot find module '${join(dirname(name), moduleName)}'`,
    );
  }
  const esModule = isEsModule(file, folder);
  if (esModule) lendSdkToEsModules(fallbackFolder);
  lendSdkToCommonJs(fallbackFolder);
  let loaded;
  try {
    loaded = esModule ? await import(pathToFileURL(file).href) : require(file);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new HandlerError("Runtime.UserCodeSyntaxError", `SyntaxError: ${error.message}`);
    if (error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND") {
      throw new HandlerError("Runtime.ImportModuleError", `Error: ${error.message}`);
    }
    throw error;
  }
  const handler = path.split(".").reduce((value, key) => value?.[key], loaded);
  if (handler === undefined || handler === null) {
    throw new HandlerError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  }
  if (typeof handler !== "function") throw new HandlerError("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler;
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}

function isEsModule(file, folder) {
  if (file.endsWith(".mjs")) return true;
  if (file.endsWith(".cjs")) return false;
  for (let at = dirname(file); at.startsWith(folder); at = dirname(at)) {
    const manifest = join(at, "package.json");
    if (isFile(manifest)) return JSON.parse(readFileSync(manifest, "utf8")).type === "module";
  }
  return false;
}

/** Lambda's Node.js runtimes carry the AWS SDK for JavaScript v3; only that is lent, never another package. */
const lent = /^@(aws-sdk|smithy)\//;

function lendSdkToCommonJs(fallbackFolder) {
  const original = Module._resolveFilename;
  Module._resolveFilename = function resolveFilename(request, parent, ...rest) {
    try {
      return original.call(this, request, parent, ...rest);
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND" || !lent.test(request)) throw error;
      try {
        return require.resolve(request, { paths: [fallbackFolder] });
      } catch {
        throw error;
      }
    }
  };
}

/** Hooks of ES modules are modules of their own, in a thread of their own. */
function lendSdkToEsModules(fallbackFolder) {
  const parentURL = JSON.stringify(pathToFileURL(join(fallbackFolder, "any.js")).href);
  const hook = `export async function resolve(name, context, next) {
    try { return await next(name, context); } catch (error) {
      if (!${lent}.test(name)) throw error;
      try { return await next(name, { ...context, parentURL: ${parentURL} }); } catch { throw error; }
    }
  }`;
  Module.register(`data:text/javascript,${encodeURIComponent(hook)}`);
}

module.exports = { loadHandler };
