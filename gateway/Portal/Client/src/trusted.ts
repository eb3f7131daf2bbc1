interface Factory {
  createPolicy(name: string, rules: { createHTML(text: string): string | null; createScriptURL(text: string): string | null }): unknown;
}

/**
 * Where the page requires Trusted Types: no text becomes markup, except none at all (which is how the chart library empties an element), and no script comes from
 * anywhere but our own folder.
 */
export function guardSinks(): void {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  factory?.createPolicy('default', {
    createHTML: (markup) => (markup === '' ? '' : null),
    createScriptURL: (address) => (new URL(address, location.href).href.startsWith(`${location.origin}/portal/`) ? address : null),
  });
}
