/** The engine copies strings up to this length; a longer one that was cut out of a text keeps all of the text in memory. */
const COPIED = 12;
/** So many different strings are known at once; then they are forgotten, so that a stream cannot fill the memory. */
const KNOWN = 20_000;

/** Gives a string that holds on to nothing but itself, and the same one for the same text. */
export function createKeeper(): (cut: string) => string {
  const known = new Map<string, string>();
  return (cut) => {
    if (cut.length <= COPIED) return cut;
    const kept = known.get(cut);
    if (kept !== undefined) return kept;
    if (known.size >= KNOWN) known.clear();
    // Nothing else makes a copy: adding to a string and cutting that off again gives another part of a longer text.
    const copy = JSON.parse(JSON.stringify(cut)) as string;
    known.set(copy, copy);
    return copy;
  };
}
