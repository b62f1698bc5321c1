/** Accounts over HTTP. */
@NullMarked
package io.mybella.gateway.identity.account.web;

import org.jspecify.annotations.NullMarked;
