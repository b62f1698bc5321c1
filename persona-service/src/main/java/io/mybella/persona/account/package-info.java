/** The accounts that are gone for good, for which nothing is made any more. */
@NullMarked
package io.mybella.persona.account;

import org.jspecify.annotations.NullMarked;
