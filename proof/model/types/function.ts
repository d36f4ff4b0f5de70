import type { Source } from "./source";

export interface LambdaFunction {
  readonly address: string;
  readonly name: string;
  /** Unqualified ARN. */
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  /** Qualifiers (aliases, versions) that resolve to this same code. */
  readonly qualifiers: readonly string[];
  readonly runtime: string;
  readonly handler: string;
  /** Absolute path of the zip; absent where the code stands elsewhere (S3, image), which is a problem of its own. */
  readonly zipFile?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly permissions: readonly LambdaPermission[];
  /** ARN of the execution role. */
  readonly roleArn?: string;
  readonly source: Source;
}

export interface LambdaPermission {
  /** `apigateway.amazonaws.com`, an account id, an ARN, or `*`. */
  readonly principal: string;
  readonly action: string;
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
  readonly qualifier?: string;
  readonly source: Source;
}
