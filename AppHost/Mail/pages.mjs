// Pages without scripts; everything that a message brings is text.
const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (title, body, refresh = '') => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">${refresh}<title>${escape(title)} · Living City</title>
<style>
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .4rem .6rem; border-bottom: 1px solid #8886; text-align: left; vertical-align: top; }
pre { padding: 1rem; border: 1px solid #8886; border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; } dt { font-weight: 600; } dd { margin: 0 0 .4rem; }
</style></head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body></html>`;

export const list = (mails) => page('Mails', mails.length === 0 ? '<p>No message yet. Nothing leaves this machine: what the platform sends ends here.</p>' : `<table>
<thead><tr><th scope="col">When</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead>
<tbody>${mails.map((mail) => `<tr><td><time datetime="${mail.at}">${mail.at.slice(11, 19)} UTC</time></td><td>${escape(mail.to.join(', '))}</td><td><a href="/mails/${mail.id}">${escape(mail.subject)}</a></td></tr>`).join('\n')}</tbody>
</table>`, '<meta http-equiv="refresh" content="5">');

export const message = (mail) => page(mail.subject, `<p><a href="/">All mails</a></p>
<dl><dt>To</dt><dd>${escape(mail.to.join(', '))}</dd><dt>From</dt><dd>${escape(mail.from?.address)}</dd><dt>When</dt><dd>${mail.at}</dd><dt>Message-ID</dt><dd>${escape(mail.messageId)}</dd></dl>
<pre>${escape(mail.text)}</pre>
${mail.attachments.map((part) => `<h2>${escape(part.filename ?? part.mimeType)}</h2><pre>${escape(part.content)}</pre>`).join('\n')}`);

export const notFound = () => page('No such mail', '<p><a href="/">All mails</a></p>');
