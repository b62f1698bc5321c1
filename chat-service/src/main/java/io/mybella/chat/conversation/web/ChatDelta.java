package io.mybella.chat.conversation.web;

/**
 * The data of the event {@code delta}.
 *
 * @param text with which the reply goes on
 */
record ChatDelta(String text) {}
