package io.mybella.chat.conversation.web;

import io.mybella.contracts.TextLimits;
import java.text.BreakIterator;
import java.util.Locale;

/**
 * The request that answers with the spoken reply. Audio itself does not go through the event
 * stream: voice-service streams it faster than Base64 in an event could, caches it and serves
 * ranges.
 *
 * @param method HTTP method
 * @param url path on the gateway
 * @param body to be sent as JSON
 */
record ChatAudio(String method, String url, Speech body) {

  /**
   * What is to be spoken.
   *
   * @param text the reply, or its beginning when the whole is more than is spoken at once
   */
  record Speech(String text) {}

  static ChatAudio of(long personaId, String text) {
    return new ChatAudio(
        "POST", "/api/personas/" + personaId + "/voice/speech", new Speech(speakable(text)));
  }

  /** As many whole sentences as may be spoken; else as many words, or characters. */
  private static String speakable(String text) {
    if (text.length() <= TextLimits.SPEECH) {
      return text;
    }
    for (BreakIterator boundaries :
        new BreakIterator[] {
          BreakIterator.getSentenceInstance(Locale.ROOT), BreakIterator.getWordInstance(Locale.ROOT)
        }) {
      boundaries.setText(text);
      String beginning = text.substring(0, boundaries.preceding(TextLimits.SPEECH + 1)).strip();
      if (!beginning.isEmpty()) {
        return beginning;
      }
    }
    int end = TextLimits.SPEECH;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }
}
