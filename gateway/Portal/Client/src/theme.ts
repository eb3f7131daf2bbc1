/** Reads the design's colours as the browser resolves them, light or dark. */
export function colours<T extends string>(element: HTMLElement, names: readonly T[]): Record<T, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const found = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(--viz-${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  ) as Record<T, string>;
  probe.remove();
  return found;
}

/** Calls back when the reader's, or the page's, choice of light and dark changes. */
export function onThemeChange(listener: () => void, signal: AbortSignal): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', listener, { signal });
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  signal.addEventListener('abort', () => observer.disconnect());
}

export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
