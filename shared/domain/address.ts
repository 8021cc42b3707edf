/** Whether a text is an address with a name or a password in it: "https://ada:secret@shop.example". */
export function hasCredentials(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:[/\\]*[^/\\?#]*@/i.test(text);
}
