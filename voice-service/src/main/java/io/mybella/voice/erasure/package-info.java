/** Erasing what this service holds of a deleted persona or account, and the receipts for it. */
@NullMarked
package io.mybella.voice.erasure;

import org.jspecify.annotations.NullMarked;
