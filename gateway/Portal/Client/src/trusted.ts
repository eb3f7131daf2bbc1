/** At the root, because a service worker serves its own folder alone. */
export const serviceWorker = '/service-worker.js';

interface Factory {
  createPolicy(name: string, rules: { createHTML(text: string): string | null; createScriptURL(text: string): string | null }): unknown;
}

/**
 * Where the page requires Trusted Types: no text becomes markup, except none at all (which is how the chart library empties an element), and no script comes from
 * anywhere but our own folder and the service worker.
 */
export function guardSinks(): void {
  const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
  factory?.createPolicy('default', {
    createHTML: (markup) => (markup === '' ? '' : null),
    createScriptURL: (address) => (isOurs(new URL(address, location.href)) ? address : null),
  });
}

function isOurs(address: URL): boolean {
  return address.origin === location.origin && (address.pathname.startsWith('/portal/') || address.pathname === serviceWorker);
}
