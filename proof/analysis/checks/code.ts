import { existsSync, readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import { splitQualifier } from "../../lambda/arn";
import type { Model } from "../../model/types";

const CODE = /\.(?:[cm]?[jt]s|py|rb)$/;
const DEPENDENCY = /(?:^|\/)(?:node_modules|site-packages|vendor)\//;
/** Bytes of code that are read; a function that holds more is not judged. */
const MOST = 8_000_000;

/** The text of a function's own code, all files after one another; undefined where its zip is not here. */
export function codeOf({ functions }: Pick<Model, "functions">, functionArn: string): string | undefined {
  const zip = functions.find(({ arn }) => arn === splitQualifier(functionArn).unqualified)?.zipFile;
  if (zip === undefined || !existsSync(zip)) return undefined;
  let size = 0;
  try {
    const files = unzipSync(readFileSync(zip), {
      filter: ({ name, originalSize }) => {
        if (!CODE.test(name) || DEPENDENCY.test(name)) return false;
        size += originalSize;
        return size <= MOST;
      },
    });
    const decoder = new TextDecoder();
    return size > MOST
      ? undefined
      : Object.values(files)
          .map((bytes) => decoder.decode(bytes))
          .join("\n");
  } catch {
    // What is no zip runs nowhere, and `serve` says so.
    return undefined;
  }
}
