import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventParser, follow, type StreamState } from './stream';

test('Parser_EventInPieces_IsOneEvent', () => {
  const parser = new EventParser();
  const events = ['event: obser', 'vations\nid: a.1\nda', 'ta: {"x":\ndata: 1}\n', '\n: a comment\n\nretry: 250\n\n'].flatMap((piece) => parser.push(piece));
  assert.deepEqual(events, [{ name: 'observations', data: '{"x":\n1}', id: 'a.1' }]);
  assert.equal(parser.retry, 250);
});

test('Parser_LineEndsOfAllKinds_AreLineEnds', () => {
  const parser = new EventParser();
  const events = ['data: 1\r', '\n\r\ndata: 2\r\rdata:3\n\n'].flatMap((piece) => parser.push(piece));
  assert.deepEqual(events.map((event) => event.data), ['1', '2', '3']);
});

const body = (...pieces: string[]): Response =>
  new Response(new ReadableStream({ start: (controller) => (pieces.forEach((piece) => controller.enqueue(new TextEncoder().encode(piece))), controller.close()) }));

async function run(...answers: (Response | Error)[]) {
  const ending = new AbortController();
  const asked: (string | null)[] = [];
  const states: StreamState[] = [];
  const heard: string[] = [];
  await follow('/stream', {
    signal: ending.signal,
    onEvent: (event) => heard.push(event.data),
    onState: (state) => states.push(state),
    wait: async () => (answers.length === 0 ? ending.abort() : undefined),
    fetch: async (_, init) => {
      asked.push(new Headers(init?.headers).get('Last-Event-ID'));
      const answer = answers.shift()!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { asked, states, heard };
}

test('Follow_AfterLoss_ComesBackFromTheLastIdHeard', async () => {
  const { asked, heard, states } = await run(
    body('event: heartbeat\ndata: {"live":true}\n\n', 'id: e.1\ndata: one\n\nid: e.2\ndata: two\n\nid: e.3\ndata: cut'),
    new TypeError('network'),
    body('id: e.3\ndata: three\n\n'),
  );
  assert.deepEqual(asked, [null, 'e.2', 'e.2']);
  assert.deepEqual(heard, ['one', 'two', 'three']);
  assert.deepEqual(states, ['connecting', 'live', 'reconnecting', 'reconnecting', 'reconnecting']);
});

test('Follow_SessionOver_StopsAsking', async () => {
  const { asked, states } = await run(new Response(null, { status: 401 }), body());
  assert.equal(asked.length, 1);
  assert.equal(states.at(-1), 'ended');
});

test('Follow_GatewayHearsNothing_IsStale', async () => {
  const { states } = await run(body('event: heartbeat\ndata: {"live":false}\n\n'));
  assert.deepEqual(states, ['connecting', 'stale', 'reconnecting']);
});

test('Follow_Silence_IsStaleAndThenComesBack', async () => {
  const ending = new AbortController();
  const states: StreamState[] = [];
  await follow('/stream', {
    signal: ending.signal,
    patience: 5,
    onEvent: () => undefined,
    onState: (state) => states.push(state),
    wait: async () => ending.abort(),
    fetch: (_, init) => new Promise((_resolve, reject) => init!.signal!.addEventListener('abort', () => reject(new Error('aborted')))),
  });
  assert.deepEqual(states, ['connecting', 'stale', 'reconnecting']);
});
