/** Whether a media type is one that the API treats as binary: the same type, `image/*`, or every type. */
export function binaryMatcher(binaryMediaTypes: readonly string[]): (mediaType: string | undefined) => boolean {
  const types = binaryMediaTypes.map((type) => type.replace(/~1/g, "/").toLowerCase());
  if (types.includes("*/*")) return () => true;
  const exact = new Set(types);
  const families = types.filter((type) => type.endsWith("/*")).map((type) => type.slice(0, -1));
  return (mediaType) => {
    if (mediaType === undefined || types.length === 0) return false;
    const plain = (mediaType.split(";")[0] ?? "").trim().toLowerCase();
    return exact.has(plain) || families.some((family) => plain.startsWith(family));
  };
}
