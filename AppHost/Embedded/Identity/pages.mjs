import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #f6f7f9; --card: #fff; --line: #6b7480; --accent: #0b57a4; --on-accent: #fff; --error: #a3131f; --note: #fff4d6; --on-note: #4a3500; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --paper: #14171b; --card: #1e2329; --line: #97a1ad; --accent: #8ab8f5; --on-accent: #10243d; --error: #ffa29b; --note: #3b2f10; --on-note: #ffe7ae; }
}
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; }
label { display: block; margin-top: 1rem; font-weight: 600; }
input { width: 100%; margin-top: .25rem; padding: .6rem .75rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; }
button { width: 100%; margin-top: 1.5rem; padding: .7rem; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: .4rem; cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.note { padding: .5rem .75rem; border-radius: .4rem; background: var(--note); color: var(--on-note); }
.error { color: var(--error); font-weight: 600; }
summary { margin-top: 1.5rem; cursor: pointer; }
li { overflow-wrap: anywhere; }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Sends one of the provider's own pages: no script, no foreign resource, nothing painted before it is whole (its card stands in the middle and would move). `formTargets` are the origins to which its form may lead in the end. */
export function sendPage(ctx, title, content, formTargets = []) {
  const targets = ["'self'", ...formTargets].join(' ');
  ctx.set('content-security-policy', `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${targets}; frame-ancestors 'none'; base-uri 'none'`);
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('cache-control', 'no-store');
  ctx.type = 'html';
  ctx.body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} – Living City</title>
<style>${STYLE}</style>
<link rel="expect" href="#end" blocking="render">
</head>
<body>
<main>
<h1>${escape(title)}</h1>
<p class="note">Development provider: for demonstration users on this machine only.</p>
${content}
</main>
<span id="end" hidden></span>
</body>
</html>`;
}

export function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
