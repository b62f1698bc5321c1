/**
 * Reads server-sent events from a fetch body. `EventSource` cannot: it only knows GET.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 * @returns {AsyncGenerator<{event: string, data: string}>}
 */
export async function* events(body) {
  const reader = body.getReader();
  const text = new TextDecoder(); // a TextDecoderStream drops what it holds when the connection breaks
  let rest = '';
  let event = '';
  /** @type {string[]} */
  let data = [];
  try {
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      const lines = (rest + text.decode(value, {stream: true})).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield {event: event || 'message', data: data.join('\n')};
          event = '';
          data = [];
        } else if (!line.startsWith(':')) {
          const [, field, content = ''] = line.match(/^([^:]*)(?:: ?)?(.*)$/s) ?? [];
          if (field === 'event') event = content;
          if (field === 'data') data.push(content);
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {}); // already failed or ended: nothing left to stop
  }
}
