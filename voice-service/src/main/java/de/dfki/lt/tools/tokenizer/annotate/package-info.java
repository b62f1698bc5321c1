/** Text with values attached to ranges of it, as MaryTTS reads tokens from its tokenizer. */
@NullMarked
package de.dfki.lt.tools.tokenizer.annotate;

import org.jspecify.annotations.NullMarked;
