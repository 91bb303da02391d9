/** The text of a `binaryData` value; a value that is no base64, such as the mark of a credential, stands for itself. */
export function textOfBinary(value: unknown): string {
  if (typeof value !== 'string') return '';
  try {
    return atob(value);
  } catch {
    return value;
  }
}
