import fc from "fast-check";
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
    ["[^b]{1,2048}", "a".repeat(2048), true, "a large bound"],
    ["[^b]{1,2048}", "a".repeat(2049), false, "a large bound"],
    ["a{2499}", "a".repeat(2499), true, "the largest count"],
    [`${"(".repeat(100)}a${")".repeat(100)}`, "a", true, "groups as deep as may be"],
    ["(a)".repeat(101), "a".repeat(101), true, "many groups that are not in each other"],
    ["", "", true, "an empty expression matches an empty value"],
    ["()", "", true, "an empty group"],
    ["a|", "", true, "an empty alternative"],
    ["a*", "", true, "none of many"],
    ["a+", "", false, "at least one"],
    ["a?", "aa", false, "at most one"],
    ["a{0,1}", "aa", false, "at most one"],
    ["a{2}", "a", false, "a count that is not reached"],
    ["a{2}", "aaa", false, "a count that is passed"],
    ["a{0}", "", true, "none"],
    ["a{0,2}", "aaa", false, "a bound that is passed"],
    ["a{1,}", "", false, "an open bound that is not reached"],
    ["(ab){2}c", "ababc", true, "a group with a count"],
    ["(a|b)+c", "abbac", true, "alternatives with a count"],
    ["(?:a*)*b", "aab", true, "a repetition of what may be empty"],
    ["(?!ab)a.", "ac", true, "negative look-ahead, where something else follows"],
    ["(?!ab)a.", "ab", false, "negative look-ahead"],
    ["(?!.*\\s).+", "a b", false, "look-ahead to the end"],
    ["(?!.*\\s).+", "ab", true, "look-ahead to the end"],
    ["(?=.*\\d)(?=.*[a-z])\\w+", "a1", true, "two look-aheads"],
    ["(?=.*\\d)(?=.*[a-z])\\w+", "aa", false, "two look-aheads"],
    ["(?:(?!--)[a-z-])+", "a-b-c", true, "look-ahead at every place"],
    ["(?:(?!--)[a-z-])+", "a--c", false, "look-ahead at every place"],
    ["a.(?<=ab)c", "abc", true, "look-behind"],
    ["a.(?<=ab)c", "axc", false, "look-behind"],
    ["a.(?<!ab)c", "axc", true, "negative look-behind"],
    ["a.(?<!ab)c", "abc", false, "negative look-behind"],
    ["(?=a(?!b))a.", "ab", false, "a look inside another"],
    ["(?=a(?!b))a.", "ac", true, "a look inside another"],
    ["(?=(?<=^x)a|b)..", "bc", true, "a look behind inside a look ahead"],
    ["a^b", "ab", false, "a beginning in the middle"],
    ["a$b", "ab", false, "an end in the middle"],
    ["a$.?\\n", "a\n", true, "Java's end stands before a last line end too"],
    ["a$\\n\\n", "a\n\n", false, "but not before two"],
    ["a\\r$\\n", "a\r\n", false, "and not inside of one"],
    ["a$\\r\\n", "a\r\n", true, "and before a whole one"],
    ["(?i)bearer [a-c]", "BEARER B", true, "a class without case"],
    ["(?i)[^a]", "A", false, "a class of all but some without case"],
    ["(?i)stra\u00dfe", "STRA\u00dfE", true, "(?i) is about letters of ASCII"],
    ["(?i)\u00e9", "\u00c9", false, "(?i) is about letters of ASCII"],
    ["(?i)\\xe9", "\u00c9", false, "(?i) is about letters of ASCII"],
    ["(?i)k", "\u212a", false, "(?i) is about letters of ASCII, not the sign for kelvin"],
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
    ["(a", "a group without its end"],
    ["a)b", "a closing parenthesis"],
    ["*a", "* with nothing to repeat"],
    ["a|+", "+ with nothing to repeat"],
    ["(?)", "group (?)"],
    ["a**", "* with nothing to repeat"],
    ["a{2}{3}", "a brace"],
    ["a{3,2}", "{3,2}, whose bounds"],
    ["[b-a]", "[b-a], which does not parse"],
    ["(?<1>a)", "group (?<1"],
    ["[^]a]", "begins with ]"],
    ["[a\\q]", "\\q"],
    ["a{2500}", "more than 5000"],
    ["a{2500,}", "more than 5000"],
    ["?a", "? with nothing to repeat"],
    ["((a{100}){100}){100}", "more than 5000"],
    ["(a{1000}){0,5}", "more than 5000"],
    ["(?=a{2500})a", "more than 5000"],
    [`${"(".repeat(101)}a${")".repeat(101)}`, "more than 100 deep"],
    [`${"(".repeat(100_000)}a`, "more than 100 deep"],
  ])("%s is refused, naming what differs: %s", (expression, named) => {
    const translated = translateJavaRegex(expression);
    expect("refused" in translated ? translated.refused : "taken").toContain(named);
  });
});

