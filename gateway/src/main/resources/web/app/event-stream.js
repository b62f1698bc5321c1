/**
 * Reads server-sent events from a fetch body. `EventSource` cannot: it only knows GET.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = '';
  let data = [];
  try {
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield {event: event || 'message', data: data.join('\n')};
          event = '';
          data = [];
        } else if (!line.startsWith(':')) {
          const [, field, text] = line.match(/^([^:]*)(?:: ?)?(.*)$/s);
          if (field === 'event') event = text;
          if (field === 'data') data.push(text);
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {}); // already failed or ended: nothing left to stop
  }
}
