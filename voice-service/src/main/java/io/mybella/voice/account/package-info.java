/** The accounts that are gone for good, for which nothing is kept any more. */
@NullMarked
package io.mybella.voice.account;

import org.jspecify.annotations.NullMarked;
