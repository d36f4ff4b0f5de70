/** W3C's profile of ISO 8601: a year, a month, a day, or a time of a day with its zone. */
const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}:\d{2}))?)?)?$/;
const EPOCH = /^-?\d{1,15}(?:\.\d{1,9})?$/;

/**
 * Milliseconds since the epoch, or undefined for anything else. A number is epoch *seconds* (IAM User Guide, "Date
 * condition operators": "epoch (UNIX) time"), but four digits alone are a year. A time without a zone is refused:
 * W3C demands one, and a guess would move the limit by hours.
 */
export function parseInstant(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return EPOCH.test(text) ? Number(text) * 1000 : undefined;
  const [, year, month = "01", day = "01", hour = "00", minute = "00", second = "00", fraction = "", zone = "Z"] =
    match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = new Date(0);
  midnight.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  // `Date` rolls 31 February over into March; a day that does not exist is no date.
  if (midnight.getUTCMonth() !== Number(month) - 1) return undefined;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  const seconds = Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second);
  return midnight.getTime() + seconds * 1000 + Number(`0.${fraction}`) * 1000;
}

function zoneMinutes(zone: string): number | undefined {
  // Of `Z` both are empty, which is 0.
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(4))];
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
