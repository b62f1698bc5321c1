/** What a request may cost before anybody looks at what it says: its body, its parameters. */
@NullMarked
package io.mybella.chassis.http;

import org.jspecify.annotations.NullMarked;
