/** Accounts: registering, and proving with a password who one is. */
@NullMarked
package io.mybella.gateway.identity.account;

import org.jspecify.annotations.NullMarked;
