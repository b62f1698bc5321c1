/** Accounts: registering, and proving with a password who one is. */
@NullMarked
package io.mybella.gateway.account;

import org.jspecify.annotations.NullMarked;
