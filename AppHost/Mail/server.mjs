// A mail server for development: takes every message, sends none on, and shows the last of them on a page. Kept in memory only.
import { createServer } from 'node:http';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { list, message, notFound } from './pages.mjs';

const most = 500;
const mails = [];
let next = 1;

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  hideSTARTTLS: true,
  size: 10 * 1024 * 1024,
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', async () => {
      try {
        const parsed = await PostalMime.parse(Buffer.concat(chunks), { attachmentEncoding: 'utf8' });
        mails.unshift({ ...parsed, id: next++, at: new Date().toISOString(), to: session.envelope.rcptTo.map(({ address }) => address) });
        mails.length = Math.min(mails.length, most);
        console.log(`mail to ${session.envelope.rcptTo.length}: ${parsed.subject}`);
        done();
      } catch (error) {
        done(error);
      }
    });
  },
});
smtp.on('error', (error) => console.error(error.message));

// Other sites' pages must not read what is here, nor a name that somebody points to this machine.
const hosts = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

const web = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const send = (status, type, body) => response
    .writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'", 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
    .end(body);
  const id = Number(pathname.slice('/mails/'.length));
  const found = mails.find((mail) => mail.id === id);
  if (!hosts.test(request.headers.host ?? '')) send(403, 'text/plain', 'Only for this machine.');
  else if (request.method !== 'GET') send(405, 'text/plain', 'Only GET.');
  else if (pathname === '/') send(200, 'text/html', list(mails));
  else if (pathname === '/health') send(200, 'text/plain', 'ok');
  else if (pathname === '/api/mails') send(200, 'application/json', JSON.stringify(mails.map(({ id, at, to, subject, text }) => ({ id, at, to, subject, text }))));
  else if (pathname.startsWith('/mails/') && found) send(200, 'text/html', message(found));
  else send(404, 'text/html', notFound());
});

smtp.listen(Number(process.env.SMTP_PORT), '127.0.0.1');
web.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
