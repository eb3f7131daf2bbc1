/** Reads a form body of at most `longest` characters; a longer one is refused with 413. */
export async function readForm(ctx, longest = 65536) {
  let text = '';
  for await (const chunk of ctx.req) {
    text += chunk;
    if (text.length > longest) ctx.throw(413);
  }
  return new URLSearchParams(text);
}
