/**
 * Looks at a running installation and says, check by check, whether all is well and what to do
 * where it is not. Nothing here changes anything but one check, which makes two accounts of its own
 * and deletes them again.
 */
@NullMarked
package io.mybella.operator.doctor;

import org.jspecify.annotations.NullMarked;
