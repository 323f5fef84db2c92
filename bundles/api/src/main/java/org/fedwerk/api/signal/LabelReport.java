// SPDX-License-Identifier: Apache-2.0
package org.fedwerk.api.signal;

import java.time.Instant;
import org.fedwerk.api.data.DataRole;
import org.jspecify.annotations.Nullable;

/**
 * A quality result as it arrived, mapped to the schema's words by the site's own code table.
 *
 * @param serial the part
 * @param label the label's name, for example {@code accumulator}
 * @param value the class name by the site's mapping, several joined by +, or a decimal number
 * @param source who said so: a source's name
 * @param time when the result was found, by the source's clock
 * @param role the role the data's owner gave this part; null to let the site decide by block
 */
public record LabelReport(
    String serial,
    String label,
    String value,
    String source,
    Instant time,
    @Nullable DataRole role) {}
