import type { Source } from "./source";

export type Integration =
  | {
      readonly type: "AWS_PROXY";
      readonly functionArn: string;
      readonly credentialsArn?: string;
      readonly timeoutMs: number;
      readonly source: Source;
    }
  | {
      readonly type: "HTTP_PROXY";
      readonly httpMethod: string;
      readonly uri: string;
      readonly requestParameters: Readonly<Record<string, string>>;
      readonly timeoutMs: number;
      readonly source: Source;
    }
  | {
      readonly type: "MOCK";
      readonly requestTemplates: Readonly<Record<string, string>>;
      readonly responses: readonly IntegrationResponse[];
      readonly source: Source;
    };

export interface IntegrationResponse {
  readonly statusCode: string;
  readonly selectionPattern?: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}
