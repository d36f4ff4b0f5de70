import { translateJavaRegex } from "../../proof/decision/java-regex";

function matches(expression: string, value: string): boolean {
  const translated = translateJavaRegex(expression);
  if ("refused" in translated) throw new Error(translated.refused);
  return translated.regex.test(value);
}

describe("a validation expression means what Java makes of it", () => {
  it.each([
    ["^Bearer [-0-9a-zA-Z._]*$", "Bearer abc.def", true, "anchored, as people write it"],
    ["^Bearer [-0-9a-zA-Z\\._]*$", "Bearer abc def", false, "a character outside the class"],
    ["Bearer .+", "Bearer x", true, "not anchored: the whole value has to match"],
    ["Bearer", "Bearer x", false, "the whole value has to match"],
    ["x|Bearer", "Bearer", true, "an alternative is anchored on both sides"],
    ["x|Bearer", "Bearer y", false, "an alternative is anchored on both sides"],
    ["a.c", "a\u0085c", false, "Java's dot leaves out the next-line character"],
    ["a\\sc", "a\u00a0c", false, "Java's \\s is ASCII"],
    ["a\\Sc", "a\u00a0c", true, "Java's \\S is all but ASCII spaces"],
    ["a[\\s-]c", "a-c", true, "\\s inside a class"],
    ["\\d+", "١", false, "Java's \\d is ASCII"],
    ["(?i)bearer x", "BEARER X", true, "a leading flag"],
    ["bearer x", "BEARER X", false, "case counts without the flag"],
    ["a{2,3}?", "aaa", true, "reluctant quantifiers"],
    ["(?<name>a)b", "ab", true, "named groups"],
    ["(?=ab)a.", "ab", true, "look-ahead"],
    ["a\\.b", "axb", false, "escaped punctuation"],
    ["a}", "a}", true, "a closing brace by itself is a character"],
    ["\\x41\\u0042", "AB", true, "characters by code"],
    ["[^ab]", "c", true, "a class of all but some characters"],
    ["[^ab]", "a", false, "a class of all but some characters"],
    ["[^\\d]+", "ab1", false, "an escape in a class of all but some characters"],
    ["a\\sc", "a\tc", true, "Java's \\s holds the tab"],
    ["a\\sc", "ac", false, "\\s stands for one character"],
    ["\\D\\w\\W", "ab-", true, "classes that mean the same in both"],
    ["\\D\\w\\W", "1b-", false, "classes that mean the same in both"],
    ["\\t\\n\\r\\f", "\t\n\r\f", true, "control characters"],
    ["(?:a|b)c", "bc", true, "a group that captures nothing"],
    ["(?!a).", "a", false, "negative look-ahead"],
    ["a{12}", "aaaaaaaaaaaa", true, "a count of two digits"],
    ["a{1,12}", "aaaaaaaaaaaa", true, "a bound of two digits"],
    ["a{1,}", "aaa", true, "an open bound"],
    ["a??b", "b", true, "a reluctant question mark"],
    ["a]", "a]", true, "a closing bracket by itself is a character"],
    ["a\\x41\\x42", "aAB", true, "characters by code, one behind the other"],
    ["", "", true, "an empty expression matches an empty value"],
  ])("%s on %j: %s (%s)", (expression, value, expected) => {
    expect(matches(expression, value)).toBe(expected);
  });

  it.each([
    ["a++", "possessive quantifier"],
    ["a{2}+", "possessive quantifier"],
    ["(?>a)", "group"],
    ["(?>a)(?:b)", "group (?>a"],
    ["\\x4", "\\x"],
    ["\\u004", "\\u"],
    ["\\y\\x41", "\\y"],
    ["a(?i)b", "group"],
    ["\\Qa\\E", "\\Q"],
    ["\\Aa\\z", "\\A"],
    ["\\p{Alpha}", "\\p"],
    ["\\bword", "\\b"],
    ["(a)\\1", "\\1"],
    ["[a-z&&[^b]]", "intersection"],
    ["[a[b]]", "inside another"],
    ["[]a]", "begins with ]"],
    ["[\\S]", "\\S"],
    ["a{,3}", "brace"],
    ["[a", "without its end"],
    ["a\\", "backslash"],
    ["(a", "does not parse"],
    ["(?i)stra\u00dfe", "outside ASCII"],
  ])("%s is refused, naming what differs: %s", (expression, named) => {
    const translated = translateJavaRegex(expression);
    expect("refused" in translated ? translated.refused : "taken").toContain(named);
  });
});