it("agrees with JavaScript's own matching wherever both mean the same", () => {
  const { expression } = fc.letrec<{ expression: string; atom: string }>((tie) => ({
    atom: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom("a", "b", "[ab]", "[^a]", "\\w"),
      tie("expression").map((inner) => `(${inner})`),
    ),
    expression: fc
      .array(
        fc.oneof(
          {
            weight: 5,
            arbitrary: fc
              .tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "+?"))
              .map(([a, q]) => a + q),
          },
          { weight: 1, arbitrary: fc.constantFrom("^", "$", "|") },
          {
            weight: 1,
            arbitrary: fc
              .tuple(fc.constantFrom("?=", "?!", "?<=", "?<!"), tie("atom"))
              .map(([sign, a]) => `(${sign}${a})`),
          },
        ),
        { maxLength: 4 },
      )
      .map((parts) => parts.join("")),
  }));
  const value = fc.array(fc.constantFrom("a", "b"), { maxLength: 6 }).map((chars) => chars.join(""));
  fc.assert(
    fc.property(expression, value, (found, text) => {
      expect(matches(found, text)).toBe(new RegExp(`^(?:${found})$`).test(text));
    }),
    { numRuns: 4 * Number(process.env.PORTCULLIS_PROPERTY_RUNS ?? 500) },
  );
});

describe("expressions that people use do what they are there for", () => {
  const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln-bmF0_dXJl";
  it.each<[expression: string, taken: string, refused: string]>([
    ["^Bearer [-0-9a-zA-z\\.]*$", `Bearer ${jwt}`, `Basic ${jwt}`],
    ["^Bearer [-0-9a-zA-Z\\._]*$", `Bearer ${jwt}`, `bearer ${jwt}`],
    ["^Bearer [a-zA-Z0-9\\-_\\.]+$", `Bearer ${jwt}`, "Bearer "],
    ["^Bearer\\s[a-zA-Z0-9._-]+$", `Bearer ${jwt}`, `Bearer  ${jwt}`],
    ["^Bearer [-0-9A-Za-z._~+/]+=*$", "Bearer YWJj==", "Bearer YW=Jj"],
    ["^Basic [-0-9a-zA-Z._]*$", "Basic YWJj", "Basic YWJj="],
    ["^(Bearer )?[^.]+\\.[^.]+\\.[^.]+$", jwt, "a.b"],
    ["^[Bb]earer (?:[\\w-]+\\.){2}[\\w-]+$", `bearer ${jwt}`, `Bearer ${jwt}.x`],
    [".*\\..*\\..*", jwt, "a.b"],
    ["Bearer (.*)", "Bearer x", "Bearerx"],
    ["^(allow|deny|unauthorized)$", "deny", "denyx"],
    ["^x-[a-z]+", "x-abc", "x-abc1"],
    ["^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", "123e4567-e89b-42d3-a456-426614174000", "123e4567"],
    ["^(?!null$|undefined$).{10,}$", "0123456789", "undefined"],
    ["^(1example23456789|2example23456789)$", "2example23456789", "3example23456789"],
    [".*", "anything at all", "two\nlines"],
  ])("%s takes %j and refuses %j", (expression, taken, refused) => {
    expect([matches(expression, taken), matches(expression, refused)]).toEqual([true, false]);
  });
});

describe("No pattern makes matching slow: no value takes longer than its length", () => {
  const LONG = 10_240;
  it.each<[expression: string, value: string]>([
    ["(a+)+b", "a".repeat(LONG)],
    ["(a*)*b", "a".repeat(LONG)],
    ["(a|a)*b", "a".repeat(LONG)],
    ["(a|aa)+b", "a".repeat(LONG)],
    ["(.*)*(.*)*b", "a".repeat(LONG)],
    ["(?:a?){200}a{200}b", "a".repeat(LONG)],
    [".*.*.*.*.*.*b", "a".repeat(LONG)],
    ["^Bearer ([A-Za-z0-9]+[-._]?)+$", `Bearer ${"a".repeat(LONG)}!`],
    ["^([a-zA-Z0-9_.-])+@(([a-zA-Z0-9-])+.)+([a-zA-Z0-9]{2,4})+$", `a@${"a".repeat(LONG)}!`],
    ["(?=(a+)+b)a*", "a".repeat(LONG)],
    ["(?:(?=.*b)a)*", "a".repeat(LONG)],
    ["(?:(?=(?!.*c).*b)a|a)*b", "a".repeat(LONG)],
    ["(?:a(?<=(a+)+))*b", "a".repeat(LONG)],
  ])("%s", (expression, value) => {
    const start = process.cpuUsage();
    expect(matches(expression, value)).toBe(false);
    const { user } = process.cpuUsage(start);
    expect(user).toBeLessThan(1_000_000);
  });
});
