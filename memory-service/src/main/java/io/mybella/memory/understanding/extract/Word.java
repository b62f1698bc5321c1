package io.mybella.memory.understanding.extract;

/**
 * A word that says something, unlike stop words.
 *
 * @param text as it was written
 * @param stem what it has in common with its other forms
 */
record Word(String text, String stem) {}
