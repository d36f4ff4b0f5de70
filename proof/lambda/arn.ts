/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]` taken apart. */
export function splitQualifier(functionArn: string): { readonly unqualified: string; readonly qualifier?: string } {
  const parts = functionArn.split(":");
  const qualifier = parts[7];
  if (qualifier === undefined) return { unqualified: functionArn };
  return { unqualified: parts.slice(0, 7).join(":"), qualifier };
}
