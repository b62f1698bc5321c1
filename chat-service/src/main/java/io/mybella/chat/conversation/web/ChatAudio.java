package io.mybella.chat.conversation.web;

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
   * @param text the reply
   */
  record Speech(String text) {}

  static ChatAudio of(long personaId, String text) {
    return new ChatAudio("POST", "/api/personas/" + personaId + "/voice/speech", new Speech(text));
  }
}
